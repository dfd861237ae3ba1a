//! What holds of rules whatever is written and whatever prices do.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

mod support;

use domain::bot::{self, Confidence, Deed, Strategies as _};
use domain::clock::Timestamp;
use domain::market::{self, Interval};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Strategy as _;
use serde_json::{Value, json};
use strategies::{Action, BadRules, Built, Candle, Given, Registry, RuleText, Rules, Signal, Strategy, find};
use support::{candles_of, said};

/// Of what is refused although a schema takes it: what follows from several fields, sums, and whole numbers with a decimal point.
const BEYOND_A_SCHEMA: [&str; 3] = ["where left is a number", "must not stand there", "must be a whole number"];

fn rules(value: &Value) -> Rules {
    RuleText::parse(value.to_string().as_bytes()).unwrap().read(&[]).unwrap()
}

fn named(name: &str, given: &[Given<'_>]) -> Built {
    let definition = find(name).unwrap();
    definition.build(&definition.read(given).unwrap()).unwrap()
}

/// Closes that wander, from hour to hour, and sometimes stay.
fn closes() -> impl proptest::strategy::Strategy<Value = Vec<f64>> {
    vec(prop_oneof![1 => Just(0), 6 => -300_i32..=300], 2..300).prop_map(|moves| {
        let mut close = 10_000.0_f64;
        let next = |step: i32| {
            close = (close * (1.0 + f64::from(step) / 1e4)).max(0.01);
            (close * 100.0).round() / 100.0
        };
        moves.into_iter().map(next).collect::<Vec<f64>>()
    })
}

/// What both say of each candle: whether they act, how surely.
fn are_equal(one: &mut impl Strategy, other: &mut impl Strategy, candles: &[Candle]) {
    for (bar, (one, other)) in said(one, candles).into_iter().zip(said(other, candles)).enumerate() {
        assert_eq!(one.action, other.action, "{bar}: {} / {}", one.reason(), other.reason());
        assert_eq!(one.confidence(), other.confidence(), "{bar}: {} / {}", one.reason(), other.reason());
    }
}

fn price() -> impl proptest::strategy::Strategy<Value = Value> {
    select(vec!["open", "high", "low", "close", "volume"]).prop_map(Value::from)
}

/// Operands that are understood.
fn operand() -> impl proptest::strategy::Strategy<Value = Value> {
    let simple = [
        "sma",
        "ema",
        "rsi",
        "simple_rsi",
        "atr",
        "donchian",
        "cci",
        "mfi",
        "williams_r",
        "bollinger",
        "adx",
        "supertrend",
    ];
    let periods = (select(simple.to_vec()), 2_u32..30, 0_u32..4, select(vec![0.5, 1.0, 2.0]));
    let of_period = periods.prop_map(
        |(name, period, ago, times)| json!({"indicator": name, "period": period, "ago": ago, "times": times}),
    );
    let others = select(vec!["macd", "stochastic", "obv", "vwap", "ichimoku", "keltner"]);
    prop_oneof![price(), of_period, others.prop_map(|name| json!({"indicator": name}))]
}

/// Conditions that are understood.
fn condition() -> impl proptest::strategy::Strategy<Value = Value> {
    let operator = select(vec!["<", "<=", ">", ">=", "crosses_above", "crosses_below"]);
    let right = prop_oneof![operand(), (-100.0_f64..20_000.0).prop_map(Value::from)];
    let leaf =
        (operand(), operator, right).prop_map(|(left, op, right)| json!({"left": left, "op": op, "right": right}));
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|all| json!({"all": all})),
            vec(inner.clone(), 1..4).prop_map(|any| json!({"any": any})),
            inner.clone().prop_map(|not| json!({"not": not})),
            (1_u32..6, inner).prop_map(|(within, of)| json!({"within": within, "of": of})),
        ]
    })
}

