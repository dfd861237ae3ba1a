//! Accepted orders that their venue does not show: never over by that alone.

use crate::given::{NOW, bought, fact, fill, plan, position, submitted};
use domain::clock::{Millis, Timestamp};
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::limits;
use domain::order::{Command, Fact, Order, Purpose, Reading, Status};

const READING: Reading =
    Reading { validity: Some(Millis::seconds(5)), lag: Millis::seconds(5), reach: None, by_id: true };

fn after(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

/// Sent at [`NOW`].
fn open() -> Order {
    submitted(position(plan(), "100")).orders[0].merge(&Fact::of(Status::Open))
}

/// The same, and nobody has answered.
fn unknown() -> Order {
    submitted(position(plan(), "100")).orders[0].command(Command::LoseTrack).unwrap()
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

#[test]
fn order_that_was_accepted_is_not_ended_by_any_number_of_absences() {
    let looks: Vec<_> = (0..100).map(|look| (400_000 + 10 * look, None)).collect();
    let missed = looked_at(open(), &looks, READING);
    assert_eq!((missed.status, missed.unshown_since()), (Status::Open, Some(after(400_000))));
    assert_eq!(looked_at(unknown(), &[(400_000, None), (400_005, None)], READING).status, Status::NotPlaced);
}

#[test]
fn looks_inside_the_fence_say_nothing() {
    assert_eq!(looked_at(open(), &[(2, None), (12, None)], READING).unshown_since(), None);
    assert_eq!(looked_at(open(), &[(2, None), (13, None)], READING).unshown_since(), Some(after(13)));
    assert_eq!(looked_at(unknown(), &[(2, None), (13, None), (17, None)], READING).status, Status::Unknown);
}

#[test]
fn a_look_that_finds_it_takes_back_those_that_did_not() {
    let found = || Some(Fact::of(Status::Open));
    assert_eq!(looked_at(open(), &[(100, None), (110, found())], READING).unshown_since(), None);
    let missed_anew = looked_at(open(), &[(100, None), (110, found()), (120, None)], READING);
    assert_eq!(missed_anew.unshown_since(), Some(after(120)));
}

#[test]
fn one_that_was_missed_while_it_was_in_doubt_is_not_missed_since_then() {
    let order = looked_at(unknown(), &[(20, None), (30, Some(Fact::of(Status::Open))), (400_000, None)], READING);
    assert_eq!((order.status, order.unshown_since()), (Status::Open, Some(after(400_000))));
}

#[test]
fn nothing_in_doubt_is_absent_where_nothing_bounds_its_arrival() {
    let unbounded = Reading { validity: None, ..READING };
    assert_eq!(looked_at(unknown(), &[(100, None), (400_000, None)], unbounded).absent_at, None);
    assert_eq!(looked_at(open(), &[(100, None)], unbounded).unshown_since(), Some(after(100)), "it had arrived");
}

#[test]
fn a_balance_ends_only_what_every_look_has_missed_for_long_and_could_have_found() {
    let (missed, long) = (looked_at(open(), &[(100, None)], READING), limits::FORGOTTEN_AFTER);
    let ends = after(100).plus(long);
    assert!(missed.may_be_forgotten(ends, READING) && !missed.may_be_forgotten(ends.minus(Millis::new(1)), READING));
    assert!(!open().may_be_forgotten(ends, READING), "nobody has missed it");
    assert!(!missed.may_be_forgotten(ends, Reading { by_id: false, ..READING }), "lists alone do not show it");
    let reaches = |seconds| Reading { reach: Some(Millis::seconds(seconds)), ..READING };
    assert!(!missed.may_be_forgotten(ends, reaches(200)) && missed.may_be_forgotten(ends, reaches(400)));
    let in_doubt = looked_at(unknown(), &[(100, None)], READING);
    assert!(!in_doubt.may_be_forgotten(ends, READING));
}

#[test]
fn what_was_filled_of_it_stays_and_what_is_told_later_counts() {
    let part = fact(Status::PartiallyFilled, &[("1", fill("100", "0.4", Some(("USDT", "0.04"))))]);
    let over = looked_at(open().merge(&part), &[(100, None)], READING).command(Command::Forget).unwrap();
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
        let said = order.unseen(after(100), READING);
        let may = matches!(status, Status::Unknown | Status::Open | Status::PartiallyFilled);
        assert_eq!(said.is_some(), may, "{status:?}");
        assert_eq!(said == Some(Command::ProveAbsent), status == Status::Unknown, "{status:?}");
        let unsent = Order { submission: None, ..order };
        assert_eq!(unsent.unseen(after(100), READING), None, "{status:?}");
    }
}

/// A position of one whose take-profit of this much rests, is not shown, and is to be left.
fn leaving(quantity: &str) -> Position {
    let Step::Decide { position, .. } = step(&bought(plan(), "100", "1", ("USDT", "0.1"))) else { unreachable!() };
    let mut position = submitted(*position);
    position.orders[1].quantity = quantity.parse().unwrap();
    let target = position.orders[1].id.clone();
    position.observe(&target, &Fact::of(Status::Open)).leave(ExitReason::StopLoss, NOW)
}

fn step(position: &Position) -> Step {
    next(position, "test", Observer::Watch, NOW.plus(limits::SLOT)).unwrap()
}

/// As the executor sees it that has cancelled what rests in vain.
fn tried(position: &Position) -> Step {
    let (me, tried) =
        (domain::ids::AttemptId::new("me"), position.orders.iter().map(|order| order.id.clone()).collect());
    next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW.plus(limits::SLOT)).unwrap()
}

