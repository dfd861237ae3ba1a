//! Strategies as bots know them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use domain::alert::Side;
use domain::bot::{Deed, Strategies, hears_from};
use domain::clock::Timestamp;
use domain::market::{Bar, Candle, Interval};
use std::collections::BTreeMap;
use strategies::Registry;

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
    let read = Registry.read("ema_cross", &given(&[("fast", "2"), ("slow", "3")])).unwrap();
    assert_eq!((read.name.as_str(), &read.parameters), ("EMA_CROSS", &given(&[("fast", "2"), ("slow", "3")])));
    assert_eq!(Registry.read(&read.name, &read.parameters).unwrap(), read);
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
fn what_cannot_be_used_is_named() {
    let field = |name: &str, parameters: &[(&str, &str)]| Registry.read(name, &given(parameters)).unwrap_err().field;
    assert_eq!(field("RSI_CRUSH", &[]), "strategy");
    assert_eq!(field("GRID", &[]), "strategy", "it brings orders of its own");
    assert_eq!(field("RSI_CROSS", &[("period", "1")]), "parameters.period");
    assert_eq!(field("RSI_CROSS", &[("length", "14")]), "parameters.length");
    assert_eq!(Registry.read("RSI_CROSS", &given(&[])).unwrap().parameters["period"], "14");
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

/// A bot is made anew for each candle, and hears a part of the past: it says what one would say that has heard all of it. So no crossing
/// falls between two decisions, wherever the part begins anew.
#[test]
fn a_strategy_that_is_made_anew_for_each_candle_says_what_one_says_that_has_heard_all() {
    let midnight = Timestamp::from_millis(1_700_006_400_000);
    let (before, after) = (4_000_u32, 40_u32);
    for interval in [Interval::OneMinute, Interval::FifteenMinutes, Interval::OneHour, Interval::OneDay] {
        let first = midnight.minus(interval.times(before));
        let all = wandering(interval, first, before + after, 7);
        for definition in strategies::all() {
            let Ok(strategy) = Registry.read(definition.name, &given(&[])) else { continue };
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
