//! The control calls.

use crate::trader::trader;
use serde_json::{Value, json};
use venue_sim::site::SiteName;

#[tokio::test]
async fn the_books_say_what_there_is_and_what_was_asked() {
    let trader = trader().await;
    trader.place("one").await.unwrap();
    trader.fault("unavailable_after", json!({})).await;
    trader.place("two").await.unwrap();
    trader.place("two").await.unwrap();
    let books = trader.ask("GET", "/sim/books?venue=binance", "", "").await.unwrap().1;
    let ids: Vec<&Value> = books["orders"].as_array().unwrap().iter().map(|order| &order["client_order_id"]).collect();
    assert_eq!(ids, ["one", "two"]);
    assert_eq!(books["balances"]["main"]["USDT"], json!({ "free": "98800", "locked": "1200" }));
    assert_eq!(books["markets"]["BTC/USDT"]["price"], "64000");
    let requests = trader.ask("GET", "/sim/requests?venue=binance", "", "").await.unwrap().1;
    let seen: Vec<_> =
        requests.as_array().unwrap().iter().map(|one| (&one["status"], &one["is_carried_out"])).collect();
    let yes = json!(true);
    assert_eq!(seen, [(&json!(200), &yes), (&json!(503), &yes), (&json!(400), &yes)]);
    assert_eq!((&requests[0]["key"], &requests[0]["purpose"]), (&json!("main"), &json!("create")));
    assert!(!requests.to_string().contains("signature"), "{requests}");
    let duplicates = trader.ask("GET", "/sim/duplicates", "", "").await.unwrap().1;
    assert_eq!(duplicates["sent"], json!([{ "venue": "binance", "client_order_id": "two", "requests": 2 }]));
    assert_eq!(duplicates["taken"], json!([]));
    trader.ask("DELETE", "/sim/requests", "", "").await.unwrap();
    assert_eq!(trader.worked_off(), 0);
}

#[tokio::test]
async fn an_id_that_two_orders_have_is_shown() {
    let trader = trader().await;
    for _ in 0..2 {
        trader.order("one", "64100", "").await.unwrap();
    }
    let duplicates = trader.ask("GET", "/sim/duplicates", "", "").await.unwrap().1;
    let one = json!([{ "venue": "binance", "account": "main", "client_order_id": "one", "orders": 2 }]);
    assert_eq!(duplicates["taken"], one);
}

#[tokio::test]
async fn prices_go_a_scripted_way_by_the_exchanges_clock() {
    let trader = trader().await;
    trader.place("one").await.unwrap();
    let steps = json!([[60_000, "59000"], [120_000, "70000"]]);
    trader.control("/sim/path", json!({ "venue": "binance", "market": "BTC/USDT", "steps": steps })).await;
    assert_eq!(trader.query("one").await.1["status"], "NEW");
    trader.control("/sim/clock", json!({ "offset_ms": 61_000 })).await;
    assert_eq!(trader.query("one").await.1["status"], "FILLED");
    let price = trader.ask("GET", "/api/v3/ticker/price?symbol=BTCUSDT", "", "").await.unwrap().1;
    assert_eq!(price["price"], "59000.00000000");
}

