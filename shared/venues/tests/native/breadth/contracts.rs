//! Perpetual contracts: orders leave as contracts, and whatever comes back is base.

use super::{EXCHANGES, OF_CONTRACTS, World, market, parse};
use crate::server::{Reply, json};
use app::ports::{Listed, Outcome, Request};
use domain::alert::Side;
use domain::limits;
use domain::market::{Level, MarketKind, Maxima};
use domain::order::{Direction, Status};
use domain::preset::OrderKind;
use domain::vault::Mode;
use std::sync::Arc;
use venues::Sites;
use venues::breadth::Breadth;
use venues::native::{Native, Traffic, Transport, words};

fn request(world: &World, quantity: &str, reduce_only: bool) -> Request {
    let request = world.request(Direction::Sell, OrderKind::Market);
    Request { quantity: parse(quantity), reduce_only, ..request }
}

fn accepted(name: &str) -> Reply {
    json(
        200,
        match name {
            "bybitusdm" => {
                r#"{"retCode":0,"retMsg":"OK","result":{"orderId":"77","orderLinkId":"mabcdefghijklmnopq"},"time":1700000000200}"#
            }
            "okxusdm" => {
                r#"{"code":"0","msg":"","data":[{"clOrdId":"mabcdefghijklmnopq","ordId":"77","sCode":"0","sMsg":""}]}"#
            }
            "kucoinusdm" => r#"{"code":"200000","data":{"orderId":"77","clientOid":"mabcdefghijklmnopq"}}"#,
            _ => {
                r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":{"orderId":"77","clientOid":"mabcdefghijklmnopq"}}"#
            }
        },
    )
}

/// Where nothing is held any more.
fn nothing_left(name: &str) -> Reply {
    json(
        if name == "bitgetusdm" { 400 } else { 200 },
        match name {
            "bybitusdm" => {
                r#"{"retCode":110017,"retMsg":"current position is zero, cannot fix reduce-only order qty","result":{},"time":1700000000200}"#
            }
            "okxusdm" => {
                r#"{"code":"1","msg":"All operations failed","data":[{"clOrdId":"mabcdefghijklmnopq","ordId":"","sCode":"51169","sMsg":"Order failed. You don't have any positions in this direction to reduce or close."}]}"#
            }
            "kucoinusdm" => r#"{"msg":"No open positions to close.","code":"300009"}"#,
            _ => r#"{"code":"22002","msg":"No position to close","requestTime":1700000000200,"data":null}"#,
        },
    )
}

