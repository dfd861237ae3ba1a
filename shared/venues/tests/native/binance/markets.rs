//! What may be traded, and by which rules.

use super::{World, parse};
use crate::server::{Reply, json};
use domain::clock::Millis;
use domain::market::{Filters, Market, Maxima, Stops, Symbol};
use venues::native::Native;

const PRICE: &str =
    r#"{"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"1000000.00","tickSize":"0.01000000"}"#;
const NO_TICK: &str = r#"{"filterType":"PRICE_FILTER","minPrice":"0","maxPrice":"0","tickSize":"0.00000000"}"#;
const LOT: &str = r#"{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.0","stepSize":"0.00001000"}"#;
const MARKET_LOT: &str = r#"{"filterType":"MARKET_LOT_SIZE","minQty":"0","maxQty":"92.1","stepSize":"0.00000000"}"#;
const NO_MOST_LOT: &str =
    r#"{"filterType":"MARKET_LOT_SIZE","minQty":"0","maxQty":"0.00000000","stepSize":"0.00000000"}"#;
const BEYOND_LOT: &str = r#"{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"92233720368547758079223372036854.0","stepSize":"0.00001000"}"#;
const COARSE_LOT: &str = r#"{"filterType":"MARKET_LOT_SIZE","minQty":"0.001","maxQty":"92.1","stepSize":"0.00100000"}"#;
/// Of these: of a limit order, at the market, and in quote.
const MOST: [Option<&str>; 3] = [Some("9000"), Some("92.1"), Some("9000000")];
const NOTIONAL: &str = r#"{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,
    "maxNotional":"9000000.00000000","applyMaxToMarket":false,"avgPriceMins":5}"#;
const MIN_NOTIONAL: &str =
    r#"{"filterType":"MIN_NOTIONAL","minNotional":"10.00000000","applyToMarket":true,"avgPriceMins":5}"#;
const OTHERS: &str = r#"{"filterType":"ICEBERG_PARTS","limit":10},{"filterType":"MAX_NUM_ORDERS","maxNumOrders":200},
    {"filterType":"MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":5},{"filterType":"SOMETHING_NEW","a":[1,{}]}"#;
const ALL_TYPES: &str =
    r#""LIMIT","LIMIT_MAKER","MARKET","STOP_LOSS","STOP_LOSS_LIMIT","TAKE_PROFIT","TAKE_PROFIT_LIMIT""#;

fn listing(base: &str, status: &str, types: &str, oco: bool, filters: &[&str]) -> String {
    format!(
        r#"{{"symbol":"{base}USDT","status":"{status}","baseAsset":"{base}","baseAssetPrecision":8,"quoteAsset":"USDT",
        "quotePrecision":8,"quoteAssetPrecision":7,"orderTypes":[{types}],"icebergAllowed":true,"ocoAllowed":{oco},
        "isSpotTradingAllowed":true,"isMarginTradingAllowed":true,"filters":[{}],"permissions":[],
        "permissionSets":[],"defaultSelfTradePreventionMode":"EXPIRE_MAKER"}}"#,
        filters.join(",")
    )
}

