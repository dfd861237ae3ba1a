//! Answers with all that stands in them, in the form in which others have recorded them: `ccxt/ccxt`, at 089cd5cd,
//! `ts/src/test/static/response/coinbase.json`. The values are ours.

use super::find::{fills, orders};
use super::{ID, World, address, market};
use crate::server::{Server, json};
use app::ports::Address;
use domain::order::{Status, TradeId};
use serde_json::{Value, json as value};
use venues::native::Native;

fn sold() -> Value {
    value!({
        "order_id": "o-2", "product_id": "ADA-USDT", "user_id": "u-1", "side": "SELL", "client_order_id": ID,
        "order_configuration": { "market_market_ioc": { "base_size": "12.5" } }, "status": "FILLED",
        "time_in_force": "IMMEDIATE_OR_CANCEL", "created_time": "2023-11-14T22:13:22.300123Z",
        "completion_percentage": "100.00", "filled_size": "12.5", "average_filled_price": "0.401", "fee": "",
        "number_of_fills": "1", "filled_value": "5.0125", "pending_cancel": false, "size_in_quote": false,
        "total_fees": "0.0401", "size_inclusive_of_fees": false, "total_value_after_fees": "4.9724",
        "trigger_status": "INVALID_ORDER_TYPE", "order_type": "MARKET", "reject_reason": "REJECT_REASON_UNSPECIFIED",
        "settled": true, "product_type": "SPOT", "reject_message": "", "cancel_message": "",
        "order_placement_source": "RETAIL_ADVANCED", "outstanding_hold_amount": "0", "is_liquidation": false,
        "last_fill_time": "2023-11-14T22:13:22.404Z", "edit_history": [], "leverage": "",
        "margin_type": "UNKNOWN_MARGIN_TYPE", "cursor": "1002"
    })
}

fn traded() -> Value {
    value!({
        "entry_id": "e-1", "trade_id": "t-1", "order_id": "o-2", "trade_time": "2023-11-14T22:13:22.404Z",
        "trade_type": "FILL", "price": "0.401", "size": "12.5", "commission": "0.0401", "product_id": "ADA-USDT",
        "sequence_timestamp": "2023-11-14T22:13:22.407001Z", "liquidity_indicator": "TAKER", "size_in_quote": false,
        "user_id": "u-1", "side": "SELL", "cursor": "1003"
    })
}

/// Its list goes on, and says so with a cursor in each row as well.
#[tokio::test]
async fn an_order_at_the_market_is_read_with_its_price_and_fee() {
    let server = Server::script(vec![orders(&[sold()], "1002"), fills(&[traded()], "")]).await;
    let world = World::of(&server);
    let address = Address { market: market("ADA/USDT"), ..address() };
    let fact = world.coinbase.find_order(&world.login, &address).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Filled), Some("o-2")));
    assert_eq!(fact.cumulative, "12.5".parse().unwrap());
    let fill = &fact.fills[&TradeId("t-1".to_owned())];
    let fee = fill.fee.as_ref().unwrap();
    assert_eq!((fill.price, fill.quantity), ("0.401".parse().unwrap(), fact.cumulative));
    assert_eq!((fee.asset.as_str(), fee.amount), ("USDT", "0.0401".parse().unwrap()));
    assert_eq!(fill.at.millis(), 1_700_000_002_404);
}

#[tokio::test]
async fn the_ticker_is_the_last_trade_and_not_what_is_offered() {
    let told = value!({
        "trades": [{
            "trade_id": "1001", "product_id": "BTC-USD", "price": "64250.31", "size": "0.01234567",
            "time": "2023-11-14T22:13:20.123456Z", "side": "BUY", "bid": "", "ask": ""
        }],
        "best_bid": "64250.58", "best_ask": "64250.59"
    });
    let server = Server::script(vec![json(200, &told.to_string())]).await;
    let world = World::of(&server);
    let (price, at) = world.coinbase.ticker(&world.login.site, &market("BTC/USD").key).await.unwrap().unwrap();
    assert_eq!((price.to_string().as_str(), at.millis()), ("64250.31", 1_700_000_000_123));
}
