//! What everybody may know.

use super::{kraken, market, no, price, says, site};
use crate::server::Server;
use domain::clock::Timestamp;
use domain::market::{Level, Symbol};
use venues::native::Native;

const PAIR: &str = r#""altname":"XBTUSD","wsname":"XBT/USD","pair_decimals":1,"lot_decimals":8,"tick_size":"0.1",
    "ordermin":"0.00005","costmin":"0.5","status":"online","fees":[[0,0.4],[10000,0.35]]"#;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

/// The symbols of the markets that are read of these pairs.
async fn check(pairs: &str, expected: &[&str]) {
    let server = says(&[("AssetPairs", pairs)]).await;
    let markets = kraken().markets(&site(server.url()), &[]).await.unwrap();
    let told: Vec<String> = markets.iter().map(|market| market.key.symbol.to_string()).collect();
    assert_eq!(told, expected, "{pairs}");
    assert_eq!(server.lines(), ["GET /0/public/AssetPairs"]);
}

#[tokio::test]
async fn a_market_has_the_steps_and_the_fee_that_are_published() {
    let server = says(&[("AssetPairs", &format!(r#"{{"XXBTZUSD":{{{PAIR}}}}}"#))]).await;
    let symbols = ["BTC/USD".parse::<Symbol>().unwrap()];
    let markets = kraken().markets(&site(server.url()), &symbols).await.unwrap();
    let expected = domain::market::Market { orders_max: Some(60), ..market("BTC/USD") };
    assert_eq!(markets, [expected]);
    assert_eq!(server.lines(), ["GET /0/public/AssetPairs?pair=XBTUSD"]);
}

#[tokio::test]
async fn only_markets_are_listed_that_can_be_traded_by_their_names() {
    let eth = PAIR.replace("XBTUSD", "ETHUSD").replace("XBT/USD", "ETH/USD");
    let with = |other: &str| format!(r#"{{"XETHZUSD":{{{eth}}},"OTHER":{{{other}}}}}"#);
    check(&with(PAIR), &["BTC/USD", "ETH/USD"]).await;
    for other in [
        PAIR.replace("online", "cancel_only"),
        PAIR.replace("online", "reduce_only"),
        PAIR.replace("XBTUSD", "XBTUSD.d"),
        PAIR.replace(r#""wsname":"XBT/USD","#, ""),
        PAIR.replace("XBTUSD", "AAPLxUSD").replace("XBT/USD", "AAPLx/USD"),
    ] {
        check(&with(&other), &["ETH/USD"]).await;
    }
}

#[tokio::test]
async fn a_pair_without_a_tick_has_the_last_of_its_decimals() {
    let pair = PAIR.replace(r#""tick_size":"0.1","#, "").replace(r#""pair_decimals":1"#, r#""pair_decimals":3"#);
    let server = says(&[("AssetPairs", &format!(r#"{{"XXBTZUSD":{{{pair}}}}}"#))]).await;
    let markets = kraken().markets(&site(server.url()), &[]).await.unwrap();
    assert_eq!(markets[0].filters.price_tick, price("0.001"));
}

#[tokio::test]
async fn where_one_name_is_unknown_the_others_are_found_among_all() {
    let all = format!(r#"{{"XXBTZUSD":{{{PAIR}}}}}"#);
    let server = says(&[("AssetPairs", &no("EQuery:Unknown asset pair")), ("AssetPairs", &all)]).await;
    let symbols: Vec<Symbol> = ["BTC/USD", "NONE/USD"].iter().map(|text| text.parse().unwrap()).collect();
    let markets = kraken().markets(&site(server.url()), &symbols).await.unwrap();
    assert_eq!(markets.len(), 1);
    assert_eq!(server.lines(), ["GET /0/public/AssetPairs?pair=XBTUSD,NONEUSD", "GET /0/public/AssetPairs"]);
}

#[tokio::test]
async fn the_last_price_is_that_of_the_last_trade() {
    let told = r#"{"XXBTZUSD":[["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]],"last":"1688669597827736900"}"#;
    let server = says(&[("Trades", told)]).await;
    let last = kraken().ticker(&site(server.url()), &market("BTC/USD").key).await.unwrap();
    assert_eq!(last, Some((price("30243.4"), Timestamp::from_millis(1_688_669_597_827))));
    assert_eq!(server.lines(), ["GET /0/public/Trades?pair=XBTUSD&count=1"]);
    let server = says(&[("Trades", r#"{"XXBTZUSD":[],"last":"0"}"#)]).await;
    assert_eq!(kraken().ticker(&site(server.url()), &market("BTC/USD").key).await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_of_another_pair_is_no_answer() {
    for told in [r#"{"XETHZUSD":[["1","1",1.0,"b","m","",1]],"last":"0"}"#, "{}", r#"{"XXBTZUSD":[["x","1",1.0]]}"#] {
        let server = says(&[("Trades", told)]).await;
        assert!(kraken().ticker(&site(server.url()), &market("BTC/USD").key).await.is_err(), "{told}");
    }
}

#[tokio::test]
async fn the_book_has_both_sides_from_their_best() {
    let told = r#"{"XXBTZUSD":{"asks":[["30384.10000","2.059",1688671659],["30387.90000","1.500",1688671380]],
        "bids":[["30297.00000","1.115",1688671636]]}}"#;
    let server = says(&[("Depth", told)]).await;
    let book = kraken().book(&site(server.url()), &market("BTC/USD").key, 2).await.unwrap();
    let level = |at: &str, quantity: &str| Level { price: price(at), quantity: quantity.parse().unwrap() };
    assert_eq!(book.asks, [level("30384.1", "2.059"), level("30387.9", "1.5")]);
    assert_eq!(book.bids, [level("30297", "1.115")]);
    assert_eq!(server.lines(), ["GET /0/public/Depth?pair=XBTUSD&count=2"]);
}

#[tokio::test]
async fn bars_are_those_that_have_closed_in_the_time_asked_for() {
    let row = |at: i64, close: &str| format!(r#"[{at},"1.0","3","0.5","{close}","1.1","7.0",9]"#);
    let rows = [(600, "1.1"), (660, "1.2"), (720, "1.3"), (780, "1.4"), (840, "1.5")].map(|(at, close)| row(at, close));
    let server = says(&[("OHLC", &format!(r#"{{"XXBTZUSD":[{}],"last":780}}"#, rows.join(",")))]).await;
    let bars = |from, to| {
        let site = site(server.url());
        async move { kraken().bars(&site, &market("BTC/USD").key, at(from), at(to)).await.unwrap() }
    };
    let told: Vec<(i64, String)> =
        bars(690, 9_999).await.iter().map(|bar| (bar.opens_at.millis() / 1_000, bar.close.to_string())).collect();
    let expected = [(660, "1.2"), (720, "1.3"), (780, "1.4")].map(|(at, close)| (at, close.to_owned()));
    assert_eq!(told, expected, "840 has not closed");
    assert_eq!(bars(660, 719).await.len(), 1);
    assert_eq!(server.lines()[0], "GET /0/public/OHLC?pair=XBTUSD&interval=1&since=630");
}

#[tokio::test]
async fn the_time_is_the_middle_of_the_second_that_is_told() {
    let server = says(&[("Time", r#"{"unixtime":1688669448,"rfc1123":"Thu, 06 Jul 23 18:50:48 +0000"}"#)]).await;
    let time = kraken().time(&site(server.url())).await.unwrap();
    assert_eq!(time, Timestamp::from_millis(1_688_669_448_500));
    assert!(kraken().time(&site(Server::nobody())).await.is_err());
}
