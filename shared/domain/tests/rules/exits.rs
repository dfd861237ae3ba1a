//! Exits that depend on what the price was before: peaks that only rise, stops that follow and stops that wait.

use crate::given::{NOW, bought, fact, fill, plan, price, quantity, submitted};
use domain::clock::{Millis, Timestamp};
use domain::group::{Armed, Observer, Position, Step, next};
use domain::ids::AttemptId;
use domain::money::{Decimal, Percent, Price};
use domain::order::{Order, Purpose, Status};
use domain::preset::{OrderSize, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

fn s(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

fn steps(steps: &[(&str, &str)]) -> TakeProfit {
    let step = |(profit, amount): &(&str, &str)| ProfitStep { profit: percent(profit), amount: percent(amount) };
    TakeProfit::aggregate(Basis::Average, steps.iter().map(step).collect()).unwrap()
}

fn trailing(take_profit: TakeProfit, by: &str) -> TradePlan {
    TradePlan { take_profit: take_profit.trailing_by(percent(by)), stop_loss: None, ..plan() }
}

fn stopped(stop: StopLoss) -> TradePlan {
    TradePlan { stop_loss: Some(stop), ..plan() }
}

fn follows(loss: &str) -> StopLoss {
    StopLoss { trailing: true, ..StopLoss::fixed(percent(loss), Basis::Base) }
}

fn waits(loss: &str, seconds: i64) -> StopLoss {
    StopLoss { delay: Some(Millis::seconds(seconds)), ..StopLoss::fixed(percent(loss), Basis::Base) }
}

/// One unit bought at 100, its fee of 0.1 in quote.
fn held(plan: TradePlan) -> Position {
    bought(plan, "100", "1", ("USDT", "0.1"))
}

/// A pass every ten seconds, each with a price of its own time.
fn looks(position: &Position, prices: &[&str]) -> Position {
    prices
        .iter()
        .zip(1..)
        .fold(position.clone(), |position, (at, look)| position.track(price(at), s(10 * look), s(10 * look)).unwrap())
}

fn decided(position: &Position) -> Step {
    let (attempt, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &attempt, tried: &tried }, NOW).unwrap()
}

#[test]
fn nothing_rests_for_a_step_that_trails_and_the_steps_before_it_rest() {
    assert_eq!(decided(&held(trailing(steps(&[("1.5", "100")]), "1"))), Step::Wait);
    let Step::Decide { position, .. } = decided(&held(trailing(steps(&[("1", "40"), ("2", "60")]), "1"))) else {
        panic!("the first step rests")
    };
    let planned: Vec<_> = position.orders.iter().skip(1).map(|order| (order.purpose, order.quantity)).collect();
    assert_eq!(planned, [(Purpose::TakeProfit(1), quantity("0.4"))]);
}

#[test]
fn what_is_left_to_trail_is_not_taken_for_dust() {
    let planned = held(trailing(steps(&[("1", "40"), ("2", "60")]), "1"));
    let Step::Decide { position, .. } = decided(&planned) else { panic!("the first step rests") };
    let first = position.latest_of(0, Purpose::TakeProfit(1)).unwrap().id.clone();
    let sold = fact(Status::Filled, &[("2", fill("101.21", "0.4", Some(("USDT", "0.04"))))]);
    assert_eq!(decided(&position.observe(&first, &sold)), Step::Wait);
}

/// 100.1 × 1.015 ÷ 0.999 = 101.703…
#[test]
fn its_price_arms_and_the_peak_only_rises() {
    let position = held(trailing(steps(&[("1.5", "100")]), "1"));
    assert_eq!(position.arms_at().unwrap(), Some(price("101.71")));
    assert_eq!(looks(&position, &["100", "101.7"]), position, "nothing to be written");
    let armed = looks(&position, &["101.71"]);
    assert_eq!(armed.group.tracked.armed, Some(Armed { at: s(10), peak: price("101.71") }));
    // 101.71 × 0.99 = 100.6929
    assert_eq!(armed.group.trails_at(), Some(price("100.69")));
    assert_eq!(looks(&armed, &["101", "101.71", "99"]), armed, "nothing to be written");
    let risen = looks(&armed, &["110", "104"]);
    assert_eq!(risen.group.tracked.armed, Some(Armed { at: s(10), peak: price("110") }));
    assert_eq!(risen.group.trails_at(), Some(price("108.9")));
}

#[test]
fn what_is_armed_stays_armed_when_another_entry_fills() {
    let armed = looks(&held(trailing(steps(&[("1.5", "100")]), "1")), &["103"]);
    let entry = armed.orders[0].id.clone();
    let more = armed.observe(&entry, &fact(Status::Filled, &[("2", fill("90", "1", Some(("USDT", "0.09"))))]));
    assert!(more.arms_at().unwrap() < armed.arms_at().unwrap(), "the average has moved");
    assert_eq!(more.group.trails_at(), armed.group.trails_at());
}

#[test]
fn a_price_from_before_the_last_entry_arms_nothing_and_raises_no_peak() {
    let position = held(trailing(steps(&[("1.5", "100")]), "1"));
    let before = NOW.minus(Millis::new(1));
    assert_eq!(position.track(price("120"), before, s(10)).unwrap(), position);
    let armed = looks(&position, &["103"]);
    assert_eq!(armed.track(price("120"), before, s(20)).unwrap(), armed);
}

#[test]
fn nothing_arms_before_a_fill_or_while_a_fee_is_not_known() {
    let plan = trailing(steps(&[("1.5", "100")]), "1");
    let waiting = submitted(crate::given::position(plan, "100"));
    assert_eq!(looks(&waiting, &["200"]), waiting);
    let entry = waiting.orders[0].id.clone();
    let without = waiting.observe(&entry, &fact(Status::Filled, &[("1", fill("100", "1", None))]));
    assert_eq!(looks(&without, &["200"]), without);
}

#[test]
fn what_is_left_is_looked_at_no_more() {
    let plan = TradePlan { stop_loss: Some(follows("10")), ..trailing(steps(&[("1.5", "100")]), "1") };
    let leaving = held(plan).leave(domain::group::ExitReason::User, NOW);
    assert_eq!(looks(&leaving, &["200"]), leaving);
}

/// From the base order 100.1 × 0.9 = 90.09, behind 105.55 it is 94.995, down to the tick.
#[test]
fn a_stop_that_follows_stands_behind_the_highest_price() {
    let position = held(stopped(follows("10")));
    assert_eq!(position.stop_price().unwrap(), Some(price("90.09")));
    assert_eq!(looks(&position, &["100"]).stop_price().unwrap(), Some(price("90.09")), "the higher one");
    let risen = looks(&position, &["105.55", "99"]);
    assert_eq!(risen.stop_price().unwrap(), Some(price("94.99")));
    assert!(
        !risen.is_stopped(price("95"), s(20), s(20)).unwrap()
            && risen.is_stopped(price("94.99"), s(20), s(20)).unwrap()
    );
    assert_eq!(looks(&risen, &["105.55", "94.99"]), risen, "nothing to be written");
    assert_eq!(looks(&held(stopped(StopLoss::fixed(percent("10"), Basis::Base))), &["200"]).group.tracked.stop, None);
}

#[test]
fn a_stop_follows_no_price_from_before_the_first_fill() {
    let looked = held(stopped(follows("10"))).track(price("200"), NOW.minus(Millis::new(1)), s(10)).unwrap();
    assert_eq!(looked.stop_price().unwrap(), Some(price("90.09")));
}

#[test]
fn a_price_from_before_a_base_order_was_bought_stops_nothing() {
    for stop in [StopLoss::fixed(percent("1"), Basis::Base), waits("1", 0)] {
        let position = held(stopped(stop));
        let bought_at = position.entries().flat_map(Order::counted).map(|fill| fill.at).max().unwrap();
        let stopped = |at: Timestamp| {
            let looked = position.track(cents(9_000), at, at).unwrap();
            looked.is_stopped(cents(9_000), at, at).unwrap()
        };
        assert!(!stopped(bought_at.minus(Millis::new(1))), "{stop:?}");
        assert!(stopped(bought_at), "{stop:?}");
    }
}

#[test]
fn time_of_the_future_keeps_no_stop_from_being_looked_at() {
    let ahead = s(7_200);
    let position = held(stopped(follows("10")));
    let by_its_exchange = position.track(price("110"), ahead, s(20)).unwrap();
    let by_our_own_clock = position.track(price("110"), ahead, ahead).unwrap();
    for risen in [by_its_exchange, by_our_own_clock] {
        assert_eq!(risen.stop_price().unwrap(), Some(price("99")));
        assert!(risen.is_stopped(price("98"), s(30), s(30)).unwrap());
        assert_eq!(risen.track(price("120"), s(30), s(30)).unwrap().stop_price().unwrap(), Some(price("108")));
    }
    let a_little_ahead = position.track(price("110"), s(40), s(20)).unwrap();
    assert!(a_little_ahead.is_stopped(price("98"), s(25), s(25)).unwrap());
    let mut bought_ahead = held(stopped(StopLoss::fixed(percent("10"), Basis::Base)));
    bought_ahead.orders[0].fills.values_mut().for_each(|fill| fill.at = ahead);
    assert!(bought_ahead.is_stopped(price("90"), s(30), s(30)).unwrap());
    let mut waiting = held(stopped(waits("10", 30)));
    waiting.group.tracked.below_since = Some(ahead);
    assert_eq!(waiting.track(price("90"), s(40), s(40)).unwrap().group.tracked.below_since, Some(s(40)));
}

#[test]
fn break_even_lifts_a_stop_that_follows() {
    let stop = StopLoss { break_even_after: Some(1), ..follows("10") };
    let plan = TradePlan { take_profit: steps(&[("1", "40"), ("20", "60")]), ..stopped(stop) };
    let Step::Decide { position, .. } = decided(&looks(&held(plan), &["102"])) else { panic!("both rest") };
    let first = position.latest_of(0, Purpose::TakeProfit(1)).unwrap().id.clone();
    let sold = fact(Status::Filled, &[("2", fill("101.21", "0.4", Some(("USDT", "0.04"))))]);
    let after = position.observe(&first, &sold);
    // 100.1 / 0.999 = 100.2002…, and behind 120 it is 108.
    assert_eq!(looks(&after, &["102"]).stop_price().unwrap(), Some(price("100.21")));
    assert_eq!(looks(&after, &["120"]).stop_price().unwrap(), Some(price("108")));
}

#[test]
fn a_stop_from_the_average_does_not_fall_with_it_where_it_follows() {
    let stop = StopLoss { basis: Basis::Average, ..follows("10") };
    let position = looks(&held(stopped(stop)), &["100"]);
    let entry = position.orders[0].id.clone();
    let more = position.observe(&entry, &fact(Status::Filled, &[("2", fill("92", "1", Some(("USDT", "0.09"))))]));
    assert_eq!(more.stop_price().unwrap(), Some(price("90.09")));
}

#[test]
fn a_stop_that_waits_asks_every_look_for_so_long() {
    let position = held(stopped(waits("10", 30)));
    let under = looks(&position, &["90.09", "90", "89"]);
    assert_eq!(under.group.tracked.below_since, Some(s(10)));
    assert!(!under.is_stopped(price("80"), s(39), s(39)).unwrap());
    assert!(under.is_stopped(price("90.09"), s(40), s(40)).unwrap());
    assert!(!under.is_stopped(price("90.1"), s(40), s(40)).unwrap());
}

#[test]
fn only_a_price_above_it_makes_a_waiting_stop_begin_anew() {
    let position = held(stopped(waits("10", 30)));
    let under = looks(&position, &["90"]);
    assert!(under.is_stopped(price("90"), s(3_600), s(3_600)).unwrap(), "an hour without looks proves nothing");
    let again = looks(&position, &["90", "90.1", "90"]);
    assert_eq!(again.group.tracked.below_since, Some(s(30)));
    assert_eq!(looks(&under, &["90", "89"]).group, under.group, "nothing to be written");
    assert_eq!(looks(&position, &["90", "91"]).group.tracked.below_since, None);
}

#[test]
fn a_waiting_stop_that_rises_over_the_price_begins_to_wait() {
    let position = held(stopped(StopLoss { trailing: true, ..waits("10", 30) }));
    let fallen = looks(&position, &["120", "108.01", "108"]);
    assert_eq!((fallen.stop_price().unwrap(), fallen.group.tracked.below_since), (Some(price("108")), Some(s(30))));
}

#[test]
fn a_price_that_a_later_one_has_overtaken_changes_nothing_and_sells_nothing() {
    let plan = TradePlan { stop_loss: Some(follows("5")), ..trailing(steps(&[("1.5", "100")]), "1") };
    let position = held(plan);
    let risen = position.track(price("110"), s(20), s(21)).unwrap();
    assert!(risen.has_trailed(price("100"), s(20), s(20)) && risen.is_stopped(price("100"), s(20), s(22)).unwrap());
    assert!(!risen.has_trailed(price("100"), s(19), s(19)) && !risen.is_stopped(price("100"), s(19), s(22)).unwrap());
    let standing = risen.track(price("109.9"), s(30), s(30)).unwrap();
    assert!(standing.has_trailed(price("100"), s(20), s(20)), "a price that has changed nothing overtakes nothing");
    let under = looks(&held(stopped(waits("10", 30))), &["95", "90"]);
    assert_eq!(under.track(price("95"), s(19), s(21)).unwrap(), under, "it waits on");
}

#[test]
fn only_a_last_step_that_trails_or_a_hybrid_takes_a_look() {
    assert!(steps(&[("1", "100")]).trailing_by(percent("1")).is_polled());
    assert!(!steps(&[("1", "100")]).is_polled());
    let each = TakeProfit::PerLeg { profit: percent("1") };
    assert!(!each.clone().trailing_by(percent("1")).is_polled() && each.trailing().is_none());
}

fn cents(cents: u32) -> Price {
    Price::new(Decimal::new(i64::from(cents), 2)).unwrap()
}

proptest! {
    /// Whatever prices come in whatever order, and whatever is bought in between.
    #[test]
    fn a_stop_that_follows_never_falls(
        prices in prop::collection::vec(1_u32..40_000, 1..40), loss in 1_u32..9_400, average in any::<bool>(),
        more in prop::collection::vec((0_usize..40, 5_000_u32..10_000), 0..4), late in prop::collection::vec(any::<bool>(), 40),
    ) {
        let basis = if average { Basis::Average } else { Basis::Base };
        let stop = StopLoss { basis, ..follows(&Decimal::new(i64::from(loss), 2).to_string()) };
        let mut position = bought(TradePlan { size: OrderSize::Base(quantity("9")), ..stopped(stop) }, "100", "1", ("USDT", "0.1"));
        let entry = position.orders[0].id.clone();
        let mut highest: Option<Price> = None;
        for (index, at) in prices.iter().enumerate() {
            for (number, (_, cost)) in more.iter().enumerate().filter(|(_, (when, _))| *when == index) {
                let trade = format!("m{number}");
                let bought = fill(&cents(*cost).to_string(), "1", Some(("USDT", "0.1")));
                position = position.observe(&entry, &fact(Status::Filled, &[(&trade, bought)]));
            }
            let seen_at = if late[index] { NOW.minus(Millis::new(1)) } else { s(1) };
            let looked = position.track(cents(*at), seen_at, s(10)).unwrap();
            let stands = looked.stop_price().unwrap();
            prop_assert!(stands >= highest, "{:?} after {:?}", stands, highest);
            prop_assert!(stands >= position.stop_price().unwrap());
            (position, highest) = (looked, stands);
        }
    }

    /// It arms at its price, and then sells at or above that less the trailing share, but for the tick.
    #[test]
    fn a_trailing_take_profit_sells_no_lower_than_its_rule(
        prices in prop::collection::vec(5_000_u32..30_000, 1..60), profit in 1_u32..2_000, by in 1_u32..5_000,
    ) {
        let (profit, by) = (Decimal::new(profit.into(), 2).to_string(), Decimal::new(by.into(), 2).to_string());
        let mut position = held(trailing(steps(&[(&profit, "100")]), &by));
        let arms_at = position.arms_at().unwrap().unwrap();
        let (mut peak, mut reached) = (None, false);
        for at in prices.into_iter().map(cents) {
            position = position.track(at, s(1), s(10)).unwrap();
            reached = reached || at >= arms_at;
            prop_assert_eq!(position.group.tracked.armed.is_some(), reached);
            let Some(trigger) = position.group.trails_at() else { continue };
            peak = peak.max(position.group.tracked.armed.map(|armed| armed.peak));
            prop_assert_eq!(position.group.tracked.armed.map(|armed| armed.peak), peak, "it only rises");
            let exact = arms_at.fraction() * percent(&by).loss();
            prop_assert!(trigger.fraction() + price("0.01").fraction() > exact, "{} armed by {}", trigger, arms_at);
            prop_assert!(trigger < peak.unwrap());
        }
    }
}