/// Whatever: words of the language in places where they belong and where they do not.
fn anything() -> impl proptest::strategy::Strategy<Value = Value> {
    let words = vec![
        "entry",
        "exit",
        "side",
        "all",
        "any",
        "not",
        "within",
        "of",
        "left",
        "right",
        "op",
        ">",
        "crosses_above",
        "close",
        "volume",
        "indicator",
        "price",
        "period",
        "source",
        "line",
        "ago",
        "times",
        "rsi",
        "macd",
        "fast",
        "slow",
        "ichimoku",
        "long",
        "",
    ];
    let name = prop_oneof![5 => select(words.clone()).prop_map(str::to_owned), 1 => ".{0,4}"];
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_i64..40).prop_map(Value::from),
        Just(json!(100_000)),
    ];
    let plain =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, name.clone().prop_map(Value::from)];
    prop_oneof![3 => condition(), 2 => operand(), 4 => plain].prop_recursive(6, 60, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((name.clone(), inner), 0..5).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same as a venue tells them.
fn told(candles: &[Candle]) -> Vec<market::Candle> {
    let one = |Candle { time_ms, bar }: &Candle| {
        let price = |price: f64| price.to_string().parse().unwrap();
        let opens_at = Timestamp::from_millis(*time_ms);
        let [open, high, low, close] = [bar.open(), bar.high(), bar.low(), bar.close()].map(price);
        let bar =
            market::Bar { opens_at, closes_at: opens_at.plus(Interval::OneHour.length()), open, high, low, close };
        market::Candle { bar, volume: "1".parse().unwrap(), is_closed: true }
    };
    candles.iter().map(one).collect()
}

proptest! {
    /// A bot does what the backtest of its rules has done.
    #[test]
    fn a_bot_says_of_every_bar_what_a_backtest_says(entry in condition(), exit in condition(), closes in closes()) {
        let text = json!({"entry": entry, "exit": exit});
        let candles = candles_of(&closes);
        let bot = bot::Strategy { name: "RULES".to_owned(), rules: Some(text.to_string()), ..Default::default() };
        let bot = Registry.read(&bot).unwrap();
        let live = Registry.replay(&bot, &told(&candles)).unwrap();
        for (bar, (live, tested)) in live.into_iter().zip(said(&mut rules(&text).build(), &candles)).enumerate() {
            let deed = match tested.action {
                Action::Enter(side) => Some(Deed::Enter(side)),
                Action::Exit => Some(Deed::Exit),
                Action::Hold => None,
            };
            prop_assert_eq!(live.deed, deed, "{}: {}", bar, tested.reason());
            prop_assert_eq!(live.confidence, Confidence::of(tested.confidence()), "{}", bar);
        }
    }

    #[test]
    fn rules_of_an_rsi_say_what_rsi_cross_says(closes in closes(), period in 2_u32..30, low in 5_u32..50, up in 1_u32..50) {
        let (oversold, overbought) = (low, (low + up).min(100));
        let rsi = json!({"indicator": "rsi", "period": period});
        let mut written = rules(&json!({
            "entry": {"left": rsi, "op": "crosses_above", "right": oversold},
            "exit": {"left": rsi, "op": "crosses_below", "right": overbought},
        })).build();
        let texts = [period, oversold, overbought].map(|number| number.to_string());
        let mut known = named("rsi_cross", &[("period", &texts[0]), ("oversold", &texts[1]), ("overbought", &texts[2])]);
        prop_assert_eq!(written.warm_up(), known.warm_up());
        are_equal(&mut written, &mut known, &candles_of(&closes));
    }

    #[test]
    fn rules_of_two_averages_say_what_ema_cross_says(closes in closes(), fast in 2_u32..30, more in 1_u32..40) {
        let slow = fast + more;
        let [of_fast, of_slow] = [fast, slow].map(|period| json!({"indicator": "ema", "period": period}));
        let mut written = rules(&json!({
            "entry": {"left": of_fast, "op": "crosses_above", "right": of_slow},
            "exit": {"left": of_fast, "op": "crosses_below", "right": of_slow},
        })).build();
        let [fast, slow] = [fast, slow].map(|period| period.to_string());
        let mut known = named("ema_cross", &[("fast", &fast), ("slow", &slow)]);
        are_equal(&mut written, &mut known, &candles_of(&closes));
    }

    /// Were a bar of the future looked at, others in its place would change what was said before it.
    #[test]
    fn another_future_changes_nothing_of_the_past(entry in condition(), exit in condition(), closes in closes(), cut in 0.0_f64..1.0, future in closes()) {
        let mut one = rules(&json!({"entry": entry, "exit": exit})).build();
        let mut other = one.clone();
        let cut = (0..closes.len()).filter(|bar| (*bar as f64) < cut * closes.len() as f64).count();
        let changed: Vec<f64> = closes[..cut].iter().chain(&future).copied().collect();
        let told = |signals: Vec<Signal>| {
            // Numbers that are undefined are equal in words alone.
            let told = signals.into_iter().take(cut).map(|signal| (signal.action, signal.confidence(), signal.reason()));
            told.collect::<Vec<_>>()
        };
        prop_assert_eq!(told(said(&mut one, &candles_of(&closes))), told(said(&mut other, &candles_of(&changed))));
    }

    /// Of rules that are understood each bar is told something, with a confidence.
    #[test]
    fn rules_that_are_understood_say_something_of_every_bar(entry in condition(), exit in condition(), closes in closes()) {
        let rules = rules(&json!({"entry": entry, "exit": exit}));
        prop_assert!(rules.sentences().iter().all(|sentence| sentence.ends_with('.')));
        for signal in said(&mut rules.build(), &candles_of(&closes)) {
            prop_assert!((0.3..=1.0).contains(&signal.confidence()), "{}", signal.reason());
            prop_assert!(!signal.reason().is_empty());
        }
    }

    /// What is read is what the schema says, but for what a schema cannot say.
    #[test]
    fn the_schema_says_what_is_read(value in anything(), entry in condition()) {
        let validator = jsonschema::validator_for(&Rules::schema()).unwrap();
        for value in [value.clone(), json!({"entry": value}), json!({"entry": entry})] {
            let read = RuleText::parse(value.to_string().as_bytes()).and_then(|text| text.read(&[]));
            let is_valid = validator.is_valid(&value);
            prop_assert!(is_valid || read.is_err(), "{value}");
            let is_beyond = |bad: &BadRules| BEYOND_A_SCHEMA.iter().any(|words| bad.allowed.contains(words));
            prop_assert!(!is_valid || read.as_ref().err().is_none_or(is_beyond), "{read:?}: {value}");
        }
    }

    #[test]
    fn no_json_makes_it_panic(value in anything(), closes in closes()) {
        for text in [value.to_string(), json!({"entry": value, "exit": value}).to_string()] {
            match RuleText::parse(text.as_bytes()).and_then(|text| text.read(&[])) {
                Ok(rules) => drop(said(&mut rules.build(), &candles_of(&closes))),
                Err(bad) => prop_assert!(!bad.field.is_empty() && !bad.allowed.is_empty()),
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200), text in "[\\[\\]{}\",:a-z0-9.]{0,200}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            drop(RuleText::parse(bytes).and_then(|text| text.read(&[("entry.left.period", "5")])));
        }
    }
}
