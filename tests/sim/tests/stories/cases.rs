//! Texts that people have had trouble with elsewhere, as they were reported: the text goes in, verdicts, positions and what the
//! inbox is told come out.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "builders and assertions")]

use domain::alert::Side;
use domain::notice::Topic;
use sim::{Scenario, Seen, alert, calm, ms, s, scenario};

const OPENED: &str = "accepted opened";
const CLOSING: &str = "accepted closing";

fn check(story: Scenario, verdicts: &[&str]) -> Seen {
    let seen = calm(&story);
    let told = seen.deliveries.iter().filter_map(|delivery| delivery.verdict.as_ref()?.detail.clone());
    assert_eq!(seen.verdicts(), verdicts, "{:?}", told.collect::<Vec<_>>());
    seen
}

/// A position is open, and this text is posted.
fn to_open(text: &str) -> Scenario {
    scenario("cases").post(s(0), &alert()).post_text(s(8), text)
}

fn closes(text: &str) {
    let seen = check(to_open(text), &[OPENED, CLOSING]);
    assert!(seen.is_flat() && !is_told(&seen), "{text}: {:?}", seen.notices);
}

fn is_told(seen: &Seen) -> bool {
    seen.told().contains(&Topic::ExitNotFollowed)
}

fn exit(of_tv: &str, of_body: &str) -> String {
    format!(
        r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "15"{of_tv}}},
            "execution_intent": {{"type": "exit"}}{of_body}}}"#
    )
}