#[tokio::test]
async fn an_order_is_one_request_and_accepted_with_the_exchanges_own_id() {
    for name in OF_CONTRACTS {
        let world = World::saying(name, vec![accepted(name)]).await;
        let outcome = world.spoken.submit(&world.login, &request(&world, "0.012", false)).await;
        let Outcome::Accepted(fact) = outcome else { unreachable!("{name}: {outcome:?}") };
        assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Open), Some("77")), "{name}");
        assert_eq!(world.server.lines().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_whole_number_of_steps_does_not_leave() {
    for (name, quantity) in
        [("bybitusdm", "0.0125"), ("okxusdm", "0.01205"), ("kucoinusdm", "0.0125"), ("bitgetusdm", "0.01205")]
    {
        let world = World::saying(name, Vec::new()).await;
        let outcome = world.spoken.submit(&world.login, &request(&world, quantity, false)).await;
        assert!(
            matches!(&outcome, Outcome::Rejected(no) if no.code == words::OFF_QUANTITY_STEP),
            "{name}: {outcome:?}"
        );
        assert_eq!(world.server.connections(), 0, "{name}");
    }
}

#[tokio::test]
async fn a_market_that_does_not_say_what_a_contract_is_is_not_traded() {
    for (said, else_said) in [("contractSize", "size"), ("\"contract\":true", "\"contract\":false")] {
        let world = World::saying("okxusdm", Vec::new()).await;
        let mut request = request(&world, "0.012", false);
        request.market.at_venue = request.market.at_venue.map(|kept| kept.replace(said, else_said));
        let outcome = world.spoken.submit(&world.login, &request).await;
        assert!(matches!(&outcome, Outcome::Rejected(no) if no.code == words::UNKNOWN_MARKET), "{said}: {outcome:?}");
        assert_eq!(world.server.connections(), 0, "{said}");
    }
}

#[tokio::test]
async fn where_nothing_is_left_to_reduce_an_exit_is_refused() {
    for name in OF_CONTRACTS {
        let world = World::saying(name, vec![nothing_left(name)]).await;
        let outcome = world.spoken.submit(&world.login, &request(&world, "0.012", true)).await;
        assert!(matches!(&outcome, Outcome::Rejected(no) if no.code == words::REDUCE_ONLY), "{name}: {outcome:?}");
    }
}

const ORDER: &str = r#"{"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","ordId":"77","clOrdId":"mabcdefghijklmnopq","side":"buy","ordType":"limit","px":"64250.3","sz":"1.2","accFillSz":"0.5","state":"canceled","cTime":"1700000000130","avgPx":"64250.3","fee":"-0.16","feeCcy":"USDT"}]}"#;
const TRADE: &str = r#"{"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","tradeId":"9","ordId":"77","clOrdId":"mabcdefghijklmnopq","side":"buy","fillPx":"64250.3","fillSz":"0.5","fee":"-0.16062575","feeCcy":"USDT","execType":"M","ts":"1700000000140"}]}"#;

#[tokio::test]
async fn what_was_filled_is_told_in_base_and_its_fee_in_quote() {
    let replies = [ORDER, TRADE].map(|body| json(200, body));
    let world = World::saying("okxusdm", replies.to_vec()).await;
    let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
    let fill = fact.fills.values().next().unwrap();
    assert_eq!((fact.status, fact.cumulative), (Some(Status::Cancelled), parse("0.005")));
    assert_eq!((fill.price, fill.quantity), (parse("64250.3"), parse("0.005")));
    let fee = fill.fee.as_ref().unwrap();
    assert_eq!((fee.asset.as_str(), fee.amount), ("USDT", parse("0.16062575")));
}

#[tokio::test]
async fn what_is_open_is_listed_in_base() {
    let open = ORDER.replace("canceled", "partially_filled");
    let world = World::saying("okxusdm", vec![json(200, &open), json(200, TRADE)]).await;
    let listed = world.spoken.list_orders(&world.login, &world.market(), "m", Listed::Open).await.unwrap();
    let [order] = listed.as_slice() else { unreachable!("{listed:?}") };
    assert_eq!((order.quantity, order.fact.cumulative), (parse("0.012"), parse("0.005")));
    assert_eq!(order.fact.status, Some(Status::PartiallyFilled));
}

/// Of KuCoin, whose orders say neither that they were cancelled nor how: what is over with a rest was.
#[tokio::test]
async fn kucoin_tells_of_its_contracts_by_our_id() {
    let order = r#"{"code":"200000","data":{"id":"77","symbol":"XBTUSDTM","type":"limit","side":"sell","price":"64250.3","size":12,"value":"770","dealValue":"321.2515","dealSize":5,"filledSize":5,"filledValue":"321.2515","clientOid":"mabcdefghijklmnopq","isActive":false,"cancelExist":true,"createdAt":1700000000130,"updatedAt":1700000000150,"settleCurrency":"USDT","status":"done","reduceOnly":false}}"#;
    let trades = r#"{"code":"200000","data":{"currentPage":1,"pageSize":100,"totalNum":1,"totalPage":1,"items":[{"symbol":"XBTUSDTM","tradeId":"9","orderId":"77","side":"sell","liquidity":"maker","price":"64250.3","size":5,"value":"321.2515","feeRate":"0.0002","feeCurrency":"USDT","fee":"0.0642503","tradeTime":1700000000140000000,"createdAt":1700000000140}]}}"#;
    let world = World::saying("kucoinusdm", vec![json(200, order), json(200, trades)]).await;
    let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
    let fill = fact.fills.values().next().unwrap();
    assert_eq!((fact.status, fact.cumulative), (Some(Status::Cancelled), parse("0.005")));
    assert_eq!((fill.quantity, fill.fee.as_ref().unwrap().amount), (parse("0.005"), parse("0.0642503")));
}

/// A short of twelve thousandths, and something in a market that none of the lists here has.
fn held(name: &str) -> (&'static str, &'static str) {
    match name {
        "bybitusdm" => (
            r#"{"retCode":0,"retMsg":"OK","result":{"category":"linear","nextPageCursor":"","list":[{"positionIdx":0,"symbol":"BTCUSDT","side":"Sell","size":"0.012","avgPrice":"64250.3","positionValue":"771","leverage":"3","markPrice":"64250"},{"positionIdx":0,"symbol":"BTCUSDT-26DEC25","side":"Buy","size":"1","leverage":"3"},{"positionIdx":0,"symbol":"ETHUSDT","side":"","size":"0","leverage":"3"}]},"time":1700000000200}"#,
            r#"{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT","leverageFilter":{"minLeverage":"1","maxLeverage":"100.00","leverageStep":"0.01"},"priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"maxOrderQty":"1190","maxMktOrderQty":"119","minOrderQty":"0.001","qtyStep":"0.001","minNotionalValue":"5"}},{"symbol":"BTCUSDT-26DEC25","contractType":"LinearFutures","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT","deliveryTime":"1766707200000","leverageFilter":{"maxLeverage":"25"},"priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001"}},{"symbol":"BTCPERP","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USD","settleCoin":"USDC","leverageFilter":{"maxLeverage":"50"},"priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001"}},{"symbol":"OLDUSDT","contractType":"LinearPerpetual","status":"Closed","baseCoin":"OLD","quoteCoin":"USDT","settleCoin":"USDT","leverageFilter":{"maxLeverage":"50"},"priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001"}}],"nextPageCursor":""},"time":1700000000200}"#,
        ),
        "okxusdm" => (
            r#"{"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","posSide":"net","pos":"-1.2","mgnMode":"isolated","lever":"3","avgPx":"64250.3","margin":"257","upl":"0","notionalUsd":"771"},{"instType":"FUTURES","instId":"BTC-USDT-251226","posSide":"net","pos":"1","mgnMode":"cross","lever":"3","avgPx":"64250.3"}]}"#,
            r#"{"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","uly":"BTC-USDT","instFamily":"BTC-USDT","settleCcy":"USDT","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","tickSz":"0.1","lotSz":"0.1","minSz":"0.1","lever":"100","ctType":"linear","state":"live","maxLmtSz":"10000","maxMktSz":"3000"},{"instType":"SWAP","instId":"BTC-USD-SWAP","uly":"BTC-USD","settleCcy":"BTC","ctVal":"100","tickSz":"0.1","lotSz":"1","minSz":"1","lever":"100","ctType":"inverse","state":"live"},{"instType":"SWAP","instId":"BTC-USDC-SWAP","uly":"BTC-USDC","settleCcy":"USDC","ctVal":"0.0001","tickSz":"0.1","lotSz":"1","minSz":"1","lever":"100","ctType":"linear","state":"live"},{"instType":"SWAP","instId":"OLD-USDT-SWAP","uly":"OLD-USDT","settleCcy":"USDT","ctVal":"1","tickSz":"0.1","lotSz":"1","minSz":"1","lever":"100","ctType":"linear","state":"suspend"}]}"#,
        ),
        "kucoinusdm" => (
            r#"{"code":"200000","data":[{"id":"1","symbol":"XBTUSDTM","crossMode":false,"marginMode":"ISOLATED","positionSide":"BOTH","currentQty":-12,"avgEntryPrice":64250.3,"posCost":-771,"realLeverage":1,"isOpen":true,"markPrice":64250,"leverage":1},{"id":"2","symbol":"XBTMZ25","crossMode":true,"marginMode":"CROSS","positionSide":"BOTH","currentQty":1,"avgEntryPrice":64250.3,"isOpen":true}]}"#,
            r#"{"code":"200000","data":[{"symbol":"XBTUSDTM","type":"FFWCSX","baseCurrency":"XBT","quoteCurrency":"USDT","settleCurrency":"USDT","maxOrderQty":1000000,"marketMaxOrderQty":20000,"lotSize":1,"tickSize":0.1,"multiplier":0.001,"maxLeverage":125,"isInverse":false,"status":"Open","takerFeeRate":0.0006,"makerFeeRate":0.0002,"nextFundingRateTime":1000},{"symbol":"XBTUSDM","type":"FFWCSX","baseCurrency":"XBT","quoteCurrency":"USD","settleCurrency":"XBT","maxOrderQty":1000000,"marketMaxOrderQty":20000,"lotSize":1,"tickSize":0.1,"multiplier":-1.0,"maxLeverage":125,"isInverse":true,"status":"Open","takerFeeRate":0.0006,"makerFeeRate":0.0002,"nextFundingRateTime":1000},{"symbol":"XBTMZ25","type":"FFICSX","baseCurrency":"XBT","quoteCurrency":"USDT","settleCurrency":"USDT","expireDate":1766707200000,"lotSize":1,"tickSize":0.1,"multiplier":0.001,"maxLeverage":20,"isInverse":false,"status":"Open"},{"symbol":"OLDUSDTM","type":"FFWCSX","baseCurrency":"OLD","quoteCurrency":"USDT","settleCurrency":"USDT","lotSize":1,"tickSize":0.1,"multiplier":1.0,"maxLeverage":20,"isInverse":false,"status":"Paused","nextFundingRateTime":1000}]}"#,
        ),
        _ => (
            r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":[{"marginCoin":"USDT","symbol":"BTCUSDT","holdSide":"short","total":"0.012","available":"0.012","leverage":"3","openPriceAvg":"64250.3","marginMode":"isolated","posMode":"one_way_mode","markPrice":"64250","marginSize":"257","unrealizedPL":"0","keepMarginRate":"0.004"},{"marginCoin":"USDT","symbol":"BTCUSDTZ25","holdSide":"long","total":"1","available":"1","leverage":"3","marginMode":"crossed","posMode":"one_way_mode"}]}"#,
            r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":[{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","supportMarginCoins":["USDT"],"minTradeNum":"0.0001","priceEndStep":"1","volumePlace":"4","pricePlace":"1","sizeMultiplier":"0.0001","maxOrderQty":"1200","maxMarketOrderQty":"220","symbolType":"perpetual","minTradeUSDT":"5","maxLever":"125","minLever":"1","symbolStatus":"normal","takerFeeRate":"0.0006","makerFeeRate":"0.0002","deliveryTime":""},{"symbol":"BTCUSDTZ25","baseCoin":"BTC","quoteCoin":"USDT","supportMarginCoins":["USDT"],"minTradeNum":"0.0001","priceEndStep":"1","volumePlace":"4","pricePlace":"1","sizeMultiplier":"0.0001","symbolType":"delivery","deliveryTime":"1766707200000","maxLever":"50","symbolStatus":"normal"},{"symbol":"OLDUSDT","baseCoin":"OLD","quoteCoin":"USDT","supportMarginCoins":["USDT"],"minTradeNum":"1","priceEndStep":"1","volumePlace":"0","pricePlace":"1","sizeMultiplier":"1","symbolType":"perpetual","maxLever":"50","symbolStatus":"off"}]}"#,
        ),
    }
}

