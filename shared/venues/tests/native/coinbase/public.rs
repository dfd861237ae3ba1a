//! What anybody may ask.

use super::World;
use crate::held::held;
use crate::server::{Reply, Server, json, with};
use app::ports::CandlesError;
use domain::clock::Timestamp;
use domain::market::{Candle, CandleSpan, Interval, Maxima, Stops, Symbol};
use serde_json::{Value, json as value};
use venues::native::Native;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn product(change: impl FnOnce(&mut Value)) -> Value {
    let mut product = value!({
        "product_id": "BTC-USD", "price": "67060", "base_increment": "0.00000001", "quote_increment": "0.01",
        "quote_min_size": "1", "quote_max_size": "150000000", "base_min_size": "0.00000001", "base_max_size": "3400",
        "is_disabled": false, "new": false, "status": "online", "cancel_only": false, "limit_only": false,
        "post_only": false, "trading_disabled": false, "auction_mode": false, "product_type": "SPOT",
        "quote_currency_id": "USD", "base_currency_id": "BTC", "view_only": false, "price_increment": "0.10"
    });
    change(&mut product);
    product
}

async fn markets(products: &[Value], symbols: &[&str]) -> (Vec<String>, String) {
    let reply = json(200, &value!({ "products": products, "num_products": 1 }).to_string());
    let server = Server::script(vec![reply]).await;
    let world = World::of(&server);
    let symbols: Vec<Symbol> = symbols.iter().map(|text| text.parse().unwrap()).collect();
    let markets = world.coinbase.markets(&world.login.site, &symbols).await.unwrap();
    assert!(markets.iter().all(|market| market.stops == Stops::Polled && !market.can_short));
    let told = markets.iter().map(|market| {
        let filters = market.filters;
        let steps = [filters.quantity_step, filters.quantity_min, filters.notional_min].map(|step| step.to_string());
        assert_eq!(filters.most, Maxima::told("3400".parse().ok(), None, "150000000".parse().ok()));
        [market.key.to_string(), filters.price_tick.to_string(), steps.join(" "), market.fee.to_string()].join(" ")
    });
    (told.collect(), server.lines().remove(0))
}

#[tokio::test]
async fn markets_have_the_exchanges_steps_and_its_first_fee() {
    let (told, line) = markets(&[product(|_| {})], &[]).await;
    assert_eq!(told, ["COINBASE:BTC/USD 0.1 0.00000001 0.00000001 1 0.012"]);
    assert_eq!(line, "GET /api/v3/brokerage/market/products?product_type=SPOT");
    let fine = product(|product| {
        product["base_min_size"] = value!("26.7187147229469674");
        product.as_object_mut().unwrap().remove("price_increment");
    });
    assert_eq!(markets(&[fine], &[]).await.0, ["COINBASE:BTC/USD 0.01 0.00000001 26.7187147229469674 1 0.012"]);
}

#[tokio::test]
async fn markets_that_are_named_are_asked_for_by_name() {
    let (told, line) = markets(&[product(|_| {})], &["BTC/USD", "ETH/USD"]).await;
    assert_eq!(told.len(), 1);
    assert!(line.ends_with("?product_type=SPOT&product_ids=BTC-USD&product_ids=ETH-USD"), "{line}");
    assert!(markets(&[product(|_| {})], &["ETH/USD"]).await.0.is_empty(), "one that nobody asked for");
}

#[tokio::test]
async fn a_market_that_cannot_be_traded_now_is_none() {
    let shut =
        ["is_disabled", "trading_disabled", "cancel_only", "limit_only", "post_only", "auction_mode", "view_only"];
    let mut products: Vec<Value> = shut.iter().map(|flag| product(|product| product[*flag] = value!(true))).collect();
    products.push(product(|product| product["status"] = value!("delisted")));
    products.push(product(|product| product["product_type"] = value!("FUTURE")));
    products.push(product(|product| product["base_increment"] = value!("0")));
    products.push(product(|product| product["base_currency_id"] = value!("")));
    assert_eq!(markets(&products, &[]).await.0, Vec::<String>::new());
}

