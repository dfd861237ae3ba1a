//! The legs of a live group: where they stand, how many are orders, and what is held for them.

use crate::given::{NOW, amount, at_rest, bought, fact, once_more, plan, price, quantity, submitted};
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::ids::AttemptId;
use domain::limits;
use domain::money::{Amount, Decimal, Percent};
use domain::order::{Command, Fact, Purpose, Status};
use domain::preset::{SafetyOrders, TradePlan};
use domain::profit::{Basis, StopLoss};
use std::collections::BTreeSet;

fn ladder(count: u32, active: u32) -> SafetyOrders {
    crate::given::ladder(count, "50", "2", active)
}

fn with(ladder: SafetyOrders) -> TradePlan {
    TradePlan { ladder: Some(ladder), ..plan() }
}

/// One of the base asset at 100 with a fee of 0.1: the base order has cost 100.1.
fn filled(ladder: SafetyOrders) -> Position {
    bought(with(ladder), "100", "1", ("USDT", "0.1"))
}

fn step(position: &Position) -> Step {
    let (attempt, tried) = (AttemptId::new("me"), BTreeSet::new());
    let observer = Observer::Executor { attempt: &attempt, tried: &tried };
    next(position, "test", observer, NOW).unwrap()
}

fn legs(position: &Position) -> Vec<(u32, String)> {
    let open = position.entries().filter(|order| order.leg > 0 && order.status.is_resting());
    open.map(|order| (order.leg, format!("{:?}", order.kind))).collect()
}

#[test]
fn no_more_legs_rest_than_the_ladder_says_and_a_filled_one_arms_the_next() {
    let position = at_rest(filled(ladder(4, 2)));
    let at = |level, text: &str| (level, format!("{:?}", domain::preset::OrderKind::Limit(price(text))));
    assert_eq!(legs(&position), [at(1, "98.09"), at(2, "96.09")]);
    let first = position.latest_of(1, Purpose::Entry).unwrap();
    let fill = crate::given::fill("98.09", &first.quantity.to_string(), Some(("USDT", "0.05")));
    let fallen = at_rest(position.observe(&first.id, &fact(Status::Filled, &[("2", fill)])));
    assert_eq!(legs(&fallen), [at(2, "96.09"), at(3, "94.09")]);
}

#[test]
fn a_ladder_of_two_hundred_is_a_plan_and_five_orders() {
    let deep = crate::given::ladder(200, "50", "0.1", 5);
    let position = at_rest(filled(deep));
    assert_eq!(legs(&position).len(), 5);
    assert_eq!(position.ahead().unwrap(), amount("9759.75"), "195 of 50.05");
}

#[test]
fn nothing_is_armed_before_the_base_order_has_ended_or_after_the_group_is_left() {
    let waiting = submitted(crate::given::position(with(ladder(3, 2)), "100"));
    assert_eq!((step(&waiting), waiting.ahead().unwrap()), (Step::Wait, amount("150.15")));
    let leaving = at_rest(filled(ladder(3, 2))).leave(ExitReason::User, NOW);
    assert_eq!(leaving.ahead().unwrap(), amount("0"));
    let legs = leaving.entries().filter(|order| order.leg > 0).count();
    assert_eq!(at_rest(leaving).entries().filter(|order| order.leg > 0).count(), legs, "no entry is armed from here");
}

#[test]
fn a_leg_that_is_taken_back_or_refused_ends_the_ladder_and_nothing_deeper_is_bought() {
    let position = at_rest(filled(ladder(4, 2)));
    let first = position.latest_of(1, Purpose::Entry).unwrap().id.clone();
    for status in [Status::Cancelled, Status::Expired] {
        let over = at_rest(position.observe(&first, &fact(status, &[])));
        assert_eq!(legs(&over).iter().map(|(level, _)| *level).collect::<Vec<_>>(), [2], "{status:?}");
        assert_eq!(over.ahead().unwrap(), amount("0"));
    }
    let wished = position.command(&first, &Command::Cancel(NOW)).unwrap();
    assert_eq!(wished.ahead().unwrap(), amount("0"));
}

