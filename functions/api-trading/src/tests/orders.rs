//! Orders: shown, cancelled, and resolved by their user.

use super::*;
use domain::ids::OrderId;
use domain::order::Direction;
use domain::preset::OrderKind;
use rows::{bought, entry, in_doubt, open};

#[test]
fn an_order_shows_its_fills() {
    let api = api();
    let (status, _, order) = get(&api, &format!("/api/v1/orders/{}", position().orders[0].id));
    assert_eq!((status, &order["average_fill_price"]), (200, &json!("100")));
    assert_eq!((&order["fills"][0]["fee"], &order["fills"][0]["fee_asset"]), (&json!("0.1"), &json!("USDT")));
    assert_eq!(get(&api, &format!("/api/v1/orders/{}", OrderId::of(&["unknown"]))).0, 404);
}

#[test]
fn an_entry_is_cancelled_unless_it_is_over_and_nothing_else_is() {
    let profit =
        |group: &_| rows::order(group, Purpose::TakeProfit(1), Direction::Sell, OrderKind::Market, Status::Open);
    let held = open("ETH/USDT", |group| vec![bought(group), entry(group, 1, Status::Open), profit(group)]);
    let api = api_with(std::slice::from_ref(&held));
    let cancel = |order: &OrderId| ask(&api, "POST", &format!("/api/v1/orders/{order}/cancel"), "", TOKEN);
    let [filled, resting, profit] = [0, 1, 2].map(|at| &held.orders[at].id);
    let (status, _, order) = cancel(resting);
    assert_eq!((status, &order["id"]), (202, &json!(resting.as_str())));
    assert_eq!((&order["state"], &order["cancel_requested_at"]), (&json!("open"), &json!("2025-11-20T08:51:00Z")));
    assert_eq!(told(cancel(filled)), refused(409, "already_final"));
    assert_eq!(told(cancel(profit)), refused(409, "protective_order"));
    assert_eq!(told(cancel(&OrderId::of(&["unknown"]))), refused(404, "not_found"));
}

/// Three of them for a minute, of the last of which 0.5 was filled; one since now; and one that is filled.
fn doubtful() -> (Api, [OrderId; 5]) {
    let minute = Millis::seconds(60);
    let of = |symbol: &str| open(symbol, |group| vec![in_doubt(group, minute)]);
    let young = open("XRP/USDT", |group| vec![in_doubt(group, Millis::ZERO)]);
    let [one, two, mut three] = ["ETH/USDT", "SOL/USDT", "ADA/USDT"].map(of);
    three.orders[0].cumulative = "0.5".parse().unwrap();
    let ids = [&one, &two, &three, &young, &position()].map(|position| position.orders[0].id.clone());
    (api_with(&[position(), one, two, three, young]), ids)
}

#[test]
fn an_order_in_doubt_is_resolved_by_its_user_in_person() {
    let (api, [one, two, ..]) = doubtful();
    let resolve = |order: &OrderId, token: &str, body: &str| {
        ask(&api, "POST", &format!("/api/v1/orders/{order}/resolve"), body, token)
    };
    let not_placed = r#"{"outcome": "not_placed", "reason": "looked"}"#;
    assert_eq!(told(resolve(&one, PERSON, r#"{"outcome": "not_placed"}"#)), wrong("reason"));
    // Whoever has stolen a program's key would have what was sold sold again, and what was never bought sold.
    let filled = r#"{"outcome": "filled", "quantity": "1", "price": "100", "reason": "seen"}"#;
    for body in [not_placed, filled] {
        let (status, _, problem) = resolve(&one, TOKEN, body);
        assert_eq!((status, &problem["code"]), (403, &json!("missing_scope")), "{body}");
        assert!(problem["detail"].as_str().unwrap().contains("a person does, who has logged in"), "{problem}");
    }
    for _ in 0..2 {
        let (status, _, order) = resolve(&one, PERSON, not_placed);
        assert_eq!((status, &order["state"]), (202, &json!("not_placed")), "{order}");
        let (status, _, order) = resolve(&two, PERSON, filled);
        assert_eq!((status, &order["state"], &order["declared"]), (202, &json!("filled"), &json!(true)), "{order}");
        assert_eq!(order["average_fill_price"], "100");
    }
}

#[test]
fn what_cannot_have_become_of_an_order_is_not_taken() {
    let (api, [doubtful, _, begun, young, filled]) = doubtful();
    let resolve = |order: &OrderId, outcome: Value| {
        let mut body = outcome;
        body["reason"] = json!("looked");
        told(ask(&api, "POST", &format!("/api/v1/orders/{order}/resolve"), &body.to_string(), PERSON))
    };
    let of = |quantity: &str| json!({"outcome": "filled", "quantity": quantity, "price": "100"});
    assert_eq!(resolve(&young, json!({"outcome": "not_placed"})), refused(409, "too_early"));
    assert_eq!(resolve(&filled, json!({"outcome": "not_placed"})), refused(409, "not_in_doubt"));
    assert_eq!(resolve(&doubtful, json!({"outcome": "cancelled"})), wrong("outcome"));
    assert_eq!(resolve(&doubtful, of("1.5")), wrong("quantity"));
    assert_eq!(resolve(&begun, of("0.4")), wrong("quantity"));
    let mut in_bnb = of("1");
    (in_bnb["fee"], in_bnb["fee_asset"]) = (json!("0.1"), json!("BNB"));
    assert_eq!(resolve(&doubtful, in_bnb), wrong("fee_asset"));
    assert_eq!(resolve(&OrderId::of(&["unknown"]), of("1")), refused(404, "not_found"));
}
