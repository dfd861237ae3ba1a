//! What a group needs next.

use crate::given::{NOW, bought, fact, fill, once_more, plan, position, submitted};
use domain::clock::Millis;
use domain::group::{ExitReason, GroupStatus, Observer, Position, Step, next};
use domain::ids::AttemptId;
use domain::limits;
use domain::order::{Command, Fact, Purpose, Refusal, Status};
use domain::preset::TradePlan;
use domain::reason::{Reason, StoredReason};
use std::collections::BTreeSet;

fn ask(position: &Position, after: Millis) -> Step {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW.plus(after)).unwrap()
}

fn decided(position: &Position, after: Millis) -> Position {
    match ask(position, after) {
        Step::Decide { position, .. } => *position,
        step => panic!("{step:?}"),
    }
}

#[test]
fn an_entry_is_sent_while_it_is_valid_and_given_up_after() {
    let position = position(plan(), "100");
    let entry = position.orders[0].id.clone();
    assert_eq!(ask(&position, Millis::ZERO), Step::Submit(entry.clone()));
    let late = decided(&position, limits::ENTRY_VALID);
    assert_eq!(late.order(&entry).unwrap().status, Status::NotPlaced);
    assert_eq!(decided(&late, limits::ENTRY_VALID).group.status, GroupStatus::Failed);
}

#[test]
fn an_order_that_another_run_was_sending_is_unknown_and_never_submitted() {
    let position = submitted(position(plan(), "100"));
    let (other, tried) = (AttemptId::new("other"), BTreeSet::new());
    let observer = Observer::Executor { attempt: &other, tried: &tried };
    let Step::Decide { position: lost, .. } = next(&position, "test", observer, NOW).unwrap() else { panic!() };
    assert_eq!(lost.orders[0].status, Status::Unknown);
    assert_eq!(ask(&lost, Millis::ZERO), Step::Wait);
    // The watch leaves it alone.
    assert_eq!(next(&position, "test", Observer::Watch, NOW).unwrap(), Step::Wait);
}

#[test]
fn a_bought_position_is_protected_and_ends_when_the_take_profit_fills() {
    let position = decided(&bought(plan(), "100", "1", ("USDT", "0.1")), Millis::ZERO);
    let target = position.orders[1].clone();
    assert_eq!((target.purpose, target.quantity), (Purpose::TakeProfit(1), "1".parse().unwrap()));
    let resting = submitted(position).observe(&target.id, &Fact::of(Status::Open));
    assert_eq!(ask(&resting, Millis::ZERO), Step::Wait);
    let filled = fact(Status::Filled, &[("2", fill("101.71", "1", Some(("USDT", "0.10171"))))]);
    let leaving = decided(&resting.observe(&target.id, &filled), Millis::ZERO);
    assert_eq!(leaving.group.exit.unwrap().reason, ExitReason::TakeProfit);
    let closed = decided(&leaving, Millis::ZERO);
    assert_eq!(closed.group.status, GroupStatus::Closed);
    assert_eq!(ask(&closed, Millis::ZERO), Step::Settled);
}

#[test]
fn a_fill_without_its_fee_waits_before_anything_is_sized_by_it() {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    let unpriced = position.observe(&entry, &fact(Status::Filled, &[("1", fill("100", "1", None))]));
    assert_eq!(ask(&unpriced, Millis::ZERO), Step::Wait);
    let known = unpriced.observe(&entry, &fact(Status::Filled, &[("1", fill("100", "1", Some(("USDT", "0.1"))))]));
    assert!(matches!(ask(&known, Millis::ZERO), Step::Decide { .. }));
}

#[test]
fn the_way_out_cancels_then_waits_then_sells_what_is_left() {
    let position = decided(&bought(plan(), "100", "1", ("USDT", "0.1")), Millis::ZERO);
    let target = position.orders[1].id.clone();
    let leaving = submitted(position).observe(&target, &Fact::of(Status::Open)).leave(ExitReason::User, NOW);
    assert_eq!(ask(&leaving, Millis::ZERO), Step::Cancel(target.clone()));
    let part = fact(Status::Cancelled, &[("2", fill("101.71", "0.4", Some(("USDT", "0.04"))))]);
    let exit = decided(&leaving.observe(&target, &part), Millis::ZERO);
    assert_eq!((exit.orders[2].purpose, exit.orders[2].quantity), (Purpose::Exit, "0.6".parse().unwrap()));
}

#[test]
fn an_unknown_take_profit_counts_as_sold_and_an_unknown_entry_as_not_bought() {
    let position = submitted(decided(&bought(plan(), "100", "1", ("USDT", "0.1")), Millis::ZERO));
    let target = position.orders[1].id.clone();
    let unknown = position.command(&target, &Command::LoseTrack).unwrap().leave(ExitReason::User, NOW);
    assert_eq!(ask(&unknown, Millis::ZERO), Step::Wait, "nothing may be sold twice");
    let proven = unknown.command(&target, &Command::SeeAbsent(NOW)).unwrap();
    let proven = proven.command(&target, &Command::ProveAbsent).unwrap();
    assert_eq!(decided(&proven, Millis::ZERO).orders[2].purpose, Purpose::Exit);
}

