//! Answers with all that stands in them, in the form in which others have recorded them: `ccxt/ccxt`, at 05776890,
//! `ts/src/test/static/response/binance.json`. The values are ours. What is recorded there has passed the library, which writes
//! most numbers as texts; here they stand as the exchange sends them.

use super::{World, address, limit_buy, market, parse};
use crate::server::json;
use app::ports::{Balance, Outcome};
use domain::market::Level;
use domain::order::{Status, TradeId};
use serde_json::{Value, json as value};
use venues::native::Native;

fn order(kind: &str, price: &str, executed: &str, status: &str) -> Value {
    value!({
        "symbol": "BTCUSDT", "orderId": 8_000_000_028_i64, "orderListId": -1, "clientOrderId": "mabc1", "price": price,
        "origQty": "0.01234000", "executedQty": executed, "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": "0.00000000", "status": status, "timeInForce": "GTC", "type": kind, "side": "BUY",
        "stopPrice": "0.00000000", "icebergQty": "0.00000000", "time": 1_699_999_999_400_i64,
        "updateTime": 1_699_999_999_400_i64, "isWorking": true, "workingTime": 1_699_999_999_400_i64,
        "selfTradePreventionMode": "EXPIRE_MAKER"
    })
}

#[tokio::test]
async fn an_order_at_the_market_is_read_with_its_price_and_fee() {
    let trade = value!({
        "symbol": "BTCUSDT", "id": 300_000_056, "orderId": 8_000_000_028_i64, "orderListId": -1, "price": "64250.31000000",
        "qty": "0.01234000", "quoteQty": "792.84882540", "commission": "0.00001234", "commissionAsset": "BTC",
        "time": 1_699_999_999_400_i64, "isBuyer": true, "isMaker": false, "isBestMatch": true
    });
    let filled = order("MARKET", "0.00000000", "0.01234000", "FILLED");
    let replies = vec![json(200, &filled.to_string()), json(200, &value!([trade]).to_string())];
    let world = World::saying(replies).await;
    let fact = world.binance.find_order(&world.login, &address("mabc1")).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Filled), Some("8000000028")));
    let fill = &fact.fills[&TradeId("300000056".to_owned())];
    let fee = fill.fee.as_ref().unwrap();
    assert_eq!((fill.price, fill.quantity, fact.cumulative), (parse("64250.31"), parse("0.01234"), parse("0.01234")));
    assert_eq!((fee.asset.as_str(), fee.amount, fill.at.millis()), ("BTC", parse("0.00001234"), 1_699_999_999_400));
}

#[tokio::test]
async fn an_order_that_rests_is_accepted_with_its_number() {
    let mut told = order("LIMIT", "64250.30000000", "0.00000000", "NEW");
    let fields = told.as_object_mut().unwrap();
    fields.retain(|name, _| !["stopPrice", "time", "updateTime", "isWorking"].contains(&name.as_str()));
    fields.extend([("transactTime".to_owned(), value!(1_699_999_999_400_i64)), ("fills".to_owned(), value!([]))]);
    let world = World::saying(vec![json(200, &told.to_string())]).await;
    let outcome = world.binance.submit(&world.login, &limit_buy()).await;
    let Outcome::Accepted(fact) = outcome else { unreachable!("{outcome:?}") };
    assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Open), Some("8000000028")));
    assert!(fact.fills.is_empty() && fact.cumulative.is_zero());
}

#[tokio::test]
async fn what_an_account_has_and_what_is_offered_are_read_to_the_last_digit() {
    let account = value!({
        "makerCommission": 10, "takerCommission": 10, "buyerCommission": 0, "sellerCommission": 0, "canTrade": true,
        "commissionRates": { "maker": "0.00100000", "taker": "0.00100000", "buyer": "0.00000000", "seller": "0.00000000" },
        "canWithdraw": true, "canDeposit": true, "brokered": false, "requireSelfTradePrevention": false,
        "preventSor": false, "updateTime": 1_699_999_999_400_i64, "accountType": "SPOT", "permissions": ["SPOT"],
        "uid": 7, "balances": [{ "asset": "ETH", "free": "0.01020304", "locked": "0.50607080" }]
    });
    let book = value!({
        "lastUpdateId": 27, "bids": [["64250.30000000", "0.01250000"], ["64250.20000000", "0.00375000"]],
        "asks": [["64250.31000000", "0.01050000"], ["64250.80000000", "0.00025000"]]
    });
    let world = World::saying(vec![json(200, &account.to_string()), json(200, &book.to_string())]).await;
    let held = Balance { free: parse("0.01020304"), locked: parse("0.5060708") };
    assert_eq!(world.binance.balances(&world.login).await, Ok([(parse("ETH"), held)].into()));
    let book = world.binance.book(world.site(), &market().key, 2).await.unwrap();
    let level = |price: &str, quantity: &str| Level { price: parse(price), quantity: parse(quantity) };
    assert_eq!(book.bids, [level("64250.3", "0.0125"), level("64250.2", "0.00375")]);
    assert_eq!(book.asks, [level("64250.31", "0.0105"), level("64250.8", "0.00025")]);
}
