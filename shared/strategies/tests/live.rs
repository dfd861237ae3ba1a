//! Strategies as bots know them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use domain::alert::Side;
use domain::bot::{Deed, Strategies, Strategy, hears_from};
use domain::clock::Timestamp;
use domain::limits::{BOT_REASON_CHARACTERS_MAX, BOT_WARM_UP_MAX};
use domain::market::{Bar, Candle, Interval};
use std::collections::BTreeMap;
use strategies::{Registry, find};

fn named(name: &str, parameters: &[(&str, &str)]) -> Strategy {
    Strategy { name: name.to_owned(), parameters: given(parameters), rules: None }
}

fn ruled(rules: &str, parameters: &[(&str, &str)]) -> Strategy {
    Strategy { rules: Some(rules.to_owned()), ..named("RULES", parameters) }
}

fn given(parameters: &[(&str, &str)]) -> BTreeMap<String, String> {
    parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn candles(closes: &[&str]) -> Vec<Candle> {
    let one = |(number, close): (u32, &&str)| {
        let opens_at = Timestamp::from_millis(1_700_000_000_000).plus(Interval::OneHour.times(number));
        let price = || close.parse().unwrap();
        let closes_at = opens_at.plus(Interval::OneHour.length());
        let bar = Bar { opens_at, closes_at, open: price(), high: price(), low: price(), close: price() };
        Candle { bar, volume: "1".parse().unwrap(), is_closed: true }
    };
    (0..).zip(closes).map(one).collect()
}

#[test]
fn a_strategy_is_read_with_all_its_parameters_and_says_why_it_acts() {
    let read = Registry.read(&named("ema_cross", &[("fast", "2"), ("slow", "3")])).unwrap();
    assert_eq!((read.name.as_str(), &read.parameters), ("EMA_CROSS", &given(&[("fast", "2"), ("slow", "3")])));
    assert_eq!(Registry.read(&read).unwrap(), read);
    assert_eq!(Registry.side(&read), Ok(Side::Long));
    assert_eq!(Registry.explain(&read).unwrap(), [find("ema_cross").unwrap().doc, "`fast` is 2, `slow` 3."]);
    assert_eq!(Registry.warm_up(&read).unwrap(), 2);
    let all = candles(&["10", "9", "8", "7", "9", "12", "9", "5"]);
    let said = Registry.replay(&read, &all).unwrap();
    let deeds: Vec<_> = said.iter().map(|said| said.deed).collect();
    assert!(deeds.contains(&Some(Deed::Enter(Side::Long))) && deeds.contains(&Some(Deed::Exit)), "{deeds:?}");
    assert!(said.iter().all(|said| !said.reason.is_empty()));
    // It is a value: the same candles say the same, and fewer of them no less.
    assert_eq!(Registry.replay(&read, &all[..5]).unwrap(), said[..5]);
}

#[test]
fn what_a_strategy_does_is_told_with_the_values_of_all_its_parameters() {
    let told = |name: &str, parameters: &[(&str, &str)]| {
        let read = Registry.read(&named(name, parameters)).unwrap();
        Registry.explain(&read).unwrap().join(" ")
    };
    let of_rsi = told("RSI_CROSS", &[("period", "21"), ("oversold", "25"), ("overbought", "75.5")]);
    assert!(
        of_rsi.ends_with(" from above. `period` is 21, `oversold` 25, `overbought` 75.5, `rsi` wilder."),
        "{of_rsi}"
    );
    for definition in strategies::all() {
        let words = told(definition.name, &[]);
        assert!(words.starts_with(definition.doc), "{words}");
        for parameter in definition.parameters {
            let value = parameter.kind.default();
            let is_told = [format!("`{}` {value}", parameter.name), format!("`{}` is {value}", parameter.name)]
                .iter()
                .any(|one| words.contains(one));
            assert!(is_told, "{}: {words}", parameter.name);
        }
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let field = |name: &str, parameters: &[(&str, &str)]| Registry.read(&named(name, parameters)).unwrap_err().field;
    assert_eq!(field("RSI_CRUSH", &[]), "strategy");
    assert_eq!(field("GRID", &[("spacing", "1.0000000000001")]), "parameters.spacing");
    assert_eq!(field("DCA_LADDER", &[("safety_orders", "30"), ("volume_scale", "10")]), "parameters.budget");
    assert_eq!(field("RSI_CROSS", &[("period", "1")]), "parameters.period");
    assert_eq!(field("RSI_CROSS", &[("length", "14")]), "parameters.length");
    assert_eq!(field("RSI_CROSS", &[("oversold", "70")]), "parameters.oversold");
    assert_eq!(field("EMA_CROSS", &[("fast", "50"), ("slow", "50")]), "parameters.fast");
    assert_eq!(Registry.read(&named("RSI_CROSS", &[])).unwrap().parameters["period"], "14");
}

/// What they bring is what a backtest plays, whichever of their names they go by.
#[test]
fn a_ladder_is_brought_with_every_parameter_that_was_read() {
    for (name, given) in
        [("dca_ladder", [("safety_orders", "3"), ("stop_loss", "20")]), ("GRID", [("lines", "7"), ("budget", "50")])]
    {
        let read = Registry.read(&named(name, &given)).unwrap();
        let definition = find(name).unwrap();
        let parts = definition.ladder(&definition.read(&given).unwrap()).unwrap();
        assert!(parts.is_some());
        assert_eq!((Registry.ladder(&read).unwrap(), Registry.side(&read)), (parts, Ok(Side::Long)));
    }
    assert_eq!(Registry.ladder(&named("RSI_CROSS", &[])), Ok(None));
    assert_eq!(Registry.ladder(&ruled(RULES, &[])), Ok(None));
}

const RULES: &str = r#"{"entry":{"all":[{"left":"close","op":"crosses_above","right":10},{"left":"volume","op":">","right":0}]},"exit":{"left":"close","op":"<","right":8},"side":"short"}"#;

#[test]
fn rules_are_read_with_what_stands_in_their_places_and_say_why_they_are_met() {
    let read = Registry.read(&ruled(RULES, &[("entry.all[0].right", "11")])).unwrap();
    assert_eq!(Registry.read(&Strategy { name: "rules".to_owned(), ..read.clone() }).unwrap(), read);
    assert_eq!((read.name.as_str(), read.rules.as_deref()), ("RULES", Some(RULES)));
    assert_eq!((Registry.side(&read), Registry.warm_up(&read)), (Ok(Side::Short), Ok(0)));
    let words = Registry.explain(&read).unwrap();
    assert_eq!(
        words,
        ["Enters short when close crosses above 11 and volume is above 0.", "Leaves when close is below 8."]
    );
    let said = Registry.replay(&read, &candles(&["9", "10", "12", "12", "7"])).unwrap();
    let deeds: Vec<_> = said.iter().map(|said| said.deed).collect();
    assert_eq!(deeds, [None, None, Some(Deed::Enter(Side::Short)), None, Some(Deed::Exit)]);
    assert_eq!(said[4].reason, "close is below 8, with close 7");
}

#[test]
fn what_is_wrong_with_rules_is_named_by_its_path_and_says_what_is_allowed() {
    let check = |meant: Strategy, field: &str, allowed: &str| {
        let wrong = Registry.read(&meant).unwrap_err();
        assert_eq!(wrong.field, field, "{wrong}");
        assert!(wrong.allowed.contains(allowed), "{wrong}");
    };
    let ema = |period: u32| {
        format!(
            r#"{{"entry":{{"all":[{{"left":"close","op":">","right":1}},{{"left":{{"indicator":"ema","period":{period}}},"op":">","right":1}}]}}}}"#
        )
    };
    check(ruled(&ema(0), &[]), "rules.entry.all[1].left.period", "a whole number from");
    check(ruled(r#"{"entry":{"lft":"close"}}"#, &[]), "rules.entry.lft", "there may be all");
    check(ruled("{}", &[]), "rules.entry", "must be");
    check(ruled("[]", &[]), "rules", "must be a JSON object");
    check(ruled(RULES, &[("exit.right", "lowest")]), "parameters.exit.right", "must be a number");
    check(ruled(RULES, &[("exit.rigth", "8")]), "parameters.exit.rigth", "is not in the rules");
    check(named("RULES", &[]), "rules", "must be given");
    check(Strategy { rules: Some(RULES.to_owned()), ..named("RSI_CROSS", &[]) }, "rules", "must not stand beside");
    assert!(Registry.read(&named("NONE", &[])).unwrap_err().allowed.ends_with("or rules"));
}

#[test]
fn what_no_venue_tells_enough_candles_for_is_refused() {
    let rules = |ago: usize| {
        format!(r#"{{"entry":{{"left":"close","op":">","right":{{"indicator":"sma","period":500,"ago":{ago}}}}}}}"#)
    };
    let most = BOT_WARM_UP_MAX - 499;
    assert_eq!(Registry.warm_up(&Registry.read(&ruled(&rules(most), &[])).unwrap()), Ok(BOT_WARM_UP_MAX));
    assert_eq!(Registry.read(&ruled(&rules(most + 1), &[])).unwrap_err().field, "rules");
    let slow = named("MACD_CROSS", &[("slow", "500"), ("signal", "500")]);
    assert_eq!(Registry.read(&slow).unwrap_err().field, "parameters");
}

#[test]
fn a_reason_is_kept_up_to_its_bound() {
    let one = r#"{"left":"close","op":">","right":1}"#;
    let rules = format!(r#"{{"entry":{{"all":[{}]}}}}"#, [one; 60].join(","));
    let said = Registry.replay(&ruled(&rules, &[]), &candles(&["2", "3", "4"])).unwrap();
    assert_eq!(said[2].deed, Some(Deed::Enter(Side::Long)));
    assert_eq!(said[2].reason.chars().count(), BOT_REASON_CHARACTERS_MAX);
    assert!(said[2].reason.ends_with('…'));
}

/// Prices that wander, by a generator of its own: the same ones on every machine.
fn wandering(interval: Interval, first: Timestamp, count: u32, seed: u64) -> Vec<Candle> {
    let (mut state, mut close) = (seed, 10_000_i64);
    let mut random = |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % below
    };
    let price = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100).parse().unwrap();
    let mut candles = Vec::new();
    for number in 0..count {
        let open = close;
        close = (open + random(401) - 200).max(500);
        let (low, high) = (open.min(close) - random(60), open.max(close) + random(60));
        let opens_at = first.plus(interval.times(number));
        let closes_at = opens_at.plus(interval.length());
        let bar =
            Bar { opens_at, closes_at, open: price(open), high: price(high), low: price(low), close: price(close) };
        let volume = (1 + random(90)).to_string().parse().unwrap();
        candles.push(Candle { bar, volume, is_closed: true });
    }
    candles
}

/// They remember in each of the ways in which rules can.
const MEMORY: &str = r#"{
    "entry": {"within": 3, "of": {"left": {"indicator": "rsi", "period": 7}, "op": "crosses_above", "right": 40}},
    "exit": {"any": [{"left": "close", "op": "<", "right": {"indicator": "donchian", "period": 20, "line": "lower", "ago": 1}},
                     {"left": {"indicator": "ema", "period": 9}, "op": "crosses_below", "right": {"indicator": "vwap"}}]}
}"#;

/// A bot is made anew for each candle, and hears a part of the past: it says what one would say that has heard all of it. So no crossing
/// falls between two decisions, wherever the part begins anew.
#[test]
fn a_strategy_that_is_made_anew_for_each_candle_says_what_one_says_that_has_heard_all() {
    let midnight = Timestamp::from_millis(1_700_006_400_000);
    let (before, after) = (4_000_u32, 40_u32);
    for interval in [Interval::OneMinute, Interval::FifteenMinutes, Interval::OneHour, Interval::OneDay] {
        let first = midnight.minus(interval.times(before));
        let all = wandering(interval, first, before + after, 7);
        for meant in strategies::all().iter().map(|known| named(known.name, &[])).chain([ruled(MEMORY, &[])]) {
            let Ok(strategy) = Registry.read(&meant) else { continue };
            let whole = Registry.replay(&strategy, &all).unwrap();
            let warm_up = Registry.warm_up(&strategy).unwrap();
            for number in (all.len() - 80..all.len()).step_by(3) {
                let decided_to = all[number].bar.opens_at;
                let from = hears_from(interval, warm_up, decided_to);
                let begins = all.iter().position(|candle| candle.bar.opens_at >= from).unwrap();
                let heard = Registry.replay(&strategy, &all[begins..=number]).unwrap();
                let (said, meant) = (heard.last().unwrap(), &whole[number]);
                assert_eq!(said.deed, meant.deed, "{} {interval} {number}", strategy.name);
            }
        }
    }
}
