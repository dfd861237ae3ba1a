//! Which contracts may be traded, by which rules, and at what price.

use super::super::parse;
use super::{market, saying};
use crate::server::{json, with};
use domain::clock::Timestamp;
use domain::market::{CandleSpan, Filters, Interval, Leverage, Market, MarketKind, Maxima, Stops, Symbol};
use venues::native::Native;

/// As the exchange lists them.
const FILTERS: &str = r#"{"filterType":"PRICE_FILTER","tickSize":"0.10","minPrice":"556.80","maxPrice":"4529764"},
    {"filterType":"LOT_SIZE","stepSize":"0.001","maxQty":"1000","minQty":"0.001"},
    {"filterType":"MARKET_LOT_SIZE","minQty":"0.001","stepSize":"0.001","maxQty":"120"},
    {"filterType":"MAX_NUM_ORDERS","limit":200},{"filterType":"MIN_NOTIONAL","notional":"50"},
    {"filterType":"PERCENT_PRICE","multiplierUp":"1.0500","multiplierDown":"0.9500","multiplierDecimal":"4"},
    {"filterType":"POSITION_RISK_CONTROL","positionControlSide":"NONE"}"#;

fn listing(base: &str, quote: &str, margin: &str, kind: &str, status: &str) -> String {
    format!(
        r#"{{"symbol":"{base}{quote}","pair":"{base}{quote}","contractType":"{kind}","deliveryDate":4133404800000,
        "onboardDate":1569398400000,"status":"{status}","maintMarginPercent":"2.5000","requiredMarginPercent":"5.0000",
        "baseAsset":"{base}","quoteAsset":"{quote}","marginAsset":"{margin}","pricePrecision":2,"quantityPrecision":3,
        "baseAssetPrecision":8,"quotePrecision":8,"underlyingType":"COIN","underlyingSubType":["PoW"],
        "triggerProtect":"0.0500","liquidationFee":"0.012500","marketTakeBound":"0.05","maxMoveOrderLimit":10000,
        "filters":[{FILTERS}],"orderTypes":["LIMIT","MARKET","STOP","STOP_MARKET","TAKE_PROFIT","TAKE_PROFIT_MARKET",
        "TRAILING_STOP_MARKET"],"timeInForce":["GTC","IOC","FOK","GTX","GTD"]}}"#
    )
}

