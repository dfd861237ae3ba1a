//! Orders are looked for by listing.

use super::{ID, World, address, market};
use crate::server::{Heard, Reply, Server, json};
use app::ports::{Address, Listed};
use domain::clock::Timestamp;
use domain::order::{Fact, Status, TradeId};
use serde_json::{Value, json as value};
use venues::native::Native;

const BATCH: &str = "/api/v3/brokerage/orders/historical/batch";
const FILLS: &str = "/api/v3/brokerage/orders/historical/fills";

pub(super) fn order(id: &str, client_id: &str, status: &str, filled: &str) -> Value {
    value!({
        "order_id": id, "product_id": "BTC-USD", "side": "BUY", "client_order_id": client_id, "status": status,
        "created_time": "2023-11-14T22:13:22.300000Z", "filled_size": filled, "average_filled_price": "64250.3",
        "reject_reason": "REJECT_REASON_UNSPECIFIED", "product_type": "SPOT",
        "order_configuration": { "limit_limit_gtc": { "base_size": "0.0123", "limit_price": "64250.3" } }
    })
}

pub(super) fn trade(id: &str, order: &str, size: &str) -> Value {
    value!({
        "entry_id": "b88b", "trade_id": id, "order_id": order, "trade_time": "2023-11-14T22:13:23.000000001Z",
        "trade_type": "FILL", "price": "64250.3", "size": size, "commission": "1.5", "product_id": "BTC-USD",
        "size_in_quote": false, "side": "BUY"
    })
}

pub(super) fn orders(orders: &[Value], cursor: &str) -> Reply {
    let has_next = !cursor.is_empty();
    json(200, &value!({ "orders": orders, "has_next": has_next, "cursor": cursor, "sequence": "0" }).to_string())
}

pub(super) fn fills(fills: &[Value], cursor: &str) -> Reply {
    json(200, &value!({ "fills": fills, "cursor": cursor }).to_string())
}

async fn found(server: &Server) -> Result<Option<Fact>, String> {
    let world = World::of(server);
    world.coinbase.find_order(&world.login, &address()).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn an_order_is_found_where_it_must_be_with_its_trades() {
    let mine = order("o-2", ID, "OPEN", "0.01");
    let server = Server::script(vec![
        orders(&[order("o-1", "another", "FILLED", "1"), mine], ""),
        fills(&[trade("t-1", "o-2", "0.004"), trade("t-2", "o-2", "0.006")], ""),
    ])
    .await;
    let fact = found(&server).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::PartiallyFilled), Some("o-2")));
    assert_eq!(fact.cumulative, "0.01".parse().unwrap());
    let fee = fact.fills[&TradeId("t-2".to_owned())].fee.clone().unwrap();
    assert_eq!((fact.fills.len(), fee.asset.as_str(), fee.amount), (2, "USD", "1.5".parse().unwrap()));
    // From a minute before it was sent, as the exchange counts, for three minutes.
    let window = "start_date=2023-11-14T22%3A12%3A17.123Z&end_date=2023-11-14T22%3A15%3A17.123Z";
    let lines =
        [format!("GET {BATCH}?product_ids=BTC-USD&{window}&limit=100"), format!("GET {FILLS}?order_ids=o-2&limit=100")];
    assert_eq!(server.lines(), lines);
}

#[tokio::test]
async fn an_order_is_told_with_what_it_has_filled_where_not_all_of_its_trades_come() {
    let mine = || orders(&[order("o-2", ID, "FILLED", "0.0123")], "");
    let first = || fills(&[trade("t-1", "o-2", "0.01")], "two");
    for later in [json(503, "{}"), fills(&[trade("t-2", "o-2", "0.001")], "two")] {
        let server = Server::script(vec![mine(), first(), later]).await;
        let fact = found(&server).await.unwrap().unwrap();
        assert_eq!((fact.status, fact.cumulative), (Some(Status::Filled), "0.0123".parse().unwrap()));
        assert!(fact.fills.contains_key(&TradeId("t-1".to_owned())));
        // A part of all trades proves nothing absent.
        let nowhere = || orders(&[], "");
        assert!(found(&Server::script(vec![nowhere(), nowhere(), first(), json(503, "{}")]).await).await.is_err());
    }
    assert!(found(&Server::script(vec![mine(), json(503, "{}")]).await).await.is_err());
}

