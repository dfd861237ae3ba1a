//! Orders that had ended for their group and come after all.

use crate::given::{NOW, fact, fill, once_more, plan, position, submitted};
use domain::clock::Millis;
use domain::group::{Observer, Position, Step, next};
use domain::ids::AttemptId;
use domain::order::{Command, Fact, Refusal, Status, Submission};

/// Sent at [`NOW`], and called absent after its fence of time; to be sent once more.
fn called_absent() -> Position {
    let sent = submitted(position(once_more(), "100"));
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

/// Ended as one that nobody finds, while a list still shows it.
#[test]
fn what_is_over_and_rests_there_after_all_is_not_taken_in() {
    let sent = submitted(position(plan(), "100"));
    let id = sent.orders[0].id.clone();
    let forgotten = [Command::Cancel(NOW), Command::SeeAbsent(NOW), Command::Forget]
        .iter()
        .fold(sent.observe(&id, &Fact::of(Status::Open)), |position, command| position.command(&id, command).unwrap());
    assert_eq!(forgotten.orders[0].status, Status::Cancelled);
    assert_eq!(comes(&forgotten, &Fact::of(Status::Open)), None);
    assert!(comes(&forgotten, &fact(Status::Filled, &[("1", fill("100", "1", None))])).is_some());
}

#[test]
fn a_group_that_is_over_takes_nothing_in() {
    let over = called_absent().settle(NOW).unwrap();
    assert_eq!(comes(&over, &Fact::of(Status::Open)), None);
}

/// The same, decided anew: another order for the same entry, in this state.
fn decided_anew(commands: &[Command], facts: &[Fact]) -> Position {
    let Step::Decide { position, .. } = asked(&called_absent()) else { panic!("nothing is decided anew") };
    let id = position.orders[1].id.clone();
    let commanded = commands.iter().fold(*position, |position, command| position.command(&id, command).unwrap());
    facts.iter().fold(commanded, |position, fact| position.observe(&id, fact))
}

fn asked(position: &Position) -> Step {
    next(position, "test", Observer::Watch, NOW.plus(Millis::seconds(30))).unwrap()
}

fn sent() -> Command {
    Command::Submit(Submission { sent_at: NOW, by: AttemptId::new("b") })
}

/// What follows where the first comes after all, and all of it is known, or only how much.
fn follows(position: &Position) -> Vec<Step> {
    let fills = [fact(Status::Filled, &[("1", fill("100", "1", None))])];
    let told = Fact { cumulative: position.orders[0].quantity, ..Fact::of(Status::Filled) };
    fills.iter().chain([&told]).map(|fact| asked(&comes(position, fact).unwrap())).collect()
}

#[test]
fn what_it_has_bought_is_not_bought_again() {
    for step in follows(&decided_anew(&[], &[])) {
        let Step::Decide { position, why } = step else { panic!("{step:?}") };
        assert!(
            why == "take-profit"
                || (why, position.orders[1].status) == ("bought by an earlier order", Status::NotPlaced),
            "{why}"
        );
    }
    let told = Fact { cumulative: "1".parse().unwrap(), ..Fact::of(Status::Filled) };
    let resting = comes(&decided_anew(&[sent()], &[Fact::of(Status::Open)]), &told).unwrap();
    let Step::Decide { position, .. } = asked(&resting) else { panic!("it rests on") };
    assert!(position.orders[1].cancel_wanted.is_some());
}

#[test]
fn a_group_that_holds_what_came_late_is_not_over_with_the_order_in_its_place() {
    let refused = Fact { refusal: Some(Refusal::given_up()), ..Fact::of(Status::Rejected) };
    let absent = [sent(), Command::LoseTrack, Command::SeeAbsent(NOW), Command::ProveAbsent];
    let told = Fact { cumulative: "1".parse().unwrap(), ..Fact::of(Status::Filled) };
    for position in [decided_anew(&[sent()], &[refused]), decided_anew(&absent, &[])] {
        assert_eq!(asked(&comes(&position, &told).unwrap()), Step::Wait, "its trades are asked for");
    }
}
