//! What is drawn: prices, who trades, and on which terms.

use backtest::{Bar, BotTerms, Candle};
use domain::account::AccountLimits;
use domain::alert::Side;
use domain::bot::Confidence;
use domain::clock::Millis;
use domain::market::Leverage;
use domain::money::Decimal;
use domain::rules::Rules;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::fmt;
use std::str::FromStr;

pub(crate) const HOUR_MS: i64 = 3_600_000;
/// 2021-01-01.
pub(crate) const BEGINS_MS: i64 = 1_609_459_200_000;

/// A bar by how it differs from the one before, in cents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move {
    pub(crate) hours: i64,
    /// From the close before to the open.
    pub(crate) gap: i64,
    /// From the open to the close.
    pub(crate) change: i64,
    pub(crate) above: i64,
    pub(crate) below: i64,
}

/// What is traded, on which terms.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) trader: Trader,
    pub(crate) bot: BotTerms,
    pub(crate) confidence_min: Option<Confidence>,
    pub(crate) latency: u32,
    /// Hundredths of a percent.
    pub(crate) slippage: u32,
}

#[derive(Debug, Clone)]
pub(crate) enum Trader {
    AllCash,
    /// Coins, by the ladder that a strategy brings.
    Brought(&'static str),
    Coins(Exits),
    /// With leverage, and rates of funding of hour after hour, in hundredths of a percent and over again.
    Contracts(Exits, Side, u32, Vec<i64>),
}

/// Percent of stop and take-profit, and whether each trails.
pub(crate) type Exits = (u32, u32, bool, bool);

pub(crate) fn walked() -> impl Strategy<Value = Vec<Move>> {
    let hours = prop_oneof![6 => Just(1_i64), 1 => 2_i64..6];
    let gap = prop_oneof![4 => Just(0_i64), 1 => -300_i64..300];
    let moved = (hours, gap, -500_i64..500, 0_i64..150, 0_i64..150);
    let moved = moved.prop_map(|(hours, gap, change, above, below)| Move { hours, gap, change, above, below });
    vec(moved, 20..140)
}

fn exits() -> impl Strategy<Value = Exits> {
    (1_u32..25, 1_u32..6, any::<bool>(), any::<bool>())
}

fn trader() -> impl Strategy<Value = Trader> {
    let side = prop_oneof![Just(Side::Long), Just(Side::Short)];
    prop_oneof![
        2 => Just(Trader::AllCash),
        1 => Just(Trader::Brought("dca_ladder")),
        1 => Just(Trader::Brought("grid")),
        2 => exits().prop_map(Trader::Coins),
        4 => (exits(), side, 1_u32..15, vec(-50_i64..50, 1..100)).prop_map(|(exits, side, leverage, rates)| Trader::Contracts(exits, side, leverage, rates)),
    ]
}

fn limits() -> impl Strategy<Value = AccountLimits> {
    (1_u32..12, 150_u32..1_300, prop_oneof![1 => Just(0_u32), 9 => Just(1)]).prop_map(|(loss, order, groups)| {
        AccountLimits {
            open_groups_max: groups,
            exposure_max: parsed(1_000),
            order_quote_max: parsed(order),
            day_loss_max: parsed(loss),
            leverage_max: Leverage::new(10).unwrap(),
        }
    })
}

fn bot() -> impl Strategy<Value = BotTerms> {
    let hours = || option::weighted(0.3, (1_i64..12).prop_map(|hours| Millis::seconds(3_600 * hours)));
    let least = option::weighted(0.3, (1_i64..30).prop_map(|tenths| parsed(Decimal::new(tenths, 1))));
    let groups = option::weighted(0.5, prop_oneof![1 => Just(0_u32), 9 => Just(1)]);
    let rules = (least, hours(), groups).prop_map(|(minimum_profit, cooldown, open_groups_max)| Rules {
        minimum_profit,
        cooldown,
        open_groups_max,
        ..Rules::default()
    });
    (hours(), rules, option::weighted(0.4, limits())).prop_map(|(time_limit, rules, limits)| BotTerms {
        time_limit,
        rules,
        limits,
    })
}

pub(crate) fn drawn() -> impl Strategy<Value = Drawn> {
    let sure = option::weighted(0.3, (50_u32..75).prop_map(|percent| Confidence::of(f64::from(percent) / 100.0)));
    (trader(), bot(), sure, 0_u32..4, 0_u32..20).prop_map(|(trader, bot, confidence_min, latency, slippage)| Drawn {
        trader,
        bot,
        confidence_min,
        latency,
        slippage,
    })
}

/// What was, and a walk from there on.
pub(crate) fn with_future(past: &[Candle], walk: &[Move]) -> Vec<Candle> {
    let (mut cents, mut time_ms) = past.last().map_or((10_000, BEGINS_MS), |last| {
        (format!("{:.0}", last.bar.close() * 100.0).parse::<i64>().unwrap(), last.time_ms)
    });
    let price = |cents: i64| format!("{cents}e-2").parse::<f64>().unwrap();
    let next = |step: &Move| {
        let open = (cents + step.gap).max(1_000);
        let close = (open + step.change).max(1_000);
        (cents, time_ms) = (close, time_ms + step.hours * HOUR_MS);
        let [open, high, low, close] =
            [open, open.max(close) + step.above, open.min(close) - step.below, close].map(price);
        Candle { time_ms, bar: Bar::new(open, high, low, close, 1.0).unwrap() }
    };
    past.iter().copied().chain(walk.iter().map(next).collect::<Vec<_>>()).collect()
}

pub(crate) fn parsed<T: FromStr<Err: fmt::Debug>>(value: impl fmt::Display) -> T {
    value.to_string().parse().unwrap()
}