/// As Coinbase Pro did with a buy whose quote was used up: https://github.com/ccxt/ccxt/issues/6165.
#[tokio::test]
async fn what_is_filled_for_less_than_was_asked_is_over_with_what_was_bought() {
    let script = vec![orders(&[order("o-2", ID, "FILLED", "0.0121")], ""), fills(&[trade("t-1", "o-2", "0.0121")], "")];
    let fact = found(&Server::script(script).await).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.cumulative), (Some(Status::Cancelled), "0.0121".parse().unwrap()));
    assert_eq!(fact.fills.len(), 1);
}

#[tokio::test]
async fn an_order_that_has_bought_nothing_is_not_asked_for_its_trades() {
    let server = Server::script(vec![orders(&[order("o-2", ID, "CANCELLED", "0")], "")]).await;
    assert_eq!(found(&server).await.unwrap().unwrap().status, Some(Status::Cancelled));
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_until_the_order_is_there() {
    let server = Server::script(vec![
        orders(&[order("o-1", "another", "FILLED", "1")], "two"),
        orders(&[order("o-2", ID, "OPEN", "0")], "three"),
    ])
    .await;
    assert!(found(&server).await.unwrap().is_some());
    assert!(server.lines()[1].ends_with("&limit=100&cursor=two"), "{:?}", server.lines());
}

#[tokio::test]
async fn an_order_of_another_name_of_its_market_is_found_among_all() {
    let server = Server::script(vec![orders(&[], ""), orders(&[order("o-2", ID, "OPEN", "0")], "")]).await;
    assert!(found(&server).await.unwrap().is_some());
    assert_eq!(server.heard()[1].query(), "start_date=2023-11-14T22%3A12%3A17.123Z&limit=100");
}

#[tokio::test]
async fn an_order_that_no_list_shows_is_found_behind_its_trade() {
    let stranger = value!({ "order": order("o-2", ID, "FILLED", "0.0123") });
    let server = Server::script(vec![
        orders(&[order("o-1", "another", "FILLED", "1")], ""),
        orders(&[order("o-1", "another", "FILLED", "1")], ""),
        fills(&[trade("t-1", "o-1", "1"), trade("t-2", "o-2", "0.0123")], ""),
        json(200, &stranger.to_string()),
        fills(&[trade("t-2", "o-2", "0.0123")], ""),
    ])
    .await;
    let fact = found(&server).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.fills.len()), (Some(Status::Filled), 1));
    assert_eq!(
        server.heard()[2].target,
        format!("{FILLS}?start_sequence_timestamp=2023-11-14T22%3A12%3A17.123Z&limit=100")
    );
    assert_eq!(server.heard()[3].target, "/api/v3/brokerage/orders/historical/o-2");
}

#[tokio::test]
async fn an_order_is_absent_only_where_neither_orders_nor_trades_know_it() {
    let other = || order("o-1", "another", "FILLED", "1");
    let absent = vec![orders(&[other()], ""), orders(&[other()], ""), fills(&[trade("t-1", "o-1", "1")], "")];
    let server = Server::script(absent.clone()).await;
    assert_eq!(found(&server).await, Ok(None));
    assert_eq!(server.heard().len(), 3);
    for broken in 0..absent.len() {
        let replies =
            [json(500, "{}"), json(200, "{}"), json(200, "<html>"), json(404, "{}"), absent[broken].cuts().remove(90)];
        for reply in replies {
            let mut script = absent.clone();
            script[broken] = reply;
            assert!(found(&Server::script(script).await).await.is_err(), "{broken}");
        }
    }
}

/// The same of an order whose own id at the exchange is known.
async fn found_by_its_id(script: Vec<Reply>) -> (Result<Option<Fact>, String>, Vec<String>) {
    let server = Server::script(script).await;
    let world = World::of(&server);
    let address = Address { venue_id: Some("77".to_owned()), ..address() };
    let found = world.coinbase.find_order(&world.login, &address).await;
    (found.map_err(|error| error.to_string()), server.lines())
}

fn one(order: &Value) -> Reply {
    json(200, &value!({ "order": order }).to_string())
}

fn unknown() -> Reply {
    let why = "order with this orderID was not found";
    json(404, &value!({ "error": "NOT_FOUND", "error_details": why, "message": why }).to_string())
}

