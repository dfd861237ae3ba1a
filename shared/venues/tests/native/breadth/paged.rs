//! Orders with more trades than stand on one page.

use super::{CLIENT_ID, EXCHANGES, World, parse};
use crate::server::{Heard, Reply, Server, json, text};
use app::ports::Address;
use domain::order::{Fact, Status, TradeId};
use serde_json::{Value, json as value};
use venues::native::Native;

/// Each of 0.01, all in the same millisecond, as one order at the market has them.
const TRADES: u64 = 130;

pub(super) fn order(name: &str) -> Value {
    match name {
        "bybit" => value!({"retCode": 0, "retMsg": "OK", "result": {"category": "spot", "list": [{
            "orderId": "77", "orderLinkId": CLIENT_ID, "symbol": "BTCUSDT", "price": "64250.3", "qty": "1.3", "side": "Sell",
            "orderStatus": "Filled", "avgPrice": "64250.3", "leavesQty": "0", "cumExecQty": "1.3", "cumExecValue": "83525.39",
            "cumExecFee": "1.3", "orderType": "Limit", "timeInForce": "GTC", "createdTime": "1700000000123",
            "updatedTime": "1700000000223",
        }]}, "time": 1_700_000_000_300_u64}),
        "okx" => value!({"code": "0", "msg": "", "data": [{
            "instId": "BTC-USDT", "ordId": "77", "clOrdId": CLIENT_ID, "side": "sell", "ordType": "limit", "px": "64250.3",
            "sz": "1.3", "accFillSz": "1.3", "state": "filled", "cTime": "1700000000130", "avgPx": "64250.3", "fee": "-1.3",
            "feeCcy": "USDT",
        }]}),
        "kucoin" => value!({"code": "200000", "data": {
            "id": "77", "clientOid": CLIENT_ID, "symbol": "BTC-USDT", "opType": "DEAL", "type": "limit", "side": "sell",
            "price": "64250.3", "size": "1.3", "funds": "0", "dealFunds": "83525.39", "dealSize": "1.3", "remainSize": "0",
            "remainFunds": "0", "cancelledSize": "0", "cancelledFunds": "0", "fee": "1.3", "feeCurrency": "USDT",
            "timeInForce": "GTC", "cancelExist": false, "createdAt": 1_700_000_000_123_u64,
            "lastUpdatedAt": 1_700_000_000_223_u64, "inOrderBook": false, "active": false,
        }}),
        _ => value!({"code": "00000", "msg": "success", "requestTime": 1_700_000_000_300_u64, "data": [{
            "userId": "1", "symbol": "BTCUSDT", "orderId": "77", "clientOid": CLIENT_ID, "price": "64250.3", "size": "1.3",
            "orderType": "limit", "side": "sell", "status": "filled", "priceAvg": "64250.3", "baseVolume": "1.3",
            "quoteVolume": "83525.39", "enterPointSource": "API", "feeDetail": "", "orderSource": "normal",
            "cTime": "1700000000130", "uTime": "1700000000130",
        }]}),
    }
}

pub(super) fn trade(name: &str, number: u64) -> Value {
    let id = number.to_string();
    match name {
        "bybit" => value!({
            "symbol": "BTCUSDT", "orderId": "77", "orderLinkId": CLIENT_ID, "side": "Sell", "orderPrice": "64250.3",
            "orderQty": "1.3", "orderType": "Limit", "execFee": "0.01", "execId": id, "execPrice": "64250.3",
            "execQty": "0.01", "execType": "Trade", "execValue": "642.503", "feeCurrency": "USDT",
            "execTime": "1700000000200", "isMaker": false, "feeRate": "0.001",
        }),
        "okx" => value!({
            "instId": "BTC-USDT", "tradeId": id, "billId": (number + 5_000).to_string(), "ordId": "77", "clOrdId": CLIENT_ID,
            "side": "sell", "fillPx": "64250.3", "fillSz": "0.01", "fee": "-0.01", "feeCcy": "USDT", "execType": "T",
            "ts": "1700000000200", "instType": "SPOT",
        }),
        "kucoin" => value!({
            "id": number, "symbol": "BTC-USDT", "tradeId": number, "orderId": "77", "counterOrderId": "1", "side": "sell",
            "liquidity": "taker", "forceTaker": false, "price": "64250.3", "size": "0.01", "funds": "642.503", "fee": "0.01",
            "feeRate": "0.001", "feeCurrency": "USDT", "stop": "", "tradeType": "TRADE", "type": "limit",
            "createdAt": 1_700_000_000_200_u64,
        }),
        _ => value!({
            "userId": "1", "symbol": "BTCUSDT", "orderId": "77", "tradeId": id, "orderType": "limit", "side": "sell",
            "priceAvg": "64250.3", "size": "0.01", "amount": "642.503", "tradeScope": "taker",
            "feeDetail": {"deduction": "no", "feeCoin": "USDT", "totalDeductionFee": "", "totalFee": "-0.01"},
            "cTime": "1700000000200", "uTime": "1700000000200",
        }),
    }
}

