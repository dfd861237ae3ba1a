//! What is asked about one order of contracts, when it is absent, and what is listed of a market.

use super::{address, market, parse, saying, shown, traded};
use crate::server::{Reply, json, text};
use app::ports::Listed;
use domain::clock::{Millis, Timestamp};
use domain::order::{Fact, Fee, FeeValue, Status};
use venues::native::Native;

const FIND: &str = "GET /fapi/v1/order?symbol=BTCUSDT&origClientOrderId=mabc1";
const ORDERS: &str = "GET /fapi/v1/allOrders?symbol=BTCUSDT&startTime=1699999998123&endTime=1700000002123&limit=1000";
const TRADES: &str = "GET /fapi/v1/userTrades?symbol=BTCUSDT&startTime=1699999998123&endTime=1700000002123&limit=1000";
const TRADES_OF_IT: &str = "GET /fapi/v1/userTrades?symbol=BTCUSDT&orderId=8389765591122845789&limit=1000";

fn absent() -> Reply {
    json(400, r#"{"code":-2013,"msg":"Order does not exist."}"#)
}

fn rows(rows: &[String]) -> Reply {
    json(200, &format!("[{}]", rows.join(",")))
}

async fn found(replies: Vec<Reply>, heard: &[&str]) -> Result<Option<Fact>, app::ports::VenueError> {
    let world = saying(replies).await;
    let found = world.binance.find_order(&world.login, &address("mabc1")).await;
    assert_eq!(world.heard(), heard);
    found
}

#[tokio::test]
async fn an_order_is_found_with_its_trades_and_what_they_have_cost_in_quote() {
    let filled = json(200, &shown("mabc1", "FILLED", "0.012", r#","time":1699999999400"#));
    let trades = rows(&[traded(56, "0.010", "USDT"), traded(57, "0.002", "BNB")]);
    let fact = found(vec![filled, trades], &[FIND, TRADES_OF_IT]).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.cumulative, fact.fills.len()), (Some(Status::Filled), parse("0.012"), 2));
    let fees: Vec<Fee> = fact.fills.values().filter_map(|fill| fill.fee.clone()).collect();
    let own = Fee { asset: parse("USDT"), amount: parse("0.3855018"), value: FeeValue::Own };
    assert_eq!(fees, [own, Fee::of(&market().key.symbol, parse("BNB"), parse("0.3855018"))]);
    assert_eq!(fees[1].value, FeeValue::Wanted);
}

#[tokio::test]
async fn an_order_of_contracts_is_absent_where_neither_orders_nor_trades_know_it() {
    let asked = [FIND, ORDERS, TRADES];
    assert_eq!(found(vec![absent(), rows(&[]), rows(&[])], &asked).await, Ok(None));
    let numbered = "GET /fapi/v1/order?symbol=BTCUSDT&orderId=8389765591122845789";
    let late = shown("mabc1", "FILLED", "0.012", r#","time":1699999999400"#);
    let trade = || rows(&[traded(56, "0.012", "USDT")]);
    let replies = vec![absent(), rows(&[]), trade(), json(200, &late), trade()];
    let fact = found(replies, &[FIND, ORDERS, TRADES, numbered, TRADES_OF_IT]).await.unwrap().unwrap();
    assert_eq!(fact.fills.len(), 1);
    found(vec![absent(), text(503, "")], &[FIND, ORDERS]).await.unwrap_err();
    // On spot this is said of an order that is no more kept; here of a kind of order.
    let other = json(400, r#"{"code":-2026,"msg":"This OrderType is not supported when reduceOnly."}"#);
    found(vec![other], &[FIND]).await.unwrap_err();
}

#[tokio::test]
async fn the_fence_of_time_is_the_same_as_on_spot() {
    let terms = saying(Vec::new()).await.binance.terms();
    assert_eq!((terms.validity, terms.read_lag), (Some(Millis::seconds(5)), Millis::seconds(5)));
}

#[tokio::test]
async fn what_is_open_and_what_was_accepted_since_is_ours_alone() {
    let ours = shown("mabc1", "NEW", "0.000", r#","time":1699999999400"#);
    let other = shown("autoclose-1", "NEW", "0.000", r#","time":1699999999400"#);
    let world = saying(vec![rows(&[other.clone(), ours.clone()]), rows(&[other, ours])]).await;
    let since = Timestamp::from_millis(1_699_999_999_000);
    for which in [Listed::Open, Listed::Since(since)] {
        let listed = world.binance.list_orders(&world.login, &market(), "mabc", which).await.unwrap();
        assert_eq!(listed.iter().map(|order| order.client_id.as_str()).collect::<Vec<_>>(), ["mabc1"], "{which:?}");
        assert_eq!((listed[0].accepted_at.millis(), listed[0].stop), (1_699_999_999_400, None));
    }
    let all = "GET /fapi/v1/allOrders?symbol=BTCUSDT&startTime=1699999999000&endTime=1700000002123&limit=1000";
    assert_eq!(world.heard(), ["GET /fapi/v1/openOrders?symbol=BTCUSDT", all]);
}
