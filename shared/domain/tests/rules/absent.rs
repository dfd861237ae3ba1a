//! Accepted orders that their venue knows no more: over after two looks, and never before.

use crate::given::{NOW, bought, fact, fill, plan, position, submitted};
use domain::clock::{Millis, Timestamp};
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::limits;
use domain::order::{Command, Fact, Order, Reading, Status};

const READING: Reading = Reading { validity: Millis::seconds(5), lag: Millis::seconds(5), reach: None, by_id: true };

fn after(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

/// Sent at [`NOW`].
fn open() -> Order {
    submitted(position(plan(), "100")).orders[0].merge(&Fact::of(Status::Open))
}

/// What the venue says at these seconds after the send: `None` where it knows no such order.
fn looked_at(order: Order, looks: &[(i64, Option<Fact>)], reading: Reading) -> Order {
    looks.iter().fold(order, |order, (at, told)| match told {
        Some(fact) => order.merge(fact),
        None => match order.unseen(after(*at), reading) {
            Some(command) => order.command(command).unwrap(),
            None => order,
        },
    })
}

fn check(looks: &[(i64, Option<Fact>)], status: Status) {
    assert_eq!(looked_at(open(), looks, READING).status, status, "{looks:?}");
}

#[test]
fn an_accepted_order_is_over_after_two_looks_apart() {
    check(&[(400_000, None)], Status::Open);
    check(&[(400_000, None), (400_000, None)], Status::Open);
    check(&[(400_000, None), (400_005, None)], Status::Open);
    check(&[(400_000, None), (400_006, None)], Status::Cancelled);
}

#[test]
fn looks_inside_the_fence_say_nothing() {
    check(&[(2, None), (12, None)], Status::Open);
    check(&[(2, None), (13, None), (18, None)], Status::Open);
    check(&[(13, None), (19, None)], Status::Cancelled);
}

#[test]
fn a_look_that_finds_it_takes_back_the_one_that_did_not() {
    let found = || Some(Fact::of(Status::Open));
    check(&[(100, None), (110, found()), (120, None)], Status::Open);
    check(&[(100, None), (110, found()), (120, None), (130, None)], Status::Cancelled);
}

#[test]
fn one_that_was_missed_while_it_was_in_doubt_is_not_missed_twice() {
    let unknown = submitted(position(plan(), "100")).orders[0].command(Command::LoseTrack).unwrap();
    let found = Some(Fact::of(Status::Open));
    let order = looked_at(unknown, &[(20, None), (30, found), (400_000, None)], READING);
    assert_eq!(order.status, Status::Open);
}

#[test]
fn two_looks_are_further_apart_than_reads_lag() {
    let slow = Reading { lag: Millis::seconds(10), ..READING };
    assert_eq!(looked_at(open(), &[(100, None), (110, None)], slow).status, Status::Open);
    assert_eq!(looked_at(open(), &[(100, None), (111, None)], slow).status, Status::Cancelled);
}

#[test]
fn what_is_older_than_lists_reach_is_not_proven_over() {
    let week = Reading { reach: Some(Millis::seconds(604_800)), ..READING };
    assert_eq!(looked_at(open(), &[(604_780, None), (604_790, None)], week).status, Status::Cancelled);
    assert_eq!(looked_at(open(), &[(604_800, None), (604_810, None)], week).status, Status::Open);
}

#[test]
fn what_lists_alone_do_not_show_is_not_proven_over() {
    let listed = Reading { by_id: false, ..READING };
    assert_eq!(looked_at(open(), &[(100, None), (400_000, None)], listed).status, Status::Open);
    assert_eq!(looked_at(open(), &[(100, None), (400_000, None)], READING).status, Status::Cancelled);
    let unknown = submitted(position(plan(), "100")).orders[0].command(Command::LoseTrack).unwrap();
    assert_eq!(looked_at(unknown, &[(100, None), (110, None)], listed).status, Status::NotPlaced, "it has no other id");
}

#[test]
fn what_was_filled_of_it_stays_and_what_is_told_later_counts() {
    let part = fact(Status::PartiallyFilled, &[("1", fill("100", "0.4", Some(("USDT", "0.04"))))]);
    let over = looked_at(open().merge(&part), &[(100, None), (110, None)], READING);
    assert_eq!((over.status, over.filled().unwrap()), (Status::Cancelled, "0.4".parse().unwrap()));
    assert!(over.is_counted().unwrap() && over.is_forgotten_since(Status::PartiallyFilled));
    let whole = fact(Status::Filled, &[("2", fill("100", "0.6", Some(("USDT", "0.06"))))]);
    let later = over.merge(&whole);
    assert_eq!((later.status, later.filled().unwrap()), (Status::Filled, "1".parse().unwrap()));
}

#[test]
fn nothing_else_ends_by_not_being_seen() {
    for status in Status::ALL {
        let order = Order { status, absent_at: Some(after(50)), ..open() };
        let ends = order.unseen(after(100), READING).is_some();
        let may = matches!(status, Status::Unknown | Status::Open | Status::PartiallyFilled);
        assert_eq!(ends, may, "{status:?}");
        assert_eq!(order.command(Command::ProveAbsent).is_ok(), may, "{status:?}");
        let unsent = Order { submission: None, ..order };
        assert_eq!(unsent.unseen(after(100), READING), None, "{status:?}");
    }
}

#[test]
fn what_waited_for_its_end_is_sold() {
    let next = |position: &Position| next(position, "test", Observer::Watch, NOW.plus(limits::SLOT)).unwrap();
    let Step::Decide { position, .. } = next(&bought(plan(), "100", "1", ("USDT", "0.1"))) else { unreachable!() };
    let target = position.orders[1].id.clone();
    let leaving = submitted(*position).observe(&target, &Fact::of(Status::Open)).leave(ExitReason::StopLoss, NOW);
    assert_eq!(next(&leaving), Step::Cancel(target.clone()));
    let seen = leaving.command(&target, &Command::SeeAbsent(NOW)).unwrap();
    assert_eq!(next(&seen), Step::Cancel(target.clone()));
    let over = seen.command(&target, &Command::ProveAbsent).unwrap();
    let Step::Decide { position, .. } = next(&over) else { unreachable!() };
    assert_eq!(position.orders[2].quantity, "1".parse().unwrap());
}
