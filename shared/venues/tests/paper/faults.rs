//! Lost answers, lost races, and the fault script.

use crate::world::{Saving, World, account, limit, market, poll, ready};
use app::ports::{Cancelled, Fault, FaultKind, Outcome, Venue};
use domain::order::Direction::Buy;
use domain::preset::OrderKind::Market;
use std::task::Poll;

fn strike(kind: FaultKind, times: u32) -> (World, Poll<Outcome>) {
    let world = World::of_prices(&["100"]).with(|book| book.fault = Some(Fault { kind, times }));
    let request = world.request("a", Buy, Market, "0.5");
    let answer = poll(world.venue().submit(&request));
    (world, answer)
}

#[test]
fn a_fault_strikes_after_the_order_was_accepted_and_saved() {
    for kind in [FaultKind::Abort, FaultKind::Hang, FaultKind::Reset] {
        let (world, answer) = strike(kind, 1);
        let resets = answer == Poll::Ready(Outcome::Unknown("connection reset".to_owned()));
        assert_eq!(resets, kind == FaultKind::Reset, "{answer:?}");
        assert_eq!(answer.is_pending(), !resets);
        assert_eq!(world.aborted.get(), kind == FaultKind::Abort);
        assert_eq!(world.orders.borrow().len(), 1);
    }
}

#[test]
fn a_fault_strikes_as_often_as_the_script_says() {
    let (world, _) = strike(FaultKind::Reset, 2);
    assert_eq!(world.book.borrow().fault, Some(Fault { kind: FaultKind::Reset, times: 1 }));
    assert!(matches!(world.send("b", Buy, Market, "0.5"), Outcome::Unknown(_)));
    assert!(matches!(world.send("c", Buy, Market, "0.5"), Outcome::Accepted(_)));
    assert_eq!(world.book.borrow().fault, None);
}

#[test]
fn a_refused_order_uses_up_no_fault() {
    let fault = Some(Fault { kind: FaultKind::Reset, times: 1 });
    let world = World::of_prices(&["100"]).with(|book| book.fault = fault);
    assert!(matches!(world.send("a", Buy, Market, "50"), Outcome::Rejected(_)));
    assert_eq!(world.book.borrow().fault, fault);
}

#[test]
fn an_order_whose_save_was_not_answered_is_unknown_and_can_be_found() {
    let world = World::of_prices(&["100"]);
    world.saving.set(Saving::LosesAnswer);
    assert!(matches!(world.send("a", Buy, limit("90"), "0.5"), Outcome::Unknown(_)));
    assert!(world.find("a").is_some());
    world.saving.set(Saving::LosesAnswer);
    assert!(matches!(world.cancel("a"), Cancelled::Unknown(_)));
    assert_eq!(world.cancel("a"), Cancelled::Gone);
}

#[test]
fn an_order_that_met_an_unreadable_book_was_not_sent() {
    let world = World::of_prices(&["100"]);
    world.unreadable.set(true);
    assert!(matches!(world.send("a", Buy, limit("90"), "0.5"), Outcome::NotSent(_)));
    assert!(matches!(world.cancel("a"), Cancelled::Unknown(_)));
    assert!(ready(world.venue().balances(&account(), &market().key.exchange)).is_err());
}

#[test]
fn a_lost_race_is_run_again_and_too_many_are_given_up() {
    let world = World::of_prices(&["100"]);
    world.saving.set(Saving::LosesRaces(7));
    assert!(matches!(world.send("a", Buy, Market, "0.5"), Outcome::Accepted(_)));
    world.saving.set(Saving::LosesRaces(8));
    assert!(matches!(world.send("b", Buy, Market, "0.5"), Outcome::NotSent(_)));
    assert_eq!(world.orders.borrow().len(), 1);
}