#[test]
fn entry_of_unknown_outcome_ends_and_is_entered_again_only_where_its_plan_says_so() {
    let absent = |plan| {
        let position = submitted(position(plan, "100"));
        let commands = [Command::LoseTrack, Command::SeeAbsent(NOW), Command::ProveAbsent];
        let id = position.orders[0].id.clone();
        commands.iter().fold(position, |position, command| position.command(&id, command).unwrap())
    };
    let ended = decided(&absent(plan()), limits::SLOT);
    assert_eq!((ended.group.status, ended.orders.len()), (GroupStatus::Failed, 1));
    let told_to = absent(once_more());
    let again = decided(&told_to, limits::SLOT).orders[1].clone();
    assert_eq!((again.purpose, again.epoch), (Purpose::Entry, 1));
    assert_ne!(again.client_id, told_to.orders[0].client_id);
}

#[test]
fn entry_that_never_left_is_decided_anew() {
    let position = submitted(position(plan(), "100"));
    let unsent = position.command(&position.orders[0].id.clone(), &Command::NotSent).unwrap();
    assert_eq!(decided(&unsent, limits::SLOT).orders[1].epoch, 1);
}

#[test]
fn an_entry_that_is_refused_for_the_moment_alone_is_decided_anew_while_it_is_young() {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    for code in ["clock", "rate_limited"] {
        let refusal = Some(Refusal { code: StoredReason::read(code.to_owned()), detail: String::new() });
        let refused = position.observe(&entry, &Fact { refusal, ..Fact::of(Status::Rejected) });
        assert_eq!(ask(&refused, Millis::ZERO), Step::Wait, "{code}");
        assert_eq!(decided(&refused, limits::SLOT).orders[1].epoch, 1, "{code}");
        assert_eq!(decided(&refused, Millis::seconds(61)).group.status, GroupStatus::Failed, "{code}");
    }
}

#[test]
fn an_exit_that_was_taken_and_then_failed_is_sold_anew() {
    let leaving = bought(plan(), "100", "1", ("USDT", "0.1")).leave(ExitReason::StopLoss, NOW);
    let sent = submitted(decided(&leaving, Millis::ZERO));
    let exit = sent.latest_of(0, Purpose::Exit).unwrap().id.clone();
    let taken = Fact { venue_id: Some("7".to_owned()), ..Fact::of(Status::Open) };
    let failed = sent.observe(&exit, &taken).observe(&exit, &Fact { status: Some(Status::Rejected), ..taken });
    let again = decided(&failed, limits::SLOT);
    let again = again.latest_of(0, Purpose::Exit).unwrap();
    assert_eq!((again.epoch, again.status), (1, Status::Planned));
}

/// What its venue did not take at that moment is sold anew sooner than what it refuses for what it is.
#[test]
fn an_exit_that_expires_again_and_again_is_sold_anew_soon() {
    let refused = |code: &str| Some(Refusal { code: StoredReason::read(code.to_owned()), detail: String::new() });
    let ends = [
        (Fact::of(Status::Expired), true),
        (Fact::of(Status::Cancelled), true),
        (Fact { refusal: refused("rate_limited"), ..Fact::of(Status::Rejected) }, true),
        (Fact { refusal: refused("below_notional_min"), ..Fact::of(Status::Rejected) }, false),
    ];
    for (end, soon) in ends {
        let mut leaving = bought(plan(), "100", "1", ("USDT", "0.1")).leave(ExitReason::StopLoss, NOW);
        for _ in 0..4 {
            let sent = submitted(decided(&leaving, Millis::DAY));
            let exit = sent.latest_of(0, Purpose::Exit).unwrap().id.clone();
            leaving = sent.observe(&exit, &end);
        }
        let next = ask(&leaving, limits::EXIT_SOON);
        assert_eq!(matches!(next, Step::Decide { .. }), soon, "{end:?}: {next:?}");
    }
}

#[test]
fn a_refused_take_profit_is_decided_anew_only_later_and_a_person_is_told() {
    let position = submitted(decided(&bought(plan(), "100", "1", ("USDT", "0.1")), Millis::ZERO));
    let target = position.orders[1].id.clone();
    let refusal = Some(Refusal { code: StoredReason::read("venue_busy".to_owned()), detail: "busy".into() });
    let refused = position.observe(&target, &Fact { refusal, ..Fact::of(Status::Rejected) });
    assert!(refused.group.attention.is_some());
    assert_eq!(ask(&refused, Millis::ZERO), Step::Wait);
    assert!(matches!(ask(&refused, limits::SLOT), Step::Decide { .. }));
}

