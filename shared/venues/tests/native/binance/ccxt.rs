//! What ccxt sends for the same orders (`tests/golden/ccxt`): the same parameters, to the digit. That its queries have the
//! signatures that we would give them is tested where we sign.

use super::{World, account, id, market_of, parse};
use crate::server::text;
use app::ports::{OcoRequest, Request, Trigger, TriggerKind};
use domain::order::Direction;
use domain::preset::OrderKind;
use serde_json::Value;
use std::collections::BTreeMap;
use venues::native::Native;

const RECORDED: &str = include_str!("../../../../../tests/golden/ccxt/binance.json");

/// Where ccxt sends something else on purpose, and why we do not.
const OTHERWISE: [(&str, &str); 3] = [
    ("recvWindow", "ccxt lets a request live for ten seconds; we wait for the end of each, and take five"),
    ("listClientOrderId", "ccxt names the list at random, with a prefix that pays it; nobody asks for it by that name"),
    ("signature", "over other parameters in another order: ccxt's query is signed anew where we sign"),
];

fn recorded() -> Value {
    serde_json::from_str(RECORDED).unwrap()
}

fn params(query: &str) -> BTreeMap<String, String> {
    let all: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    all.into_iter().filter(|(name, _)| OTHERWISE.iter().all(|(known, _)| known != name)).collect()
}

fn query(case: &Value) -> &str {
    case["body"].as_str().or_else(|| case["url"].as_str()?.split_once('?').map(|(_, query)| query)).unwrap_or_default()
}

pub(super) fn request(asked: &Value) -> Request {
    let text = |name: &str| asked[name].as_str();
    let trigger = |name: &str, kind| text(name).map(|price| Trigger { kind, price: parse(price) });
    Request {
        account: account(),
        market: market_of(text("symbol").unwrap()),
        client_id: id(text("client_id").unwrap()),
        direction: if text("side") == Some("buy") { Direction::Buy } else { Direction::Sell },
        kind: text("price").map_or(OrderKind::Market, |price| OrderKind::Limit(parse(price))),
        trigger: trigger("stop_loss", TriggerKind::StopLoss).or(trigger("take_profit", TriggerKind::TakeProfit)),
        quantity: parse(text("quantity").unwrap()),
        reduce_only: asked["reduce_only"] == true,
        sent_at: super::NOW,
    }
}

/// The path and the parameters are the same, to the digit.
pub(super) fn compare(case: &Value, heard: &str) {
    let (line, ours) = heard.split_once('?').unwrap_or((heard, ""));
    let (_, address) = case["url"].as_str().unwrap().split('?').next().unwrap().split_once("://").unwrap();
    let path = address.split_once('/').unwrap().1;
    assert_eq!(line, format!("{} /{path}", case["method"].as_str().unwrap()), "{}", case["name"]);
    assert_eq!(params(ours), params(query(case)), "{}", case["name"]);
}

#[tokio::test]
async fn orders_are_what_ccxt_sends() {
    let recorded = recorded();
    let cases = recorded["orders"].as_array().unwrap();
    for case in cases {
        let world = World::saying(vec![text(503, "")]).await;
        world.binance.submit(&world.login, &request(&case["asked"])).await;
        compare(case, &world.server.lines()[0]);
    }
    assert_eq!(cases.len(), 15);
}

pub(super) fn other<'a>(recorded: &'a Value, name: &str) -> &'a Value {
    recorded["others"].as_array().unwrap().iter().find(|case| case["name"] == name).unwrap()
}

#[tokio::test]
async fn a_pair_a_cancel_and_a_question_are_what_ccxt_sends() {
    let (recorded, world) = (recorded(), World::saying(vec![text(503, ""), text(503, ""), text(503, "")]).await);
    let pair = OcoRequest {
        limit_id: id("mabcdefghijklmnopq"),
        stop_id: id("mabcstopghijklmnop"),
        ..super::pair(Direction::Sell, "70000.5", "60000.5", None)
    };
    world.binance.submit_oco(&world.login, &pair).await;
    let address = super::address("mabcdefghijklmnopq");
    world.binance.cancel(&world.login, &address).await;
    world.binance.find_order(&world.login, &address).await.unwrap_err();
    let heard = world.server.lines();
    for (name, heard) in ["oco", "cancel", "find"].into_iter().zip(&heard) {
        compare(other(&recorded, name), heard);
    }
}

#[tokio::test]
async fn what_is_read_without_parameters_of_its_own_is_asked_as_ccxt_asks() {
    let (recorded, world) = (recorded(), World::saying(vec![text(503, ""), text(503, "")]).await);
    world.binance.time(world.site()).await.unwrap_err();
    world.binance.book(world.site(), &market_of("BTC/USDT").key, 5).await.unwrap_err();
    for (name, heard) in ["time", "book"].into_iter().zip(&world.server.lines()) {
        compare(other(&recorded, name), heard);
    }
}
