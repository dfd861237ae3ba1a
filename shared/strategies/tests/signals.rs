//! What strategies say of series that are known.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use strategies::{Action, Bar, Built, Candle, Given, Signal, Strategy, all, find};

fn strategy(name: &str, given: &[Given<'_>]) -> Built {
    let definition = find(name).unwrap();
    definition.build(&definition.read(given).unwrap()).unwrap()
}

/// What is said of each close, of bars that open where the one before has closed.
fn said(mut strategy: Built, closes: &[f64]) -> Vec<Signal> {
    let opens = closes.iter().take(1).chain(closes);
    let bar = |(close, open): (&f64, &f64)| Bar::new(*open, open.max(*close), open.min(*close), *close, 1.0).unwrap();
    let hours = (0_i64..).map(|hour| hour * 3_600_000);
    let candles = closes.iter().zip(opens).map(bar).zip(hours).map(|(bar, time_ms)| Candle { time_ms, bar });
    candles.map(|candle| strategy.update(&candle)).collect()
}

fn acted(signals: &[Signal]) -> Vec<(usize, Action)> {
    signals.iter().map(|signal| signal.action).enumerate().filter(|(_, action)| *action != Action::Hold).collect()
}

fn up_and_down() -> Vec<f64> {
    let day = |bar: i32| 100.0 + 10.0 * (f64::from(bar) / 7.0).sin();
    (0..200).map(day).collect()
}

#[test]
fn an_rsi_that_comes_back_enters_and_leaves_with_its_numbers() {
    let signals = said(strategy("RSI_CROSS", &[("period", "2")]), &[10.0, 9.0, 8.0, 9.0, 12.0, 11.0]);
    let told: Vec<_> = signals.iter().map(Signal::reason).collect();
    assert_eq!(told[0], "warming up: 1 of 4 bars");
    assert_eq!(told[3], "RSI(2) above oversold: 50 against 30, and 0 against 30 before: the oversold market turns");
    assert_eq!(
        told[5],
        "RSI(2) below overbought: 58.333333 against 70, and 87.5 against 70 before: the overbought market turns"
    );
    let actions: Vec<_> = signals.iter().map(|signal| signal.action).collect();
    let long = Action::Enter(domain::alert::Side::Long);
    assert_eq!(actions, [Action::Hold, Action::Hold, Action::Hold, long, Action::Hold, Action::Exit]);
    assert_eq!(signals[3].confidence(), 0.5);
}

#[test]
fn where_no_price_has_moved_nothing_is_said() {
    for (definition, price) in
        all().iter().flat_map(|one| [1.0, 0.1, 0.3, 1.1, 3.3e-7, 64_000.01].map(|price| (one, price)))
    {
        let built = definition.build(&definition.read(&[]).unwrap()).unwrap();
        assert_eq!(acted(&said(built, &vec![price; 400])), [], "{} {price}", definition.name);
    }
    let kinds: [(&str, &[Given<'_>]); 3] =
        [("RSI_CROSS", &[]), ("RSI_CROSS", &[("rsi", "simple")]), ("DCA_LADDER", &[])];
    for (name, given) in kinds {
        for tick in [1.0001, 0.9999] {
            let signals = said(strategy(name, given), &[vec![1.0; 30], vec![tick; 11]].concat());
            assert_eq!(acted(&signals), [], "{name} {given:?} {tick}");
            assert_eq!(signals[30].reason(), "a line is not defined on this bar or the one before");
        }
    }
}

#[test]
fn fewer_bars_than_it_takes_are_held_on() {
    for definition in all() {
        let built = definition.build(&definition.read(&[]).unwrap()).unwrap();
        let warm = built.warm_up();
        let signals = said(built, &up_and_down()[..=warm.min(199)]);
        assert!(signals.iter().all(|signal| signal.action == Action::Hold), "{}", definition.name);
        assert!(signals.iter().all(|signal| signal.reason().starts_with("warming up: ")), "{}", definition.name);
    }
}

/// The bar after `warm_up` is the first one on which all that is looked at has a bar before it.
#[test]
fn every_strategy_is_warm_when_it_says() {
    let closes: Vec<f64> = up_and_down().into_iter().cycle().take(600).collect();
    for definition in all() {
        let built = definition.build(&definition.read(&[]).unwrap()).unwrap();
        let warm = built.warm_up();
        let signals = said(built, &closes);
        let first = signals.iter().position(|signal| !signal.reason().starts_with("warming up")).unwrap();
        assert_eq!(first, warm + 1, "{}", definition.name);
    }
}

#[test]
fn every_strategy_enters_and_leaves_where_prices_swing() {
    let closes: Vec<f64> = up_and_down().into_iter().cycle().take(2_000).collect();
    for definition in all() {
        // Unless it is told otherwise, this one leaves by its ladder alone.
        let given: &[Given<'_>] = if definition.name == "DCA_LADDER" { &[("overbought", "70")] } else { &[] };
        let signals = said(strategy(definition.name, given), &closes);
        let acted = acted(&signals);
        let is = |wanted: fn(&Action) -> bool| acted.iter().any(|(_, action)| wanted(action));
        assert!(
            is(|action| matches!(action, Action::Enter(_))) && is(|action| *action == Action::Exit),
            "{}",
            definition.name
        );
        assert!(signals.iter().all(|signal| (0.3..=1.0).contains(&signal.confidence())), "{}", definition.name);
    }
}

#[test]
fn flat_prices_are_held_through() {
    for definition in all() {
        let built = definition.build(&definition.read(&[]).unwrap()).unwrap();
        assert_eq!(acted(&said(built, &[100.0; 500])), [], "{}", definition.name);
    }
}

#[test]
fn a_strategy_says_the_same_again_of_the_same_bars() {
    for definition in all() {
        let built = definition.build(&definition.read(&[]).unwrap()).unwrap();
        assert_eq!(said(built.clone(), &up_and_down()), said(built, &up_and_down()), "{}", definition.name);
    }
}

#[test]
fn averages_cross_where_the_market_turns() {
    let closes = [10.0, 9.0, 8.0, 7.0, 8.0, 10.0, 12.0, 11.0, 8.0, 6.0];
    let signals = said(strategy("ema_cross", &[("fast", "2"), ("slow", "4")]), &closes);
    let acted: Vec<_> = acted(&signals).into_iter().map(|(bar, _)| (bar, signals[bar].reason())).collect();
    assert_eq!(acted[0].0, 5);
    assert!(
        acted[0].1.starts_with("EMA(2) above EMA(4): ") && acted[0].1.ends_with("the market turns up"),
        "{acted:?}"
    );
    assert!(acted[1].1.starts_with("EMA(2) below EMA(4): "), "{acted:?}");
}

#[test]
fn thresholds_may_stand_anywhere_between_0_and_100() {
    let never = said(strategy("rsi_cross", &[("oversold", "0")]), &up_and_down());
    assert!(never.iter().all(|signal| !matches!(signal.action, Action::Enter(_))));
}

#[test]
fn a_period_longer_than_the_series_never_acts() {
    let signals = said(strategy("rsi_cross", &[("period", "100000"), ("rsi", "simple")]), &up_and_down());
    assert_eq!(acted(&signals), []);
}

#[test]
fn a_grid_begins_at_its_average_and_is_left_far_below_it() {
    let signals = said(strategy("grid", &[("period", "3")]), &[10.0, 10.0, 10.0, 10.5, 10.0, 9.9, 8.0, 9.0, 10.0]);
    let told: Vec<_> = acted(&signals).into_iter().map(|(bar, _)| signals[bar].reason()).collect();
    let expected = [
        "close below SMA(3): 10 against 10.166667, and 10.5 against 10.166667 before: the grid's middle is reached",
        "close below end of grid: 8 against 8.556, and 9.9 against 9.322667 before: the market has left the grid",
    ];
    assert_eq!(acted(&signals).iter().map(|(bar, _)| *bar).collect::<Vec<_>>(), [4, 6], "{told:?}");
    assert_eq!(told, expected);
}

#[test]
fn a_fall_through_the_whole_grid_is_no_entry() {
    let signals = said(strategy("grid", &[("period", "3")]), &[10.0, 10.0, 10.0, 13.0, 5.0]);
    assert_eq!(acted(&signals), [(4, Action::Exit)]);
}

/// Whoever holds something has waited for that.
#[test]
fn what_comes_up_through_both_levels_at_once_leaves() {
    // The mean is 96, 91 and 93, and the lower band 93.2, 87.8 and 88.4.
    let closes = [100.0, 100.0, 88.0, 85.0, 106.0];
    let bollinger =
        |deviations| said(strategy("bollinger_reversion", &[("period", "3"), ("deviations", deviations)]), &closes);
    assert_eq!(acted(&bollinger("0.5")), [(4, Action::Exit)]);
    let vwap = |closes: &[f64]| acted(&said(strategy("vwap_reversion", &[("deviation", "2")]), closes));
    assert_eq!(vwap(&[100.0, 100.0, 90.0, 91.0, 110.0]), [(4, Action::Exit)]);
    for (name, wrong) in [("bollinger_reversion", ("deviations", "0")), ("vwap_reversion", ("deviation", "0"))] {
        assert!(find(name).unwrap().read(&[wrong]).is_err(), "{name}: both levels would be one");
    }
}

#[test]
fn between_two_days_the_vwap_jumps_and_no_price_crosses_it() {
    let mut closes = vec![100.0; 12];
    closes.extend([96.0; 12]);
    let far_below = closes.len();
    // The first bar of the next day is its own VWAP.
    closes.extend([96.0, 96.0]);
    let vwap = || strategy("vwap_reversion", &[]);
    assert_eq!(acted(&said(vwap(), &closes)), []);
    // Within the day it is crossed.
    closes.extend([90.0, 95.0]);
    let acted = acted(&said(vwap(), &closes));
    assert!(acted.len() == 1 && acted[0].0 == far_below + 3, "{acted:?}");
}