#[test]
fn what_waited_for_its_end_is_sold() {
    let leaving = leaving("1");
    let target = leaving.orders[1].id.clone();
    assert_eq!(step(&leaving), Step::Cancel(target.clone()));
    let seen = leaving.command(&target, &Command::SeeAbsent(NOW)).unwrap();
    assert_eq!(step(&seen), Step::Cancel(target.clone()), "it is cancelled all the same");
    assert_eq!(tried(&seen), Step::Wait, "its coins count as sold");
    let over = seen.command(&target, &Command::Forget).unwrap();
    let Step::Decide { position, .. } = step(&over) else { unreachable!() };
    assert_eq!(position.orders[2].quantity, "1".parse().unwrap());
}

#[test]
fn the_way_out_does_not_wait_for_what_is_not_shown_and_sells_the_rest() {
    let leaving = leaving("0.4");
    let target = leaving.orders[1].id.clone();
    assert_eq!(tried(&leaving), Step::Wait, "the venue is to say how it ended");
    let Step::Decide { position, .. } = tried(&leaving.command(&target, &Command::SeeAbsent(NOW)).unwrap()) else {
        panic!("what it does not hold is not sold");
    };
    assert_eq!((position.orders[2].purpose, position.orders[2].quantity), (Purpose::Exit, "0.6".parse().unwrap()));
}

#[test]
fn a_person_is_told_after_a_while_and_the_mark_goes_once_it_is_shown() {
    let leaving = leaving("1");
    let target = leaving.orders[1].id.clone();
    let missed = leaving.command(&target, &Command::SeeAbsent(after(20))).unwrap();
    let soon = after(20).plus(limits::UNSHOWN_TOLD);
    assert!(!missed.marked_unshown(soon.minus(Millis::new(1))).is_marked_unshown());
    let marked = missed.marked_unshown(soon);
    assert!(marked.group.attention.as_ref().is_some_and(|told| told.contains(target.as_str())));
    assert_eq!(marked.observe(&target, &Fact::of(Status::Open)).marked_unshown(soon).group.attention, None);
    let over = marked.command(&target, &Command::Forget).unwrap();
    assert_eq!(over.marked_unshown(soon).group.attention, None);
}

#[test]
fn owner_is_notified_of_order_without_an_answer() {
    let mut leaving = leaving("1");
    let target = leaving.orders[1].id.clone();
    leaving.orders[1].status = Status::Submitting;
    let lost = leaving.command(&target, &Command::LoseTrack).unwrap();
    let soon = lost.orders[1].submission.as_ref().unwrap().sent_at.plus(limits::UNKNOWN_AGE_ALARM);
    assert!(!lost.marked_unshown(soon.minus(Millis::new(1))).is_marked_unshown());
    let marked = lost.marked_unshown(soon);
    assert!(marked.group.attention.as_ref().is_some_and(|told| told.contains(target.as_str())));
    assert_eq!(marked.observe(&target, &Fact::of(Status::Open)).marked_unshown(soon).group.attention, None);
}

#[test]
fn a_stop_that_is_not_shown_protects_nothing() {
    let stop = Order { stop: Some("90".parse().unwrap()), ..open() };
    assert!(stop.is_stopped_at_venue());
    assert!(!stop.command(Command::SeeAbsent(NOW)).unwrap().is_stopped_at_venue());
}

#[test]
fn only_an_order_that_rested_unseen_and_is_cancelled_was_forgotten() {
    let missed = Order { status: Status::Cancelled, absent_at: Some(after(50)), ..open() };
    for was in Status::ALL {
        assert_eq!(missed.is_forgotten_since(was), was.is_resting(), "{was:?}");
    }
    assert!(!Order { absent_at: None, ..missed.clone() }.is_forgotten_since(Status::Open), "its venue ended it");
    assert!(!Order { status: Status::Expired, ..missed }.is_forgotten_since(Status::Open));
}

#[test]
fn a_fact_without_a_state_does_not_show_the_order() {
    let missed = looked_at(open(), &[(100, None)], READING);
    let number = Fact { venue_id: Some("7".to_owned()), ..Fact::default() };
    assert_eq!(missed.merge(&number).unshown_since(), Some(after(100)));
}