/// The newest trades before the place that a page tells, and where the next page is.
fn page(name: &str, rows: u64, before: Option<u64>) -> Value {
    let newest = before.map_or(TRADES, |before| before - 1);
    let oldest = (newest + 1).saturating_sub(rows).max(1);
    let list: Vec<Value> = (oldest..=newest).rev().map(|number| trade(name, number)).collect();
    let next = if oldest > 1 { format!("before:{oldest}") } else { String::new() };
    told_so(name, &list, &next, oldest)
}

/// Rows as the exchange tells them, and where it says that the next page is.
pub(super) fn told_so(name: &str, rows: &[Value], cursor: &str, last: u64) -> Value {
    match name {
        "bybit" => value!({"retCode": 0, "retMsg": "OK", "time": 1_700_000_000_300_u64,
            "result": {"category": "spot", "nextPageCursor": cursor, "list": rows}}),
        "okx" => value!({"code": "0", "msg": "", "data": rows}),
        "kucoin" => value!({"code": "200000", "data": {"items": rows, "lastId": last}}),
        _ => value!({"code": "00000", "msg": "success", "requestTime": 1_700_000_000_300_u64, "data": rows}),
    }
}

/// Where the page that is asked for begins.
fn asked_before(heard: &Heard) -> Option<u64> {
    let words = ["cursor", "after", "lastId", "idLessThan"];
    let pair = heard.query().split('&').filter_map(|pair| pair.split_once('=')).find(|(word, _)| words.contains(word));
    let number: u64 = pair?.1.rsplit([':', 'A']).next()?.parse().unwrap();
    Some(if pair?.0 == "after" { number - 5_000 } else { number })
}

pub(super) fn asks_for_trades(heard: &Heard) -> bool {
    ["fills", "fills-history", "execution/list"].iter().any(|path| heard.path().ends_with(path))
}

/// The order as it is found where trades are answered so, and how often they were asked for.
async fn found(
    name: &'static str,
    known: &[u64],
    reply: impl Fn(&Heard) -> Reply + Send + Sync + 'static,
) -> (Fact, usize) {
    let told = order(name).to_string();
    let server = Server::start(move |heard| if asks_for_trades(heard) { reply(heard) } else { json(200, &told) }).await;
    let world = World::at(name, server);
    let known = known.iter().map(|number| (TradeId(number.to_string()), parse("0.01"))).collect();
    let address = Address { known, ..world.address() };
    let fact = world.spoken.find_order(&world.login, &address).await.unwrap().unwrap();
    (fact, world.server.heard().iter().filter(|heard| asks_for_trades(heard)).count())
}

fn told(fact: &Fact) -> (Option<Status>, String, usize) {
    (fact.status, fact.cumulative.to_string(), fact.fills.len())
}

fn filled_with(trades: usize) -> (Option<Status>, String, usize) {
    (Some(Status::Filled), "1.3".to_owned(), trades)
}

#[tokio::test]
async fn all_trades_of_an_order_are_read_however_many_stand_on_a_page() {
    for (rows, pages) in [(100, 2), (20, 7)] {
        for name in EXCHANGES {
            let reply = move |heard: &Heard| json(200, &page(name, rows, asked_before(heard)).to_string());
            let (fact, asked) = found(name, &[], reply).await;
            assert_eq!((told(&fact), asked), (filled_with(130), pages), "{name} {rows}");
        }
    }
}

#[tokio::test]
async fn an_order_whose_pages_cannot_be_followed_is_told_with_what_it_has_filled() {
    for name in EXCHANGES {
        let same = move |_: &Heard| json(200, &page(name, 100, None).to_string());
        let (fact, asked) = found(name, &[], same).await;
        assert_eq!((told(&fact), asked), (filled_with(100), 2), "{name}: one page again and again");
        let broken = move |heard: &Heard| match asked_before(heard) {
            None => json(200, &page(name, 100, None).to_string()),
            Some(_) => text(503, ""),
        };
        let (fact, asked) = found(name, &[], broken).await;
        assert_eq!((told(&fact), asked), (filled_with(100), 2), "{name}: a page that does not come");
    }
}

#[tokio::test]
async fn an_order_with_endless_pages_is_told_after_some_of_them() {
    let one_by_one = move |heard: &Heard| json(200, &page("okx", 1, asked_before(heard)).to_string());
    let (fact, asked) = found("okx", &[], one_by_one).await;
    assert_eq!((told(&fact), asked), (filled_with(20), 20));
}

#[tokio::test]
async fn trades_that_are_known_whole_are_not_asked_for_again() {
    let all: Vec<u64> = (1..=TRADES).collect();
    let reply = |heard: &Heard| json(200, &page("okx", 100, asked_before(heard)).to_string());
    let (fact, asked) = found("okx", &all, reply).await;
    assert_eq!((told(&fact), asked), (filled_with(0), 0));
    let (fact, asked) = found("okx", &all[..30], reply).await;
    assert_eq!((told(&fact), asked), (filled_with(100), 1), "with those that are known they are all");
}