fn info(listings: &[String]) -> Reply {
    let listings = listings.join(",");
    json(
        200,
        &format!(r#"{{"timezone":"UTC","serverTime":1,"rateLimits":[],"exchangeFilters":[],"symbols":[{listings}]}}"#),
    )
}

async fn markets(symbols: &[&str], replies: Vec<Reply>, heard: &[&str]) -> Vec<Market> {
    let world = World::saying(replies).await;
    let symbols: Vec<Symbol> = symbols.iter().map(|symbol| parse(symbol)).collect();
    let markets = world.binance.markets(world.site(), &symbols).await.unwrap();
    assert_eq!(world.server.lines(), heard);
    markets
}

const ONE: &str = "GET /api/v3/exchangeInfo?symbols=%5B%22BTCUSDT%22%5D&showPermissionSets=false";
const TWO: &str = "GET /api/v3/exchangeInfo?symbols=%5B%22BTCUSDT%22%2C%22NOUSDT%22%5D&showPermissionSets=false";
const ALL: &str = "GET /api/v3/exchangeInfo?permissions=SPOT&showPermissionSets=false&symbolStatus=TRADING";

#[tokio::test]
async fn a_market_has_the_strictest_of_its_rules() {
    async fn check(filters: &[&str], tick: &str, step: &str, least: [&str; 2], most: [Option<&str>; 3]) {
        let listed = info(&[listing("BTC", "TRADING", ALL_TYPES, true, filters)]);
        let market = markets(&["BTC/USDT"], vec![listed], &[ONE]).await.remove(0);
        let wanted = Filters {
            price_tick: parse(tick),
            quantity_step: parse(step),
            quantity_min: parse(least[0]),
            notional_min: parse(least[1]),
            most: Maxima { limit: most[0].map(parse), market: most[1].map(parse), notional: most[2].map(parse) },
        };
        assert_eq!(market.filters, wanted, "{filters:?}");
    }
    check(&[PRICE, LOT, MARKET_LOT, NOTIONAL, OTHERS], "0.01", "0.00001", ["0.00001", "5"], MOST).await;
    let no_notional = [MOST[0], MOST[1], None];
    check(&[LOT, COARSE_LOT, MIN_NOTIONAL, PRICE], "0.01", "0.001", ["0.001", "10"], no_notional).await;
    let of_limits = [MOST[0], MOST[0], MOST[2]];
    check(&[PRICE, LOT, NO_MOST_LOT, MIN_NOTIONAL, NOTIONAL], "0.01", "0.00001", ["0.00001", "10"], of_limits).await;
    check(&[PRICE, BEYOND_LOT, MARKET_LOT], "0.01", "0.00001", ["0.00001", "0"], [None, Some("92.1"), None]).await;
    check(&[NO_TICK, LOT, NOTIONAL, MIN_NOTIONAL], "0.0000001", "0.00001", ["0.00001", "10"], of_limits).await;
    check(&[], "0.0000001", "0.00000001", ["0", "0"], [None; 3]).await;
}

#[tokio::test]
async fn a_market_is_told_with_its_fee_its_stops_and_how_many_orders_may_rest() {
    let all = [PRICE, LOT, NOTIONAL, OTHERS];
    let no_stop = r#""LIMIT","MARKET","STOP_LOSS_LIMIT""#;
    for (types, oco, stops) in
        [(ALL_TYPES, true, Stops::Paired), (ALL_TYPES, false, Stops::Alone), (no_stop, true, Stops::Polled)]
    {
        let listed = info(&[listing("BTC", "TRADING", types, oco, &all)]);
        let market = markets(&["BTC/USDT"], vec![listed], &[ONE]).await.remove(0);
        assert_eq!((market.stops, market.orders_max, market.can_short), (stops, Some(200), false));
        assert_eq!((market.fee, market.key.to_string()), (parse("0.001"), "BINANCE:BTC/USDT".to_owned()));
    }
}

#[tokio::test]
async fn only_what_is_traded_on_spot_now_is_told() {
    let rules = [PRICE, LOT, NOTIONAL];
    let of = |base: &str, status: &str| listing(base, status, ALL_TYPES, true, &rules);
    let mut listings: Vec<String> =
        ["END_OF_DAY", "HALT", "BREAK", "CANCEL_ONLY"].map(|status| of("ETH", status)).into();
    listings.push(of("BNB", "TRADING").replace("\"isSpotTradingAllowed\":true", "\"isSpotTradingAllowed\":false"));
    listings.push(of("币安人生", "TRADING"));
    listings.push(of("BTC", "TRADING"));
    let names = |markets: Vec<Market>| markets.iter().map(|market| market.key.symbol.to_string()).collect::<Vec<_>>();
    assert_eq!(names(markets(&[], vec![info(&listings)], &[ALL]).await), ["BTC/USDT"]);
}

#[tokio::test]
async fn a_name_that_is_not_listed_is_left_out() {
    let no = || json(400, r#"{"code":-1121,"msg":"Invalid symbol."}"#);
    assert!(markets(&["BTC/USDT"], vec![no()], &[ONE]).await.is_empty());
    let of = |base: &str| listing(base, "TRADING", ALL_TYPES, true, &[PRICE, LOT]);
    let all = info(&[of("BTC"), of("ETH")]);
    let listed = markets(&["BTC/USDT", "NO/USDT"], vec![no(), all], &[TWO, ALL]).await;
    assert_eq!(listed.iter().map(|market| market.key.symbol.to_string()).collect::<Vec<_>>(), ["BTC/USDT"]);
    let world = World::saying(vec![json(200, "{}"), json(503, "")]).await;
    world.binance.markets(world.site(), &[]).await.unwrap_err();
    world.binance.markets(world.site(), &[]).await.unwrap_err();
}

#[tokio::test]
async fn terms_are_those_of_the_fence_of_time() {
    let terms = World::saying(Vec::new()).await.binance.terms();
    assert_eq!((terms.validity, terms.read_lag), (Some(Millis::seconds(5)), Millis::seconds(5)));
}