#[tokio::test]
async fn what_is_held_is_told_in_base_and_lists_are_read_once_for_names_that_are_not_known() {
    for name in OF_CONTRACTS {
        let (positions, markets) = held(name);
        let replies = [positions, markets, positions, positions].map(|body| json(200, body));
        let world = World::saying(name, replies.to_vec()).await;
        for count in [3, 4] {
            let open = world.spoken.positions(&world.login).await;
            let open = open.unwrap_or_else(|error| unreachable!("{name}: {error}"));
            let [position] = open.as_slice() else { unreachable!("{name}: {open:?}") };
            assert_eq!((position.side, position.quantity), (Side::Short, parse("0.012")), "{name}");
            assert_eq!(position.market, world.market().key, "{name}");
            assert_eq!(world.server.lines().len(), count, "{name}: {:?}", world.server.lines());
        }
    }
}

#[tokio::test]
async fn positions_are_not_known_where_lists_cannot_be_read() {
    for name in OF_CONTRACTS {
        let (positions, _) = held(name);
        let world = World::saying(name, vec![json(200, positions), json(503, "{}")]).await;
        world.spoken.positions(&world.login).await.unwrap_err();
    }
}

#[tokio::test]
async fn markets_are_those_that_are_paid_in_their_quote_and_have_no_end() {
    for (name, step, least, lent, [limit, most]) in [
        ("bybitusdm", "0.001", "0.001", "100", ["1190", "119"]),
        ("okxusdm", "0.001", "0.001", "100", ["100", "30"]),
        ("kucoinusdm", "0.001", "0.001", "1", ["1000", "20"]),
        ("bitgetusdm", "0.0001", "0.0001", "125", ["1200", "220"]),
    ] {
        let world = World::saying(name, vec![json(200, held(name).1)]).await;
        let markets = world.spoken.markets(&world.login.site, &[]).await;
        let markets = markets.unwrap_or_else(|error| unreachable!("{name}: {error}"));
        let [market] = markets.as_slice() else { unreachable!("{name}: {markets:?}") };
        assert_eq!(market.key, world.market().key, "{name}");
        assert_eq!((market.filters.price_tick, market.can_short), (parse("0.1"), true), "{name}");
        assert_eq!((market.filters.quantity_step, market.filters.quantity_min), (parse(step), parse(least)), "{name}");
        assert_eq!(market.kind, MarketKind::Linear { leverage_max: parse(lent) }, "{name}");
        let base = |told: &str| told.parse().ok();
        assert_eq!(market.filters.most, Maxima { limit: base(limit), market: base(most), notional: None }, "{name}");
        assert!(market.at_venue.as_ref().is_some_and(|kept| kept.contains("contractSize") && kept.len() < 1_000));
        assert_eq!(world.server.lines().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_market_that_does_not_tell_what_is_lent_lends_nothing() {
    let listed = held("bybitusdm").1.replace(r#""maxLeverage":"100.00","#, "");
    let world = World::saying("bybitusdm", vec![json(200, &listed)]).await;
    let markets = world.spoken.markets(&world.login.site, &[]).await.unwrap();
    assert_eq!(markets[0].kind, MarketKind::Linear { leverage_max: parse("1") });
}

#[tokio::test]
async fn a_list_with_more_pages_is_none() {
    let listed = held("bybitusdm").1.replace(r#""nextPageCursor":"""#, r#""nextPageCursor":"second""#);
    let world = World::saying("bybitusdm", vec![json(200, &listed)]).await;
    world.spoken.markets(&world.login.site, &[]).await.unwrap_err();
    assert_eq!(world.server.lines().len(), 1);
}

#[tokio::test]
async fn what_is_free_is_read_of_the_account_of_contracts() {
    for (name, told, free) in [
        (
            "bybitusdm",
            r#"{"retCode":0,"retMsg":"OK","result":{"list":[{"accountType":"UNIFIED","coin":[{"coin":"USDT","walletBalance":"1000.5","locked":"0","totalPositionIM":"100","totalOrderIM":"0.5"}]}]},"time":1700000000200}"#,
            "900",
        ),
        (
            "okxusdm",
            r#"{"code":"0","msg":"","data":[{"uTime":"1700000000000","details":[{"ccy":"USDT","availEq":"4834.317093622894","eq":"4992.890093622894"}]}]}"#,
            "4834.31709362289",
        ),
        (
            "kucoinusdm",
            r#"{"code":"200000","data":{"accountEquity":99.8999305281,"unrealisedPNL":0,"marginBalance":99.8999305281,"positionMargin":0,"orderMargin":0,"frozenFunds":0,"availableBalance":90.8999305281,"currency":"USDT"}}"#,
            "90.8999305281",
        ),
        (
            "bitgetusdm",
            r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":[{"marginCoin":"USDT","locked":"0","available":"13168.86110692","maxTransferOut":"13008.86110692","accountEquity":"13178.86110692"}]}"#,
            "13008.86110692",
        ),
    ] {
        let world = World::saying(name, vec![json(200, told)]).await;
        let balances = world.spoken.balances(&world.login).await;
        let balances = balances.unwrap_or_else(|error| unreachable!("{name}: {error}"));
        assert_eq!(balances[&parse("USDT")].free, parse(free), "{name}");
    }
}

#[tokio::test]
async fn levels_of_a_book_are_base() {
    let told = r#"{"code":"0","data":[{"asks":[["100.2","150","0","1"]],"bids":[["100.1","30","0","1"]],"ts":"1700000000000"}],"msg":""}"#;
    let world = World::saying("okxusdm", vec![json(200, told)]).await;
    world.spoken.learn(&world.market());
    let book = world.spoken.book(&world.login.site, &world.market().key, 1).await.unwrap();
    assert_eq!(book.asks, [Level { price: parse("100.2"), quantity: parse("1.5") }]);
    assert_eq!(book.bids, [Level { price: parse("100.1"), quantity: parse("0.3") }]);
}

#[tokio::test]
async fn contracts_are_traded_where_somebody_has_looked_at_how_and_coins_nowhere_else() {
    let breadth = Breadth::new(Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
    for name in OF_CONTRACTS {
        assert!(breadth.of(&parse(name)).is_some(), "{name}");
    }
    for name in ["GATEUSDM", "COINBASEUSDM", "USDM", "BYBITUSDMUSDM"] {
        assert!(breadth.of(&parse(name)).is_none(), "{name}");
    }
    let site = Sites::of_deployment(false, None).of(&parse("BYBITUSDM"), Mode::Testnet);
    assert_eq!(site.map(|site| site.url).as_deref(), Some("ccxt:bybit"), "the servers of its house");
    let world = World::saying("okx", Vec::new()).await;
    assert_eq!(world.spoken.positions(&world.login).await, Ok(Vec::new()));
    let leverage = parse("1");
    assert_eq!(world.spoken.prepare(&world.login, &market("okx", "BTC/USDT"), leverage).await, Ok(()));
    assert_eq!(world.server.connections(), 0, "coins have neither");
}

#[tokio::test]
async fn no_fence_of_time_outlasts_what_people_and_recoveries_wait_for() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let terms = World::saying(name, Vec::new()).await.spoken.terms();
        let fence = limits::absence_fence(terms.validity.unwrap(), terms.read_lag);
        assert!(fence < limits::RESOLVE_AFTER, "{name}");
        assert!(limits::EXECUTOR_TIMEOUT.plus(fence) < limits::RECOVERY_SETTLES, "{name}");
    }
}
