//! What is asked about one order of contracts, when it is absent, and what is listed of a market.

use super::super::{NOW, World};
use super::{address, market, parse, saying, shown, traded};
use crate::server::{Reply, json, text};
use app::ports::{Address, Listed};
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

const OPEN: &str = "GET /fapi/v1/openOrders?symbol=BTCUSDT";

/// A futures order that was accepted so many days ago and that is not told of by its id any more.
async fn accepted_found(
    days: i64,
    replies: Vec<Reply>,
    heard: &[&str],
) -> Result<Option<Fact>, app::ports::VenueError> {
    let world = saying(vec![absent()].into_iter().chain(replies).collect()).await;
    let since = Timestamp::from_millis(NOW.millis() - days * Millis::DAY.get());
    let address = Address { venue_id: Some("8389765591122845789".to_owned()), since, ..address("mabc1") };
    let found = world.binance.find_order(&world.login, &address).await;
    assert_eq!(world.heard(), [&[FIND], heard].concat());
    found
}

#[tokio::test]
async fn an_old_order_that_was_accepted_is_absent_after_as_few_questions_as_a_young_one() {
    for days in [7, 15, 60, 120] {
        let found = accepted_found(days, vec![rows(&[]), rows(&[])], &[OPEN, TRADES_OF_IT]).await;
        assert_eq!(found, Ok(None), "{days}");
    }
    let since_it_was_sent =
        "GET /fapi/v1/allOrders?symbol=BTCUSDT&startTime=1699481598123&endTime=1700000002123&limit=1000";
    let found = accepted_found(6, vec![rows(&[]), rows(&[])], &[since_it_was_sent, TRADES_OF_IT]).await;
    assert_eq!(found, Ok(None));
}

#[tokio::test]
async fn an_accepted_order_that_is_open_or_has_traded_is_not_absent() {
    let open = shown("mabc1", "NEW", "0.000", r#","time":1699999999400"#);
    let fact = accepted_found(15, vec![rows(&[open])], &[OPEN]).await.unwrap().unwrap();
    assert_eq!(fact.status, Some(Status::Open));
    let trade = rows(&[traded(56, "0.012", "USDT")]);
    let fact = accepted_found(100, vec![rows(&[]), trade], &[OPEN, TRADES_OF_IT]).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.fills.len()), (None, 1), "its end is told by nothing but what it has traded");
    for missing in 0..2 {
        let mut replies = vec![rows(&[]); missing];
        replies.push(text(503, ""));
        accepted_found(15, replies, &[OPEN, TRADES_OF_IT][..=missing]).await.unwrap_err();
    }
}

#[tokio::test]
async fn what_is_no_more_known_may_have_traded_ninety_days_after_it_was_placed() {
    let reach = |world: World| world.binance.terms().lists_reach;
    assert_eq!(reach(saying(Vec::new()).await), Some(Millis::seconds(89 * 86_400)));
    assert_eq!(reach(World::saying(Vec::new()).await), None, "spot says what it has archived");
}

#[tokio::test]
async fn orders_in_doubt_are_looked_for_a_week_at_a_time() {
    let world = saying(vec![absent(), rows(&[]), rows(&[]), rows(&[]), rows(&[])]).await;
    let since = Timestamp::from_millis(NOW.millis() - 10 * Millis::DAY.get());
    let found = world.binance.find_order(&world.login, &Address { since, ..address("mabc1") }).await;
    assert_eq!((found, world.heard().len()), (Ok(None), 5), "two lists of ten days");
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
