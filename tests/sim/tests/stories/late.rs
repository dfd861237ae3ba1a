//! Orders that come after they were called absent, behind every time that their venue has promised, and orders of nobody where
//! nothing is live: with every fault at every place.

use domain::drift::Stray;
use domain::limits;
use sim::{Seen, alert, calm, s, scenario, single_faults, stories};
use testkit::sim::Strike;

stories! {
    single_faults;

    an_entry_that_comes_when_another_has_bought_is_its_positions => |story| story
        .post(s(0), &alert().retries_unproven())
        .struck("submit", 1, Strike::Refuse)
        .lets_through(s(45))
        .ends("whatever came late is told of", told_or_booked)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "entry filled", "tp#1 cancelled", "tp#1 open"]);
            assert_eq!(strays(&seen.account.drift.strays), [] as [&str; 0]);
        });

    an_entry_that_comes_when_another_rests_is_ended => |story| story
        .post(s(0), &alert().limit("95").retries_unproven())
        .struck("submit", 1, Strike::Refuse)
        .lets_through(s(45))
        .ends("whatever came late is told of", told_or_booked)
        .ends("one rests at most", |seen| seen.orders().iter().filter(|order| *order == "entry open").count() <= 1)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry cancelled", "entry open"]);
            assert_eq!(strays(&seen.account.drift.strays), [] as [&str; 0]);
        });

    an_entry_that_comes_when_its_group_has_closed_is_told_of => |story| story
        .post(s(0), &alert().limit("95"))
        .struck("submit", 1, Strike::Refuse)
        .post(s(10), &alert().exit())
        .lets_through(s(60))
        .ends("whatever came late is told of", told_or_booked)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry not_placed"]);
            assert!(seen.is_flat());
            assert_eq!(strays(&seen.account.drift.strays), ["buy open: 0 of 1.05263"]);
            assert_eq!(noted(seen), ["rests"]);
        });

    one_that_comes_late_and_trades_later_is_told_of_twice => |story| story
        .post(s(0), &alert().limit("95"))
        .struck("submit", 1, Strike::Refuse)
        .post(s(10), &alert().exit())
        .lets_through(s(60))
        .price(s(400), "95")
        .halt(s(500))
        .ends("whatever came late is told of", told_or_booked)
        .calm(|seen| {
            assert_eq!(strays(&seen.account.drift.strays), ["buy filled: 1.05263 of 1.05263"]);
            assert_eq!(noted(seen), ["has traded", "rests"], "both are of the time when it was seen first");
        });

    an_order_of_nobody_is_found_where_nothing_is_live_and_its_user_asks => |story| story
        .post(s(0), &alert())
        .post(s(60), &alert().exit())
        .stray(s(200))
        .wants_look(s(230))
        .ends("it is told of", |seen| seen.account.drift.strays.iter().any(|stray| stray.confirmed))
        .ends("the wish is fulfilled", |seen| seen.account.looks.wanted.is_none())
        .calm(|seen| {
            assert!(seen.is_flat());
            assert_eq!(strays(&seen.account.drift.strays), ["sell open: 0 of 1"], "and none of what is over");
        });

    what_a_position_has_traded_is_nobodys_in_no_look => |story| story
        .post(s(0), &alert())
        .post(s(30), &alert().exit())
        .wants_look(s(62))
        .post(s(70), &alert())
        .wants_look(s(75))
        .wants_look(s(110))
        .ends("the wish is fulfilled", |seen| seen.account.looks.wanted.is_none())
        .ends("nothing is nobody's", |seen| seen.account.drift.strays.is_empty())
        .calm(|seen| assert_eq!(seen.orders().last().unwrap(), "tp#1 open"));
}

/// Through all of the quarter of an hour, and so without faults.
#[test]
fn nothing_comes_late_and_the_account_is_left_alone_after_a_while() {
    let story = scenario("nothing_comes_late")
        .post(s(0), &alert().limit("95"))
        .struck("submit", 1, Strike::Refuse)
        .post(s(10), &alert().exit())
        .ends("it is left alone", |seen| !seen.is_watched && seen.account.looks.late.is_empty());
    let seen = calm(&story);
    let lists = seen.asked.iter().filter(|(_, question)| *question == "list_orders").count();
    let minutes = usize::try_from(limits::LATE_FOR.get() / 60_000).unwrap();
    assert!((minutes - 1..=minutes + 2).contains(&lists), "{lists} lists in {minutes} minutes");
}

#[test]
fn one_that_trades_when_only_what_is_open_is_listed_is_asked_about_by_its_id() {
    let story = scenario("it_trades_later")
        .post(s(0), &alert().limit("95"))
        .struck("submit", 1, Strike::Refuse)
        .post(s(10), &alert().exit())
        .lets_through(s(60))
        .post(s(100), &alert())
        .price(s(1_000), "95")
        .halt(s(1_100))
        .ends("whatever came late is told of", told_or_booked);
    assert_eq!(strays(&calm(&story).account.drift.strays), ["buy filled: 1.05263 of 1.05263"]);
}

/// No fault leaves an order at the venue that is neither in the books nor told of; `safety` compares both with the venue.
fn told_or_booked(seen: &Seen) -> bool {
    seen.account.drift.strays.iter().all(|stray| stray.confirmed)
}

/// What the system log tells of orders of nobody.
fn noted(seen: &Seen) -> Vec<String> {
    let told = |note: String| {
        let what = note.strip_prefix("RISK an order of no position group ")?.strip_suffix(" at the venue")?;
        Some(what.to_owned())
    };
    seen.noted().into_iter().filter_map(told).collect()
}

fn strays(strays: &[Stray]) -> Vec<String> {
    let told = |stray: &Stray| {
        let Stray { direction, status, filled, quantity, .. } = stray;
        format!("{} {}: {filled} of {quantity}", direction.as_str(), status.as_str())
    };
    strays.iter().filter(|stray| stray.confirmed).map(told).collect()
}
