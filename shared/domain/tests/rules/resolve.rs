//! Orders that their user ends, and what the venue says of them later.

use crate::given::{NOW, bought, fact, fill, plan, position, submitted};
use domain::clock::{Millis, Timestamp};
use domain::group::{Exit, ExitReason, GroupStatus, Observer, Position, Step, next};
use domain::limits;
use domain::order::{Command, Fact, Fill, Order, Resolution, Status};

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
    let never_placed = resolved(Resolution::NotPlaced);
    let refusal = never_placed.orders[0].refusal.as_ref().unwrap();
    assert_eq!((never_placed.orders[0].status, refusal.code.as_str()), (Status::NotPlaced, "resolved"));
    assert_eq!(goes_on(&never_placed).group.status, GroupStatus::Failed);
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
        assert_eq!(attention.contains("is not what was declared"), told, "{price} {quantity}: {attention}");
    }
}

/// A take-profit for coins that nobody bought would sell its owner's own.
#[test]
fn what_the_venue_ended_without_a_trade_was_not_filled_whatever_was_said() {
    for end in [Status::Cancelled, Status::Expired, Status::Rejected] {
        let said = filled("1");
        let merged = said.observe(&said.orders[0].id, &Fact::of(end));
        assert_eq!((merged.orders[0].status, merged.ledger().unwrap().bought), (end, "0".parse().unwrap()), "{end:?}");
        let attention = merged.group.attention.clone().unwrap_or_default();
        assert!(attention.contains("is not what was declared"), "{attention}");
        let open = said.observe(&said.orders[0].id, &Fact::of(Status::Open));
        assert!(open.orders[0].believed().is_some(), "it says nothing of an end");
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

/// On its way out, with a take-profit that its venue had accepted.
fn leaving() -> Position {
    let held = goes_on(&bought(plan(), "100", "1", ("USDT", "0.1")));
    submitted(held.clone()).observe(&held.orders[1].id, &Fact::of(Status::Open)).leave(ExitReason::StopLoss, SAID)
}

/// Two weeks after all of that was sent.
const SAID: Timestamp = Timestamp::from_millis(NOW.millis() + 14 * 86_400_000);

fn said(resolution: Resolution) -> Position {
    let position = leaving();
    position.command(&position.orders[1].id, &Command::Resolve(resolution)).unwrap()
}

#[test]
fn what_is_said_to_be_over_is_sold_by_the_exit_that_waited_for_it() {
    let gone_on = goes_on(&said(Resolution::Cancelled(SAID)));
    assert_eq!((gone_on.orders[1].status, gone_on.orders[2].quantity), (Status::Cancelled, "1".parse().unwrap()));
    let sold = goes_on(&said(Resolution::Filled(fill("110", "1", Some(("USDT", "0.11"))))));
    assert_eq!((sold.group.status, sold.orders.len()), (GroupStatus::Closed, 2), "nothing is left to be sold");
}

#[test]
fn an_order_is_to_be_ended_since_its_group_is_left_or_its_end_is_wished_and_since_it_was_sent() {
    let since = |position: &Position| position.ended_in_vain_since(&position.orders[1]);
    let leaving = leaving();
    assert_eq!(since(&leaving), Some(SAID));
    let order = Order { submission: None, ..leaving.orders[1].clone() };
    let unsent = leaving.ended_in_vain_since(&order);
    assert_eq!(unsent, Some(SAID));
    let mut resent = leaving.orders[1].clone();
    resent.submission.as_mut().unwrap().sent_at = SAID.plus(Millis::seconds(9));
    assert_eq!(leaving.ended_in_vain_since(&resent), Some(SAID.plus(Millis::seconds(9))));
    let mut live = leaving;
    live.group.exit = None;
    assert_eq!(since(&live), None);
    let mut in_part = live.clone();
    let (part, exit) = (live.orders[1].pyramid, Exit { reason: ExitReason::StopLoss, at: SAID });
    in_part.group.pyramids.left.insert(part, exit);
    assert_eq!(since(&in_part), Some(SAID), "its part is being left");
    let wished = live.command(&live.orders[1].id, &Command::Cancel(SAID)).unwrap();
    assert_eq!(since(&wished), Some(SAID));
    let over = wished.observe(&wished.orders[1].id, &Fact::of(Status::Cancelled));
    assert_eq!(since(&over), None);
}

#[test]
fn what_its_venue_tells_of_it_takes_back_that_it_is_over() {
    let said = said(Resolution::Cancelled(SAID)).orders[1].clone();
    let told = |fact: &Fact| said.merge(fact);
    let trade = |status: Option<Status>| Fact { status, ..fact(Status::Open, &[("7", fill("110", "0.4", None))]) };
    assert_eq!(told(&Fact::of(Status::Open)).status, Status::Open, "it rests, and is cancelled once more");
    let traded = told(&trade(None));
    assert_eq!((traded.status, traded.absent_at), (Status::PartiallyFilled, None), "nobody has missed it since");
    assert_eq!(told(&Fact::of(Status::Cancelled)).status, Status::Cancelled);
    assert!(said.is_said_over() && told(&Fact::default()).is_said_over());
    assert!(!told(&Fact::of(Status::Cancelled)).is_said_over() && !told(&trade(None)).is_said_over());
}

#[test]
fn facts_merge_in_any_order_though_the_order_is_said_to_be_over() {
    let facts = [
        Fact::of(Status::Open),
        Fact { status: None, ..fact(Status::Open, &[("1", fill("100", "0.4", None))]) },
        Fact { status: None, ..fact(Status::Open, &[("2", fill("100", "0.6", None))]) },
        fact(Status::Filled, &[("1", fill("100", "0.4", Some(("USDT", "0.04"))))]),
        Fact::of(Status::Cancelled),
    ];
    let order = &said(Resolution::Cancelled(SAID)).orders[1];
    for (first, second) in facts.iter().flat_map(|first| facts.iter().map(move |second| (first, second))) {
        let (one, other) = (order.merge(first).merge(second), order.merge(second).merge(first));
        assert_eq!(one, other, "{first:?} and {second:?}");
        assert_eq!(one.merge(first), one, "{first:?} again");
    }
}

#[test]
fn a_word_on_an_accepted_order_is_asked_about_for_a_day_after_it_was_said() {
    for resolution in [Resolution::Cancelled(SAID), Resolution::Filled(Fill { at: SAID, ..fill("100", "1", None) })] {
        let order = &said(resolution).orders[1];
        assert!(order.is_on_its_users_word(SAID.plus(limits::WORD_ASKED_FOR).minus(Millis::new(1))));
        assert!(!order.is_on_its_users_word(SAID.plus(limits::WORD_ASKED_FOR)));
    }
}

#[test]
fn trade_that_its_venue_tells_of_ends_the_absence_of_an_order_said_to_be_filled() {
    let order = &said(Resolution::Filled(Fill { at: SAID, ..fill("100", "1", None) })).orders[1];
    assert_eq!(order.absent_at, Some(SAID));
    let sent_at = order.submission.as_ref().unwrap().sent_at;
    assert_eq!(order.declared.as_ref().unwrap().at, sent_at, "when it was filled was not said");
    assert_ne!(sent_at, SAID);
    let trade = Fact { status: None, ..fact(Status::Open, &[("7", fill("110", "0.4", None))]) };
    assert_eq!(order.merge(&trade).absent_at, None);
}

/// A balance that was read then shows what was traded before.
#[test]
fn cash_flow_after_a_time_counts_what_was_traded_later() {
    let (just_before, just_after) = (NOW.minus(Millis::new(1)), NOW.plus(Millis::new(1)));
    for position in [filled("1"), bought(plan(), "100", "1", ("USDT", "0.1"))] {
        let after = |time| position.cash_flow_after(time, just_before).unwrap();
        assert_eq!(after(just_before), "-100.1".parse().unwrap());
        assert_eq!((after(NOW), after(just_after)), ("0".parse().unwrap(), "0".parse().unwrap()));
    }
}
