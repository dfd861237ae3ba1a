//! Rules that are written: what is understood, what is refused and in which words, and what is said of bars.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

mod support;

use strategies::{Action, RuleText, Signal, Strategy};
use support::{candles_of, of_entry, read, said};

const RSI: &str = r#"{"entry": {"left": {"indicator": "rsi", "period": 2}, "op": "crosses_above", "right": 30},
                      "exit": {"left": {"indicator": "rsi", "period": 2}, "op": "crosses_below", "right": 70}}"#;

fn actions(text: &str, closes: &[f64]) -> Vec<Action> {
    let signals = said(&mut read(text).unwrap().build(), &candles_of(closes));
    signals.into_iter().map(|signal| signal.action).collect()
}

#[test]
fn rules_are_told_in_plain_sentences() {
    let check = |text: &str, expected: [&str; 2]| assert_eq!(read(text).unwrap().sentences(), expected, "{text}");
    let entry = |condition: &str, expected: &str| {
        check(&of_entry(condition), [&format!("Enters long when {expected}."), "Never leaves by itself."]);
    };
    check(RSI, ["Enters long when RSI(2) crosses above 30.", "Leaves when RSI(2) crosses below 70."]);
    check(
        r#"{"side": "short", "entry": {"left": "close", "op": "<", "right": "open"}, "exit": {"not": {"left": "close", "op": "<", "right": "open"}}}"#,
        ["Enters short when close is below open.", "Leaves when not (close is below open)."],
    );
    entry(
        r#"{"left": {"indicator": "ema"}, "op": ">=", "right": {"indicator": "sma", "period": 9, "source": "high"}}"#,
        "EMA(50) is at least SMA(9) of high",
    );
    entry(
        r#"{"left": {"indicator": "macd", "line": "histogram"}, "op": ">", "right": 0}"#,
        "MACD(12, 26, 9) histogram is above 0",
    );
    entry(
        r#"{"left": {"indicator": "macd"}, "op": ">", "right": {"indicator": "macd", "line": "signal"}}"#,
        "MACD(12, 26, 9) is above MACD(12, 26, 9) signal",
    );
    entry(
        r#"{"left": "close", "op": "<=", "right": {"indicator": "bollinger", "line": "lower", "deviations": 2.5}}"#,
        "close is at most Bollinger(20, 2.5) lower",
    );
    entry(
        r#"{"left": "close", "op": "crosses_above", "right": {"indicator": "donchian", "line": "upper", "ago": 1}}"#,
        "close crosses above Donchian(20) upper a bar ago",
    );
    entry(
        r#"{"left": "volume", "op": ">", "right": {"indicator": "sma", "source": "volume", "times": 1.5, "ago": 3}}"#,
        "volume is above 1.5 × SMA(20) of volume 3 bars ago",
    );
    entry(r#"{"left": {"price": "low", "ago": 2}, "op": ">", "right": 1e-12}"#, "low 2 bars ago is above 1e-12");
    entry(
        r#"{"all": [{"any": [{"left": "close", "op": ">", "right": 1}, {"left": "close", "op": "<", "right": 2}]},
                    {"within": 3, "of": {"left": {"indicator": "vwap"}, "op": ">", "right": "close"}},
                    {"all": [{"left": "open", "op": ">", "right": 0.5}]}]}"#,
        "(close is above 1 or close is below 2) and (VWAP is above close on one of the last 3 bars) and (open is above 0.5)",
    );
    entry(
        r#"{"within": 5, "of": {"all": [{"left": "close", "op": ">", "right": 1}, {"left": "open", "op": ">", "right": 1}]}}"#,
        "(close is above 1 and open is above 1) on one of the last 5 bars",
    );
}

#[test]
fn numbers_and_words_are_replaced_at_their_paths() {
    let text = RuleText::parse(RSI.as_bytes()).unwrap();
    let sentences = |given: &[(&str, &str)]| {
        text.read(given).map(|rules| rules.sentences()[0].clone()).map_err(|bad| bad.to_string())
    };
    let check = |given: &[(&str, &str)], expected: &str| {
        assert_eq!(sentences(given), Ok(format!("Enters {expected}.")), "{given:?}");
    };
    check(&[("entry.left.period", "21")], "long when RSI(21) crosses above 30");
    check(&[("entry.right", "25.5"), ("entry.op", ">")], "long when RSI(2) is above 25.5");
    check(&[("entry.right", "volume")], "long when RSI(2) crosses above volume");
    check(&[("entry.left.source", "open"), ("side", "short")], "short when RSI(2) of open crosses above 30");
    check(&[("entry.left.indicator", "cci"), ("exit.left.ago", "3")], "long when CCI(2) crosses above 30");
    let refused =
        |given: &[(&str, &str)], expected: &str| assert_eq!(sentences(given), Err(expected.to_owned()), "{given:?}");
    refused(&[("entry.left.period", "1")], "entry.left.period must be a whole number from 2 to 500");
    refused(&[("entry.left.period", "3"), ("entry.left.period", "4")], "entry.left.period must be given once");
    refused(
        &[("entry.right", "NaN")],
        "entry.right must be a number, open, high, low, close or volume, or an object with indicator or price",
    );
    let nowhere = "is not in the rules: it must be the path of a number or a word in them, such as entry.left.period";
    refused(&[("entry.left.length", "1")], &format!("entry.left.length {nowhere}"));
    refused(&[("period", "1")], &format!("period {nowhere}"));
}

