//! Ladders that are planned.

use super::*;

const LADDER: &str = "/api/v1/ladders/plan";

#[test]
fn a_ladder_is_planned_for_whoever_may_look() {
    let golden = include_str!("../../../../tests/golden/ladder/worked-example.json");
    let golden: Value = serde_json::from_str(golden).unwrap();
    let golden = &golden[0];
    let (api, body) = (api(), golden["request"].to_string());
    let (status, _, answer) = ask(&api, "POST", LADDER, &body, LOOKING);
    assert_eq!((status, &answer), (200, &golden["answer"]));
    assert_eq!(ask(&api, "POST", LADDER, &body, "").0, 401);
}

#[test]
fn a_ladder_that_cannot_be_planned_names_its_field() {
    let api = api();
    let plan = |body: &str| ask(&api, "POST", LADDER, body, LOOKING);
    let bad = plan(r#"{"market": {"price_tick": "0"}, "fee_rate": "2"}"#);
    assert_eq!((bad.0, &bad.2["field"]), (422, &json!("market.price_tick")));
    assert_eq!(told(plan("{")), refused(400, "invalid_json"));
    assert_eq!(plan(&" ".repeat(16 * 1024 + 1)).0, 413);
}
