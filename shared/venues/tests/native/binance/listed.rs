//! What is asked about all orders of a market.

use super::{NOW, World, market, parse, shown, traded};
use crate::server::{Reply, json, text};
use app::ports::{Listed, VenueError, VenueOrder};
use domain::clock::{Millis, Timestamp};
use domain::order::{Direction, Status};
use domain::preset::OrderKind;
use venues::native::Native;

async fn listed(which: Listed, replies: Vec<Reply>, heard: &[&str]) -> Result<Vec<VenueOrder>, VenueError> {
    let world = World::saying(replies).await;
    let listed = world.binance.list_orders(&world.login, &market(), "mabc", which).await;
    assert_eq!(world.heard(), heard);
    listed
}

fn order(id: &str, number: u32, kind: &str, status: &str, executed: &str, time: i64) -> String {
    let more = format!(r#","time":{time},"stopPrice":"60000.00000000""#);
    shown(id, status, executed, &more)
        .replace("\"orderId\":28", &format!("\"orderId\":{number}"))
        .replace("\"type\":\"LIMIT\"", &format!("\"type\":\"{kind}\""))
}

fn rows(rows: &[String]) -> Reply {
    json(200, &format!("[{}]", rows.join(",")))
}

const OPEN: &str = "GET /api/v3/openOrders?symbol=BTCUSDT";

#[tokio::test]
async fn open_orders_are_ours_oldest_first_with_their_trades_and_triggers() {
    let replies = vec![
        rows(&[
            order("mabc3", 31, "STOP_LOSS_LIMIT", "NEW", "0.00000000", 3_000),
            order("mabc1", 29, "LIMIT", "PARTIALLY_FILLED", "0.01000000", 1_000),
            order("other", 30, "LIMIT", "PARTIALLY_FILLED", "0.01000000", 500),
            order("mabc2", 32, "STOP_LOSS", "NEW", "0.00000000", 2_000),
            order("mabc4", 33, "LIMIT_MAKER", "NEW", "0.00000000", 4_000),
            order("mabc5", 34, "TAKE_PROFIT", "NEW", "0.00000000", 5_000),
        ]),
        rows(&[traded(56, 29, "0.01000000", "BTC")]),
    ];
    let trades = "GET /api/v3/myTrades?symbol=BTCUSDT&orderId=29&limit=1000";
    let orders = listed(Listed::Open, replies, &[OPEN, trades]).await.unwrap();
    let told = |order: &VenueOrder| (order.client_id.to_string(), order.kind, order.stop, order.fact.fills.len());
    let (limit, stop) = (OrderKind::Limit(parse("64250.3")), Some(parse("60000")));
    let wanted = [
        ("mabc1", limit, None, 1),
        ("mabc2", OrderKind::Market, stop, 0),
        ("mabc3", limit, stop, 0),
        ("mabc4", limit, None, 0),
        ("mabc5", OrderKind::Market, None, 0),
    ];
    assert_eq!(
        orders.iter().map(told).collect::<Vec<_>>(),
        wanted.map(|(id, kind, stop, fills)| (id.to_owned(), kind, stop, fills))
    );
    let first = &orders[0];
    assert_eq!((first.venue_id.as_str(), first.direction), ("29", Direction::Buy));
    assert_eq!((first.quantity, first.fact.cumulative), (parse("0.01234"), parse("0.01")));
    assert_eq!((first.fact.status, first.accepted_at.millis()), (Some(Status::PartiallyFilled), 1_000));
}

fn line(path: &str, from: Timestamp, to: Timestamp) -> String {
    format!("GET /api/v3/{path}?symbol=BTCUSDT&startTime={}&endTime={}&limit=1000", from.millis(), to.millis())
}

#[tokio::test]
async fn all_orders_since_a_moment_are_asked_for_day_by_day() {
    let from = NOW.minus(Millis::seconds(100_000));
    let (end, day) = (NOW.plus(Millis::seconds(2)), Millis::DAY);
    let windows = [(from, from.plus(day).minus(Millis::new(1))), (from.plus(day), end)];
    let heard: Vec<String> =
        ["allOrders", "myTrades"].into_iter().flat_map(|path| windows.map(|(from, to)| line(path, from, to))).collect();
    let at = from.millis();
    let replies = vec![
        rows(&[
            order("mabc0", 28, "LIMIT", "NEW", "0.00000000", at - 1),
            order("mabc1", 29, "LIMIT", "FILLED", "0.01234000", at),
        ]),
        rows(&[order("mabc2", 30, "MARKET", "EXPIRED", "0.00000000", at + 90_000_000)]),
        rows(&[traded(56, 29, "0.01000000", "BTC")]),
        rows(&[traded(57, 29, "0.00234000", "BTC"), traded(58, 1, "0.01", "BTC")]),
    ];
    let heard: Vec<&str> = heard.iter().map(String::as_str).collect();
    let orders = listed(Listed::Since(from), replies, &heard).await.unwrap();
    let told = |order: &VenueOrder| (order.client_id.to_string(), order.fact.status.unwrap(), order.fact.fills.len());
    let wanted = [("mabc1", Status::Filled, 2), ("mabc2", Status::Expired, 0)];
    let wanted = wanted.map(|(id, status, fills)| (id.to_owned(), status, fills));
    assert_eq!(orders.iter().map(told).collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn a_full_page_is_gone_on_from_and_one_that_does_not_get_on_is_an_error() {
    let page = |time: fn(i64) -> i64| {
        let row = |n: u32| order("other", n, "LIMIT", "NEW", "0.00000000", time(i64::from(n)));
        rows(&(1..=1_000).map(row).collect::<Vec<_>>())
    };
    let (from, end) = (NOW.minus(Millis::seconds(1)), NOW.plus(Millis::seconds(2)));
    let first = line("allOrders", from, end);
    let second = line("allOrders", NOW, end);
    let later = page(|n| NOW.millis() - 1_000 + n);
    let orders = listed(Listed::Since(from), vec![later, rows(&[])], &[&first, &second]).await;
    assert_eq!(orders, Ok(Vec::new()));
    let stuck = page(|_| NOW.millis() - 1_000);
    listed(Listed::Since(from), vec![stuck], &[&first]).await.unwrap_err();
}

#[tokio::test]
async fn a_list_that_is_not_understood_is_none() {
    for reply in [text(502, "<html>"), json(200, "{}"), json(200, "[{}]"), json(200, "")] {
        listed(Listed::Open, vec![reply], &[OPEN]).await.unwrap_err();
    }
    let strange = rows(&[order("mabc1", 29, "LIMIT", "STRANGE", "0.00000000", 1)]);
    listed(Listed::Open, vec![strange], &[OPEN]).await.unwrap_err();
    let strange = rows(&[order("other", 29, "LIMIT", "STRANGE", "0.00000000", 1)]);
    assert_eq!(listed(Listed::Open, vec![strange], &[OPEN]).await, Ok(Vec::new()));
}
