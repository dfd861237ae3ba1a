//! Orders that had ended for their group and come after all.

use crate::given::{NOW, fact, fill, plan, position, submitted};
use domain::clock::Millis;
use domain::group::Position;
use domain::order::{Command, Fact, Status};

/// Sent at [`NOW`], and called absent after its fence of time.
fn called_absent() -> Position {
    let sent = submitted(position(plan(), "100"));
    let id = sent.orders[0].id.clone();
    [Command::LoseTrack, Command::SeeAbsent(NOW), Command::ProveAbsent]
        .iter()
        .fold(sent, |position, command| position.command(&id, command).unwrap())
}

fn comes(position: &Position, fact: &Fact) -> Option<Position> {
    position.come_late(&position.orders[0].id, fact, NOW.plus(Millis::seconds(60)))
}

#[test]
fn what_it_has_traded_is_the_groups_and_is_told() {
    let late = comes(&called_absent(), &fact(Status::Filled, &[("1", fill("100", "1", None))])).unwrap();
    assert_eq!(late.orders[0].status, Status::Filled);
    assert_eq!(late.ledger().unwrap().bought, "1".parse().unwrap());
    assert!(late.group.attention.unwrap().ends_with("was not_placed and came late"));
}

#[test]
fn what_rests_is_there_and_is_ended() {
    let late = comes(&called_absent(), &Fact::of(Status::Open)).unwrap();
    assert_eq!(late.orders[0].status, Status::Open);
    assert_eq!(late.orders[0].cancel_wanted, Some(NOW.plus(Millis::seconds(60))));
}

#[test]
fn what_tells_nothing_new_changes_nothing() {
    let late = comes(&called_absent(), &fact(Status::Filled, &[("1", fill("100", "1", None))])).unwrap();
    assert_eq!(comes(&late, &Fact { cumulative: "1".parse().unwrap(), ..Fact::of(Status::Filled) }), None);
    assert_eq!(comes(&called_absent(), &Fact::default()), None);
}

#[test]
fn a_group_that_is_over_takes_nothing_in() {
    let over = called_absent().settle(NOW).unwrap();
    assert_eq!(comes(&over, &Fact::of(Status::Open)), None);
}
