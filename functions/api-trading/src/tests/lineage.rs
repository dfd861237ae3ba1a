//! The story of an order, as it is answered.

use super::*;
use app::trading::Named;
use domain::delivery::{Identity, Verdict};
use domain::lineage::{LimitKept, PriceSource, Said, Seen};
use domain::token::Grant;

const BODY: &str = r#"{"tv":{"exchange":"PAPER","symbol":"BTC/USDT"},"execution_intent":{"type":"entry","strategy":"grid","side":"long"}}"#;

pub(super) fn of(order: Order) -> Lineage {
    let group = group();
    let row = History {
        group: group.id.clone(),
        version: 1,
        why: "opened by an alert".to_owned(),
        before: None,
        after: "waiting".to_owned(),
        at: AT,
        orders: Some(vec![order.id.clone()]),
        evidence: Evidence::default(),
    };
    let price = "100".parse().unwrap();
    let kept = |limit: &str, comes_to: &str, allowed: &str| LimitKept {
        limit: limit.to_owned(),
        comes_to: comes_to.parse().unwrap(),
        allowed: allowed.parse().unwrap(),
    };
    Lineage {
        delivery: Named { at: group.delivery.clone(), row: Some(delivery(&group)) },
        prices: vec![Seen { price, source: PriceSource::Market, at: Some(AT) }],
        limits: vec![kept("exposure_max", "300", "5000")],
        history: vec![row],
        said: vec![Said { at: AT, asked: "POST /order".to_owned(), answered: "200 {}".to_owned() }],
        order,
        group,
    }
}

fn delivery(group: &Group) -> Delivery {
    Delivery {
        at: group.delivery.clone(),
        identity: Identity::Clockless,
        token: domain::ids::TokenId::of(&["token"]),
        account: None,
        exchange: None,
        grant: Grant::default(),
        body: BODY.to_owned(),
        body_hash: Sha::of_bytes(BODY.as_bytes()),
        source_ip: None,
        lane: String::new(),
        trace: "trace".to_owned(),
        decisions: 0,
        repeats: 0,
        verdict: Some(Verdict::new(VerdictKind::Accepted, AT).because("opened", "pending execution")),
        due_at: None,
        expires_at: AT,
        part: None,
        bot: None,
    }
}

#[tokio::test]
async fn an_order_tells_its_whole_story() {
    let order = position().orders[0].clone();
    let (status, _, story) = get(&format!("/api/v1/orders/{}/lineage", order.id)).await;
    assert_eq!(status, StatusCode::OK, "{story}");
    assert_eq!(story["order"]["id"], json!(order.id.as_str()));
    assert_eq!(story["fills"].as_array().map(Vec::len), Some(order.fills.len()));
    let delivery = &story["delivery"];
    assert_eq!((&delivery["verdict"]["reason"], &delivery["body"]), (&json!("opened"), &json!(BODY)));
    assert_eq!(delivery["body_sha256"], json!(Sha::of_bytes(BODY.as_bytes()).as_str()));
    let signal = &story["signal"];
    assert_eq!(
        (&signal["wish"], &signal["side"], &signal["symbol"]),
        (&json!("entry"), &json!("long"), &json!("BTC/USDT"))
    );
    assert_eq!(story["prices"][0]["source"], json!("market"));
    assert_eq!(story["risk"]["passed"][0], json!({"limit": "exposure_max", "comes_to": "300", "allowed": "5000"}));
    assert_eq!(story["risk"]["refused"], Value::Null);
    assert_eq!(story["history"][0]["why"], json!("opened by an alert"));
    assert_eq!(story["exchanges"][0]["answered"], json!("200 {}"));
    assert!(story.get("strategy_version").is_none() && story.get("prompt_version").is_none());
    let (status, ..) = get(&format!("/api/v1/orders/{}/lineage", OrderId::of(&["unknown"]))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
