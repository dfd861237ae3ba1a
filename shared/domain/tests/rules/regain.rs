//! Orders that the venue has and the rows have lost, and the reports that tell of them.

use crate::given::{NOW, bought, fact, fill, plan, position, quantity};
use domain::clock::Millis;
use domain::group::{ExitReason, Found, GroupStatus, Observer, Position, Step, next};
use domain::ids::{AccountId, ClientOrderId};
use domain::limits;
use domain::money::Amount;
use domain::order::{Direction, Fact, Intent, Order, Purpose, Status};
use domain::preset::{OrderKind, TradePlan};
use domain::profit::TakeProfit;
use domain::recovery::{Changed, Reached, Report, Stray, TableId};
use domain::vault::Mode;

/// As the venue lists an order that this group has sent.
fn found(of: &Position, purpose: Purpose, epoch: u32, fact: Fact) -> Found {
    found_of(of, 0, purpose, epoch, fact)
}

fn found_of(of: &Position, pyramid: u32, purpose: Purpose, epoch: u32, fact: Fact) -> Found {
    let direction = if purpose == Purpose::Entry { Direction::Buy } else { Direction::Sell };
    let (kind, quantity) = (OrderKind::Market, quantity("1"));
    let reserved = Amount::ZERO;
    let intent =
        Intent { purpose, pyramid, leg: 0, epoch, direction, kind, stop: None, quantity, reserved, valid_until: None };
    let client_id = Order::plan("test", &of.group.id, &intent, NOW).client_id;
    Found { client_id, direction, kind, stop: None, quantity, accepted_at: NOW, fact }
}

fn sold() -> Fact {
    fact(Status::Filled, &[("9", fill("99", "1", Some(("USDT", "0.099"))))])
}

#[test]
fn an_exit_that_no_row_tells_of_closes_its_group_and_is_not_sold_again() {
    let held = bought(plan(), "100", "1", ("USDT", "0.1"));
    let regained = held.regain("test", &found(&held, Purpose::Exit, 2, sold())).unwrap();
    assert_eq!(regained.group.exit.unwrap().reason, ExitReason::Recovered);
    assert!(regained.orders.iter().all(|order| order.mode == regained.group.mode));
    let Step::Decide { position: settled, .. } = next(&regained, "test", Observer::Watch, NOW).unwrap() else {
        panic!()
    };
    assert_eq!(settled.group.status, GroupStatus::Closed);
}

#[test]
fn a_plan_that_a_later_order_has_overtaken_is_given_up() {
    let waiting = position(plan(), "100");
    let regained = waiting.regain("test", &found(&waiting, Purpose::Entry, 1, Fact::of(Status::Open))).unwrap();
    let statuses: Vec<Status> = regained.orders.iter().map(|order| order.status).collect();
    assert_eq!(statuses, [Status::NotPlaced, Status::Open]);
    assert_eq!(regained.orders[1].reserved, waiting.orders[0].reserved);
    assert!(regained.orders.iter().all(|order| order.mode == Some(Mode::Live)));
    assert!(regained.orders.iter().all(|order| order.market.as_ref() == Some(&regained.group.market.key)));
}

#[test]
fn what_this_group_cannot_have_sent_joins_it_not() {
    let held = bought(plan(), "100", "1", ("USDT", "0.1"));
    let exit = found(&held, Purpose::Exit, 0, sold());
    let check = |found: &Found| assert_eq!(held.regain("test", found), None, "{found:?}");
    check(&Found { client_id: ClientOrderId::from_stored("mabc00000000000000"), ..exit.clone() });
    check(&Found { direction: Direction::Buy, ..exit.clone() });
    check(&found(&held, Purpose::Entry, 0, sold()));
    check(&found(&held, Purpose::Exit, limits::LOST_EPOCHS_MAX, sold()));
    assert_eq!(held.regain("another deployment", &exit), None);
}

fn report(seconds: i64, changes: Vec<Changed>) -> Report {
    Report {
        account: AccountId::of(&["a"]),
        table: TableId::new("t"),
        begun_at: NOW.plus(Millis::seconds(seconds)),
        at: NOW.plus(Millis::seconds(seconds)),
        merged: true,
        reached: None,
        since: NOW,
        markets: 1,
        markets_left_out: 0,
        changes,
        strays: Vec::new(),
        holdings: Vec::new(),
    }
}

#[test]
fn an_account_is_ready_after_two_looks_that_are_far_enough_apart() {
    let first = report(0, Vec::new());
    assert!(!first.is_settled());
    let after = |seconds| report(seconds, Vec::new()).after(Some(first.clone()));
    assert!(!after(64).is_settled());
    assert!(after(65).is_settled());
    assert!(!Report { merged: false, ..after(65) }.is_settled());
    let of_another_table = Report { table: TableId::new("old"), ..first };
    assert!(!report(65, Vec::new()).after(Some(of_another_table)).is_settled());
}

#[test]
fn a_look_that_has_not_come_to_its_end_is_none_and_is_gone_on_with() {
    let held = bought(plan(), "100", "1", ("USDT", "0.1"));
    let stray = |id: &str| Stray {
        client_id: ClientOrderId::from_stored(id),
        venue_id: id.to_owned(),
        market: held.group.market.key.clone(),
        direction: Direction::Buy,
        quantity: quantity("1"),
        filled: quantity("0"),
        status: Status::Open,
        accepted_at: NOW,
    };
    let with = |seconds, strays| Report { strays, ..report(seconds, Vec::new()) };
    let reached = Some(Reached::Group(held.group.id.clone()));
    let first = report(0, Vec::new());
    let part = Report { reached, ..with(70, vec![stray("a")]) }.after(Some(first));
    assert!(!part.is_settled(), "{part:?}");
    let filled = Stray { status: Status::Filled, ..stray("a") };
    let whole = with(140, vec![filled.clone(), stray("b")]).after(Some(part));
    assert_eq!(whole.at, NOW.plus(Millis::seconds(70)), "it is as old as its first part");
    assert_eq!(whole.strays, [filled, stray("b")], "each order once, as it was seen last");
    assert!(whole.is_settled());
    let another = with(149, vec![stray("b")]).after(Some(whole));
    assert_eq!((another.at, another.strays), (NOW.plus(Millis::seconds(149)), vec![stray("b")]));
}

#[test]
fn what_the_first_look_has_changed_is_told_after_the_second_too() {
    let held = bought(plan(), "100", "1", ("USDT", "0.1"));
    let change = |before, after| Changed {
        group: held.group.id.clone(),
        order: held.orders[0].id.clone(),
        purpose: Purpose::Entry,
        before: Some(before),
        after,
        filled: quantity("1"),
    };
    let (planned, open, filled) = (Status::Planned, Status::Open, Status::Filled);
    let first = report(0, vec![change(planned, open)]);
    let second = report(50, vec![change(open, filled)]).after(Some(first));
    assert_eq!(second.changes, [change(planned, filled)]);
}

/// Where each leg is sold by itself, an addition has a take-profit of its own; else all are sold together.
#[test]
fn an_addition_by_hand_that_no_row_tells_of_is_known_by_its_id() {
    let profit = "2".parse().unwrap();
    for (take_profit, sold_alone) in [(plan().take_profit, false), (TakeProfit::PerLeg { profit }, true)] {
        let held = bought(TradePlan { take_profit, ..plan() }, "100", "1", ("USDT", "0.1"));
        let knows = |purpose| held.regain("test", &found_of(&held, 1, purpose, 0, sold())).is_some();
        assert_eq!((knows(Purpose::Entry), knows(Purpose::TakeProfit(1))), (true, sold_alone));
    }
}
