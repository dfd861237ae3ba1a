//! What of a position is sold where: shares, floors, what joins what, and what is left.

use crate::given::{fact, fill, market, plan, price, quantity, submitted};
use domain::group::{Observer, Position, Slice, Step, next};
use domain::ids::AttemptId;
use domain::money::{Percent, Quantity};
use domain::order::{Order, Purpose, Status};
use domain::preset::{OrderSize, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

fn with(take_profit: TakeProfit) -> TradePlan {
    TradePlan { take_profit, ..plan() }
}

fn steps(basis: Basis, steps: &[(&str, &str)]) -> TradePlan {
    let step = |(profit, amount): &(&str, &str)| ProfitStep { profit: percent(profit), amount: percent(amount) };
    with(TakeProfit::aggregate(basis, steps.iter().map(step).collect()).unwrap())
}

/// A position whose base order was filled whole.
fn bought(plan: TradePlan, at: &str, of: &str, fee: (&str, &str)) -> Position {
    crate::given::bought(TradePlan { size: OrderSize::Base(quantity(of)), ..plan }, at, of, fee)
}

fn told(position: &Position) -> Vec<(u32, String, String)> {
    let slices = position.slices().unwrap().unwrap();
    slices.iter().map(|slice| (slice.step, slice.price.to_string(), slice.quantity.to_string())).collect()
}

fn check(position: &Position, expected: &[(u32, &str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(step, at, of)| (*step, (*at).to_owned(), (*of).to_owned())).collect();
    assert_eq!(told(position), expected);
}

/// Everything that is decided now: the take-profits as they would be sent.
fn protected(position: &Position) -> Position {
    let attempt = AttemptId::new("me");
    let tried = BTreeSet::new();
    let observer = Observer::Executor { attempt: &attempt, tried: &tried };
    let Step::Decide { position, .. } = next(position, "test", observer, crate::given::NOW).unwrap() else {
        panic!("nothing was decided")
    };
    *position
}

fn step_order(position: &Position, step: u32) -> &Order {
    position.latest_of(0, Purpose::TakeProfit(step)).unwrap()
}

/// All prices are those of the official records for an average of 3098.4954.
#[test]
fn steps_are_priced_from_the_average_and_the_last_sells_what_is_left() {
    let plan = steps(Basis::Average, &[("2", "33.3"), ("3", "33.3"), ("4", "33.4")]);
    let position = bought(plan, "3095.4", "0.1", ("USDT", "0.30954"));
    check(&position, &[(1, "3163.63", "0.0333"), (2, "3194.65", "0.0333"), (3, "3225.67", "0.0334")]);
}

/// With one entry the base order is all there is: both bases are one.
#[test]
fn from_the_base_order_the_profit_is_reckoned_on_its_own_cost() {
    let of = |basis| bought(steps(basis, &[("2", "50"), ("3", "50")]), "3095.4", "1", ("USDT", "3.0954"));
    assert_eq!(told(&of(Basis::Base)), told(&of(Basis::Average)));
}

#[test]
fn a_slice_that_is_too_small_joins_the_next_and_the_last_one_the_one_before() {
    // 5 USDT is the least: 0.01 of 1 at 101 is not enough.
    let first = bought(steps(Basis::Average, &[("1", "1"), ("2", "99")]), "100", "1", ("USDT", "0.1"));
    check(&first, &[(2, "102.21", "1")]);
    let last = bought(steps(Basis::Average, &[("1", "99"), ("2", "1")]), "100", "1", ("USDT", "0.1"));
    check(&last, &[(1, "101.21", "1")]);
    let all = bought(steps(Basis::Average, &[("1", "50"), ("2", "50")]), "100", "0.06", ("USDT", "0.006"));
    check(&all, &[(2, "102.21", "0.06")]);
}

#[test]
fn what_a_step_has_sold_is_not_sold_again() {
    let position = bought(steps(Basis::Average, &[("1", "40"), ("2", "60")]), "100", "1", ("USDT", "0.1"));
    let planned = protected(&position);
    assert_eq!(planned.orders.len(), 3, "both in one decision");
    let first = step_order(&planned, 1).id.clone();
    let resting = planned.observe(&first, &fact(Status::Open, &[]));
    let part = fact(Status::PartiallyFilled, &[("2", fill("101.21", "0.1", Some(("USDT", "0.01"))))]);
    check(&resting.observe(&first, &part), &[(1, "101.21", "0.3"), (2, "102.21", "0.6")]);
    let sold = fact(Status::Filled, &[("2", fill("101.21", "0.4", Some(("USDT", "0.04"))))]);
    check(&resting.observe(&first, &sold), &[(2, "102.21", "0.6")]);
}

#[test]
fn a_take_profit_at_another_price_than_is_wanted_is_taken_back() {
    let position = bought(steps(Basis::Average, &[("1", "40"), ("2", "60")]), "100", "1", ("USDT", "0.1"));
    let mut planned = protected(&position);
    let sells: Vec<_> = planned.orders.iter().skip(1).map(|order| order.id.clone()).collect();
    for sell in sells {
        planned = planned.observe(&sell, &fact(Status::Open, &[]));
    }
    planned.group.plan = steps(Basis::Average, &[("1", "40"), ("5", "60")]);
    let cancelling = protected(&planned);
    assert!(step_order(&cancelling, 2).cancel_wanted.is_some() && step_order(&cancelling, 1).cancel_wanted.is_none());
}

#[test]
fn what_is_left_of_the_only_sell_rests_on_though_it_is_too_little_for_another() {
    let plan = with(TakeProfit::at(percent("1")));
    let planned = protected(&bought(plan, "100", "1", ("USDT", "0.1")));
    let sell = step_order(&planned, 1).id.clone();
    let nearly = fact(Status::PartiallyFilled, &[("2", fill("101.21", "0.97", Some(("USDT", "0.1"))))]);
    let position = planned.observe(&sell, &nearly);
    let (attempt, tried) = (AttemptId::new("me"), BTreeSet::new());
    let observer = Observer::Executor { attempt: &attempt, tried: &tried };
    assert_eq!(next(&position, "test", observer, crate::given::NOW).unwrap(), Step::Wait);
}

#[test]
fn a_stop_moves_to_where_nothing_is_lost_once_its_step_is_sold() {
    let stop = StopLoss { break_even_after: Some(1), ..StopLoss::fixed(percent("10"), Basis::Base) };
    let plan = TradePlan { stop_loss: Some(stop), ..steps(Basis::Average, &[("1", "40"), ("2", "60")]) };
    let planned = protected(&bought(plan, "100", "1", ("USDT", "0.1")));
    assert_eq!(planned.stop_price().unwrap(), Some(price("90.09")));
    let sold = fact(Status::Filled, &[("2", fill("101.21", "0.4", Some(("USDT", "0.04"))))]);
    let after = planned.observe(&step_order(&planned, 1).id, &sold);
    // 100.1 / 0.999 = 100.2002...
    assert_eq!(after.stop_price().unwrap(), Some(price("100.21")));
}

#[test]
fn a_hybrid_has_a_price_of_all_above_the_average() {
    let hybrid = with(TakeProfit::Hybrid { profit: percent("1"), all: percent("2") });
    let position = bought(hybrid, "3095.4", "1", ("USDT", "3.0954"));
    assert_eq!(position.price_of_all().unwrap(), Some(price("3163.63")));
    assert_eq!(bought(plan(), "100", "1", ("USDT", "0.1")).price_of_all().unwrap(), None);
}

#[test]
fn nothing_is_priced_before_the_fees_are_known() {
    let position = submitted(crate::given::position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    assert_eq!(position.slices().unwrap(), None);
    let without = position.observe(&entry, &fact(Status::Filled, &[("1", fill("100", "1", None))]));
    assert_eq!(without.slices().unwrap(), None);
}

fn amounts() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(1_u32..100, 1..=8)
}

/// Amounts that add up to 100, in whole percents but for the last.
fn plan_of(weights: &[u32]) -> TradePlan {
    let sum: u32 = weights.iter().sum();
    let mut left = 100_u32;
    let mut steps = Vec::new();
    for (index, weight) in weights.iter().enumerate() {
        let behind = u32::try_from(weights.len() - index - 1).unwrap();
        let amount = if behind == 0 { left } else { (weight * 100 / sum).clamp(1, left - behind) };
        left -= amount;
        let profit = percent(&(index + 1).to_string());
        steps.push(ProfitStep { profit, amount: percent(&amount.to_string()) });
    }
    with(TakeProfit::aggregate(Basis::Average, steps).unwrap())
}

proptest! {
    #[test]
    fn slices_pass_the_filters_and_are_no_more_than_is_held(
        weights in amounts(), steps in 1_u32..2_000_000, at in 1_u32..9_000_000, fee in 0_u32..100,
    ) {
        let of = quantity(&format!("{:.5}", f64::from(steps) / 100_000.0));
        let at = price(&format!("{:.2}", f64::from(at) / 100.0));
        prop_assume!(market().filters.check(of, at).is_ok());
        let taken = format!("{:.8}", of.get() * domain::money::Decimal::new(i64::from(fee), 5));
        let position = bought(plan_of(&weights), &at.to_string(), &of.to_string(), ("BTC", &taken));
        let filters = market().filters;
        let slices = position.slices().unwrap().unwrap();
        for slice in &slices {
            prop_assert_eq!(filters.check(slice.quantity, slice.price), Ok(()));
            prop_assert_eq!(filters.on_grid(slice.quantity, Some(slice.price)), Ok(()));
        }
        let sum = slices.iter().fold(Quantity::ZERO, |sum, slice| sum.plus(slice.quantity).unwrap());
        prop_assert!(slices.is_empty() || sum == position.sellable().unwrap(), "{:?} of {}", slices, of);
    }

    #[test]
    fn with_one_leg_each_way_of_selling_is_the_same(
        steps in 1_u32..2_000_000, at in 600_u32..9_000_000, profit in 1_u32..500, fee in 0_u32..200, in_base in any::<bool>(),
    ) {
        let of = quantity(&format!("{:.5}", f64::from(steps) / 100_000.0));
        let at = price(&format!("{:.2}", f64::from(at) / 100.0));
        prop_assume!(market().filters.check(of, at).is_ok());
        let paid = if in_base { of.get() } else { of.get() * at.get() };
        let fee = format!("{:.8}", paid * domain::money::Decimal::new(i64::from(fee), 5));
        let fee = (if in_base { "BTC" } else { "USDT" }, fee.as_str());
        let profit = percent(&format!("{:.1}", f64::from(profit) / 10.0));
        let holding = |take_profit| bought(with(take_profit), &at.to_string(), &of.to_string(), fee);
        let sold = |take_profit| holding(take_profit).slices().unwrap().unwrap();
        let aggregate: Vec<Slice> = sold(TakeProfit::at(profit));
        prop_assert_eq!(&aggregate, &sold(TakeProfit::PerLeg { profit }));
        prop_assert_eq!(&aggregate, &sold(TakeProfit::Hybrid { profit, all: Percent::HUNDRED }));
        let of_all = holding(TakeProfit::Hybrid { profit, all: profit }).price_of_all().unwrap();
        prop_assert!(aggregate.iter().all(|slice| Some(slice.price) == of_all), "{:?} and {:?}", aggregate, of_all);
    }
}
