//! Safety orders at the market: nothing rests, and a price that reaches them plans them once.

use crate::given::{NOW, amount, bought, fact, fill, plan, price};
use domain::clock::{Millis, Timestamp};
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::order::{Command, Order, Purpose, Refusal, Status};
use domain::preset::{LegSizes, OrderKind, OrderSize, SafetyOrders, TradePlan};
use domain::reason::{Reason, StoredReason};

/// Four of 50 at 98.09, 96.09, 94.09 and 92.09, of which so many are orders at once.
fn waiting(active: u32) -> Position {
    let ladder = SafetyOrders { at_market: true, ..crate::given::ladder(4, "50", "2", active) };
    bought(TradePlan { ladder: Some(ladder), ..plan() }, "100", "1", ("USDT", "0.1"))
}

fn later(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

fn seen(position: &Position, at: &str) -> Option<Position> {
    position.reach("test", price(at), later(10), later(10)).unwrap()
}

fn legs(position: &Position) -> Vec<(u32, u32, String)> {
    let legs = position.entries().filter(|order| order.leg > 0);
    legs.map(|order| (order.leg, order.epoch, order.quantity.to_string())).collect()
}

fn leg(position: &Position, level: u32) -> &Order {
    position.latest_of(level, Purpose::Entry).unwrap()
}

/// With everything done at the venue that is decided, which fills nothing.
fn at_rest(mut position: Position) -> Position {
    for _ in 0..20 {
        position = match next(&position, "test", Observer::Watch, NOW).unwrap() {
            Step::Decide { position, .. } => *position,
            Step::Submit(id) => position.observe(&id, &fact(Status::Open, &[])),
            _ => return position,
        };
    }
    panic!("it comes to no rest")
}

#[test]
fn nothing_rests_and_no_higher_price_buys() {
    let position = waiting(2);
    assert_eq!(seen(&position, "98.1"), None);
    assert_eq!(legs(&at_rest(position)), []);
}

#[test]
fn a_price_that_reaches_legs_plans_them_at_the_market_by_what_they_may_spend() {
    let reached = seen(&waiting(4), "96").unwrap();
    assert_eq!(legs(&reached), [(1, 0, "0.52083".to_owned()), (2, 0, "0.52083".to_owned())], "50 at 96");
    let first = leg(&reached, 1);
    assert_eq!((first.kind, first.status), (OrderKind::Market, Status::Planned));
    // 0.52083 × 96 × 1.001 × 1.01.
    assert_eq!(first.reserved, amount("50.55017648"));
    assert!(first.valid_until.is_some());
}

#[test]
fn no_more_than_the_ladder_says_are_orders_at_once() {
    let reached = seen(&waiting(2), "90").unwrap();
    assert_eq!(legs(&reached).len(), 2);
    assert_eq!(seen(&reached, "90"), None, "two are at work");
    let bought = reached
        .observe(&leg(&reached, 1).id, &fact(Status::Filled, &[("2", fill("90", "0.55555", Some(("USDT", "0.05"))))]));
    let third = bought.reach("test", price("90"), later(20), later(20)).unwrap().unwrap();
    assert_eq!(legs(&third).last().unwrap().0, 3);
}

#[test]
fn what_was_planned_is_not_planned_again() {
    let reached = seen(&waiting(4), "98").unwrap();
    assert_eq!(legs(&reached).len(), 1);
    assert_eq!(seen(&reached, "98"), None);
    assert_eq!(seen(&waiting(4), "98").unwrap(), reached, "looks that overtake each other decide the same");
}

#[test]
fn what_is_held_ahead_is_enough_for_every_order_that_it_becomes() {
    let position = waiting(4);
    let before = position.ahead().unwrap();
    for at in ["98.09", "96", "90", "50"] {
        let reached = seen(&position, at).unwrap();
        let ordered = reached.entries().filter(|order| order.leg > 0);
        let held = ordered.fold(reached.ahead().unwrap(), |sum, order| sum.plus(order.reserved).unwrap());
        assert!(held <= before, "{at}: {held} of {before}");
    }
}

#[test]
fn a_price_that_had_moved_on_when_it_was_to_be_sent_is_waited_for_again() {
    let reached = seen(&waiting(1), "98").unwrap();
    let refused = |code: &str| {
        let refusal = Refusal { code: StoredReason::read(code.to_owned()), detail: String::new() };
        reached.command(&leg(&reached, 1).id, &Command::Abandon(refusal)).unwrap()
    };
    assert_eq!(legs(&seen(&refused("price_moved"), "96").unwrap()).last().unwrap().1, 1, "the next decision");
    assert_eq!(seen(&refused("expired"), "96"), None, "what was given up ends the ladder");
    assert_eq!(refused("expired").ahead().unwrap(), amount("0"));
}

#[test]
fn a_price_from_before_the_last_fill_buys_nothing() {
    let early = NOW.minus(Millis::seconds(1));
    assert_eq!(waiting(4).reach("test", price("90"), early, later(10)).unwrap(), None);
}

#[test]
fn nothing_is_bought_for_a_group_that_is_left() {
    assert_eq!(seen(&waiting(4).leave(ExitReason::Signal, NOW), "90"), None);
}

#[test]
fn what_is_held_for_a_leg_stays_held_until_it_is_bought_or_given_up() {
    let waiting = waiting(1);
    let reached = seen(&waiting, "98").unwrap();
    let moved = Refusal { code: Reason::PriceMoved.into(), detail: String::new() };
    let missed = reached.command(&leg(&reached, 1).id, &Command::Abandon(moved)).unwrap();
    assert_eq!(missed.ahead().unwrap(), waiting.ahead().unwrap());
    let again = seen(&missed, "97").unwrap();
    let held = again.ahead().unwrap().plus(leg(&again, 1).reserved).unwrap();
    assert!(held <= waiting.ahead().unwrap(), "{held}");
}

#[test]
fn a_leg_that_the_market_would_not_take_at_the_price_seen_waits_for_another() {
    let coins = LegSizes::Each(vec![OrderSize::Base("0.0532".parse().unwrap()), OrderSize::Base("1".parse().unwrap())]);
    let ladder = SafetyOrders { at_market: true, sizes: coins, ..crate::given::ladder(2, "50", "2", 2) };
    let position = bought(TradePlan { ladder: Some(ladder), ..plan() }, "100", "1", ("USDT", "0.1"));
    let deep = seen(&position, "93").unwrap();
    assert_eq!(legs(&deep), [(2, 0, "1".to_owned())], "4.95 at 93 is less than the market takes");
    assert_eq!(legs(&seen(&deep, "95").unwrap()).iter().map(|(level, ..)| *level).collect::<Vec<_>>(), [2, 1]);
}
