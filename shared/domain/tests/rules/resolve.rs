//! Orders that their user ends, and what the venue says of them later.

use crate::given::{NOW, fact, fill, plan, position, submitted};
use domain::clock::Millis;
use domain::group::{GroupStatus, Observer, Position, Step, next};
use domain::limits;
use domain::order::{Command, Fact, Order, Resolution, Status};

fn in_doubt() -> Position {
    let sent = submitted(position(plan(), "100"));
    sent.command(&sent.orders[0].id, &Command::LoseTrack).unwrap()
}

fn resolved(resolution: Resolution) -> Position {
    let position = in_doubt();
    position.command(&position.orders[0].id, &Command::Resolve(resolution)).unwrap()
}

fn filled(quantity: &str) -> Position {
    resolved(Resolution::Filled(fill("100", quantity, Some(("USDT", "0.1")))))
}

fn goes_on(position: &Position) -> Position {
    match next(position, "test", Observer::Watch, NOW.plus(limits::ENTRY_VALID)).unwrap() {
        Step::Decide { position, .. } => *position,
        step => panic!("{step:?}"),
    }
}

#[test]
fn what_is_said_to_be_not_placed_ends_its_group() {
    assert_eq!(goes_on(&resolved(Resolution::NotPlaced)).group.status, GroupStatus::Failed);
}

#[test]
fn what_is_said_to_be_filled_counts_and_is_protected() {
    let position = filled("1");
    assert_eq!(position.group.status, GroupStatus::Live);
    let ledger = position.ledger().unwrap();
    assert_eq!((ledger.bought, ledger.paid), ("1".parse().unwrap(), "100.1".parse().unwrap()));
    assert_eq!(goes_on(&position).orders[1].quantity, "1".parse().unwrap());
}

#[test]
fn what_is_said_to_be_filled_in_part_does_not_go_on() {
    let order = &filled("0.4").orders[0];
    assert_eq!((order.status, order.filled().unwrap()), (Status::Cancelled, "0.4".parse().unwrap()));
    assert_eq!(order.remaining().unwrap(), "0".parse().unwrap());
}

#[test]
fn the_venues_own_trades_take_the_place_of_what_was_said() {
    let told = fact(Status::Filled, &[("1", fill("101", "1", Some(("USDT", "0.101"))))]);
    for said in [filled("1"), filled("0.4"), resolved(Resolution::NotPlaced)] {
        let merged = said.observe(&said.orders[0].id, &told);
        let ledger = merged.ledger().unwrap();
        assert_eq!((ledger.bought, ledger.paid), ("1".parse().unwrap(), "101.101".parse().unwrap()));
        assert_eq!(merged.orders[0].status, Status::Filled);
    }
}

#[test]
fn what_the_venue_tells_in_part_waits_for_the_rest() {
    let said = filled("1");
    let part = fact(Status::Open, &[("1", fill("100", "0.4", Some(("USDT", "0.04"))))]);
    let order = &said.observe(&said.orders[0].id, &part).orders[0];
    assert!(!order.status.is_final(), "it is asked about on: {:?}", order.status);
}

#[test]
fn what_the_venue_has_filled_less_of_than_was_said_ended_with_that() {
    let said = filled("1");
    let told = fact(Status::Cancelled, &[("1", fill("101", "0.4", Some(("USDT", "0.0404"))))]);
    let merged = said.observe(&said.orders[0].id, &told);
    let order = &merged.orders[0];
    assert_eq!((order.status, order.filled().unwrap()), (Status::Cancelled, "0.4".parse().unwrap()));
    assert!(order.is_accounted().unwrap(), "nothing waits for what was never there");
    assert_eq!(merged.ledger().unwrap().bought, "0.4".parse().unwrap());
}

#[test]
fn trades_that_are_not_what_was_said_are_told() {
    for (price, quantity, told) in [("100", "1", false), ("101", "1", true), ("100", "0.4", true)] {
        let said = filled("1");
        let trades = fact(Status::Filled, &[("1", fill(price, quantity, Some(("USDT", "0.1"))))]);
        let merged = said.observe(&said.orders[0].id, &trades);
        let attention = merged.group.attention.clone().unwrap_or_default();
        assert_eq!(attention.contains("are not what was declared"), told, "{price} {quantity}: {attention}");
    }
}

#[test]
fn a_word_is_asked_about_for_a_day_and_until_the_venue_tells() {
    let said = filled("1");
    let order = &said.orders[0];
    let sent = order.submission.as_ref().unwrap().sent_at;
    assert!(order.is_on_its_users_word(sent.plus(limits::WORD_ASKED_FOR).minus(Millis::new(1))));
    assert!(!order.is_on_its_users_word(sent.plus(limits::WORD_ASKED_FOR)));
    let told = order.merge(&fact(Status::Filled, &[("1", fill("101", "1", None))]));
    assert!(!told.is_on_its_users_word(sent));
    assert!(!resolved(Resolution::NotPlaced).orders[0].is_on_its_users_word(sent));
}

#[test]
fn facts_merge_in_any_order_whatever_was_said() {
    let facts = [
        fact(Status::Open, &[("1", fill("100", "0.4", None))]),
        fact(Status::Filled, &[("2", fill("100", "0.6", Some(("USDT", "0.06"))))]),
        fact(Status::Open, &[("1", fill("100", "0.4", Some(("USDT", "0.04"))))]),
        Fact::of(Status::Cancelled),
    ];
    let merged = |order: &Order, facts: &[&Fact]| facts.iter().fold(order.clone(), |order, fact| order.merge(fact));
    for said in [filled("1"), filled("0.4"), resolved(Resolution::NotPlaced)] {
        let order = &said.orders[0];
        let straight = merged(order, &facts.iter().collect::<Vec<_>>());
        let turned = merged(order, &facts.iter().rev().chain(&facts).collect::<Vec<_>>());
        assert_eq!(straight, turned);
    }
}
