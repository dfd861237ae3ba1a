//! Risk rules by the deployed routes: an entry is refused with its numbers, made smaller, or passes with a notice; an exit always passes.

use crate::support::http::ask;
use crate::support::signed::Caller;
use crate::support::unique::now;
use crate::support::until::until;
use crate::support::{Setting, Stack, Trader};
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
    let collar = rule(&trader, of_all("price_collar", "1", "refuse")).await;
    let verdict = trader.judged(&trader.entry().limit("102")).await;
    assert_eq!(refused(&verdict), ("price_collar", "2", None), "two percent above the market: {verdict:?}");
    end(&trader, &collar).await;
    let share = rule(&trader, of_money(&trader, "exposure_percent", "0", "refuse")).await;
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!((verdict.reason.as_deref(), refused(&verdict).2), (Some("exposure_max"), None), "{verdict:?}");
    end(&trader, &share).await;
    for kind in ["day_loss_percent", "drawdown"] {
        rule(&trader, of_money(&trader, kind, "5", "refuse")).await;
    }
    let held = trader.open(&trader.entry().buying("1")).await;
    trader.follow(&held, "its entry to be filled", |group| group.group.status.as_str() == "live").await;
    let book = assessed(&trader).await;
    assert_eq!((&book["mode"], &book["worst_cases"][0]["position_id"]), (&json!("paper"), &json!(held)), "{book}");
    // Its equity is known by a pass, and nothing is lost.
    let another = trader.entry().buying("1").tv("timeframe", "240");
    trader.open(&another).await;
    assert_eq!(latest(&trader).await["outdated"], true, "a position was opened since");
    let changes = json!({"v": 1, "type": "changes"});
    let said = Caller::root().invoke(&Stack::get().name("RiskAssessFunction"), &changes).await;
    assert_eq!(said.status, 200, "{said:?}");
    let made = latest(&trader).await;
    assert_eq!((&made["outdated"], &made["made_for"]), (&json!(false), &json!("position")), "{made}");
}

async fn latest(trader: &Trader) -> Value {
    trader.get("/risk-assessments/latest").await.json()
}