async fn markets(listings: &[String], symbols: &[&str]) -> Vec<Market> {
    let body =
        format!(r#"{{"timezone":"UTC","serverTime":1,"futuresType":"U_MARGINED","symbols":[{}]}}"#, listings.join(","));
    let world = saying(vec![json(200, &body)]).await;
    let symbols: Vec<Symbol> = symbols.iter().map(|symbol| parse(symbol)).collect();
    let markets = world.binance.markets(world.site(), &symbols).await.unwrap();
    assert_eq!(world.server.lines(), ["GET /fapi/v1/exchangeInfo"]);
    markets
}

#[tokio::test]
async fn a_perpetual_is_told_with_its_rules_and_no_stops() {
    let listed = markets(&[listing("BTC", "USDT", "USDT", "PERPETUAL", "TRADING")], &[]).await;
    let filters = Filters {
        price_tick: parse("0.1"),
        quantity_step: parse("0.001"),
        quantity_min: parse("0.001"),
        notional_min: parse("50"),
        most: Maxima { limit: Some(parse("1000")), market: Some(parse("120")), notional: None },
    };
    let kind = MarketKind::Linear { leverage_max: Leverage::new(125).unwrap() };
    let wanted =
        Market { filters, kind, fee: parse("0.0005"), orders_max: Some(200), stops: Stops::Polled, ..market() };
    assert_eq!(listed, [wanted]);
    assert!(listed[0].can_short);
}

#[tokio::test]
async fn only_linear_perpetuals_that_are_traded_now_are_told() {
    let all = [
        listing("BTC", "USDT", "USDT", "PERPETUAL", "TRADING"),
        listing("ETH", "USDC", "USDC", "PERPETUAL", "TRADING"),
        listing("SOL", "USDT", "USDT", "PERPETUAL", "SETTLING"),
        listing("XRP", "USDT", "USDT", "PERPETUAL", "PENDING_TRADING"),
        listing("TSLA", "USDT", "USDT", "TRADIFI_PERPETUAL", "TRADING"),
        listing("ADA", "USD", "ADA", "PERPETUAL", "TRADING"),
        listing("BNB", "USDT", "USDT", "CURRENT_QUARTER", "TRADING")
            .replace("\"symbol\":\"BNBUSDT\"", "\"symbol\":\"BNBUSDT_260327\""),
        listing("币安人生", "USDT", "USDT", "PERPETUAL", "TRADING"),
    ];
    let named = |markets: Vec<Market>| markets.iter().map(|market| market.key.symbol.to_string()).collect::<Vec<_>>();
    assert_eq!(named(markets(&all, &[]).await), ["BTC/USDT:USDT", "ETH/USDC:USDC"]);
    assert_eq!(named(markets(&all, &["ETH/USDC:USDC", "NO/USDT:USDT"]).await), ["ETH/USDC:USDC"]);
}

#[tokio::test]
async fn the_price_comes_with_its_time() {
    let world =
        saying(vec![json(200, r#"{"symbol":"BTCUSDT","price":"64250.30","time":1589437530011}"#), json(200, "{}")])
            .await;
    let told = world.binance.ticker(world.site(), &market().key).await;
    assert_eq!(told, Ok(Some((parse("64250.3"), Timestamp::from_millis(1_589_437_530_011)))));
    world.binance.ticker(world.site(), &market().key).await.unwrap_err();
    assert_eq!(world.server.lines(), ["GET /fapi/v2/ticker/price?symbol=BTCUSDT"; 2]);
}

#[tokio::test]
async fn a_book_is_asked_for_in_depths_that_are_served() {
    async fn check(depth: u32, asked: u32) {
        let body =
            r#"{"lastUpdateId":1,"E":1,"T":1,"bids":[["4.00","431.000"],["3.99","1"]],"asks":[["4.01","12.0"]]}"#;
        let world = saying(vec![json(200, body)]).await;
        let book = world.binance.book(world.site(), &market().key, depth).await.unwrap();
        assert_eq!((book.bids.len(), book.asks.len()), (usize::try_from(depth).unwrap().min(2), 1));
        assert_eq!(world.server.lines(), [format!("GET /fapi/v1/depth?symbol=BTCUSDT&limit={asked}")]);
    }
    check(1, 5).await;
    check(50, 50).await;
    check(51, 100).await;
}

#[tokio::test]
async fn candles_and_the_time_are_read_as_on_spot() {
    let bars = r#"[[1699999980000,"10.00","12.50","9.99","11.00","1.5",1700000039999,"16.0",3,"1.0","11.0","0"]]"#;
    let late = [("date", "Tue, 14 Nov 2023 22:15:59 GMT")];
    let world = saying(vec![with(200, &late, bars), json(200, r#"{"serverTime":1499827319559}"#)]).await;
    let at = Timestamp::from_millis;
    let (span, now) = (CandleSpan::around(Interval::OneMinute, at(1_699_999_990_000)), at(1_700_000_100_000));
    let read = world.binance.candles(world.site(), &market().key, &span, now).await.unwrap();
    assert_eq!((read.len(), read[0].bar.open, read[0].is_closed), (1, parse("10"), true));
    assert_eq!(world.binance.time(world.site()).await, Ok(at(1_499_827_319_559)));
    let asked = "GET /fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=1699999980000&endTime=1700000039999&limit=1";
    assert_eq!(world.server.lines(), [asked, "GET /fapi/v1/time"]);
}
