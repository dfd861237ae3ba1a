//! What a group does about coins that the venue does not have.

use crate::given::{NOW, bought, fact, fill, plan, position, submitted};
use domain::clock::Millis;
use domain::drift::shares;
use domain::group::{Drift, ExitReason, GroupStatus, Observer, Position, Step, next};
use domain::ids::AttemptId;
use domain::money::Quantity;
use domain::order::{Fact, Purpose, Refusal, Status};
use domain::preset::{OrderKind, TradePlan};
use domain::reason::{Reason, StoredReason};
use std::collections::BTreeSet;

fn ask(position: &Position) -> Step {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW).unwrap()
}

fn decided(position: &Position) -> Position {
    match ask(position) {
        Step::Decide { position, .. } => *position,
        step => panic!("{step:?}"),
    }
}

fn held() -> Position {
    bought(plan(), "100", "1", ("USDT", "0.1"))
}

/// One that holds 1 and whose take-profit rests.
fn protected() -> Position {
    let planned = decided(&held());
    let target = planned.orders[1].id.clone();
    submitted(planned).observe(&target, &Fact::of(Status::Open))
}

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn without(position: &Position, missing: &str) -> Position {
    let missing = quantity(missing);
    position.marked(Some(Drift { missing, in_all: missing, since: NOW }), NOW)
}

#[test]
fn a_close_sells_what_is_there_and_records_what_is_not() {
    let leaving = decided(&without(&held(), "0.6").leave(ExitReason::User, NOW));
    let exit = leaving.orders.last().unwrap().clone();
    assert_eq!((exit.purpose, exit.quantity), (Purpose::Exit, quantity("0.4")));
    let sold = fact(Status::Filled, &[("2", fill("100", "0.4", Some(("USDT", "0.04"))))]);
    let closed = decided(&submitted(leaving).observe(&exit.id, &sold));
    let settled = closed.group.settled.unwrap();
    assert_eq!((settled.missing, settled.dust), (quantity("0.6"), Quantity::ZERO));
    assert_eq!((closed.group.status, closed.group.drift.is_some()), (GroupStatus::Closed, true));
}

/// What is missing is counted of what can be sold: a crumb below the step is not sold in its place.
#[test]
fn a_close_never_sells_a_step_more_than_is_there() {
    let crumbs = bought(plan(), "100", "1", ("BTC", "0.0007003"));
    let leaving = decided(&without(&crumbs, "0.0994903").leave(ExitReason::User, NOW));
    assert_eq!(leaving.orders.last().unwrap().quantity, quantity("0.89979"));
    assert!(matches!(ask(&leaving), Step::Submit(_)));
}

#[test]
fn where_nothing_is_there_nothing_is_sold() {
    let closed = decided(&without(&held(), "1").leave(ExitReason::StopLoss, NOW));
    assert_eq!(closed.orders.len(), 1);
    assert_eq!(closed.group.settled.unwrap().missing, quantity("1"));
}

#[test]
fn a_resting_take_profit_is_sized_to_what_is_there_and_back() {
    let short = without(&protected(), "0.6");
    let wished = decided(&short);
    let target = wished.orders[1].id.clone();
    assert_eq!(ask(&wished), Step::Cancel(target.clone()));
    let capped = decided(&wished.observe(&target, &Fact::of(Status::Cancelled)));
    assert_eq!(capped.orders[2].quantity, quantity("0.4"));
    let rests = submitted(capped.clone()).observe(&capped.orders[2].id, &Fact::of(Status::Open)).marked(None, NOW);
    assert!(decided(&rests).orders[2].cancel_wanted.is_some(), "the mark is lifted");
}

#[test]
fn missing_coins_alone_close_nothing() {
    let gone = without(&protected(), "1");
    let wished = decided(&gone);
    let bare = wished.observe(&wished.orders[1].id, &Fact::of(Status::Cancelled));
    assert_eq!(ask(&bare), Step::Wait);
    assert_eq!(bare.group.status, GroupStatus::Live);
}

#[test]
fn a_planned_close_is_given_up_where_less_is_there_than_it_would_sell() {
    let planned = decided(&held().leave(ExitReason::User, NOW));
    assert!(matches!(ask(&planned), Step::Submit(_)));
    let given_up = decided(&without(&planned, "0.6"));
    assert_eq!(given_up.orders[1].status, Status::NotPlaced);
    assert_eq!(decided(&given_up).orders[2].quantity, quantity("0.4"));
}

#[test]
fn a_planned_entry_is_refused_and_a_resting_one_taken_back() {
    let planned = position(plan(), "100");
    let refused = decided(&without(&planned, "0"));
    assert_eq!(refused.orders[0].refusal.as_ref().unwrap().code, Reason::Drift);
    assert_eq!(decided(&refused).group.status, GroupStatus::Failed);
    let limit = TradePlan { kind: OrderKind::Limit("95".parse().unwrap()), ..plan() };
    let sent = submitted(position(limit, "95"));
    let resting = sent.observe(&sent.orders[0].id, &Fact::of(Status::Open));
    assert_eq!(ask(&without(&resting, "0")), Step::Cancel(resting.orders[0].id.clone()));
}

#[test]
fn the_newest_groups_go_without() {
    let opened = |seconds| {
        let mut position = held();
        position.group.opened_at = NOW.plus(Millis::seconds(seconds));
        position
    };
    let (oldest, newest) = (opened(0), opened(1));
    let check = |missing: &str, of_newest: &str, of_oldest: &str| {
        let shares = shares(&[&oldest, &newest], quantity(missing)).unwrap();
        let shares: Vec<_> = shares.into_iter().map(|(_, share)| share).collect();
        assert_eq!(shares, [quantity(of_newest), quantity(of_oldest)], "{missing}");
    };
    check("0", "0", "0");
    check("0.7", "0.7", "0");
    check("1.3", "1", "0.3");
    check("9", "1", "1");
}

#[test]
fn balances_are_compared_only_when_nothing_is_in_doubt_and_no_trade_is_young() {
    let comparable =
        |position: &Position, seconds: i64| position.is_comparable(NOW.plus(Millis::seconds(seconds))).unwrap();
    assert!(comparable(&held(), 1));
    assert!(!comparable(&held(), 0), "its trade may not show yet");
    assert!(!comparable(&submitted(decided(&held())), 1), "something is being sent");
    let half = submitted(position(plan(), "100"));
    let unpriced = half.observe(&half.orders[0].id, &fact(Status::Filled, &[("1", fill("100", "1", None))]));
    assert!(!comparable(&unpriced, 1), "its fee is not known");
}

#[test]
fn coins_are_short_if_the_exchange_has_refused_a_sale_for_its_balance() {
    let observed = |status: Status, code: &str| {
        let planned = decided(&held().leave(ExitReason::User, NOW));
        let exit = planned.orders.last().unwrap().id.clone();
        let refusal = Some(Refusal { code: StoredReason::read(code.to_owned()), detail: String::new() });
        submitted(planned).observe(&exit, &Fact { refusal, ..Fact::of(status) })
    };
    let short = observed(Status::Rejected, "insufficient_balance");
    assert!(short.is_refused_for_balance(NOW), "what was sent at that moment counts");
    assert!(!short.is_refused_for_balance(NOW.plus(Millis::new(1))), "what was sent before does not");
    assert!(!observed(Status::Rejected, "market_closed").is_refused_for_balance(NOW));
    assert!(!observed(Status::Open, "insufficient_balance").is_refused_for_balance(NOW), "it rests");
}
