//! Lists with more orders than stand on one page.

use super::orders::empty;
use super::{EXCHANGES, World};
use crate::server::{Heard, Reply, Server, json, text};
use app::ports::{Listed, VenueError, VenueOrder};
use domain::clock::Millis;
use serde_json::{Value, json as value};
use venues::native::Native;

const ORDERS: u64 = 130;

fn row(name: &str, number: u64) -> Value {
    let (id, client_id) = (number.to_string(), format!("m{number}"));
    match name {
        "bybit" => value!({
            "orderId": id, "orderLinkId": client_id, "symbol": "BTCUSDT", "price": "64250.3", "qty": "1", "side": "Buy",
            "orderStatus": "New", "avgPrice": "0", "leavesQty": "1", "cumExecQty": "0", "cumExecValue": "0",
            "cumExecFee": "0", "orderType": "Limit", "timeInForce": "GTC", "createdTime": "1700000000123",
            "updatedTime": "1700000000223",
        }),
        "okx" => value!({
            "instId": "BTC-USDT", "ordId": id, "clOrdId": client_id, "side": "buy", "ordType": "limit", "px": "64250.3",
            "sz": "1", "accFillSz": "0", "state": "live", "cTime": "1700000000130", "avgPx": "", "fee": "0", "feeCcy": "BTC",
        }),
        "kucoin" => value!({
            "id": id, "clientOid": client_id, "symbol": "BTC-USDT", "opType": "DEAL", "type": "limit", "side": "buy",
            "price": "64250.3", "size": "1", "funds": "0", "dealFunds": "0", "dealSize": "0", "remainSize": "1",
            "remainFunds": "0", "cancelledSize": "0", "cancelledFunds": "0", "fee": "0", "feeCurrency": "USDT",
            "timeInForce": "GTC", "cancelExist": false, "createdAt": 1_700_000_000_123_u64,
            "lastUpdatedAt": 1_700_000_000_223_u64, "inOrderBook": true, "active": true,
        }),
        "kucoinusdm" => value!({
            "id": id, "clientOid": client_id, "symbol": "XBTUSDTM", "type": "limit", "side": "buy", "price": "64250.3",
            "size": 12, "value": "770", "dealValue": "0", "dealSize": 0, "filledSize": 0, "filledValue": "0",
            "isActive": true, "cancelExist": false, "createdAt": 1_700_000_000_130_u64,
            "updatedAt": 1_700_000_000_150_u64, "settleCurrency": "USDT", "status": "open", "reduceOnly": false,
        }),
        _ => value!({
            "userId": "1", "symbol": "BTCUSDT", "orderId": id, "clientOid": client_id, "price": "64250.3", "size": "1",
            "orderType": "limit", "side": "buy", "status": "live", "priceAvg": "64250.3", "baseVolume": "0",
            "quoteVolume": "0", "enterPointSource": "API", "feeDetail": "", "orderSource": "normal",
            "cTime": "1700000000130", "uTime": "1700000000130",
        }),
    }
}

/// What the request has for one of these words.
fn asked_for(heard: &Heard, words: &[&str]) -> Option<u64> {
    let pairs = heard.query().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(word, _)| words.contains(word)).find_map(|(_, value)| value.rsplit([':', 'A']).next()?.parse().ok())
}

/// The newest that are older than what was asked for, as many as are asked for, and at most `most`.
fn page(name: &str, heard: &Heard, most: u64) -> Reply {
    let rows = asked_for(heard, &["limit", "pageSize"]).unwrap_or(if name == "kucoin" { ORDERS } else { 20 }).min(most);
    let behind = (asked_for(heard, &["currentPage"]).unwrap_or(1) - 1) * rows;
    let newest = asked_for(heard, &["cursor", "after", "lastId", "idLessThan"]).unwrap_or(ORDERS + 1 - behind) - 1;
    let oldest = (newest + 1).saturating_sub(rows).max(1);
    let list: Vec<Value> = (oldest..=newest).rev().map(|number| row(name, number)).collect();
    json(200, &told(name, &list, oldest, ORDERS.div_ceil(rows)).to_string())
}

fn told(name: &str, list: &[Value], oldest: u64, pages: u64) -> Value {
    match name {
        // A cursor is told on the last page as well.
        "bybit" => value!({"retCode": 0, "retMsg": "OK", "time": 1_700_000_000_300_u64,
            "result": {"category": "spot", "nextPageCursor": format!("before:{oldest}"), "list": list}}),
        "okx" => value!({"code": "0", "msg": "", "data": list}),
        "kucoin" => value!({"code": "200000", "data": {"items": list, "lastId": oldest}}),
        "kucoinusdm" => value!({"code": "200000", "data": {"items": list, "totalPage": pages}}),
        _ => value!({"code": "00000", "msg": "success", "requestTime": 1_700_000_000_300_u64, "data": list}),
    }
}