#[test]
fn signals_tell_the_numbers_that_were_used() {
    let text = r#"{"entry": {"all": [{"left": {"indicator": "rsi", "period": 2}, "op": "crosses_above", "right": 30}, {"left": "close", "op": ">", "right": 8.5}]},
                   "exit": {"left": {"indicator": "rsi", "period": 2}, "op": "crosses_below", "right": 70}}"#;
    let signals = said(&mut read(text).unwrap().build(), &candles_of(&[10.0, 9.0, 8.0, 9.0, 12.0, 11.0]));
    let told: Vec<_> = signals.iter().map(Signal::reason).collect();
    assert_eq!(told[0], "warming up: 1 of 4 bars");
    assert_eq!(told[3], "RSI(2) crosses above 30 and close is above 8.5, with RSI(2) 50 and 0 before, close 9");
    assert_eq!(
        told[4],
        "no rule is met: the entry waits for RSI(2) crosses above 30 (87.5 against 30), the exit waits for RSI(2) crosses below 70 (87.5 against 70)"
    );
    assert_eq!(told[5], "RSI(2) crosses below 70, with RSI(2) 58.333333 and 87.5 before");
    assert_eq!(signals[3].confidence(), 0.5);
}

#[test]
fn conditions_are_put_together() {
    use Action::{Exit, Hold};
    let enter = Action::Enter(domain::alert::Side::Long);
    let check = |text: &str, closes: &[f64], expected: &[Action]| assert_eq!(actions(text, closes), expected, "{text}");
    let above = |level: u32| format!(r#"{{"left": "close", "op": ">", "right": {level}}}"#);
    let (one, three) = (above(1), above(3));
    // The first bar is never acted on, as nobody knows what was before.
    let closes = [9.0, 2.0, 5.0, 2.0, 1.0, 1.0, 1.0];
    check(&of_entry(&three), &closes, &[Hold, Hold, enter, Hold, Hold, Hold, Hold]);
    check(&of_entry(&format!(r#"{{"not": {three}}}"#)), &closes, &[Hold, enter, Hold, enter, enter, enter, enter]);
    check(
        &of_entry(&format!(r#"{{"any": [{one}, {three}]}}"#)),
        &closes,
        &[Hold, enter, enter, enter, Hold, Hold, Hold],
    );
    check(
        &of_entry(&format!(r#"{{"all": [{one}, {{"not": {three}}}]}}"#)),
        &closes,
        &[Hold, enter, Hold, enter, Hold, Hold, Hold],
    );
    // Remembered for three bars; the first two are too few to know.
    check(
        &of_entry(&format!(r#"{{"within": 3, "of": {three}}}"#)),
        &closes,
        &[Hold, Hold, Hold, enter, enter, Hold, Hold],
    );
    check(
        &of_entry(&format!(r#"{{"within": 1, "of": {three}}}"#)),
        &closes,
        &[Hold, Hold, enter, Hold, Hold, Hold, Hold],
    );
    let before = r#"{"left": "close", "op": "<", "right": {"price": "close", "ago": 1, "times": 0.5}}"#;
    check(&of_entry(before), &closes, &[Hold, Hold, Hold, enter, Hold, Hold, Hold]);
    // Both at once: out.
    let both = format!(r#"{{"entry": {one}, "exit": {three}}}"#);
    check(&both, &closes, &[Hold, enter, Exit, enter, Hold, Hold, Hold]);
}

#[test]
fn what_is_not_defined_is_neither_true_nor_false() {
    // Nothing was traded on the first day: no price of it is known.
    let above = r#"{"left": {"indicator": "vwap"}, "op": ">", "right": 1}"#;
    let days = [0.0, 0.0, 0.0, 1.0, 1.0];
    let candles: Vec<_> =
        candles_of(&[9.0; 5]).into_iter().zip(days).map(|(candle, volume)| support::traded(candle, volume)).collect();
    for text in [of_entry(above), of_entry(&format!(r#"{{"not": {above}}}"#))] {
        let signals = said(&mut read(&text).unwrap().build(), &candles);
        assert!(signals[..3].iter().all(|signal| signal.action == Action::Hold), "{signals:?}");
        assert_eq!(signals[2].reason(), "a line is not defined on this bar or the one before");
    }
    let entered = |text: &str| said(&mut read(text).unwrap().build(), &candles)[2].action != Action::Hold;
    let close = r#"{"left": "close", "op": ">", "right": 1}"#;
    assert!(entered(&of_entry(&format!(r#"{{"any": [{above}, {close}]}}"#))));
    assert!(!entered(&of_entry(&format!(r#"{{"all": [{above}, {close}]}}"#))));
    assert!(!entered(&of_entry(&format!(r#"{{"within": 2, "of": {above}}}"#))));
}

/// Prices that have never moved, and one that does: thinly traded, halted or filled forward (https://github.com/ta4j/ta4j/issues/1116,
/// https://github.com/cinar/indicator/pull/455). What an indicator says by convention of no movement is no line, and nothing crosses it.
#[test]
fn flat_prices_and_a_tick_cross_nothing() {
    let lines = [
        r#""rsi""#,
        r#""simple_rsi""#,
        r#""mfi""#,
        r#""cci""#,
        r#""williams_r""#,
        r#""stochastic""#,
        r#""stochastic", "line": "d""#,
        r#""adx""#,
        r#""adx", "line": "plus_di""#,
        r#""adx", "line": "minus_di""#,
    ];
    let flat = vec![1.0; 60];
    for (line, tick) in lines.iter().flat_map(|line| [(line, 1.0001), (line, 0.9999)]) {
        let holds = |op: &str, level: i32, closes: &[f64]| {
            let text = of_entry(&format!(r#"{{"left": {{"indicator": {line}}}, "op": "{op}", "right": {level}}}"#));
            assert!(actions(&text, closes).iter().all(|action| *action == Action::Hold), "{text} {tick}");
        };
        for level in [-100, -50, 0, 5, 30, 70, 100] {
            let moved = [flat.as_slice(), &[tick]].concat();
            ["crosses_above", "crosses_below"].iter().for_each(|op| holds(op, level, &moved));
            ["<", "<=", ">", ">="].iter().for_each(|op| holds(op, level, &flat));
        }
    }
}

/// A mean of one price is that price, whatever the last digits of the sum are.
#[test]
fn a_price_that_never_moved_is_its_own_mean() {
    for price in [0.1, 0.3, 1.1, 3.3e-7, 64_000.01] {
        for (mean, op) in [
            ("sma", "<"),
            ("sma", ">"),
            ("ema", "<"),
            ("vwap", ">"),
            ("sma", "crosses_below"),
            ("ema", "crosses_above"),
        ] {
            let text = of_entry(&format!(r#"{{"left": "close", "op": "{op}", "right": {{"indicator": "{mean}"}}}}"#));
            let actions = actions(&text, &[price; 400]);
            assert!(actions.iter().all(|action| *action == Action::Hold), "{text} {price}");
        }
    }
}

/// Each indicator is there from the bar on that docs/indicators.md tells, and can be compared a bar later.
#[test]
fn every_indicator_is_warm_when_it_says() {
    let closes: Vec<f64> = (0..200).map(|bar| 100.0 + 10.0 * (f64::from(bar) / 7.0).sin()).collect();
    let first = [
        ("sma", 19),
        ("ema", 49),
        ("rsi", 14),
        ("simple_rsi", 14),
        ("macd", 33),
        ("bollinger", 19),
        ("atr", 14),
        ("stochastic", 17),
        ("adx", 27),
        ("obv", 0),
        ("vwap", 0),
        ("donchian", 19),
        ("supertrend", 10),
        ("ichimoku", 51),
        ("cci", 19),
        ("mfi", 14),
        ("williams_r", 13),
        ("keltner", 19),
    ];
    for (indicator, warm) in first {
        let text = of_entry(&format!(r#"{{"left": {{"indicator": "{indicator}"}}, "op": ">", "right": -1000000}}"#));
        let mut strategy = read(&text).unwrap().build();
        assert_eq!(strategy.warm_up(), warm, "{indicator}");
        let signals = said(&mut strategy, &candles_of(&closes));
        let entered = signals.iter().position(|signal| matches!(signal.action, Action::Enter(_)));
        assert_eq!(entered, Some(warm + 1), "{indicator}");
    }
}
