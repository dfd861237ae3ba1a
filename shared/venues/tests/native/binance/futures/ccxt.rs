//! What ccxt's `binanceusdm` sends for the same orders of contracts, and for what is set before them: the same parameters, to
//! the digit.

use super::super::ccxt::{compare, other, request};
use super::{address, at, market, market_of, saying};
use crate::server::{Server, json, text};
use app::ports::Request;
use domain::market::Leverage;
use domain::vault::Mode;
use serde_json::Value;
use venues::native::Native;

const RECORDED: &str = include_str!("../../../../../../tests/golden/ccxt/binanceusdm.json");

fn recorded() -> Value {
    serde_json::from_str(RECORDED).unwrap()
}

#[tokio::test]
async fn orders_of_contracts_are_what_ccxt_sends() {
    let recorded = recorded();
    let cases = recorded["orders"].as_array().unwrap();
    for case in cases {
        let world = saying(vec![text(503, "")]).await;
        let asked = request(&case["asked"]);
        let order = Request { market: market_of(case["asked"]["symbol"].as_str().unwrap()), ..asked };
        world.binance.submit(&world.login, &order).await;
        compare(case, &world.server.lines()[0]);
    }
    assert_eq!(cases.len(), 9);
}

#[tokio::test]
async fn a_cancel_and_what_is_asked_of_contracts_are_what_ccxt_sends() {
    let recorded = recorded();
    let mut world = saying(vec![text(503, ""); 9]).await;
    let order = address("mabcdefghijklmnopq");
    world.binance.cancel(&world.login, &order).await;
    world.binance.find_order(&world.login, &order).await.unwrap_err();
    world.binance.fee(&world.login, &market().key).await.unwrap_err();
    world.binance.balances(&world.login).await.unwrap_err();
    world.binance.positions(&world.login).await.unwrap_err();
    world.binance.time(world.site()).await.unwrap_err();
    world.binance.book(world.site(), &market().key, 5).await.unwrap_err();
    world.binance.ticker(world.site(), &market().key).await.unwrap_err();
    world.login.site.mode = Mode::Live;
    world.binance.probe(&world.login).await.unwrap_err();
    let names = ["cancel", "find", "fee", "wallet", "positions", "time", "book", "price", "restrictions"];
    for (name, heard) in names.into_iter().zip(&world.server.lines()) {
        compare(other(&recorded, name), heard);
    }
    assert_eq!(world.server.lines().len(), names.len());
}

#[tokio::test]
async fn what_an_account_is_set_to_is_what_ccxt_sends() {
    let recorded = recorded();
    let otherwise = |path: &str| match path {
        "/fapi/v1/accountConfig" => json(200, r#"{"canTrade":true,"dualSidePosition":true}"#),
        "/fapi/v1/symbolConfig" => json(200, r#"[{"symbol":"BTCUSDT","marginType":"CROSSED","leverage":20}]"#),
        "/fapi/v1/leverage" => json(200, r#"{"leverage":7,"symbol":"BTCUSDT"}"#),
        _ => json(200, r#"{"code":200,"msg":"success"}"#),
    };
    let world = at(Server::start(move |heard| otherwise(heard.path())).await);
    world.binance.prepare(&world.login, &market(), Leverage::new(7).unwrap()).await.unwrap();
    let heard = world.server.lines();
    for name in ["account config", "symbol config", "one way", "isolated", "leverage"] {
        let case = other(&recorded, name);
        let (_, path) = case["url"].as_str().unwrap().split('?').next().unwrap().split_once(".com").unwrap();
        compare(case, heard.iter().find(|line| line.contains(path)).unwrap());
    }
    assert_eq!(heard.len(), 5);
}
