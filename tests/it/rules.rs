//! Risk rules by the deployed routes: an entry is refused with its numbers, made smaller, or passes and is told; an exit always passes.

use crate::support::Trader;
use crate::support::http::ask;
use crate::support::unique::now;
use domain::notice::Topic;
use reqwest::Method;
use serde_json::{Value, json};
use store::PageRequest;
use store::trading::Trading;
use wire::view::Verdict;

async fn rule(trader: &Trader, rule: Value) -> String {
    let created = trader.post("/risk-rules", &rule).await;
    assert_eq!(created.status, 201, "{created:?}");
    created.json()["id"].as_str().unwrap().to_owned()
}

fn of_all(kind: &str, max: &str, action: &str) -> Value {
    json!({"scope": {"kind": "user"}, "kind": kind, "max": max, "action": action})
}

/// An amount of the quote of the test's market.
fn of_money(trader: &Trader, kind: &str, max: &str, action: &str) -> Value {
    let mut rule = of_all(kind, max, action);
    rule["currency"] = trader.market.key.symbol.quote.to_string().into();
    rule
}

fn refused(verdict: &Verdict) -> (&str, &str, Option<&str>) {
    let limit = verdict.limit.as_ref().unwrap_or_else(|| panic!("{verdict:?}"));
    (verdict.reason.as_deref().unwrap_or_default(), &limit.comes_to, limit.would_pass.as_deref())
}

async fn end(trader: &Trader, id: &str) {
    let gone = ask(Method::DELETE, &format!("/api/v1/risk-rules/{id}"), Some(&trader.bearer), "").await;
    assert_eq!(gone.status, 204, "{gone:?}");
}

#[tokio::test]
async fn entry_is_refused_by_each_rule_with_its_numbers_and_passes_without_it() {
    let trader = Trader::new().await;
    let rules = [
        (of_all("open_positions", "0", "refuse"), ("open_groups_max", "1", None)),
        (of_money(&trader, "order_size", "40", "refuse"), ("order_quote_max", "100", Some("40"))),
        (of_money(&trader, "exposure", "60", "refuse"), ("exposure_max", "100", Some("60"))),
        (of_money(&trader, "day_loss", "0", "refuse"), ("day_loss_max", "0", None)),
        (of_all("entries_per_hour", "0", "refuse"), ("entries_per_hour_max", "1", None)),
    ];
    for (asked, expected) in rules {
        let id = rule(&trader, asked).await;
        let verdict = trader.judged(&trader.entry().buying("1")).await;
        assert_eq!(refused(&verdict), expected, "{verdict:?}");
        assert_eq!(verdict.limit.as_ref().unwrap().rule_id.as_deref(), Some(id.as_str()));
        end(&trader, &id).await;
    }
    trader.open(&trader.entry().buying("1")).await;
}

#[tokio::test]
async fn entry_shrinks_to_what_passes_or_passes_and_is_told_and_an_exit_passes() {
    let trader = Trader::new().await;
    let smaller = rule(&trader, of_money(&trader, "order_size", "40", "reduce")).await;
    let told = rule(&trader, of_all("entries_per_hour", "0", "notify")).await;
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!((verdict.kind.as_str(), refused(&verdict)), ("accepted", ("opened", "100", Some("40"))), "{verdict:?}");
    let group = &verdict.position_group_ids[0];
    let held = trader.follow(group, "its entry to be filled", |group| group.group.status.as_str() == "live").await;
    let planned: f64 = held.group.exposure.parse().unwrap();
    assert!((39.0..=40.0).contains(&planned), "{planned}");
    let newest = PageRequest { limit: 50, cursor: None };
    let inbox = Trading(&trader.aws).list_notices(&trader.user, false, &newest, now()).await.unwrap();
    let told_of = inbox.items.iter().filter(|kept| kept.notice.topic == Topic::RiskRule);
    let texts: Vec<_> = told_of.map(|kept| &kept.notice.text).collect();
    assert!(texts.len() == 1 && texts[0].contains(&told), "{texts:?}");
    let tested = trader.post(&format!("/risk-rules/{smaller}/test"), &Value::Null).await.json();
    assert_eq!(tested["modes"][2]["mode"], "paper");
    assert_eq!(tested["modes"][2]["broken_by"], json!([]), "{tested}");
    // Rules that would refuse everything hold up no exit.
    rule(&trader, of_all("open_positions", "0", "refuse")).await;
    rule(&trader, of_money(&trader, "day_loss", "0", "refuse")).await;
    let exit = trader.judged(&trader.exit()).await;
    assert_eq!(exit.kind.as_str(), "accepted", "{exit:?}");
    trader.closed(group).await;
}
