//! The kill switch, and its end.

use super::*;
use domain::audit::Actor;

fn resumed_by(
    world: &World,
    named: Option<&'static str>,
    why: &'static str,
    act: Act<'static>,
) -> Result<Resumed, ActError> {
    played(world, |world| async move { resume(&world, named, why, act).await })
}

#[test]
fn a_halt_cancels_entries_names_those_in_flight_and_leaves_protection() {
    let check = |status: Status, cancelling: usize, in_flight: usize, marked: bool| {
        let [enters, protects] = [entry(status), order(Purpose::TakeProfit(1), Status::Open)];
        let world = with([enters.clone(), protects.clone()]);
        let halted = halted_by(&world, None, "storm", act()).unwrap();
        assert_eq!(halted.accounts, [accounts_row(&world)]);
        assert_eq!(halted.accounts[0].halted.as_ref().unwrap().reason, "storm");
        assert_eq!((halted.cancelling.len(), halted.in_flight.len()), (cancelling, in_flight), "{status:?}");
        assert_eq!(stands_of(&world, &enters).cancel_wanted.is_some(), marked, "{status:?}");
        assert_eq!(stands_of(&world, &protects).cancel_wanted, None);
    };
    check(Status::Open, 1, 0, true);
    check(Status::PartiallyFilled, 1, 0, true);
    check(Status::Submitting, 0, 1, true);
    check(Status::Unknown, 0, 1, true);
    check(Status::Planned, 0, 1, false);
    check(Status::Filled, 0, 0, false);
}

#[test]
fn a_halt_stands_even_where_an_entry_cannot_be_cancelled() {
    let world = with([entry(Status::Open)]);
    let halting = |world: World| async move { halt(&world, Some("default"), "storm", act()).await };
    assert_eq!(disturbed(&world, always, changes_the_group, halting).0, Err(ActError::Contended));
    assert!(accounts_row(&world).halted.is_some());
    assert_eq!(stands_of(&world, &entry(Status::Open)).cancel_wanted, None);
}

#[test]
fn a_preview_shows_what_a_resume_starts_and_lifts_nothing() {
    let world = with([entry(Status::Planned)]);
    halted_by(&world, None, "storm", act()).unwrap();
    let preview = played(&world, |world| async move { preview(&world, None, act()).await.unwrap() });
    assert!(preview.accounts[0].halted.is_some());
    assert_eq!((preview.would_start.len(), rung(&world)), (1, 0));
    assert!(accounts_row(&world).halted.is_some());
    let resumed = resumed_by(&world, None, "over", act()).unwrap();
    assert_eq!((&resumed.accounts[0].halted, accounts_row(&world).halted), (&None, None));
    assert_eq!((resumed.would_start, rung(&world)), (preview.would_start, 1));
}

#[test]
fn an_entry_whose_time_is_over_does_not_start() {
    let world = with([Order { valid_until: Some(NOW), ..entry(Status::Planned) }]);
    let resumed = resumed_by(&world, Some("default"), "over", act()).unwrap();
    assert_eq!((resumed.would_start.len(), rung(&world)), (0, 0));
}

#[test]
fn what_a_person_has_halted_a_person_lifts() {
    let world = with([]);
    let person = || Act { actor: Actor::Person, ..act() };
    halted_by(&world, None, "odd orders", person()).unwrap();
    assert_eq!(resumed_by(&world, None, "x", act()), Err(ActError::HaltedInPerson));
    halted_by(&world, None, "x", act()).unwrap();
    let stop = accounts_row(&world).halted.unwrap();
    assert_eq!((&*stop.reason, stop.by_person), ("odd orders", true), "a program takes over no halt of a person's");
    resumed_by(&world, None, "it was mine", person()).unwrap();
    assert_eq!(accounts_row(&world).halted, None);
    let on_record: Vec<_> = world.table().audits().map(|audit| (audit.user, audit.action, audit.reason)).collect();
    let by_ann = |action: &str, why: &str| (ann().clone(), action.to_owned(), why.to_owned());
    assert_eq!(on_record, [by_ann("halt", "odd orders"), by_ann("resume", "it was mine")], "what was done, and why");
}
