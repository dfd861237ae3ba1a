//! What an alert means where a group is live, row by row, without faults.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "builders and assertions")]

use domain::alert::Side;
use domain::notice::Topic;
use sim::{AlertText, Scenario, Seen, alert, calm, s, scenario};

fn check(story: Scenario, verdicts: &[&str]) -> Seen {
    let seen = calm(&story);
    assert_eq!(seen.verdicts(), verdicts);
    seen
}

/// A group that was opened at 100 by the first alert, and a second one at another price.
fn then(first: &AlertText, price: &str, second: &AlertText) -> Scenario {
    scenario("table").post(s(0), &first.clone().id("a")).price(s(6), price).post(s(8), &second.clone().id("b"))
}

fn told(seen: &Seen) -> String {
    let last = seen.deliveries.last().and_then(|delivery| delivery.verdict.as_ref());
    last.and_then(|verdict| verdict.detail.clone()).unwrap()
}

fn pyramids(distance: &str, direction: &str) -> AlertText {
    alert().steps("average", &[("50", "100")]).pyramids(3, distance, direction, "together")
}

#[test]
fn no_pyramid_where_the_live_plan_has_none() {
    check(then(&alert(), "100.5", &pyramids("0", "any")), &["accepted opened", "refused already_live"]);
}

/// A bot and a chart spell their hours each in its own way.
#[test]
fn one_length_of_a_chart_is_one_seat_by_whatever_name() {
    for (one, other) in [("60", "1h"), ("1h", "60"), ("1D", "D"), ("240", "4h")] {
        let [one, other] = [one, other].map(|name| alert().timeframe(name));
        check(then(&one, "100.5", &other), &["accepted opened", "refused already_live"]);
        let seen = check(then(&one, "100.5", &other.exit()), &["accepted opened", "accepted closing"]);
        assert!(seen.is_flat());
    }
    check(then(&alert().timeframe("60"), "100.5", &alert().timeframe("1m")), &["accepted opened", "accepted opened"]);
}

#[test]
fn a_pyramid_keeps_its_distance() {
    let near =
        check(then(&pyramids("2", "favourable"), "102.1", &alert()), &["accepted opened", "refused pyramid_distance"]);
    assert_eq!(told(&near), "102.1 is not above by 2 % from 100.1, what the base order before it has cost");
    check(then(&pyramids("2", "favourable"), "102.2", &alert()), &["accepted opened", "accepted pyramid_added"]);
    check(then(&pyramids("2", "favourable"), "97", &alert()), &["accepted opened", "refused pyramid_distance"]);
    check(then(&pyramids("2", "adverse"), "97", &alert()), &["accepted opened", "accepted pyramid_added"]);
    check(then(&pyramids("2", "any"), "97", &alert()), &["accepted opened", "accepted pyramid_added"]);
}

#[test]
fn no_more_pyramids_than_the_plan_says() {
    let entry = |name: &str| pyramids("0", "any").id(name);
    let story = ["a", "b", "c", "d", "e"]
        .iter()
        .zip(0..)
        .fold(scenario("table"), |story, (name, turn)| story.post(s(12 * turn), &entry(name)));
    let added = "accepted pyramid_added";
    let seen = check(story, &["accepted opened", added, added, added, "refused pyramids_max"]);
    assert_eq!(told(&seen), "3 of 3 pyramids were added");
}

#[test]
fn a_pyramid_waits_for_the_entry_before_it() {
    let resting = pyramids("0", "any").limit("95");
    let seen = check(then(&resting, "100", &pyramids("0", "any")), &["accepted opened", "refused pyramid_pending"]);
    assert_eq!(told(&seen), "the base order of pyramid 0 has not been bought yet");
}