#[tokio::test]
async fn recorded_candles_are_replayed_and_those_before_are_the_past() {
    let trader = trader().await;
    let file = std::env::temp_dir().join(format!("venue-sim-{}.csv", std::process::id()));
    let hour = 3_600_000_i64;
    let lines = (0..5_i64).map(|bar| format!("{bar},{},{b}0,{b}9,{b}0,{b}5,1\n", bar * hour, b = bar + 1));
    std::fs::write(&file, format!("bar,time_ms,open,high,low,close,volume\n{}", lines.collect::<String>())).unwrap();
    let replay = json!({ "venue": "binance", "market": "BTC/USDT", "file": file, "skip": 3, "bars": 2, "bar_ms": 400 });
    trader.control("/sim/replay", replay).await;
    std::fs::remove_file(&file).unwrap();
    trader.control("/sim/clock", json!({ "offset_ms": 60_000 })).await;
    let world_now = trader.sim.world().now();
    trader.ask("GET", "/api/v3/ping", "", "").await.unwrap();
    let world = trader.sim.world();
    let market = &world.sites[&SiteName::Binance].exchange.markets["BTC/USDT"];
    assert_eq!(market.last.to_string(), "55");
    let ways: Vec<String> = market.ticks.iter().map(|tick| tick.price.to_string()).collect();
    assert_eq!(ways, ["40", "40", "49", "45", "50", "50", "59", "55"]);
    assert_eq!(market.history.iter().map(|candle| candle.close.to_string()).collect::<Vec<_>>(), ["15", "25", "35"]);
    assert!(market.history[2].at < world_now);
}

#[tokio::test]
async fn the_series_that_was_recorded_for_the_paper_venue_can_be_replayed() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/local/prices/btcusd_1h.csv");
    let candles = venue_sim::replay::read(&file).unwrap();
    assert!(candles.len() > 200, "{}", candles.len());
    assert!(candles.iter().all(|candle| candle.low <= candle.open && candle.close <= candle.high));
}

#[tokio::test]
async fn balances_are_set_and_markets_are_closed() {
    let trader = trader().await;
    trader
        .control("/sim/balance", json!({ "venue": "binance", "account": "main", "asset": "USDT", "free": "1" }))
        .await;
    assert_eq!(trader.place("one").await.unwrap().1["msg"], "Account has insufficient balance for requested action.");
    trader.control("/sim/market", json!({ "venue": "binance", "market": "BTC/USDT", "trading": false })).await;
    assert_eq!(trader.place("one").await.unwrap().1["msg"], "Market is closed.");
}

#[tokio::test]
async fn a_resting_order_is_filled_in_part_by_hand() {
    let trader = trader().await;
    let id = trader.place("one").await.unwrap().1["orderId"].clone();
    trader.control("/sim/fill", json!({ "venue": "binance", "order": id, "quantity": "0.004" })).await;
    let (_, said) = trader.query("one").await;
    assert_eq!((&said["status"], &said["cummulativeQuoteQty"]), (&json!("PARTIALLY_FILLED"), &json!("240.00000000")));
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_told() {
    let trader = trader().await;
    for (path, body, status, told) in [
        (
            "/sim/price",
            json!({ "venue": "binance", "market": "A/B", "price": "1" }),
            400,
            "there are BTC/USDT, ETH/USDT",
        ),
        ("/sim/price", json!({ "venue": "binance", "market": "BTC/USDT", "price": "0" }), 400, "a price above 0"),
        ("/sim/faults", json!({ "kind": "nonesuch" }), 400, "unknown variant"),
        ("/sim/faults", json!({ "kind": "late", "hello": 1 }), 400, "unknown field"),
        ("/sim/nonesuch", json!({}), 404, "no such control call"),
    ] {
        let (seen, said) = trader.ask("POST", path, "", &body.to_string()).await.unwrap();
        assert_eq!(seen, status, "{path} {body}");
        assert!(said.to_string().contains(told), "{path} {body}: {said}");
    }
}

#[tokio::test]
async fn the_testnet_has_books_of_its_own_and_no_wallets_interface() {
    let trader = trader().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let at = |path: &str| format!("{}{path}", trader.sim.testnet_url());
    let status = |path: &str| {
        let sent = http.get(at(path)).send();
        async move { sent.await.unwrap().status().as_u16() }
    };
    assert_eq!(status("/api/v3/ping").await, 200);
    assert_eq!(status("/sapi/v1/account/apiRestrictions").await, 404);
    assert_eq!(status("/0/public/Time").await, 404);
    let seen: Vec<SiteName> = trader.sim.world().journal.seen().map(|seen| seen.venue).collect();
    assert_eq!(seen, [SiteName::BinanceTestnet]);
}
