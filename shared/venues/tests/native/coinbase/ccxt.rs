//! What we send, beside what ccxt sends for the same.
//!
//! Where we differ we do so on purpose:
//! - A market order to buy is for an amount of base, as it was planned. ccxt spends an amount of quote.
//! - A token is as the exchange's own SDK makes it (`iss` is `cdp`; no `aud`, no `iat`), and an order's is good for ten
//!   seconds instead of 120: money-path rule 13.
//! - Lists are asked by `product_ids`, as documented; ccxt asks by `product_id`. Orders are looked for by client id.
//! - Balances and time come from the same version of the API as everything else; ccxt asks version 2 for both.

use super::{World, address, market, token};
use crate::server::{Heard, Server, json};
use app::ports::{Outcome, Request, Trigger, TriggerKind};
use domain::ids::ClientOrderId;
use domain::order::Direction;
use domain::preset::OrderKind;
use serde_json::Value;
use venues::native::Native;

const CAPTURED: &str = include_str!("../../../../../tests/golden/ccxt/coinbase.json");

fn captured() -> Value {
    serde_json::from_str(CAPTURED).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn asked(case: &Value) -> Request {
    let asked = &case["asked"];
    let trigger = [("stop_loss", TriggerKind::StopLoss), ("take_profit", TriggerKind::TakeProfit)]
        .into_iter()
        .find_map(|(name, kind)| Some(Trigger { kind, price: text(asked, name)?.parse().unwrap() }));
    Request {
        market: market(text(asked, "symbol").unwrap()),
        client_id: ClientOrderId::from_stored(text(asked, "client_id").unwrap()),
        direction: if text(asked, "side") == Some("buy") { Direction::Buy } else { Direction::Sell },
        kind: text(asked, "price").map_or(OrderKind::Market, |price| OrderKind::Limit(price.parse().unwrap())),
        trigger,
        quantity: text(asked, "quantity").unwrap().parse().unwrap(),
        ..super::request()
    }
}

/// What ccxt sends, with the amount of base where it spends an amount of quote.
fn expected(case: &Value) -> String {
    let body = text(case, "body").unwrap().to_owned();
    let base = format!(r#""base_size":"{}""#, text(&case["asked"], "quantity").unwrap());
    match text(&case["asked"], "cost") {
        Some(cost) => body.replace(&format!(r#""quote_size":"{cost}""#), &base),
        None => body,
    }
}

#[tokio::test]
async fn every_order_has_the_body_that_ccxt_gives_it() {
    let captured = captured();
    let cases = captured["orders"].as_array().unwrap();
    for case in cases {
        let server = Server::start(|_| json(500, "{}")).await;
        let world = World::of(&server);
        let outcome = world.coinbase.submit(&world.login, &asked(case)).await;
        let name = text(case, "name").unwrap();
        if case.get("refused_by_ccxt").is_some() {
            assert!(matches!(outcome, Outcome::Rejected(_)), "{name}: {outcome:?}");
            assert_eq!(server.connections(), 0, "{name}");
            continue;
        }
        let heard = server.heard().remove(0);
        assert_eq!(heard.body, expected(case), "{name}");
        compare_places(&heard, case);
        compare_tokens(&heard, case);
    }
    assert!(cases.len() > 10, "{} orders were captured", cases.len());
}

fn compare_places(heard: &Heard, case: &Value) {
    let url = text(case, "url").unwrap().strip_prefix("https://api.coinbase.com").unwrap();
    assert_eq!((heard.method.as_str(), heard.target.as_str()), (text(case, "method").unwrap(), url));
}

fn compare_tokens(heard: &Heard, case: &Value) {
    let theirs = &case["headers"]["Authorization"];
    let (header, claims) = token(heard);
    let header = serde_json::to_value(header).unwrap();
    let names = |value: &Value| {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&header), names(&theirs["header"]));
    assert_eq!(header["alg"], theirs["header"]["alg"]);
    assert_eq!(names(&claims), ["exp", "iss", "nbf", "sub", "uri"]);
    let path = |claims: &Value| claims["uri"].as_str().unwrap().split_once('/').map(|(_, path)| path.to_owned());
    assert_eq!(path(&claims), path(&theirs["claims"]));
    assert_eq!(claims["nbf"].as_i64(), theirs["claims"]["nbf"].as_i64().map(|theirs| theirs + 2), "by their clock");
}

#[tokio::test]
async fn what_is_asked_beside_orders_is_asked_in_the_same_places() {
    let (captured, server) = (captured(), Server::start(answered).await);
    let world = World::of(&server);
    let key = market("BTC/USD").key;
    let case = |name: &str| captured["others"].as_array().unwrap().iter().find(|case| text(case, "name") == Some(name));
    let last = || server.heard().pop().unwrap();
    world.coinbase.ticker(&world.login.site, &key).await.unwrap_err();
    compare_places(&last(), case("ticker").unwrap());
    world.coinbase.book(&world.login.site, &key, 5).await.unwrap_err();
    compare_places(&last(), case("book").unwrap());
    world.coinbase.cancel(&world.login, &address()).await;
    compare_places(&last(), case("cancel").unwrap());
    assert_eq!(last().body, text(case("cancel").unwrap(), "body").unwrap());
}

/// One open order, of the id that was captured; nothing else.
fn answered(heard: &Heard) -> crate::server::Reply {
    if heard.path().ends_with("/batch") {
        super::find::orders(&[super::find::order("1234567", super::ID, "OPEN", "0")], "")
    } else {
        json(500, "{}")
    }
}