async fn listed(
    name: &'static str,
    which: Listed,
    reply: impl Fn(&Heard) -> Reply + Send + Sync + 'static,
) -> (Result<Vec<VenueOrder>, VenueError>, Vec<String>) {
    let world = World::at(name, Server::start(reply).await);
    let listed = world.spoken.list_orders(&world.login, &world.market(), "m", which).await;
    (listed, world.server.lines())
}

/// KuCoin tells all of its open orders of coins at once; the other lists have pages of their own.
fn names() -> impl Iterator<Item = &'static str> {
    EXCHANGES.into_iter().chain(["kucoinusdm"])
}

#[tokio::test]
async fn open_orders_are_listed_whole_however_many_stand_on_a_page() {
    for name in names() {
        let (all, asked) = listed(name, Listed::Open, move |heard| page(name, heard, ORDERS)).await;
        let all = all.unwrap_or_else(|error| unreachable!("{name}: {error}"));
        let word = match name {
            "bybit" => Some("limit=50"),
            "kucoin" => None,
            "kucoinusdm" => Some("pageSize=100"),
            _ => Some("limit=100"),
        };
        assert_eq!(all.len(), 130, "{name}");
        assert!(word.is_none_or(|word| asked.iter().all(|line| line.contains(word))), "{name}: {asked:?}");
        // The last page of thirty could be one of many, where the exchange does not say how many there are.
        let pages = match name {
            "bybit" => 4,
            "kucoin" => 1,
            "kucoinusdm" => 2,
            _ => 3,
        };
        assert_eq!(asked.len(), pages, "{name}");
    }
}

/// Some keep to limits of their own.
#[tokio::test]
async fn a_page_that_is_shorter_than_was_asked_for_is_not_the_last_for_that() {
    for name in names().filter(|name| *name != "kucoin") {
        let (all, _) = listed(name, Listed::Open, move |heard| page(name, heard, 20)).await;
        assert_eq!(all.map(|all| all.len()), Ok(130), "{name}");
    }
}

#[tokio::test]
async fn orders_that_are_over_are_listed_whole() {
    for name in EXCHANGES {
        let is_open = |heard: &Heard| {
            ["realtime", "pending", "active", "unfilled-orders"].iter().any(|of| heard.path().contains(of))
        };
        let reply =
            move |heard: &Heard| if is_open(heard) { json(200, empty(name)) } else { page(name, heard, ORDERS) };
        let since = super::NOW.minus(Millis::seconds(600));
        let (all, asked) = listed(name, Listed::Since(since), reply).await;
        assert_eq!(all.map(|all| all.len()), Ok(130), "{name}: {asked:?}");
        let limit = if name == "bybit" { "limit=50" } else { "limit=100" };
        assert!(asked.iter().skip(1).all(|line| line.contains(limit)), "{name}: {asked:?}");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_followed_to_its_end_is_not_told_in_part() {
    for name in names().filter(|name| *name != "kucoin") {
        let list = |from: u64| (from..from + 100).map(|number| row(name, number)).collect::<Vec<_>>();
        let again = told(name, &list(1), 1, 9).to_string();
        let (all, asked) = listed(name, Listed::Open, move |_| json(200, &again)).await;
        assert!(all.is_err() && asked.len() == 2, "{name}: one page again and again: {asked:?}");
        let broken = move |heard: &Heard| {
            let is_first = is_first_asked(heard);
            if is_first { page(name, heard, ORDERS) } else { text(503, "") }
        };
        let (all, _) = listed(name, Listed::Open, broken).await;
        assert!(all.is_err(), "{name}: a page that does not come");
        let endless = move |heard: &Heard| {
            let before = asked_for(heard, &["cursor", "after", "idLessThan"]).unwrap_or(90_000);
            let before = before - 100 * asked_for(heard, &["currentPage"]).unwrap_or(0);
            let list: Vec<_> = (before - 100..before).map(|number| row(name, number)).collect();
            json(200, &told(name, &list, before - 100, 99).to_string())
        };
        let (all, asked) = listed(name, Listed::Open, endless).await;
        assert!(all.is_err() && asked.len() == 20, "{name}: {}", asked.len());
    }
}

fn is_first_asked(heard: &Heard) -> bool {
    asked_for(heard, &["cursor", "after", "lastId", "idLessThan", "currentPage"]).is_none()
}
