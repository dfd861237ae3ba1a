//! Orders by hand: stored once for each key, and refused where nothing may be sold.

use super::*;
use app::ports::{Secret, Session};
use domain::identity::OrderBounds;
use domain::ids::{AccountId, DeliveryId, KeyId};
use domain::profit::{Basis, StopLoss};
use rows::{binance, bought, open};
use store::PageRequest;
use store::trading::Trading;

const KEY: [(&str, &str); 1] = [("idempotency-key", "a-key-of-this-order")];

fn place_as(api: &Api, token: &str, order: &Value) -> (u16, HeaderMap, Value) {
    ask_with(api, "POST", "/api/v1/orders", &order.to_string(), token, &KEY)
}

/// Each with a key of its own.
fn place(api: &Api, order: &Value) -> (u16, HeaderMap, Value) {
    let key = format!("a-key-for {order}").replace(char::is_whitespace, "-");
    let key: String = key.chars().take(200).collect();
    ask_with(api, "POST", "/api/v1/orders", &order.to_string(), PERSON, &[("idempotency-key", &key)])
}

fn buy(symbol: &str) -> Value {
    json!({"account": "default", "symbol": symbol, "side": "buy", "quote": "100", "exits": {"stop_loss_percent": "4"}})
}

fn deliveries(api: &Api) -> usize {
    let newest = PageRequest { limit: 50, cursor: None };
    done(&api.store, |world| async move {
        let page = Trading(&world).list_deliveries(&user(), Default::default(), &newest).await.unwrap();
        page.items.len()
    })
}

#[test]
fn an_order_is_stored_once_for_a_key_and_queued() {
    let api = api();
    let before = deliveries(&api);
    let (status, _, placed) = place_as(&api, PERSON, &buy("BTC/USDT"));
    assert_eq!(status, 202, "{placed}");
    let id = placed["delivery_id"].as_str().unwrap();
    let (status, headers, again) = place_as(&api, PERSON, &buy("BTC/USDT"));
    assert_eq!((status, &again), (202, &placed));
    assert_eq!(headers.get("idempotent-replayed").map(|value| value.to_str().unwrap()), Some("true"));
    assert_eq!(deliveries(&api), before + 1);
    assert_eq!(told(place_as(&api, PERSON, &buy("BTCUSDT"))), refused(409, "idempotency_key_reused"));
    assert!(woken(&api, Queue::Signals).is_some_and(|told| told.contains(id)), "it is queued");
    let (status, _, delivery) = get(&api, &format!("/api/v1/deliveries/{id}"));
    assert_eq!((status, &delivery["verdict"]), (200, &Value::Null), "{delivery}");
    assert!(DeliveryId::parse(id).is_ok() && placed["position_id"].as_str().unwrap().starts_with("grp_"));
}

/// Its answer was lost, and it is sent again: what it would do now is of no matter.
#[test]
fn an_order_whose_answer_was_lost_is_the_same_order() {
    let api = api();
    let before = deliveries(&api);
    api.store.set_down("write IDM#", true);
    let (status, _, placed) = place_as(&api, PERSON, &buy("BTC/USDT"));
    assert_eq!(status, 202, "{placed}");
    api.store.set_down("write IDM#", false);
    let (status, _, again) = place_as(&api, PERSON, &buy("BTC/USDT"));
    assert_eq!((status, &again["delivery_id"]), (202, &placed["delivery_id"]), "{again}");
    assert_eq!(deliveries(&api), before + 1);
}

#[test]
fn what_an_order_needs_is_asked_for_by_its_name() {
    let api = api();
    let held = open("ETH/USDT", |group| vec![bought(group)]);
    let with_held = api_with(std::slice::from_ref(&held));
    let no_key = ask(&api, "POST", "/api/v1/orders", &buy("BTC/USDT").to_string(), PERSON);
    assert_eq!(told(no_key), wrong("Idempotency-Key"));
    assert_eq!(place_as(&api, LOOKING, &buy("BTC/USDT")).0, 403);
    assert_eq!(told(place(&api, &buy("DOGE/USDT"))), wrong("symbol"));
    let sell = json!({"account": "default", "symbol": "BTC/USDT", "side": "sell", "quantity": "1"});
    let (status, code, field) = told(place(&api, &sell));
    assert_eq!((status, &*code, field), (422, "nothing_to_sell", json!("side")), "coins of one's own are not sold");
    let foreign = json!({"position_id": domain::ids::GroupId::of(&["foreign"]).as_str(), "side": "buy", "quote": "1"});
    assert_eq!(told(place(&api, &foreign)), refused(404, "not_found"));
    let of_held = |mut order: Value| {
        order["position_id"] = json!(held.group.id.as_str());
        place(&with_held, &order)
    };
    assert_eq!(of_held(json!({"side": "sell", "quantity": "5"})).2["position_id"], held.group.id.as_str());
    for (order, field) in [
        (json!({"side": "sell", "quote": "5"}), "quote"),
        (json!({"side": "sell", "quantity": "1", "type": "limit", "limit_price": "200"}), "type"),
        (json!({"side": "buy", "quote": "5", "reduce_only": true}), "reduce_only"),
        (json!({"side": "buy", "quote": "5", "exits": null}), "exits"),
        (json!({"side": "buy", "quote": "5", "symbol": "BTC/USDT"}), "symbol"),
        (json!({"side": "buy", "quote": "5", "account": "other"}), "account"),
    ] {
        assert_eq!(told(of_held(order.clone())), wrong(field), "{order}");
    }
    let closing = json!({"position_id": group_id().as_str(), "side": "buy", "quote": "5"});
    assert_eq!(told(place(&api, &closing)), refused(409, "already_closing"));
    let (status, code, _) = told(place(
        &api,
        &json!({
            "account": "default", "symbol": "ETH/USDT", "side": "sell", "quantity": "1", "reduce_only": true,
        }),
    ));
    assert_eq!((status, &*code), (422, "invalid_field"), "ETH is not traded there");
    let none =
        json!({"account": "default", "symbol": "BTC/USDT", "side": "sell", "quantity": "1", "reduce_only": true});
    assert_eq!(told(place(&api, &none)).1, "ambiguous_position");
}

