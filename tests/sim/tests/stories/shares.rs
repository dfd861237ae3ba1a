//! Entries that are sized by the balance, some time after it was read.

use domain::clock::Millis;
use domain::limits::SHARE_BALANCE_AGE_MAX;
use serde_json::json;
use sim::{AlertText, Scenario, Seen, alert, calm, s, scenario};

/// Of the balance that is there from the beginning.
fn share() -> AlertText {
    alert().base_order(json!({"balance_percent": "1"}))
}

fn told(story: Scenario) -> Vec<String> {
    let mut verdicts = calm(&story.ends("decided", |seen: &Seen| !seen.verdicts().is_empty())).verdicts();
    verdicts.sort();
    verdicts
}

#[test]
fn share_of_old_balance_is_refused_and_an_amount_is_not() {
    let young = s(SHARE_BALANCE_AGE_MAX.get() / 1_000 - 10);
    let old = young.plus(Millis::seconds(20));
    let leg = json!({"custom": [{"deviation_percent": "2", "balance_percent": "1"}]});
    for (at, entry, verdict) in [
        (young, share(), "accepted opened"),
        (old, share(), "refused balance_old"),
        (old, alert().safety_orders(leg), "refused balance_old"),
        (old, alert(), "accepted opened"),
    ] {
        assert_eq!(told(scenario("share").post(at, &entry)), [verdict], "{at:?}");
    }
}

#[test]
fn addition_by_share_of_old_balance_is_refused() {
    let first = alert().pyramids(2, "1", "adverse", "together").id("a");
    let story = scenario("addition")
        .outage("write ACC# A balance_at", s(5), s(2_000))
        .post(s(0), &first)
        .price(s(20), "97")
        .post(s(950), &share().id("b"));
    assert_eq!(told(story), ["accepted opened", "refused balance_old"]);
}

#[test]
fn route_counts_no_old_balance_into_a_share() {
    let old = SHARE_BALANCE_AGE_MAX.plus(Millis::seconds(10));
    let story = scenario("routed share").routed(true).post(old, &share().route("best"));
    assert_eq!(told(story), ["refused balance_old"]);
    let story = scenario("routed amount").routed(true).post(old, &alert().route("best"));
    assert!(told(story).contains(&"accepted routed".to_owned()));
}