#[test]
fn an_exit_whose_placeholder_became_nan_without_quotes_closes() {
    closes(&exit(r#", "close": NaN"#, ""));
    closes(&exit(r#", "close": "NaN""#, r#", "sent_at": NaN"#));
}

#[test]
fn an_exit_closes_whatever_is_wrong_with_what_it_does_not_need() {
    for of_tv in [
        r#""close": "1,234.5""#,
        r#""close": "na""#,
        r#""price": "1.234,5""#,
        r#""price": {"a": 1}"#,
        r#""prev_market_position_size": "1,000.5""#,
        r#""action": "close""#,
        r#""market_position": "none""#,
    ] {
        closes(&exit(&format!(", {of_tv}"), ""));
    }
    for of_body in [
        r#""sent_at": "12:30""#,
        r#""timestamp": "2026-11-26 03:00:00""#,
        r#""max_lag_seconds": 0"#,
        r#""max_lag_seconds": "five""#,
        r#""stop_loss_percent": "5%""#,
        r#""base_order": "x""#,
        r#""take_profit": "5""#,
        r#""leverage": "abc""#,
        r#""pyramids": 5"#,
        r#""partial_exit": "maybe""#,
        r#""reverse": "maybe""#,
        r#""preset": "Bad Name!""#,
        r#""comment": "TP1""#,
    ] {
        closes(&exit("", &format!(", {of_body}")));
    }
}

#[test]
fn a_line_that_says_flat_closes_what_a_line_that_says_long_has_opened() {
    let story = scenario("cases").post_text(s(0), "long PAPER:BTCUSDT").post_text(s(50), "flat PAPER:BTCUSDT");
    assert!(check(story, &[OPENED, CLOSING]).is_flat());
}

fn threecommas(action: &str, more: &str) -> String {
    format!(r#"{{"max_lag": "300", "tv_exchange": "PAPER", "tv_instrument": "BTCUSDT", "action": "{action}"{more}}}"#)
}

#[test]
fn an_exit_of_another_tool_closes_with_members_that_nobody_knows() {
    for more in ["", r#", "comment": "TP1""#, r#", "stop_loss": {"enabled": true}"#, r#", "trigger_price": "3,700""#] {
        closes(&threecommas("exit_long", more));
    }
}

#[test]
fn an_exit_of_a_long_leaves_a_short() {
    for side in [Side::Long, Side::Short] {
        let story =
            scenario("cases").contracts(side, 2).post(s(0), &alert()).post_text(s(8), &threecommas("exit_long", ""));
        let closes = side == Side::Long;
        let seen = check(story, &[OPENED, if closes { CLOSING } else { "ignored nothing_open" }]);
        assert_eq!(seen.is_flat(), closes, "{side:?}");
    }
}

#[test]
fn a_close_and_an_entry_of_the_same_second_are_never_two_positions() {
    let entry = alert().id("b");
    let exit_first =
        scenario("cases").post(s(0), &alert().id("a")).post(s(8), &alert().exit().id("x")).post(ms(8_100), &entry);
    let seen = check(exit_first, &[OPENED, CLOSING, OPENED]);
    assert_eq!(seen.positions.len(), 2, "the one before is closed, and one is open");
    let entry_first =
        scenario("cases").post(s(0), &alert().id("a")).post(s(8), &entry).post(s(9), &alert().exit().id("x"));
    let seen = check(entry_first, &[OPENED, "refused already_live", CLOSING]);
    assert!(seen.is_flat());
}

#[test]
fn the_same_text_across_an_exit_is_a_repeat_for_45_seconds() {
    let story = scenario("cases").post(s(0), &alert()).post(s(12), &alert().exit()).post(s(27), &alert());
    let seen = check(story, &[OPENED, CLOSING]);
    assert!(seen.is_flat() && seen.positions.len() == 1, "nothing is bought by a repeat");
}

/// A bar's time is in each text of that bar: what is open when it comes is what it closes.
#[test]
fn an_exit_that_bears_its_bars_time_closes_what_the_same_bar_has_opened_since() {
    let text = exit("", r#", "sent_at": "2025-10-09T08:45:00Z""#);
    let again = to_open(&text).post(s(60), &alert().id("b")).post_text(s(75), &text);
    let seen = check(again, &[OPENED, CLOSING, OPENED, CLOSING]);
    assert!(seen.is_flat() && seen.positions.len() == 2);
    let with_clock = exit("", r#", "sent_at": "2025-10-09T08:54:04Z""#);
    let repeated = to_open(&with_clock).post(s(60), &alert().id("b")).post_text(s(75), &with_clock);
    assert!(!check(repeated, &[OPENED, CLOSING, OPENED]).is_flat(), "a clock of its own makes it the same alert");
}

fn entry(more: &str) -> String {
    format!(
        r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "15"}},
            "execution_intent": {{"type": "entry", "strategy": "grid", "side": "long"}}, {more}}}"#
    )
}

/// What says what is traded, and was not filled in.
#[test]
fn an_entry_whose_placeholders_were_not_filled_in_opens_nothing() {
    for more in [
        r#""stop_loss_percent": "{{plot(\"SL\")}}", "ladder": {"steps": [{"deviation_percent": "1", "quote": "50"}]}"#,
        r#""stop_loss_percent": "NaN""#,
        r#""stop_loss_percent": NaN"#,
        r#""stop_loss_percent": "{{plot_1}}""#,
        r#""base_order": {"quote": "{{plot_0}}"}"#,
        r#""leverage": "{{plot_2}}""#,
        r#""take_profit": {"trailing_percent": "{{plot_2}}"}"#,
        r#""cooldown_minutes": "NaN""#,
        r#""account": "{{account}}""#,
        r#""preset": "{{plot(\"preset\")}}""#,
    ] {
        let seen = check(scenario("cases").post_text(s(0), &entry(more)), &["rejected invalid_alert"]);
        assert!(seen.positions.is_empty() && !is_told(&seen), "{more}");
    }
    let said = entry(r#""stop_loss_percent": null"#);
    assert!(!check(scenario("cases").post_text(s(0), &said), &[OPENED]).is_flat());
}

/// 0.00008 at 64,000 is worth 5.12, and 0.00007 of it, which a fee in coins leaves, 4.48; 0.00008 at a stop of 10 % 4.6.
#[test]
fn what_could_not_be_sold_is_not_bought_and_the_verdict_names_the_sale() {
    let story = |more: &str| scenario("cases").price(s(0), "64000").post_text(s(2), &entry(more));
    let with_stop = |quote: &str| format!(r#""base_order": {{"quote": "{quote}"}}, "stop_loss_percent": "10""#);
    for (quote, names) in [("5.3", "take-profit step 1"), ("5.8", "stop")] {
        let seen = check(story(&with_stop(quote)), &["refused below_notional_min"]);
        let detail = seen.deliveries.iter().find_map(|delivery| delivery.verdict.as_ref()?.detail.clone()).unwrap();
        assert!(seen.positions.is_empty() && detail.contains(names), "{quote}: {detail}");
    }
    check(story(&with_stop("6.5")), &[OPENED]);
}

#[test]
fn the_owner_hears_of_an_exit_that_closes_nothing_though_something_is_open() {
    for (text, verdict) in [
        (
            r#"{"tv": {"exchange": "PAPER", "symbol": 5}, "execution_intent": {"type": "exit"}}"#,
            "rejected invalid_alert",
        ),
        (
            r#"{"tv": {"exchange": "PAPER", "symbol": "BTCUSDT"}, "execution_intent": {"type": "exit"}"#,
            "rejected invalid_json",
        ),
        ("close PAPER:{{ticker}}", "rejected invalid_json"),
        ("SIGNAL=SELL;EXCHANGE=PAPER;SYMBOL=", "rejected invalid_alert"),
        (r#"{"tv_exchange": "PAPER", "tv_instrument": 5, "action": "exit_long"}"#, "rejected invalid_alert"),
        (
            r#"{"tv": {"exchange": "PAPER", "symbol": 5, "action": "sell", "market_position": "short", "prev_market_position": "long"},
                "execution_intent": {"strategy": "grid"}}"#,
            "rejected invalid_alert",
        ),
        (
            r#"{"tv_exchange": "PAPER", "tv_instrument": 5, "action": "sell",
                "strategy_info": {"market_position": "short", "prev_market_position": "long"}}"#,
            "rejected invalid_alert",
        ),
        (
            r#"{"tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "action": "sell", "market_position": "short", "prev_market_position": "long"},
                "execution_intent": {"strategy": "grid"}, "account": "other"}"#,
            "rejected account_not_allowed",
        ),
    ] {
        let seen = check(to_open(text), &[OPENED, verdict]);
        assert!(!seen.is_flat() && is_told(&seen), "{text}: {:?}", seen.notices);
    }
    let another = exit("", "").replace(r#""15""#, r#""60""#);
    let seen = check(to_open(&another), &[OPENED, "ignored nothing_open"]);
    let told = &seen.notices.iter().find(|told| told.topic == Topic::ExitNotFollowed).unwrap().text;
    assert!(told.contains("open here are other timeframes or sides: 15"), "{told}");
}

/// Texts that do not say `exit`, and that were raised before the position was.
#[test]
fn owner_is_notified_of_turn_rounds_and_parts_that_sell_nothing() {
    let older = "2025-10-09T08:53:40Z";
    for text in [alert().reversal(), alert().shrinks("0.5", "1")] {
        let story = scenario("cases").post(s(0), &alert().sent_at("2025-10-09T08:53:50Z"));
        let seen = check(story.post(s(8), &text.sent_at(older)), &[OPENED, "ignored before_entry"]);
        assert!(!seen.is_flat() && is_told(&seen), "{:?}", seen.notices);
    }
}

/// None of these says that it leaves.
#[test]
fn of_an_entry_that_is_rejected_no_inbox_is_told_that_it_was_an_exit() {
    for (text, verdict) in [
        (
            r#"{"tv_exchange": "PAPER", "tv_instrument": 5, "action": "buy",
                "strategy_info": {"market_position": "long", "prev_market_position": "flat", "market_position_size": "{{close}}"}}"#,
            "rejected invalid_alert",
        ),
        (r#"{"tv": {"exchange": "PAPER", "prev_market_position": "flat", "close": 5}, "#, "rejected invalid_json"),
        ("buy PAPER:{{ticker}}", "rejected invalid_json"),
        (
            r#"{"tv": {"exchange": "PAPER", "symbol": 5, "close": "1"}, "execution_intent": {"type": "entry"}}"#,
            "rejected invalid_alert",
        ),
    ] {
        let seen = check(scenario("cases").post_text(s(0), text), &[verdict]);
        assert!(!is_told(&seen), "{text}: {:?}", seen.notices);
    }
    let seen = check(scenario("cases").post_text(s(0), &exit("", "")), &["ignored nothing_open"]);
    assert!(!is_told(&seen), "where nothing is open, there is nothing to be told of: {:?}", seen.notices);
}