#[test]
fn an_order_at_an_exchange_is_a_logged_in_users_with_the_permission() {
    let api = api();
    rows::put_account(&api.store, binance(), &[]);
    let order = json!({"account": "real", "symbol": "BTC/USDT", "side": "buy", "quote": "100"});
    let person = api.store.log_in(&user(), &["trading:read", "trading:write", "orders:write"]);
    api.store.let_in("mq_orders", &user(), &["trading:read", "trading:write", "orders:write"]);
    assert_eq!(told(place_as(&api, PERSON, &order)), refused(403, "missing_scope"), "without orders:write");
    assert_eq!(told(place_as(&api, "mq_orders", &order)), refused(403, "missing_scope"), "an API key");
    let on_paper = json!({"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "100"});
    let (status, _, placed) = ask_with(
        &api,
        "POST",
        "/api/v1/orders",
        &on_paper.to_string(),
        TOKEN,
        &[("idempotency-key", "a-key-on-paper-1")],
    );
    assert_eq!(status, 202, "at a paper account trading:write is enough: {placed}");
    let (status, _, placed) = ask_with(
        &api,
        "POST",
        "/api/v1/orders",
        &order.to_string(),
        &person,
        &[("idempotency-key", "a-key-of-a-person")],
    );
    assert_eq!(status, 202, "{placed}");
    let any = json!({"symbol": "BTC/USDT", "side": "buy", "quote": "100"});
    assert_eq!(told(place(&api, &any)), wrong("account"), "there are two");
}

#[test]
fn a_preview_shows_what_an_order_would_come_to_and_stores_nothing() {
    let held = open("ETH/USDT", |group| vec![bought(group)]);
    let api = api_with(std::slice::from_ref(&held));
    let preview = |order: &Value| ask(&api, "POST", "/api/v1/orders/preview", &order.to_string(), LOOKING);
    let order = json!({"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "100", "price": "50"});
    let (status, _, shown) = preview(&order);
    assert_eq!(
        (status, &shown["verdict"]["kind"], &shown["verdict"]["reason"]),
        (200, &json!("refused"), &json!("halted"))
    );
    assert_eq!((&shown["quantity"], &shown["take_profit"]), (&Value::Null, &json!([])), "{shown}");
    assert_eq!(ask(&api, "POST", "/api/v1/resume", r#"{"reason": "over"}"#, PERSON).0, 200);
    let before = deliveries(&api);
    let (status, _, shown) = preview(&order);
    assert_eq!((status, &shown["verdict"]["kind"]), (200, &json!("accepted")), "{shown}");
    // The built-in preset: 1.5 % of profit, and a stop 5 % below.
    assert_eq!(
        (&shown["quantity"], &shown["reserved"], &shown["price"]["price"]),
        (&json!("2"), &json!("101"), &json!("50"))
    );
    assert_eq!(shown["take_profit"], json!([{"price": "50.75", "quantity": "2"}]));
    assert_eq!((&shown["stop_price"], &shown["position_id"]), (&json!("47.5"), &Value::Null), "{shown}");
    let mut unstopped = order.clone();
    unstopped["exits"] = Value::Null;
    assert_eq!(preview(&unstopped).2["stop_price"], Value::Null);
    let mut limit = order;
    (limit["type"], limit["limit_price"]) = (json!("limit"), json!("40"));
    limit["exits"] = json!({"stop_loss_percent": "10", "time_limit_minutes": "30"});
    let (_, _, shown) = preview(&limit);
    assert_eq!((&shown["quantity"], &shown["stop_price"]), (&json!("2.5"), &json!("36")), "{shown}");
    assert_eq!(shown["time_limit_minutes"], 30);
    let sell = json!({"position_id": held.group.id.as_str(), "side": "sell", "quantity": "5"});
    let (_, _, shown) = preview(&sell);
    assert_eq!((&shown["quantity"], &shown["position_id"]), (&json!("1"), &json!(held.group.id.as_str())), "{shown}");
    assert_eq!(told(preview(&json!({"symbol": "BTC/USDT", "side": "sell", "quantity": "1"}))).1, "nothing_to_sell");
    assert_eq!(deliveries(&api), before, "nothing is stored");
}

#[test]
fn a_preview_names_the_rules_that_need_the_exchanges_book_and_says_what_the_others_say() {
    let api = api();
    assert_eq!(ask(&api, "POST", "/api/v1/resume", r#"{"reason": "over"}"#, PERSON).0, 200);
    let rule = |scope: Value, kind: &str, max: &str| {
        let mut rule = json!({"scope": scope, "kind": kind, "max": max});
        if kind == "order_size" {
            rule["currency"] = json!("USDT");
        }
        let (status, _, made) = ask(&api, "POST", "/api/v1/risk-rules", &rule.to_string(), PERSON);
        assert_eq!(status, 201, "{made}");
        made["id"].clone()
    };
    let everywhere = || json!({"kind": "user"});
    let spread = rule(everywhere(), "spread", "0.5");
    rule(json!({"kind": "symbol", "of": ["ETH/USDT"]}), "spread", "0.5");
    rule(everywhere(), "order_size", "150");
    let order =
        |quote: &str| json!({"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": quote, "price": "50"});
    let preview = |quote: &str| ask(&api, "POST", "/api/v1/orders/preview", &order(quote).to_string(), LOOKING).2;
    let shown = preview("100");
    assert_eq!(shown["verdict"]["kind"], "accepted", "{shown}");
    assert_eq!(shown["not_assessed"], json!([spread]), "that of another market says nothing here: {shown}");
    let shown = preview("200");
    assert_eq!(shown["verdict"]["reason"], "order_quote_max", "{shown}");
}

/// A key within bounds of its own; its token.
fn bounded(api: &Api, accounts: Vec<AccountId>) -> &'static str {
    let orders = OrderBounds {
        accounts,
        markets: vec!["BTC/USDT".parse().unwrap()],
        order_quote_max: "50".parse().unwrap(),
        day_quote_max: "80".parse().unwrap(),
    };
    let scopes = ["trading:read", "trading:write", "orders:write"].map(str::to_owned).to_vec();
    let session = Session::new(user(), scopes, None);
    let session = Session { key: Some(KeyId::of(&["key"])), orders: Some(Box::new(orders)), ..session };
    api.store.put_session(&Secret::new("mq_bounded".to_owned()).hash(), &session, AT.plus(Millis::DAY));
    "mq_bounded"
}

#[test]
fn an_api_key_orders_within_the_accounts_and_markets_that_it_names() {
    let api = api();
    rows::put_account(&api.store, binance(), &[]);
    let order = json!({"account": "real", "symbol": "BTC/USDT", "side": "buy", "quote": "40"});
    let elsewhere = bounded(&api, vec![account().id]);
    let (status, code, field) = told(place_as(&api, elsewhere, &order));
    assert_eq!((status, &*code, field), (403, "outside_bounds", json!("account")));
    let token = bounded(&api, vec![binance().id]);
    let with = |key: &str, order: &Value| {
        ask_with(&api, "POST", "/api/v1/orders", &order.to_string(), token, &[("idempotency-key", key)])
    };
    let mut unstopped = order.clone();
    unstopped["exits"] = Value::Null;
    assert_eq!(told(with("a-key-without-a-stop", &unstopped)), refused(403, "missing_scope"));
    let mut bare = rows::at_binance(open("BTC/USDT", |group| vec![bought(group)]));
    let add = json!({"position_id": bare.group.id.as_str(), "side": "buy", "quote": "10"});
    for (stop, expected) in [(None, 403), (Some(StopLoss::fixed("5".parse().unwrap(), Basis::Base)), 202)] {
        bare.group.plan.stop_loss = stop;
        let api = api_with(&[]);
        rows::put_account(&api.store, binance(), std::slice::from_ref(&bare));
        let token = bounded(&api, vec![binance().id]);
        let headers = [("idempotency-key", "a-key-that-adds-to-it")];
        let (status, _, placed) = ask_with(&api, "POST", "/api/v1/orders", &add.to_string(), token, &headers);
        assert_eq!(status, expected, "beside no stop of its own: {placed}");
    }
    let (status, _, placed) = with("a-key-within-bounds", &order);
    assert_eq!(status, 202, "{placed}");
    let id = DeliveryId::parse(placed["delivery_id"].as_str().unwrap()).unwrap();
    let newest = PageRequest { limit: 50, cursor: None };
    let kept = done(&api.store, |world| async move {
        let page = Trading(&world).list_deliveries(&user(), Default::default(), &newest).await.unwrap();
        page.items.into_iter().find(|delivery| delivery.at.id == id).unwrap()
    });
    let maxima = kept.by_hand.unwrap().key.unwrap();
    assert_eq!((maxima.order.to_string(), maxima.day.to_string()), ("50".to_owned(), "80".to_owned()));
}