/// What is open, as a requested assessment says.
async fn assessed(trader: &Trader) -> Value {
    let requested = trader.post("/risk-assessments", &Value::Null).await;
    assert_eq!(requested.status, 202, "{requested:?}");
    let made = until("the assessment to be made", async || {
        let latest = trader.get("/risk-assessments/latest").await;
        (latest.status == 200).then(|| latest.json())
    });
    made.await["books"][0].clone()
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

async fn state(trader: &Trader) -> Value {
    state_of(trader, trader.account.as_str()).await
}

async fn state_of(trader: &Trader, account: &str) -> Value {
    let states = trader.get("/halt").await.json();
    let found = states["accounts"].as_array().unwrap().iter().find(|state| state["id"] == account);
    found.unwrap_or_else(|| panic!("{states}")).clone()
}

#[tokio::test]
async fn rule_that_pauses_lets_nothing_start_until_its_user_resumes() {
    let trader = Trader::new().await;
    let held = trader.open(&trader.entry().buying("1")).await;
    trader.follow(&held, "its entry to be filled", |group| group.group.status.as_str() == "live").await;
    let mut pausing = of_all("entries_per_hour", "0", "pause");
    pausing["pause_minutes"] = 60.into();
    let id = rule(&trader, pausing).await;
    assert_eq!(state(&trader).await["entries"], "active");
    let another = trader.entry().buying("1").tv("timeframe", "240");
    let verdict = trader.judged(&another.clone().with("id", "first")).await;
    assert_eq!(refused(&verdict), ("entries_per_hour_max", "1", None), "{verdict:?}");
    let paused = state(&trader).await;
    assert_eq!((&paused["entries"], &paused["halted"]), (&json!("reducing"), &Value::Null), "{paused}");
    assert_eq!((&paused["reducing"]["by"], &paused["reducing"]["rule_id"]), (&json!("rule"), &json!(id)), "{paused}");
    let verdict = trader.judged(&another.clone().with("id", "second")).await;
    assert_eq!(verdict.reason.as_deref(), Some("entries_reducing"), "{verdict:?}");
    let exit = trader.judged(&trader.exit()).await;
    assert_eq!(exit.kind.as_str(), "accepted", "{exit:?}");
    trader.closed(&held).await;
    let resumed = trader.post(&format!("/risk-rules/{id}/resume"), &json!({"reason": "checked"})).await;
    assert_eq!(resumed.status, 200, "{resumed:?}");
    assert_eq!(resumed.json()["overridden"][0]["mode"], "paper", "{resumed:?}");
    assert_eq!(state(&trader).await["entries"], "active");
    trader.open(&another.with("id", "third")).await;
}

#[tokio::test]
async fn rule_pauses_accounts_of_its_mode_alone() {
    let scopes = &["trading:read", "trading:write", "accounts:write"];
    let trader = Trader::with(Setting { scopes, ..Setting::default() }).await;
    let of_testnet = json!({"exchange": "BINANCE", "label": "testnet", "mode": "testnet"});
    let of_testnet = trader.post("/accounts", &of_testnet).await.json()["id"].as_str().unwrap().to_owned();
    let mut pausing = of_all("entries_per_hour", "0", "pause");
    pausing["pause_minutes"] = 60.into();
    rule(&trader, pausing).await;
    trader.judged(&trader.entry().buying("1")).await;
    assert_eq!(state(&trader).await["entries"], "reducing");
    assert_eq!(state_of(&trader, &of_testnet).await["entries"], "active");
}

#[tokio::test]
async fn entries_are_reduced_by_hand_and_resumed() {
    let trader = Trader::new().await;
    let reduce = async |body: Value| trader.post("/halt", &body).await;
    for (wrong, field) in [
        (json!({"reason": "x", "entries": "active"}), "entries"),
        (json!({"reason": "x", "entries": "reducing", "until": "2020-01-01T00:00:00Z"}), "until"),
        (json!({"reason": "x", "until": "2090-01-01T00:00:00Z"}), "until"),
    ] {
        let refused = reduce(wrong).await;
        assert_eq!((refused.status, &refused.json()["field"]), (422, &json!(field)), "{refused:?}");
    }
    let reduced = reduce(json!({"reason": "news", "entries": "reducing", "until": "2090-01-01T00:00:00Z"})).await;
    assert_eq!(reduced.status, 202, "{reduced:?}");
    assert_eq!(state(&trader).await["reducing"]["reason"], "news");
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!(verdict.reason.as_deref(), Some("entries_reducing"), "{verdict:?}");
    let resumed = trader.post("/resume", &json!({"reason": "over"})).await;
    assert_eq!(resumed.status, 200, "{resumed:?}");
    trader.open(&trader.entry().buying("1")).await;
}

#[tokio::test]
async fn rule_holds_for_its_scope_alone() {
    let trader = Trader::new().await;
    let symbol = &trader.market.key.symbol;
    let of = |kind: &str, named: &str| {
        let scope = json!({"kind": kind, "of": [named]});
        json!({"scope": scope, "kind": "open_positions", "max": "0"})
    };
    let (account, market, base) = (trader.account.to_string(), symbol.to_string(), symbol.base.to_string());
    for (kind, named) in [("account", &*account), ("exchange", "PAPER"), ("symbol", &market), ("assets", &base)] {
        let id = rule(&trader, of(kind, named)).await;
        let verdict = trader.judged(&trader.entry().buying("1")).await;
        assert_eq!(
            verdict.limit.as_ref().and_then(|limit| limit.rule_id.as_deref()),
            Some(&*id),
            "{kind}: {verdict:?}"
        );
        end(&trader, &id).await;
    }
    for (kind, named) in [("exchange", "BINANCE"), ("symbol", "BTC/USDT"), ("assets", "BTC")] {
        rule(&trader, of(kind, named)).await;
    }
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!(verdict.kind.as_str(), "accepted", "{verdict:?}");
}

#[tokio::test]
async fn rule_about_one_market_pauses_that_alone() {
    let trader = Trader::new().await;
    let scope = json!({"kind": "symbol", "of": [trader.market.key.symbol.to_string()]});
    let pausing = json!({"scope": scope, "kind": "entries_per_hour", "max": "0", "action": "pause"});
    let id = rule(&trader, pausing).await;
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!(refused(&verdict).0, "entries_per_hour_max", "{verdict:?}");
    let known = trader.get(&format!("/risk-rules/{id}")).await.json();
    assert_eq!((&known["paused"]["mode"], &known["paused"]["until"]), (&json!("paper"), &Value::Null), "{known}");
    assert_eq!(state(&trader).await["entries"], "active", "the account goes on");
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!(verdict.reason.as_deref(), Some("entries_reducing"), "{verdict:?}");
    let resumed = trader.post(&format!("/risk-rules/{id}/resume"), &json!({"reason": "checked"})).await;
    assert_eq!((resumed.status, &resumed.json()["paused"]), (200, &Value::Null), "{resumed:?}");
    let verdict = trader.judged(&trader.entry().buying("1")).await;
    assert_eq!(verdict.kind.as_str(), "accepted", "it does not pause again within its window: {verdict:?}");
}

#[tokio::test]
async fn loss_is_counted_by_each_rule_about_losses() {
    let trader = Trader::new().await;
    let day = rule(&trader, of_money(&trader, "day_loss_percent", "0.01", "refuse")).await;
    let month = rule(&trader, of_money(&trader, "drawdown", "0.01", "refuse")).await;
    let held = trader.hold(&trader.entry().buying("1")).await;
    trader.price_goes("100", "94").await;
    trader.closed(&held.group.id).await;
    let closes = of_all("losing_closes", "1", "refuse");
    let loss = of_money(&trader, "day_loss", "1", "refuse");
    let mut known = vec![(day, "day_loss_max"), (month, "drawdown_max")];
    for (asked, reason) in [(closes, "losing_closes_max"), (loss, "day_loss_max")] {
        known.push((rule(&trader, asked).await, reason));
    }
    for (id, reason) in known {
        let verdict = trader.judged(&trader.entry().buying("1")).await;
        assert_eq!((refused(&verdict).0, refused(&verdict).2), (reason, None), "{verdict:?}");
        assert_eq!(verdict.limit.as_ref().unwrap().rule_id.as_deref(), Some(&*id), "{verdict:?}");
        end(&trader, &id).await;
    }
}