#[tokio::test]
async fn an_order_whose_own_id_is_known_is_asked_for_by_it_and_needs_no_list() {
    let mine = one(&order("77", ID, "FILLED", "0.0123"));
    let (found, lines) = found_by_its_id(vec![mine, fills(&[trade("t-1", "77", "0.0123")], "")]).await;
    let fact = found.unwrap().unwrap();
    assert_eq!((fact.status, fact.fills.len()), (Some(Status::Filled), 1));
    let expected =
        ["GET /api/v3/brokerage/orders/historical/77".to_owned(), format!("GET {FILLS}?order_ids=77&limit=100")];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn an_order_whose_own_id_is_known_is_absent_only_where_the_exchange_says_that_it_does_not_know_it() {
    let nowhere = || vec![orders(&[], ""), orders(&[], ""), fills(&[], "")];
    let after = |first: Reply| [first].into_iter().chain(nowhere()).collect::<Vec<_>>();
    assert_eq!(found_by_its_id(after(unknown())).await.0, Ok(None));
    let others = [one(&order("78", ID, "OPEN", "0")), one(&order("77", "another", "OPEN", "0"))];
    let unsure = [json(404, "{}"), json(404, "<html>"), json(500, "{}"), json(200, "{}"), unknown().cuts().remove(90)];
    for reply in others.into_iter().chain(unsure) {
        assert!(found_by_its_id(after(reply.clone())).await.0.is_err(), "{reply:?}");
    }
    let listed = orders(&[order("77", ID, "OPEN", "0")], "");
    assert!(found_by_its_id(vec![unknown(), listed]).await.0.unwrap().is_some(), "a list knows it");
}

#[tokio::test]
async fn a_list_without_an_end_proves_nothing() {
    let endless = |heard: &Heard| {
        let page: usize = heard.target.split_once("cursor=").map_or(0, |(_, page)| page.parse().unwrap());
        orders(&[], &(page + 1).to_string())
    };
    let server = Server::start(endless).await;
    assert!(found(&server).await.is_err());
    assert_eq!(server.heard().len(), 40);
    assert!(found(&Server::start(|_| orders(&[], "same")).await).await.is_err());
}

async fn listed(server: &Server, which: Listed) -> Result<Vec<(String, usize)>, String> {
    let world = World::of(server);
    let listed = world.coinbase.list_orders(&world.login, &market("BTC/USD"), "mabc", which).await;
    let told = |order: app::ports::VenueOrder| (order.venue_id, order.fact.fills.len());
    listed.map(|orders| orders.into_iter().map(told).collect()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_list_shows_orders_of_ours_oldest_first_each_with_its_trades() {
    let at = |mut order: Value, second: &str| {
        order["created_time"] = value!(format!("2023-11-14T22:13:{second}Z"));
        order
    };
    let page = [
        at(order("o-3", "mabc3", "OPEN", "0"), "30.1"),
        at(order("o-2", "mabc2", "OPEN", "0.01"), "30"),
        at(order("o-1", "somebody's", "OPEN", "0.01"), "20"),
        at(order("o-0", "mabc0", "OPEN", "0.01"), "10"),
    ];
    let trades = [trade("t-1", "o-2", "0.01"), trade("t-2", "o-0", "0.004"), trade("t-3", "o-0", "0.006")];
    let server = Server::script(vec![orders(&page, ""), fills(&trades, "")]).await;
    let expected = [("o-0", 2), ("o-2", 1), ("o-3", 0)].map(|(id, fills)| (id.to_owned(), fills));
    assert_eq!(listed(&server, Listed::Open).await, Ok(expected.to_vec()));
    let lines = [
        format!("GET {BATCH}?product_ids=BTC-USD&order_status=OPEN&limit=100"),
        format!("GET {FILLS}?order_ids=o-2&order_ids=o-0&limit=100"),
    ];
    assert_eq!(server.lines(), lines);
}

#[tokio::test]
async fn a_list_since_a_moment_is_since_it_by_the_exchanges_clock() {
    let server = Server::script(vec![orders(&[], "")]).await;
    assert_eq!(listed(&server, Listed::Since(Timestamp::from_millis(0))).await, Ok(Vec::new()));
    assert_eq!(server.heard()[0].query(), "product_ids=BTC-USD&start_date=1970-01-01T00%3A00%3A02Z&limit=100");
}

#[tokio::test]
async fn an_order_of_ours_in_a_form_that_we_do_not_send_spoils_the_list() {
    let mut odd = order("o-1", "mabc1", "OPEN", "0");
    odd["order_configuration"] = value!({ "twap_limit_gtd": {} });
    assert!(listed(&Server::script(vec![orders(&[odd], "")]).await, Listed::Open).await.is_err());
}
