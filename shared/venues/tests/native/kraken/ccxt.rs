//! What we send, beside what ccxt sends for the same.
//!
//! Where we differ we do so on purpose:
//! - A pair is asked for by its other name (`XBTUSD`), which is made of its assets; ccxt asks by the id (`XXBTZUSD`),
//!   which only a list of all markets tells.
//! - An order says that its fee is taken in quote (`oflags`), and until when the engine may take it (`deadline`).
//! - Numbers of requests count microseconds instead of milliseconds: a process that has just begun is not behind.
//! - An order is found by its client id among open and closed ones, of which ccxt asks for neither: by the exchange's
//!   own id, which nobody has whose answer was lost. Closed ones are asked for with their trades.
//! - The last price comes with its time, from the last trade; a ticker has none.

use super::submits::signature;
use super::{address, fields, kraken, login, market, price, request, site};
use crate::server::{Heard, Server, json};
use app::ports::{Request, Trigger, TriggerKind};
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::market::{CandleSpan, Interval};
use domain::order::Direction;
use domain::preset::OrderKind;
use serde_json::Value;
use std::collections::BTreeMap;
use venues::native::Native;

const CAPTURED: &str = include_str!("../../../../../tests/golden/ccxt/kraken.json");

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
        .find_map(|(name, kind)| Some(Trigger { kind, price: price(text(asked, name)?) }));
    Request {
        market: market(text(asked, "symbol").unwrap()),
        client_id: ClientOrderId::from_stored(text(asked, "client_id").unwrap()),
        direction: if text(asked, "side") == Some("buy") { Direction::Buy } else { Direction::Sell },
        kind: text(asked, "price").map_or(OrderKind::Market, |at| OrderKind::Limit(price(at))),
        trigger,
        quantity: text(asked, "quantity").unwrap().parse().unwrap(),
        ..request()
    }
}

/// What ccxt sends, as it would arrive.
fn theirs(case: &Value) -> Heard {
    let header = |name: &str| Some((name.to_lowercase(), text(&case["headers"], name)?.to_owned()));
    Heard {
        method: text(case, "method").unwrap().to_owned(),
        target: text(case, "url").unwrap().strip_prefix("https://api.kraken.com").unwrap().to_owned(),
        headers: ["API-Key", "API-Sign", "Content-Type"].into_iter().filter_map(header).collect(),
        body: text(case, "body").unwrap_or_default().to_owned(),
    }
}

/// Fields without the number of the request.
fn of(heard: &Heard) -> BTreeMap<String, String> {
    fields(heard).into_iter().filter(|(name, _)| name != "nonce").collect()
}

fn compare_places(ours: &Heard, theirs: &Heard) {
    assert_eq!((&ours.method, ours.path()), (&theirs.method, theirs.path()));
    assert_eq!(ours.header("content-type"), theirs.header("content-type"));
    let numbered = |heard: &Heard| heard.body.starts_with("nonce=");
    assert_eq!(numbered(ours), numbered(theirs));
    for heard in [ours, theirs] {
        assert_eq!(heard.header("api-sign"), Some(signature(heard).as_str()), "{heard:?}");
    }
}

#[tokio::test]
async fn every_order_has_the_fields_that_ccxt_gives_it() {
    let captured = captured();
    let ids: BTreeMap<&str, &str> = captured["markets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|market| (text(market, "id").unwrap(), text(market, "symbol").unwrap()))
        .collect();
    let (kraken, cases) = (kraken(), captured["orders"].as_array().unwrap());
    for case in cases {
        let server = Server::start(|_| json(500, "{}")).await;
        kraken.submit(&login(server.url()), &asked(case)).await;
        let (ours, theirs) = (server.heard().remove(0), theirs(case));
        compare_places(&ours, &theirs);
        let (mut ours, mut theirs) = (of(&ours), of(&theirs));
        assert_eq!(ours.remove("oflags").as_deref(), Some("fciq"));
        assert!(ours.remove("deadline").is_some());
        let symbol = ids[theirs.remove("pair").unwrap().as_str()];
        let name = symbol.replace('/', "").replace("BTC", "XBT");
        assert_eq!(ours.remove("pair"), Some(name));
        assert_eq!(ours, theirs, "{case}");
    }
    assert!(cases.len() > 10, "{} orders were captured", cases.len());
}

#[tokio::test]
async fn what_is_asked_beside_orders_is_asked_in_the_same_places() {
    let (captured, server) = (captured(), Server::start(|_| json(500, "{}")).await);
    let (kraken, login, key) = (kraken(), login(server.url()), market("BTC/USD").key);
    let site = site(server.url());
    let others = captured["others"].as_array().unwrap();
    let case = |name: &str| theirs(others.iter().find(|case| text(case, "name") == Some(name)).unwrap());
    let last = || server.heard().pop().unwrap();
    kraken.cancel(&login, &address()).await;
    compare_places(&last(), &case("cancel"));
    assert_eq!(of(&last()), of(&case("cancel")));
    kraken.balances(&login).await.unwrap_err();
    compare_places(&last(), &case("balances"));
    kraken.fee(&login, &key).await.unwrap_err();
    compare_places(&last(), &case("fee"));
    kraken.find_order(&login, &address()).await.unwrap_err();
    compare_places(&last(), &case("open orders"));
    let public = |name: &str| case(name).target.replace("XXBTZUSD", "XBTUSD");
    kraken.time(&site).await.unwrap_err();
    assert_eq!(last().target, public("time"));
    kraken.book(&site, &key, 5).await.unwrap_err();
    assert_eq!(last().target, public("book"));
    let now = Timestamp::from_millis(1_700_000_000_123);
    let from = Timestamp::from_millis(1_699_999_400_123);
    let span = CandleSpan::asked(Interval::OneMinute, Some(from), 10, now);
    kraken.candles(&site, &key, &span, now).await.unwrap_err();
    // Ours begin with the first that opens then.
    assert_eq!(last().target, public("bars").replace("since=1699999340", "since=1699999380"));
}
