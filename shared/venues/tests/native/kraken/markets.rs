//! What everybody may know.

use super::{kraken, market, no, price, says, site};
use crate::server::Server;
use app::ports::CandlesError;
use domain::clock::Timestamp;
use domain::market::{Candle, CandleSpan, Interval, Level, Symbol};
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

fn ohlc(rows: &[String]) -> String {
    format!(r#"{{"XXBTZUSD":[{}],"last":780}}"#, rows.join(","))
}

fn row(at: i64, high: &str) -> String {
    format!(r#"[{at},"1.0","{high}","0.5","1.1","1.1","7.0",9]"#)
}

/// The five minutes up to that which is open at 890 s.
async fn five(server: &Server, now: i64) -> Result<Vec<Candle>, CandlesError> {
    let span = CandleSpan::asked(Interval::OneMinute, Some(at(600)), 5, at(890));
    kraken().candles(&site(server.url()), &market("BTC/USD").key, &span, at(now)).await
}

#[tokio::test]
async fn the_last_candle_that_is_told_goes_on_whatever_the_clock_says() {
    let rows: Vec<String> = [600, 660, 780, 840].map(|at| row(at, "3")).into();
    let server = says(&[("OHLC", &ohlc(&rows))]).await;
    let told = five(&server, 999_999_999).await;
    assert_eq!(
        told.map_err(|error| error.to_string()).unwrap_err(),
        "KRAKEN tells the last 720 candles of 1m and none before them"
    );
    assert!(server.lines().is_empty(), "it is not asked");
    let told = five(&server, 9_999).await.unwrap();
    let seen: Vec<_> = told.iter().map(|one| (one.bar.opens_at.millis() / 1_000, one.is_closed)).collect();
    assert_eq!(seen, [(600, true), (660, true), (780, true), (840, false)]);
    assert_eq!((told[0].bar.high, told[0].volume), (price("3"), "7".parse().unwrap()));
    assert_eq!(five(&server, 810).await.unwrap().iter().filter(|one| one.is_closed).count(), 2, "nor by ours");
    assert_eq!(server.lines()[0], "GET /0/public/OHLC?pair=XBTUSD&interval=1&since=540");
}

#[tokio::test]
async fn candles_are_asked_for_in_minutes() {
    for minutes in [1, 5, 15, 30, 60, 240, 1_440] {
        let interval = Interval::ALL.into_iter().find(|interval| interval.minutes() == minutes).unwrap();
        let server = says(&[("OHLC", &ohlc(&[]))]).await;
        let now = at(1_700_000_000);
        let span = CandleSpan::asked(interval, None, 720, now);
        let told = kraken().candles(&site(server.url()), &market("BTC/USD").key, &span, now).await;
        assert_eq!(told, Ok(Vec::new()));
        let since = span.first().millis() / 1_000 - minutes * 60;
        assert_eq!(server.lines(), [format!("GET /0/public/OHLC?pair=XBTUSD&interval={minutes}&since={since}")]);
        let longer = CandleSpan::asked(interval, None, 721, now);
        let told = kraken().candles(&site(server.url()), &market("BTC/USD").key, &longer, now).await;
        assert!(matches!(told, Err(CandlesError::NotTold(_))), "{told:?}");
    }
}

#[tokio::test]
async fn lengths_that_it_lacks_are_made_of_the_longest_that_it_tells() {
    let made = Interval::ALL.into_iter().map(|one| (one, kraken().told_in(one))).filter(|(one, of)| one != of);
    let made: Vec<_> = made.map(|(one, of)| format!("{one} of {of}")).collect();
    assert_eq!(
        made.join(", "),
        "2m of 1m, 3m of 1m, 10m of 5m, 20m of 5m, 45m of 15m, 2h of 1h, 3h of 1h, 6h of 1h, 8h of 4h, 12h of 4h"
    );
    let server = says(&[("OHLC", &ohlc(&[row(600, "3"), row(660, "4"), row(720, "9")]))]).await;
    let span = CandleSpan::between(Interval::TwoMinutes, at(600), at(840));
    let told = kraken().candles(&site(server.url()), &market("BTC/USD").key, &span, at(770)).await.unwrap();
    let seen: Vec<_> = told.iter().map(|one| (one.bar.opens_at, one.bar.high.to_string(), one.is_closed)).collect();
    assert_eq!(seen, [(at(600), "4".to_owned(), true), (at(720), "9".to_owned(), false)]);
    assert_eq!(server.lines(), ["GET /0/public/OHLC?pair=XBTUSD&interval=1&since=540"]);
}

#[tokio::test]
async fn one_candle_that_cannot_be_is_left_out_and_others_are_none_at_all() {
    let all = [row(600, "3"), row(660, "3"), row(720, "3")];
    let whole = five(&says(&[("OHLC", &ohlc(&all))]).await, 890).await.unwrap();
    for wrong in
        [r#"[660,"1.0","3","0.5","1.1"]"#.to_owned(), row(660, "NaN"), row(660, "-3"), row(660, "1.05"), row(661, "3")]
    {
        let server = says(&[("OHLC", &ohlc(&[row(600, "3"), wrong.clone(), row(720, "3")]))]).await;
        assert_eq!(five(&server, 890).await.unwrap().len() + 1, whole.len(), "{wrong}");
    }
    for wrong in [row(600, "3"), row(540, "3")] {
        let server = says(&[("OHLC", &ohlc(&[row(600, "3"), wrong.clone(), row(720, "3")]))]).await;
        five(&server, 890).await.expect_err(&wrong);
    }
}

#[tokio::test]
async fn the_time_is_the_middle_of_the_second_that_is_told() {
    let server = says(&[("Time", r#"{"unixtime":1688669448,"rfc1123":"Thu, 06 Jul 23 18:50:48 +0000"}"#)]).await;
    let time = kraken().time(&site(server.url())).await.unwrap();
    assert_eq!(time, Timestamp::from_millis(1_688_669_448_500));
    assert!(kraken().time(&site(Server::nobody())).await.is_err());
}