#[test]
fn a_pyramid_is_held_to_the_accounts_limits_and_counts_as_no_group() {
    let one = |story: Scenario| story.open_groups_max(1);
    check(one(then(&pyramids("0", "any"), "100", &alert())), &["accepted opened", "accepted pyramid_added"]);
    let much = alert().quote("501");
    check(then(&pyramids("0", "any"), "100", &much), &["accepted opened", "refused order_quote_max"]);
    let large = pyramids("0", "any").quote("500");
    let story = then(&large, "100", &large).post(s(20), &large.clone().id("c"));
    check(story, &["accepted opened", "accepted pyramid_added", "refused exposure_max"]);
    let little = alert().quote("4");
    check(then(&pyramids("0", "any"), "100", &little), &["accepted opened", "refused below_notional_min"]);
    let halted = scenario("table").post(s(0), &pyramids("0", "any").id("a")).halt(s(6)).post(s(8), &alert().id("b"));
    check(halted, &["accepted opened", "refused halted"]);
}

#[test]
fn a_smaller_position_is_sold_in_part_only_where_that_is_asked_for() {
    let smaller = alert().shrinks("0.5", "1");
    check(then(&alert(), "100", &smaller), &["accepted opened", "accepted reducing"]);
    check(
        then(&alert(), "100", &alert().shrinks("0.5", "1").without("partial_exit")),
        &["accepted opened", "ignored partial_exit_off"],
    );
    check(scenario("table").post(s(0), &smaller), &["ignored nothing_open"]);
}

#[test]
fn a_rest_below_the_minimum_is_sold_with_the_share() {
    let seen = check(then(&alert(), "100", &alert().shrinks("0.04", "1")), &["accepted opened", "accepted reducing"]);
    assert_eq!(told(&seen), "selling 1 of 1 held");
    assert!(seen.is_flat());
    let seen = check(then(&alert(), "100", &alert().shrinks("0.96", "1")), &["accepted opened", "ignored too_little"]);
    assert!(seen.told().contains(&Topic::ExitNotFollowed), "{:?}", seen.notices);
    assert_eq!(told(&seen), "its share of 1 is too little to be sold");
}

#[test]
fn nothing_is_sold_in_part_before_anything_is_bought() {
    let resting = alert().limit("95");
    check(then(&resting, "100", &alert().shrinks("0.5", "1")), &["accepted opened", "ignored nothing_held"]);
}

#[test]
fn a_spot_market_is_closed_and_not_turned_around() {
    let seen = check(then(&alert(), "100", &alert().reversed()), &["accepted opened", "refused market_cannot_short"]);
    assert!(seen.is_flat());
    let seen = check(then(&alert(), "100", &alert().reversal()), &["accepted opened", "refused contradicts_side"]);
    assert!(seen.is_flat());
}

#[test]
fn what_is_added_to_a_closing_group_waits_for_it() {
    let story = scenario("table")
        .post(s(0), &pyramids("0", "any").id("a"))
        .post(s(8), &alert().exit().id("b"))
        .post(sim::ms(8_020), &pyramids("0", "any").id("c"));
    check(story, &["accepted opened", "accepted closing", "accepted opened"]);
}

/// An exit whose timeframe was meant and was not filled in.
fn of_no_timeframe() -> AlertText {
    alert().timeframe("{{interval}}").exit()
}

#[test]
fn an_exit_without_its_timeframe_closes_the_one_position_that_is_open() {
    let seen = check(then(&alert(), "100", &of_no_timeframe()), &["accepted opened", "accepted closing"]);
    assert!(seen.is_flat());
    let other = alert().symbol("ADAUSDT").id("other");
    let story = scenario("table").markets(&["ADA/USDT"]).post(s(0), &alert().id("a")).post(s(4), &other);
    let seen = check(
        story.post(s(12), &of_no_timeframe().id("b")),
        &["accepted opened", "accepted opened", "accepted closing"],
    );
    assert_eq!(seen.exits(), ["signal", "-"], "and none of another market");
    check(scenario("table").post(s(0), &of_no_timeframe()), &["ignored nothing_open"]);
}