#[tokio::test]
async fn the_last_price_is_that_of_the_last_trade_and_has_its_time() {
    let path = "GET /api/v3/brokerage/market/products/BTC-USD/ticker?limit=1";
    let trade = value!({ "trade_id": "1", "price": "28208.1", "size": "0.1", "time": "2023-04-04T23:05:34.492746Z" });
    let check = async |reply: Reply, expected: Result<Option<(&str, i64)>, ()>| {
        let server = Server::script(vec![reply]).await;
        let world = World::of(&server);
        let told = world.coinbase.ticker(&world.login.site, &super::market("BTC/USD").key).await.map_err(|_| ());
        let expected =
            expected.map(|told| told.map(|(price, ms)| (price.parse().unwrap(), Timestamp::from_millis(ms))));
        assert_eq!(told, expected);
        assert_eq!(server.lines(), [path]);
        assert_eq!(server.heard()[0].header("authorization"), None);
        assert_eq!(server.heard()[0].header("cache-control"), Some("no-cache"));
    };
    let ticker =
        |trades: &[Value]| json(200, &value!({ "trades": trades, "best_bid": "1", "best_ask": "2" }).to_string());
    check(ticker(&[trade]), Ok(Some(("28208.1", 1_680_649_534_492)))).await;
    check(ticker(&[]), Ok(None)).await;
    check(ticker(&[value!({ "price": "", "time": "" })]), Err(())).await;
    check(json(404, r#"{"error":"NOT_FOUND"}"#), Ok(None)).await;
    check(json(500, "{}"), Err(())).await;
}

#[tokio::test]
async fn a_book_is_no_deeper_than_asked_for() {
    let level = |price: &str| value!({ "price": price, "size": "0.115" });
    let (bids, asks) = ([level("3"), level("2")], [level("4"), level("5")]);
    let book = value!({ "product_id": "BTC-USD", "bids": bids, "asks": asks, "time": "" });
    let server = Server::script(vec![json(200, &value!({ "pricebook": book }).to_string())]).await;
    let world = World::of(&server);
    let book = world.coinbase.book(&world.login.site, &super::market("BTC/USD").key, 1).await.unwrap();
    assert_eq!((book.bids.len(), book.asks.len()), (1, 1));
    assert_eq!((book.bids[0].price, book.asks[0].price), ("3".parse().unwrap(), "4".parse().unwrap()));
    assert_eq!(server.lines(), ["GET /api/v3/brokerage/market/product_book?product_id=BTC-USD&limit=1"]);
}

/// A day's 22:13:00.
const START: i64 = 1_699_999_980;

fn candles(starts: &[i64], date: &str) -> Reply {
    told(starts.iter().map(|start| candle(*start, ["2", "4", "1", "3"])), date)
}

fn candle(start: i64, [open, high, low, close]: [&str; 4]) -> Value {
    let (start, volume) = (start.to_string(), "0.25");
    value!({ "start": start, "low": low, "high": high, "open": open, "close": close, "volume": volume })
}

fn told(candles: impl Iterator<Item = Value>, date: &str) -> Reply {
    with(200, &[("date", date)], &value!({ "candles": candles.collect::<Vec<_>>() }).to_string())
}

async fn asked(server: &Server, span: &CandleSpan, now: Timestamp) -> Result<Vec<Candle>, CandlesError> {
    let world = World::of(server);
    world.coinbase.candles(&world.login.site, &super::market("BTC/USD").key, span, now).await
}

/// Minutes behind the first, each with whether it has closed.
async fn minutes(server: &Server, count: u32, now: Timestamp) -> Vec<(i64, bool)> {
    let span = CandleSpan::asked(Interval::OneMinute, Some(at(START)), count, now);
    let told = asked(server, &span, now).await.unwrap();
    told.iter().map(|one| ((one.bar.opens_at.millis() / 1_000 - START) / 60, one.is_closed)).collect()
}

#[tokio::test]
async fn candles_come_oldest_first_and_the_open_one_is_marked() {
    let told = [START + 180, START + 60, START];
    let late = "Tue, 14 Nov 2023 23:00:00 GMT";
    let server = Server::script(vec![candles(&told, late)]).await;
    let expected = [(0, true), (1, true), (3, false)];
    assert_eq!(minutes(&server, 9, at(START + 239)).await, expected, "by our time");
    let query = format!("start={START}&end={}&granularity=ONE_MINUTE", START + 4 * 60 - 1);
    assert_eq!(server.lines(), [format!("GET /api/v3/brokerage/market/products/BTC-USD/candles?{query}")]);
    let server = Server::script(vec![candles(&told, "Tue, 14 Nov 2023 22:16:59 GMT")]).await;
    assert_eq!(minutes(&server, 9, at(START + 999)).await, expected, "by the exchange's");
    let server = Server::script(vec![candles(&told, "Tue, 14 Nov 2023 22:17:00 GMT")]).await;
    assert_eq!(minutes(&server, 9, at(START + 999)).await[2], (3, true));
}

#[tokio::test]
async fn many_candles_are_asked_for_in_parts() {
    let late = "Wed, 15 Nov 2023 23:00:00 GMT";
    let server = Server::script(vec![candles(&[START + 60], late), candles(&[START + 18_000], late)]).await;
    assert_eq!(minutes(&server, 301, at(START + 999_999)).await, [(1, true), (300, true)]);
    assert!(server.lines()[1].contains(&format!("start={}&end={}", START + 18_000, START + 18_059)));
}

/// It has none of three hours.
#[tokio::test]
async fn three_hours_are_made_of_their_hours() {
    let noon = START - START.rem_euclid(10_800);
    let hour = |number: i64, prices: [&str; 4]| candle(noon + number * 3_600, prices);
    let hours = [hour(4, ["9", "9", "5", "7"]), hour(2, ["3", "8", "3", "6"]), hour(0, ["2", "4", "1", "3"])];
    let server = Server::script(vec![told(hours.into_iter(), "Wed, 15 Nov 2023 23:00:00 GMT")]).await;
    let now = at(noon + 5 * 3_600);
    let read = asked(&server, &CandleSpan::asked(Interval::ThreeHours, None, 2, now), now).await.unwrap();
    let shown = read.iter().map(|Candle { bar, volume, is_closed }| {
        let prices = [bar.open, bar.high, bar.low, bar.close].map(|price| price.to_string()).join(" ");
        (prices, volume.to_string(), *is_closed, bar.opens_at)
    });
    let expected = [
        ("2 8 1 6".to_owned(), "0.5".to_owned(), true, at(noon)),
        ("9 9 5 7".to_owned(), "0.25".to_owned(), false, at(noon + 10_800)),
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    let query = format!("start={noon}&end={}&granularity=ONE_HOUR", noon + 6 * 3_600 - 1);
    assert!(server.lines()[0].ends_with(&query), "{:?}", server.lines());
}

/// An hour that an answer lacks is no silence: who keeps candles joins them.
#[tokio::test]
async fn whoever_keeps_candles_is_told_of_which_ones_they_are_made() {
    let world = World::of(&Server::script(Vec::new()).await);
    let made = Interval::ALL.into_iter().map(|one| (one, world.coinbase.told_in(one))).filter(|(one, of)| one != of);
    let made: Vec<_> = made.map(|(one, of)| format!("{one} of {of}")).collect();
    assert_eq!(
        made.join(", "),
        "2m of 1m, 3m of 1m, 10m of 5m, 20m of 5m, 45m of 15m, 3h of 1h, 4h of 2h, 8h of 2h, 12h of 6h"
    );
}

#[tokio::test]
async fn one_candle_that_cannot_be_is_left_out_and_others_are_none_at_all() {
    let (good, now) = (candle(START, ["2", "4", "1", "3"]), at(START + 150));
    let span = CandleSpan::asked(Interval::OneMinute, None, 3, now);
    let bad = |change: fn(&mut Value)| {
        let mut candle = candle(START + 60, ["2", "4", "1", "3"]);
        change(&mut candle);
        candle
    };
    for wrong in [
        bad(|one| drop(one.as_object_mut().unwrap().remove("volume"))),
        bad(|one| one["start"] = value!((START - 60).to_string())),
        bad(|one| one["start"] = value!(START.to_string())),
    ] {
        let newest_first = [wrong.clone(), good.clone()].into_iter();
        let server = Server::script(vec![told(newest_first, "Tue, 14 Nov 2023 22:15:30 GMT")]).await;
        asked(&server, &span, now).await.expect_err(&wrong.to_string());
    }
    for wrong in [
        bad(|one| one["high"] = value!("NaN")),
        bad(|one| one["low"] = value!("-1")),
        bad(|one| one["high"] = value!("2.5")),
        bad(|one| one["start"] = value!((START + 61).to_string())),
    ] {
        let newest_first = [wrong.clone(), good.clone()].into_iter();
        let server = Server::script(vec![told(newest_first, "Tue, 14 Nov 2023 22:15:30 GMT")]).await;
        assert_eq!(asked(&server, &span, now).await.map(|told| told.len()), Ok(1), "{wrong}");
    }
}

#[tokio::test]
async fn the_time_is_read_as_a_text_and_as_a_number() {
    for millis in [value!("1709005034333"), value!(1_709_005_034_333_i64)] {
        let body = value!({ "iso": "2024-02-27T03:37:14Z", "epochSeconds": "1709005034", "epochMillis": millis });
        let server = Server::script(vec![json(200, &body.to_string())]).await;
        let world = World::of(&server);
        let time = world.coinbase.time(&world.login.site).await;
        assert_eq!(time, Ok(Timestamp::from_millis(1_709_005_034_333)));
        assert_eq!(server.lines(), ["GET /api/v3/brokerage/time"]);
    }
}

#[tokio::test]
async fn who_asks_too_much_waits_from_when_it_was_told_so() {
    let told = with(429, &[("date", "Tue, 14 Nov 2023 22:13:22 GMT"), ("retry-after", "3")], "");
    let server = Server::script(vec![told]).await;
    let world = World::of(&server);
    assert!(world.coinbase.time(&world.login.site).await.is_err());
    assert_eq!(held(&world.traffic, &world.login, at(1_700_000_002)), (Some(3_000), None), "it is counted by address");
}
