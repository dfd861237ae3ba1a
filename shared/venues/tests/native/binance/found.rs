//! What is asked about one order, and when it is absent.

use super::{World, address, market, market_of, parse, shown, traded};
use crate::server::{Reply, json, text};
use app::ports::{Address, VenueError};
use domain::clock::Timestamp;
use domain::order::{Fact, Fee, Fill, Status, TradeId};
use std::collections::BTreeMap;
use venues::native::Native;

const FIND: &str = "GET /api/v3/order?symbol=BTCUSDT&origClientOrderId=mabc1";
/// From two seconds before it may have been sent to two seconds ahead of now.
const ORDERS: &str = "GET /api/v3/allOrders?symbol=BTCUSDT&startTime=1699999998123&endTime=1700000002123&limit=1000";
const TRADES: &str = "GET /api/v3/myTrades?symbol=BTCUSDT&startTime=1699999998123&endTime=1700000002123&limit=1000";

fn absent() -> Reply {
    json(400, r#"{"code":-2013,"msg":"Order does not exist."}"#)
}

async fn found(replies: Vec<Reply>, heard: &[&str]) -> Result<Option<Fact>, VenueError> {
    let world = World::saying(replies).await;
    let found = world.binance.find_order(&world.login, &address("mabc1")).await;
    assert_eq!(world.heard(), heard);
    found
}

fn fill(asset: &str, quantity: &str) -> Fill {
    let fee = Some(Fee::of(&market().key.symbol, parse(asset), parse("0.00001")));
    let at = Timestamp::from_millis(1_699_999_999_500);
    Fill { fee, price: parse("64250.3"), quantity: parse(quantity), at }
}

fn traded_order() -> Fact {
    let fills = [("56", fill("BTC", "0.01")), ("57", fill("BNB", "0.00234"))];
    Fact {
        venue_id: Some("28".to_owned()),
        cumulative: parse("0.01234"),
        fills: fills.map(|(id, fill)| (TradeId(id.to_owned()), fill)).into(),
        ..Fact::of(Status::Filled)
    }
}

fn trades() -> Reply {
    json(200, &format!("[{},{}]", traded(56, 28, "0.01000000", "BTC"), traded(57, 28, "0.00234000", "BNB")))
}

const TRADES_OF_IT: &str = "GET /api/v3/myTrades?symbol=BTCUSDT&orderId=28&limit=1000";

#[tokio::test]
async fn an_order_is_found_with_its_trades_and_their_fees() {
    let filled = json(200, &shown("mabc1", "FILLED", "0.01234000", ""));
    let fact = found(vec![filled, trades()], &[FIND, TRADES_OF_IT]).await;
    assert_eq!(fact, Ok(Some(traded_order())));
}

#[tokio::test]
async fn an_order_without_a_trade_is_one_question() {
    for (word, status) in [
        ("NEW", Status::Open),
        ("PENDING_NEW", Status::Open),
        ("CANCELED", Status::Cancelled),
        ("EXPIRED", Status::Expired),
        ("EXPIRED_IN_MATCH", Status::Expired),
        ("REJECTED", Status::Rejected),
    ] {
        let fact = found(vec![json(200, &shown("mabc1", word, "0.00000000", ""))], &[FIND]).await;
        assert_eq!(fact, Ok(Some(Fact { venue_id: Some("28".to_owned()), ..Fact::of(status) })), "{word}");
    }
    let archived = json(400, r#"{"code":-2026,"msg":"Order was canceled or expired over 90 days ago."}"#);
    assert_eq!(found(vec![archived], &[FIND]).await, Ok(Some(Fact::of(Status::Cancelled))));
}

const OPEN: &str = "GET /api/v3/openOrders?symbol=BTCUSDT";

#[tokio::test]
async fn of_many_orders_those_are_told_that_are_open_and_whose_trades_are_known() {
    let rows = [
        shown("mabc1", "NEW", "0.00000000", ""),
        shown("mabc2", "PARTIALLY_FILLED", "0.01000000", ""),
        shown("mabc3", "PARTIALLY_FILLED", "0.01000000", ""),
        shown("other", "NEW", "0.00000000", ""),
    ];
    let world = World::saying(vec![json(200, &format!("[{}]", rows.join(",")))]).await;
    let mut asked = ["mabc1", "mabc2", "mabc3", "mabc4"].map(address);
    asked[2].known = [(TradeId("56".to_owned()), parse("0.01"))].into();
    let found = world.binance.find_many(&world.login, &asked).await.unwrap();
    let told: Vec<_> = found.iter().map(|(id, fact)| (id.as_str(), fact.status, fact.cumulative)).collect();
    let expected = [("mabc1", Some(Status::Open), parse("0")), ("mabc3", Some(Status::PartiallyFilled), parse("0.01"))];
    assert_eq!(told, expected, "what has traded, and what is not open, is asked about by itself");
    assert_eq!(world.heard(), [OPEN]);
}

#[tokio::test]
async fn of_each_market_a_list_is_read_where_it_weighs_less_than_its_orders() {
    let world = World::saying(vec![json(200, "[]")]).await;
    let alone = Address { market: market_of("ETH/USDT"), ..address("mabc3") };
    let found = world.binance.find_many(&world.login, &[address("mabc1"), address("mabc2"), alone]).await;
    assert_eq!((found, world.heard()), (Ok(BTreeMap::new()), vec![OPEN.to_owned()]));
}

#[tokio::test]
async fn an_order_that_only_the_list_knows_is_found_there() {
    let listed = json(200, &format!("[{}]", shown("mabc1", "FILLED", "0.01234000", r#","time":1699999999400"#)));
    let fact = found(vec![absent(), listed, trades()], &[FIND, ORDERS, TRADES_OF_IT]).await;
    assert_eq!(fact, Ok(Some(traded_order())));
}

#[tokio::test]
async fn an_order_that_only_a_trade_knows_is_found_behind_it() {
    let order = json(200, &shown("mabc1", "FILLED", "0.01234000", r#","time":1699999999400"#));
    let asked = "GET /api/v3/order?symbol=BTCUSDT&orderId=28";
    let replies = vec![absent(), json(200, "[]"), trades(), order, trades()];
    assert_eq!(found(replies, &[FIND, ORDERS, TRADES, asked, TRADES_OF_IT]).await, Ok(Some(traded_order())));
}

#[tokio::test]
async fn an_order_is_absent_where_neither_orders_nor_trades_know_it() {
    let others = json(200, &format!("[{}]", shown("other", "FILLED", "0.01234000", r#","time":1699999999400"#)));
    let asked = [FIND, ORDERS, TRADES];
    assert_eq!(found(vec![absent(), json(200, "[]"), json(200, "[]")], &asked).await, Ok(None));
    assert_eq!(found(vec![absent(), others, trades()], &asked).await, Ok(None));
    let stray = json(200, &shown("other", "FILLED", "0.01234000", r#","time":1699999990000"#));
    let asked = [FIND, ORDERS, TRADES, "GET /api/v3/order?symbol=BTCUSDT&orderId=28"];
    assert_eq!(found(vec![absent(), json(200, "[]"), trades(), stray], &asked).await, Ok(None));
}

#[tokio::test]
async fn an_order_whose_number_is_known_is_absent_where_that_has_no_trade() {
    let numbered = |days: i64| Address {
        venue_id: Some("28".to_owned()),
        since: Timestamp::from_millis(super::NOW.millis() - days * 86_400_000),
        ..address("mabc1")
    };
    for (days, list) in [(0, ORDERS), (3, OPEN)] {
        let world = World::saying(vec![absent(), json(200, "[]"), json(200, "[]")]).await;
        let found = world.binance.find_order(&world.login, &numbered(days)).await;
        assert_eq!((found, world.heard()), (Ok(None), [FIND, list, TRADES_OF_IT].map(str::to_owned).to_vec()));
    }
    let listed = json(200, &format!("[{}]", shown("mabc1", "FILLED", "0.01234000", r#","time":1699999999400"#)));
    let world = World::saying(vec![absent(), listed, trades()]).await;
    assert_eq!(world.binance.find_order(&world.login, &numbered(0)).await, Ok(Some(traded_order())));
}

#[tokio::test]
async fn what_cannot_be_read_proves_nothing() {
    let away = || text(503, "<html>");
    let asked = [FIND, ORDERS, TRADES, "GET /api/v3/order?symbol=BTCUSDT&orderId=28"];
    let replies = [absent(), json(200, "[]"), trades(), absent()];
    for missing in 0..4 {
        let mut replies = replies[..=missing].to_vec();
        replies[missing] = if missing == 3 { absent() } else { away() };
        found(replies, &asked[..=missing]).await.unwrap_err();
    }
    for body in ["[]", "{}", "", r#"{"orderId":1}"#] {
        found(vec![json(200, body)], &[FIND]).await.unwrap_err();
    }
    found(vec![json(200, &shown("other", "NEW", "0.00000000", ""))], &[FIND]).await.unwrap_err();
    found(vec![json(200, &shown("mabc1", "WONDERFUL", "0.00000000", ""))], &[FIND]).await.unwrap_err();
}

#[tokio::test]
async fn all_trades_of_an_order_are_read_however_many() {
    let page = |from: u32, count: u32| {
        let rows: Vec<String> = (from..from + count).map(|trade| traded(trade, 28, "0.00001000", "BTC")).collect();
        json(200, &format!("[{}]", rows.join(",")))
    };
    let order = json(200, &shown("mabc1", "FILLED", "0.01234000", ""));
    let next = "GET /api/v3/myTrades?symbol=BTCUSDT&orderId=28&fromId=1500&limit=1000";
    let fact = found(vec![order.clone(), page(500, 1_000), page(1_500, 234)], &[FIND, TRADES_OF_IT, next]).await;
    assert_eq!(fact.unwrap().unwrap().fills.len(), 1_234);
    let fact = found(vec![order.clone(), page(500, 1_000), text(503, "")], &[FIND, TRADES_OF_IT, next]).await;
    let fact = fact.unwrap().unwrap();
    assert_eq!(
        (fact.cumulative, fact.fills.len()),
        (parse("0.01234"), 1_000),
        "what did not come is left to another look"
    );
    found(vec![order, text(503, "")], &[FIND, TRADES_OF_IT]).await.unwrap_err();
}