#[test]
fn an_exit_without_its_timeframe_closes_nothing_where_several_are_open() {
    let [one, other] = ["60", "240"].map(|name| alert().timeframe(name));
    let story = then(&one, "100", &other).post(s(16), &of_no_timeframe().id("c"));
    let seen = check(story, &["accepted opened", "accepted opened", "rejected invalid_alert"]);
    assert!(told(&seen).contains("of timeframes 240, 60"), "{}", told(&seen));
    let last = seen.deliveries.last().and_then(|delivery| delivery.verdict.clone()).unwrap();
    assert_eq!(last.fields, ["tv.timeframe"]);
    assert_eq!(seen.exits(), ["-", "-"]);
}

#[test]
fn an_exit_that_names_a_side_closes_that_side_only() {
    let other_side = alert().reversal().exit();
    let seen = check(then(&alert(), "100", &other_side), &["accepted opened", "ignored nothing_open"]);
    assert!(
        !seen.is_flat() && told(&seen).contains("no short") && told(&seen).contains("15 (long)"),
        "{}",
        told(&seen)
    );
    for side in [Side::Long, Side::Short] {
        let seen =
            check(then(&alert(), "100", &other_side).contracts(side, 2), &["accepted opened", "ignored nothing_open"]);
        assert!(!seen.is_flat());
        let seen =
            check(then(&alert(), "100", &alert().exit()).contracts(side, 2), &["accepted opened", "accepted closing"]);
        assert!(seen.is_flat());
    }
}

/// The interval of a chart is easily another one than that of the entry.
#[test]
fn an_exit_that_finds_nothing_names_the_timeframes_that_are_open() {
    let exit = alert().timeframe("1").exit();
    let seen = check(then(&alert().timeframe("60"), "100", &exit), &["accepted opened", "ignored nothing_open"]);
    assert!(told(&seen).ends_with("open here are other timeframes or sides: 60"), "{}", told(&seen));
    let seen = check(scenario("table").post(s(0), &exit), &["ignored nothing_open"]);
    assert_eq!(told(&seen), "no long of this market and timeframe is open");
}

#[test]
fn a_symbol_is_cut_where_its_exchange_trades_what_comes_of_it() {
    let traded = |symbol: &str, beside: &'static [&'static str]| {
        scenario("table").markets(beside).post(s(0), &alert().symbol(symbol).exit())
    };
    check(traded("DOTUSD", &["DOT/USD"]), &["ignored nothing_open"]);
    check(traded("DOTUSD", &["DO/TUSD", "DOT/USD"]), &["ignored nothing_open"]);
    check(traded("XBTUSD", &["BTC/USD"]), &["ignored nothing_open"]);
    check(traded("XBT/USDT", &[]), &["ignored nothing_open"]);
    let seen = check(traded("DOTUSD", &[]), &["rejected unknown_market"]);
    assert_eq!(told(&seen), "PAPER:DO/TUSD is not traded there, and PAPER:DOT/USD is not traded there");
    check(traded("DO/TUSD", &["DOT/USD"]), &["rejected unknown_market"]);
}

/// Half is sold below what it has cost, and the rest above: the day has lost, and wins nothing back.
#[test]
fn what_is_sold_at_a_loss_counts_at_once_and_is_not_won_back() {
    let smaller = alert().shrinks("1", "2");
    let story = then(&alert().stop("20"), "90", &smaller);
    let seen = check(story.clone(), &["accepted opened", "accepted reducing"]);
    let lost = seen.account.day_loss.amount;
    let so_far = seen.positions.iter().map(|position| position.realised().unwrap()).next().unwrap();
    assert!(!seen.is_flat() && so_far.is_negative() && lost == so_far.negated(), "{lost}, {so_far}");

    let out = story.price(s(40), "130").ends("the rest is sold with profit", Seen::is_flat);
    let seen = check(out, &["accepted opened", "accepted reducing"]);
    assert!(seen.positions.iter().all(|position| position.realised().unwrap() > so_far), "some of it is won back");
    assert_eq!(seen.account.day_loss.amount, lost);
}