#[test]
fn more_bought_means_the_take_profit_is_cancelled_and_sized_anew() {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    let half = fact(Status::PartiallyFilled, &[("1", fill("100", "0.5", Some(("USDT", "0.05"))))]);
    let first = submitted(decided(&position.observe(&entry, &half), Millis::ZERO));
    let target = first.orders[1].id.clone();
    let whole = fact(Status::Filled, &[("2", fill("100", "0.5", Some(("USDT", "0.05"))))]);
    let stale = first.observe(&target, &Fact::of(Status::Open)).observe(&entry, &whole);
    let wished = decided(&stale, Millis::ZERO);
    assert_eq!(ask(&wished, Millis::ZERO), Step::Cancel(target.clone()));
    let anew = decided(&wished.observe(&target, &Fact::of(Status::Cancelled)), Millis::ZERO);
    assert_eq!(anew.orders[2].quantity, "1".parse().unwrap());
}

#[test]
fn what_is_too_little_to_be_sold_is_dust_and_keeps_no_group_open() {
    let small = TradePlan { stop_loss: None, ..plan() };
    let position = submitted(position(small, "100"));
    let entry = position.orders[0].id.clone();
    let crumbs = fact(Status::Cancelled, &[("1", fill("100", "0.000009", Some(("USDT", "0.0000009"))))]);
    let dust = decided(&position.observe(&entry, &crumbs), Millis::ZERO);
    assert_eq!(dust.group.exit.unwrap().reason, ExitReason::Dust);
    let closed = decided(&dust, Millis::ZERO);
    assert_eq!(closed.group.status, GroupStatus::Closed);
    assert_eq!(closed.group.settled.unwrap().dust, "0.000009".parse().unwrap());
}

#[test]
fn a_cancel_that_was_tried_and_not_answered_is_not_decided_again() {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    let half = fact(Status::PartiallyFilled, &[("1", fill("100", "0.5", Some(("USDT", "0.05"))))]);
    let first = submitted(decided(&position.observe(&entry, &half), Millis::ZERO));
    let target = first.orders[1].id.clone();
    let whole = fact(Status::Filled, &[("2", fill("100", "0.5", Some(("USDT", "0.05"))))]);
    let wished = decided(&first.observe(&target, &Fact::of(Status::Open)).observe(&entry, &whole), Millis::ZERO);
    let (me, tried) = (AttemptId::new("me"), BTreeSet::from([target]));
    let observer = Observer::Executor { attempt: &me, tried: &tried };
    assert_eq!(next(&wished, "test", observer, NOW).unwrap(), Step::Wait);
}

#[test]
fn a_planned_sell_is_given_up_when_a_late_fill_leaves_less_to_sell() {
    let position = submitted(decided(&bought(plan(), "100", "1", ("USDT", "0.1")), Millis::ZERO));
    let target = position.orders[1].id.clone();
    let cancelled = position.observe(&target, &Fact::of(Status::Cancelled)).leave(ExitReason::User, NOW);
    let planned = decided(&cancelled, Millis::ZERO);
    assert!(matches!(ask(&planned, Millis::ZERO), Step::Submit(_)));
    let late = fact(Status::Cancelled, &[("9", fill("101.71", "0.4", Some(("USDT", "0.04"))))]);
    let given_up = decided(&planned.observe(&target, &late), Millis::ZERO);
    assert_eq!(given_up.orders[2].status, Status::NotPlaced);
    assert_eq!(decided(&given_up, Millis::ZERO).orders[3].quantity, "0.6".parse().unwrap());
}

#[test]
fn what_the_venue_refuses_is_not_ordered_again() {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    let refusal = Some(Refusal { code: Reason::InsufficientBalance.into(), detail: "too little".into() });
    let refused = position.observe(&entry, &Fact { refusal, ..Fact::of(Status::Rejected) });
    let ended = decided(&refused, limits::SLOT);
    assert_eq!((ended.group.status, ended.orders.len()), (GroupStatus::Failed, 1));
}

#[test]
fn nothing_is_sold_while_a_cancel_is_unanswered() {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    let half = fact(Status::PartiallyFilled, &[("1", fill("100", "0.5", Some(("USDT", "0.05"))))]);
    let leaving = position.observe(&entry, &half).leave(ExitReason::User, NOW);
    let (me, tried) = (AttemptId::new("me"), BTreeSet::from([entry]));
    let observer = Observer::Executor { attempt: &me, tried: &tried };
    assert_eq!(next(&leaving, "test", observer, NOW).unwrap(), Step::Wait);
}

#[test]
fn a_later_reason_joins_the_running_exit() {
    let leaving = bought(plan(), "100", "1", ("USDT", "0.1")).leave(ExitReason::StopLoss, NOW);
    let again = leaving.leave(ExitReason::User, NOW.plus(Millis::DAY));
    assert_eq!(again, leaving);
}
