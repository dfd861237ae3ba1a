//! Lists of a venue that are later than anybody promises: what was accepted is asked about by its own id.
//!
//! Without faults: an order whose acceptance was not heard has no such id, and nothing but lists tells of it there.
#![allow(clippy::unwrap_used, reason = "a test")]

use domain::notice::Topic;
use sim::{Seen, alert, calm, s, scenario};
use testkit::sim::Strike;

#[test]
fn an_exit_that_lists_hide_sells_once() {
    let story = scenario("an exit that lists hide sells once")
        .as_coinbase()
        .post(s(0), &alert())
        .hides_lists(s(60), s(120))
        .post(s(61), &alert().exit())
        .ends("flat", Seen::is_flat);
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
    assert_eq!(seen.sold(), "1".parse().unwrap());
    assert!(!seen.trail().iter().any(|why| why.contains("the venue knows")), "{:?}", seen.trail());
}

#[test]
fn an_entry_that_lists_hide_is_held_and_sold() {
    let story = scenario("an entry that lists hide is held and sold")
        .as_coinbase()
        .hides_lists(s(0), s(60))
        .post(s(1), &alert())
        .post(s(120), &alert().exit())
        .ends("flat", Seen::is_flat);
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
    assert_eq!(seen.sold(), "1".parse().unwrap());
}

/// Where nothing but lists tells of it, its own id helps nobody: it is waited for.
#[test]
fn an_exit_that_lists_hide_of_a_venue_that_tells_of_no_one_order_sells_once() {
    let story = scenario("an exit that lists hide of a venue that tells of no one order sells once")
        .as_bybit()
        .post(s(0), &alert())
        .hides_lists(s(60), s(120))
        .post(s(61), &alert().exit())
        .ends("flat", Seen::is_flat);
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
    assert_eq!(seen.sold(), "1".parse().unwrap());
    assert!(!seen.trail().iter().any(|why| why.contains("the venue knows")), "{:?}", seen.trail());
}

#[test]
fn an_exit_that_lists_hide_and_that_nobody_has_named_is_waited_for() {
    let story = scenario("an exit that lists hide and that nobody has named is waited for")
        .as_coinbase()
        .post(s(0), &alert())
        .hides_lists(s(60), s(120))
        .nameless(s(60))
        .post(s(61), &alert().exit())
        .ends("flat", Seen::is_flat);
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
    assert_eq!(seen.sold(), "1".parse().unwrap());
}

/// Of a venue that answers for one order with lists, none proves over what it has forgotten: its user says so.
#[test]
fn an_exit_that_waits_for_what_nobody_finds_goes_on_once_its_user_says_that_it_is_over() {
    let story = scenario("an exit that waits for what nobody finds goes on once its user says that it is over")
        .as_bybit()
        .forgetful(s(0))
        .post(s(0), &alert())
        .struck("cancel", 1, Strike::LoseReply)
        .post(s(40), &alert().exit())
        .says_what_is_gone(s(200))
        .says_what_is_gone(s(400))
        .ends("flat", Seen::is_flat);
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
    assert_eq!((seen.exits(), seen.sold()), (vec!["signal"], "1".parse().unwrap()));
    let said = seen.trail().iter().filter(|why| why.contains("resolved by its user as cancelled")).count();
    assert_eq!(said, 1, "{:?}", seen.trail());
}

/// What is locked for another order may be locked for this one: no balance tells that it is gone.
#[test]
fn order_that_is_not_shown_is_kept_while_others_lock_as_many_coins_and_its_user_ends_it() {
    let story = scenario("kept while others lock as many coins")
        .forgetful(s(0))
        .post(s(0), &alert())
        .cancels_sells(s(100))
        .stray(s(105))
        .says_what_is_gone(s(600));
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#1 open"]);
    assert_eq!(seen.told(), [Topic::OrderNotShown]);
    assert!(!seen.trail().iter().any(|why| why.contains("the venue knows")), "{:?}", seen.trail());
    let said = seen.trail().iter().filter(|why| why.contains("resolved by its user as cancelled")).count();
    assert_eq!(said, 1, "{:?}", seen.trail());
}

/// What is missing may have been sold by it.
#[test]
fn order_that_is_not_shown_is_kept_while_coins_are_missing_and_its_user_ends_it() {
    let story = scenario("kept while coins are missing")
        .forgetful(s(0))
        .post(s(0), &alert())
        .cancels_sells(s(100))
        .leaves(s(105), "0.4")
        .says_what_is_gone(s(600));
    let seen = calm(&story);
    assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#1 open"]);
    assert!(!seen.trail().iter().any(|why| why.contains("the venue knows")), "{:?}", seen.trail());
}