/// The outcome of the first of two legs is not known, and its venue does not show it.
fn with_a_leg_absent(plan: TradePlan) -> Position {
    let two = bought(TradePlan { ladder: Some(ladder(4, 2)), ..plan }, "100", "1", ("USDT", "0.1"));
    let mut position = at_rest(two);
    let leg = position.orders.iter_mut().find(|order| order.leg == 1 && order.purpose == Purpose::Entry).unwrap();
    leg.status = Status::Unknown;
    let id = leg.id.clone();
    let commands = [Command::SeeAbsent(NOW), Command::ProveAbsent];
    commands.iter().fold(position, |position, command| position.command(&id, command).unwrap())
}

#[test]
fn leg_of_unknown_outcome_is_armed_again_only_where_the_plan_says_so() {
    let position = with_a_leg_absent(plan());
    let asked = |position: &Position| next(position, "test", Observer::Watch, NOW.plus(limits::SLOT)).unwrap();
    let first = position.latest_of(1, Purpose::Entry).unwrap();
    assert!(position.is_given_up(first) && !matches!(asked(&position), Step::Decide { why: "safety orders", .. }));
    assert_eq!(position.ahead().unwrap(), amount("0"), "nothing is held for it, nor for what stands deeper");
    assert!(position.group.exit.is_none(), "it goes on with what it holds");
    let again = with_a_leg_absent(once_more());
    assert!(!again.is_given_up(again.latest_of(1, Purpose::Entry).unwrap()));
    assert!(matches!(asked(&again), Step::Decide { why: "safety orders", .. }), "{:?}", asked(&again));
}

#[test]
fn a_base_order_that_was_filled_in_part_has_no_legs() {
    let sent = submitted(crate::given::position(with(ladder(3, 2)), "100"));
    let entry = sent.orders[0].id.clone();
    let half = crate::given::fill("100", "0.5", Some(("USDT", "0.05")));
    let ended = Fact { cumulative: quantity("0.5"), ..fact(Status::Cancelled, &[("1", half)]) };
    assert_eq!(at_rest(sent.observe(&entry, &ended)).entries().count(), 1);
}

/// Base 100.1 for one; two legs of 50, two percent apart: the first rests, the second is planned. Prices and steps as the legs say.
#[test]
fn a_ladder_at_its_worst_is_filled_whole_and_then_stopped_out() {
    let stop = StopLoss::fixed("10".parse().unwrap(), Basis::Average);
    let plan = TradePlan { stop_loss: Some(stop), ..with(ladder(2, 1)) };
    let position = at_rest(bought(plan.clone(), "100", "1", ("USDT", "0.1")));
    let resting = position.latest_of(1, Purpose::Entry).unwrap();
    let planned = position.planned_legs().unwrap();
    assert_eq!(planned.len(), 1);
    let fee = |paid: Decimal| paid * "1.001".parse::<Decimal>().unwrap();
    let paid = "100.1".parse::<Decimal>().unwrap()
        + fee(resting.quantity.get() * "98.09".parse::<Decimal>().unwrap())
        + fee(planned[0].quantity.get() * planned[0].price.get());
    let quantity = Decimal::ONE + resting.quantity.get() + planned[0].quantity.get();
    let worst = position.worst_case().unwrap();
    let near = |one: Amount, other: Decimal| (one.get() - other).abs() <= "0.00000001".parse().unwrap();
    assert!(near(worst.planned, paid), "{worst:?}");
    let average = paid / quantity;
    let step: Decimal = "0.01".parse().unwrap();
    let at = (average * "0.9".parse::<Decimal>().unwrap() / step).floor() * step;
    assert_eq!(worst.stop.unwrap().get(), at.normalize());
    let brought = quantity * at * "0.999".parse::<Decimal>().unwrap();
    assert!(near(worst.loss, paid - brought), "{worst:?}");
    let unstopped = TradePlan { stop_loss: None, ..plan.clone() };
    let unstopped = at_rest(bought(unstopped, "100", "1", ("USDT", "0.1"))).worst_case().unwrap();
    assert_eq!((unstopped.stop, unstopped.loss), (None, unstopped.planned), "without a stop all of it is lost");
    let waiting = submitted(crate::given::position(plan, "100"));
    let before = waiting.worst_case().unwrap();
    assert_eq!(before.loss.fraction(), before.planned.fraction() * "10".parse::<Percent>().unwrap().share());
    let left = position.leave(ExitReason::User, NOW).worst_case().unwrap();
    assert!(left.planned < worst.planned, "a ladder that is left buys nothing more");
}
