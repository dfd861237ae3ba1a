//! Markets of which nobody keeps a price, as of all at exchanges: where the alert brings none, what is on offer shows one.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

use domain::alert::Side;
use domain::notice::Topic;
use sim::{AlertText, Scenario, alert, calm, s, scenario, single_faults, stories};

stories! {
    single_faults;

    an_alert_without_a_price_enters_and_leaves_by_what_is_on_offer => |story| story
        .unpriced()
        .post(s(0), &alert().id("in").minimum_profit("1"))
        .post(s(6), &alert().id("early").exit())
        .price(s(25), "101.4")
        .post(s(40), &alert().id("out").exit())
        .ends("nothing is sold with loss", |seen| seen.realised().iter().all(|realised| !realised.starts_with('-')))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "ignored below_minimum_profit", "accepted closing"]);
            assert_eq!(seen.orders()[0], "entry filled");
        });

    a_pyramid_is_added_at_what_is_on_offer => |story| story
        .unpriced()
        .post(s(0), &alert().id("first").pyramids(1, "1", "favourable", "together"))
        .price(s(8), "101.3")
        .post(s(10), &alert().id("second"))
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added"]));
}

fn unpriced(name: &'static str) -> Scenario {
    scenario(name).unpriced()
}

fn told(story: &Scenario) -> (String, String) {
    let seen = calm(story);
    let verdict = seen.deliveries.last().unwrap().verdict.clone().unwrap();
    (
        format!("{} {}", verdict.kind.as_str(), verdict.reason.as_deref().unwrap_or_default()),
        verdict.detail.unwrap_or_default(),
    )
}

/// What the first order was planned at.
fn planned_at(story: &Scenario) -> String {
    let lineages = calm(&story.clone().sluggish().post(s(0), &alert())).lineages();
    let seen = lineages.first().and_then(|lineage| lineage.prices.first()).unwrap();
    format!("{} {}", seen.source.as_str(), seen.price)
}

#[test]
fn a_long_is_planned_at_the_lowest_ask_and_a_short_at_the_highest_bid() {
    assert_eq!(planned_at(&unpriced("ask")), "market 100.05");
    assert_eq!(planned_at(&unpriced("bid").contracts(Side::Short, 2)), "market 99.95");
}

#[test]
fn who_brings_a_price_waits_for_nobody() {
    let silent = unpriced("silent").outage("read_books", s(0), s(90));
    let (verdict, _) = told(&silent.post(s(1), &alert().price("100")));
    assert_eq!(verdict, "accepted opened");
}

#[test]
fn where_the_deployment_knows_a_price_nobody_is_asked_for_another() {
    assert_eq!(planned_at(&scenario("known").outage("read_books", s(0), s(90))), "market 100");
}

#[test]
fn a_signal_that_closes_asks_nobody_where_a_price_is_known() {
    let check = |story: Scenario, exit: &AlertText, expected: &str| {
        let entry = alert().id("in").price("100").minimum_profit("1");
        let story = story.outage("read_books", s(0), s(90)).post(s(1), &entry).price(s(25), "101.4");
        assert_eq!(told(&story.post(s(40), exit)).0, expected);
    };
    let exit = alert().id("out").exit();
    check(scenario("known"), &exit, "accepted closing");
    check(unpriced("brought"), &exit.clone().price("101.4"), "accepted closing");
    check(unpriced("nobody"), &exit, "accepted closing");
}

/// Its strategy is out, and says so once.
#[test]
fn a_signal_that_closes_waits_for_a_price() {
    let entry = alert().id("in").price("100").minimum_profit("1");
    let held = |name| unpriced(name).post(s(1), &entry).price(s(15), "101.4");
    let exit = alert().id("out").exit();
    let silent = held("silent").outage("read_books", s(20), s(150)).post(s(100), &exit);
    assert_eq!(told(&silent).0, "accepted closing");
    let over = held("over").outage("read_books", s(20), s(900)).post(s(100), &exit.clone().max_lag_seconds(60));
    let (verdict, detail) = told(&over);
    assert_eq!(verdict, "ignored no_price");
    assert!(detail.contains("no price younger than 60 s is known"), "{detail}");
    assert!(calm(&over).told().contains(&Topic::ExitNotFollowed), "its owner is notified");
    let paused = held("paused").asks_for_pause_when_read(s(30), s(34)).post(s(40), &exit);
    assert_eq!(told(&paused).0, "accepted closing");
}

/// As a bot's does that hears its candle after an outage: its time is long gone when it comes.
#[test]
fn a_signal_that_closes_late_waits_for_a_price_from_when_it_came() {
    let entry = alert().id("in").price("100").minimum_profit("1").sent_at("2025-10-09T08:53:50Z");
    let exit = alert().id("out").exit().sent_at("2025-10-09T08:53:55Z");
    let held = unpriced("late").post(s(1), &entry).price(s(15), "101.4");
    let late = held.outage("read_books", s(20), s(460)).post(s(400), &exit);
    assert_eq!(told(&late).0, "accepted closing");
}

#[test]
fn a_venue_that_has_asked_to_be_left_alone_is_asked_for_no_price() {
    let paused = unpriced("paused").asks_for_pause(s(0), s(4)).post(s(1), &alert().id("brings").price("100"));
    let (verdict, detail) = told(&paused.post(s(20), &alert().id("none").timeframe("60")));
    assert_eq!(verdict, "refused no_price");
    assert!(detail.contains("its venue is left alone until "), "{detail}");
}

/// Whoever asks for a price hears it as whoever trades does: its account's row says so to everybody, and its user is told once.
#[test]
fn a_pause_that_is_asked_for_when_a_price_is_wanted_is_kept_and_told() {
    let story = unpriced("heard").asks_for_pause_when_read(s(0), s(4)).post(s(1), &alert().id("one"));
    let seen = calm(&story);
    let until = seen.account.venue_paused_until.unwrap().since(seen.deliveries[0].at.first_at);
    assert!((60_000..62_000).contains(&until.get()), "{until:?}");
    assert_eq!((seen.verdicts(), seen.pauses), (vec!["refused no_price".to_owned()], 1));
    let (verdict, detail) = told(&story.post(s(20), &alert().id("two").timeframe("60")));
    assert_eq!(verdict, "refused no_price");
    assert!(detail.contains("its venue is left alone until "), "{detail}");
}

#[test]
fn where_nobody_says_a_price_the_refusal_says_who_was_asked() {
    let silent = unpriced("nobody").outage("read_books", s(0), s(90));
    let (verdict, detail) = told(&silent.post(s(1), &alert()));
    assert_eq!(verdict, "refused no_price");
    assert!(detail.starts_with("no price younger than 60 s is known, the alert brings none, and "), "{detail}");
}
