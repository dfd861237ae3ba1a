//! The story of an order, as it is answered.

use super::*;
use domain::ids::{OrderId, Sha};
use rows::BODY;

#[test]
fn an_order_tells_its_whole_story() {
    let api = api();
    let order = position().orders[0].clone();
    let (status, _, story) = get(&api, &format!("/api/v1/orders/{}/lineage", order.id));
    assert_eq!(status, 200, "{story}");
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
    assert_eq!(
        story["risk"]["passed"][0],
        json!({"limit": "exposure_max", "rule_id": null, "comes_to": "300", "allowed": "5000"})
    );
    assert_eq!(story["risk"]["refused"], Value::Null);
    assert_eq!(story["history"][0]["why"], json!("opened by an alert"));
    assert_eq!(story["exchanges"][0]["answered"], json!("200 {}"));
    assert!(story.get("strategy_version").is_none() && story.get("prompt_version").is_none());
    assert_eq!(get(&api, &format!("/api/v1/orders/{}/lineage", OrderId::of(&["unknown"]))).0, 404);
}
