//! What is read there: markets, balances and prices.

use super::{EXCHANGES, OF_CONTRACTS, World, parse};
use crate::server::{json, with};
use domain::clock::Timestamp;
use domain::market::{Level, Maxima, Stops};
use std::sync::Arc;
use venues::breadth::Breadth;
use venues::native::{Native, Transport};

const SYMBOLS: &str = r#"{"code":"0","msg":"","data":[
  {"instType":"SPOT","instId":"BTC-USDT","baseCcy":"BTC","quoteCcy":"USDT","tickSz":"0.1","lotSz":"0.00000001","minSz":"0.00001","state":"live","maxLmtSz":"9999","maxMktSz":"1000000","maxLmtAmt":"20000000"},
  {"instType":"SPOT","instId":"OLD-USDT","baseCcy":"OLD","quoteCcy":"USDT","tickSz":"0.1","lotSz":"0.1","minSz":"1","state":"suspend"}]}"#;

#[tokio::test]
async fn markets_are_listed_with_their_steps_and_with_what_the_library_wants_back() {
    let world = World::saying("okx", vec![json(200, SYMBOLS)]).await;
    let markets = world.spoken.markets(&world.login.site, &[]).await.unwrap();
    let [market] = markets.as_slice() else { unreachable!("{markets:?}") };
    assert_eq!((market.key.exchange.as_str(), market.key.symbol.to_string().as_str()), ("OKX", "BTC/USDT"));
    assert_eq!((market.filters.price_tick, market.filters.quantity_step), (parse("0.1"), parse("0.00000001")));
    assert_eq!((market.filters.quantity_min, market.stops, market.can_short), (parse("0.00001"), Stops::Polled, false));
    // What is said there of orders at the market is in quote.
    assert_eq!(market.filters.most, Maxima::told("9999".parse().ok(), None, "20000000".parse().ok()));
    let kept = market.at_venue.as_deref().unwrap();
    assert!(kept.contains(r#""id":"BTC-USDT""#) && kept.len() < 1_000, "{kept}");
}

/// The library asks there for a list of what is lent as well: one request is enough.
#[tokio::test]
async fn markets_are_listed_where_the_library_puts_several_lists_together() {
    let told = r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":[{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","minTradeAmount":"0","maxTradeAmount":"900000000","takerFeeRate":"0.002","makerFeeRate":"0.002","pricePrecision":"2","quantityPrecision":"6","quotePrecision":"8","status":"online","minTradeUSDT":"1"}]}"#;
    let world = World::saying("bitget", vec![json(200, told)]).await;
    let markets = world.spoken.markets(&world.login.site, &[]).await.unwrap();
    let [market] = markets.as_slice() else { unreachable!("{markets:?}") };
    assert_eq!((market.filters.price_tick, market.filters.quantity_step), (parse("0.01"), parse("0.000001")));
    assert_eq!(market.filters.most, Maxima::told("900000000".parse().ok(), None, None));
    assert_eq!(world.server.lines().len(), 1);
}

#[tokio::test]
async fn what_was_listed_is_enough_to_trade_and_to_be_asked_about() {
    let book = r#"{"code":"0","data":[{"asks":[["100.2","1","0","1"],["100.3","2","0","1"]],"bids":[["100.1","3","0","1"]],"ts":"1700000000000"}],"msg":""}"#;
    let world = World::saying("okx", vec![json(200, SYMBOLS), json(200, book)]).await;
    let markets = world.spoken.markets(&world.login.site, &[]).await.unwrap();
    world.spoken.learn(&markets[0]);
    let book = world.spoken.book(&world.login.site, &markets[0].key, 1).await.unwrap();
    assert_eq!(book.asks, [Level { price: parse("100.2"), quantity: parse("1") }]);
    assert_eq!(book.bids, [Level { price: parse("100.1"), quantity: parse("3") }]);
}

#[tokio::test]
async fn balances_are_what_is_free_and_what_is_locked() {
    let told = r#"{"code":"0","msg":"","data":[{"uTime":"1700000000000","details":[{"ccy":"USDT","availBal":"1234.567891","cashBal":"1300","frozenBal":"65.432109","eq":"1300"},{"ccy":"BTC","availBal":"0.00000001","cashBal":"0.00000001","frozenBal":"0","eq":"0.00000001"}]}]}"#;
    let world = World::saying("okx", vec![json(200, told)]).await;
    let balances = world.spoken.balances(&world.login).await.unwrap();
    let usdt = balances[&parse("USDT")];
    assert_eq!((usdt.free, usdt.locked), (parse("1234.567891"), parse("65.432109")));
    assert_eq!(balances[&parse("BTC")].free, parse("0.00000001"));
}

#[tokio::test]
async fn of_a_balance_that_a_double_does_not_keep_is_told_what_is_surely_there_and_a_debt_is_one() {
    let told = r#"{"code":"0","msg":"","data":[{"uTime":"1700000000000","details":[{"ccy":"SHIB","availBal":"12345678.123456789912","cashBal":"12345678.123456789912","frozenBal":"0","eq":"1"},{"ccy":"BTC","availBal":"-0.5","cashBal":"-0.5","frozenBal":"0","eq":"-0.5"},{"ccy":"USDT","availBal":"1300","cashBal":"1300","frozenBal":"0","eq":"1300"}]}]}"#;
    let world = World::saying("okx", vec![json(200, told)]).await;
    let balances = world.spoken.balances(&world.login).await.unwrap();
    assert_eq!(balances[&parse("SHIB")].free, parse("12345678.1234567"));
    assert_eq!(balances[&parse("BTC")].free, parse("-0.5"));
    assert_eq!(balances[&parse("USDT")].free, parse("1300"));
}

/// What is not told is not nothing: coins that are held would be taken for gone.
#[tokio::test]
async fn a_balance_that_leaves_out_what_is_free_or_its_list_is_none() {
    let bitget =
        |coins: &str| format!(r#"{{"code":"00000","msg":"success","requestTime":1700000000200,"data":{coins}}}"#);
    let okx = |data: &str| format!(r#"{{"code":"0","msg":"","data":{data}}}"#);
    let bybit = |result: &str| format!(r#"{{"retCode":0,"retMsg":"OK","time":1700000000300,"result":{result}}}"#);
    for (name, told) in [
        ("bitget", bitget(r#"[{"coin":"BTC","available":null,"frozen":"0","locked":"0"}]"#)),
        ("bitget", bitget(r#"[{"coin":"USDT","available":"5","frozen":"0","locked":"0"},{"coin":"BTC"}]"#)),
        ("bitget", bitget("null")),
        ("okx", okx(r#"[{"uTime":"1700000000000","details":[{"ccy":"BTC","availBal":"","eq":"","frozenBal":""}]}]"#)),
        ("okx", okx(r#"[{"uTime":"1700000000000"}]"#)),
        ("okx", okx("[]")),
        ("bybit", bybit("{}")),
        ("bybit", bybit(r#"{"list":[{"accountType":"UNIFIED"}]}"#)),
        ("kucoin", r#"{"code":"200000","data":[{"currency":"BTC","type":"trade"}]}"#.to_owned()),
    ] {
        let world = World::saying(name, vec![json(200, &told)]).await;
        assert!(world.spoken.balances(&world.login).await.is_err(), "{name} {told}");
    }
}

/// It documents so, and the list is there.
#[tokio::test]
async fn an_empty_list_of_assets_is_an_account_without_any() {
    let bitget = r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":[]}"#;
    let okx = r#"{"code":"0","msg":"","data":[{"uTime":"1700000000000","details":[]}]}"#;
    for (name, told) in [("bitget", bitget), ("okx", okx)] {
        let world = World::saying(name, vec![json(200, told)]).await;
        assert!(world.spoken.balances(&world.login).await.unwrap().is_empty(), "{name}");
    }
}

#[test]
fn only_what_documents_that_it_names_every_asset_is_believed_of_what_it_leaves_out() {
    let breadth = Breadth::new(Arc::new(Transport::new(true)), Arc::default());
    let names_all = |name: &&str| breadth.of(&parse(name)).unwrap().terms().names_all_assets;
    assert_eq!(EXCHANGES.iter().filter(|name| names_all(name)).collect::<Vec<_>>(), [&"bybit", &"okx", &"bitget"]);
    assert!(!OF_CONTRACTS.iter().any(names_all));
}

/// The library finds no time in what Bybit tells of a market: it is of when it was told.
#[tokio::test]
async fn every_exchange_tells_a_price_with_its_time() {
    let bybit = |symbol: &str, category: &str| {
        format!(
            r#"{{"retCode":0,"retMsg":"OK","result":{{"category":"{category}","list":[{{"symbol":"{symbol}","bid1Price":"64250.2","bid1Size":"1","ask1Price":"64250.4","ask1Size":"1","lastPrice":"64250.3","prevPrice24h":"64000","price24hPcnt":"0.0068","highPrice24h":"65000","lowPrice24h":"63000","turnover24h":"1","volume24h":"1"}}]}},"retExtInfo":{{}},"time":1700000000100}}"#
        )
    };
    let kucoin = r#"{"code":"200000","data":{"time":1700000000100,"symbol":"BTC-USDT","buy":"64250.2","sell":"64250.4","changeRate":"0.0068","changePrice":"250","high":"65000","low":"63000","vol":"1","volValue":"1","last":"64250.3","averagePrice":"64100","takerFeeRate":"0.001","makerFeeRate":"0.001","takerCoefficient":"1","makerCoefficient":"1"}}"#;
    let bitget = r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":[{"symbol":"BTCUSDT","high24h":"65000","open":"64000","low24h":"63000","lastPr":"64250.3","quoteVolume":"1","baseVolume":"1","usdtVolume":"1","bidPr":"64250.2","askPr":"64250.4","bidSz":"1","askSz":"1","openUtc":"64000","ts":"1700000000100","changeUtc24h":"0.006","change24h":"0.006"}]}"#;
    let date = ("date", "Tue, 14 Nov 2023 22:13:20 GMT");
    let json = ("content-type", "application/json");
    for (name, told, at) in [
        ("bybit", bybit("BTCUSDT", "spot").as_str(), 1_700_000_000_000),
        ("bybitusdm", bybit("BTCUSDT", "linear").as_str(), 1_700_000_000_000),
        ("kucoin", kucoin, 1_700_000_000_100),
        ("bitget", bitget, 1_700_000_000_100),
    ] {
        let world = World::saying(name, vec![with(200, &[json, date], told)]).await;
        world.spoken.learn(&world.market());
        let ticker = world.spoken.ticker(&world.login.site, &world.market().key).await.unwrap();
        assert_eq!(ticker, Some((parse("64250.3"), Timestamp::from_millis(at))), "{name}");
    }
}

#[tokio::test]
async fn a_ticker_has_the_exchanges_own_time() {
    let told = r#"{"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT","last":"64250.3","ts":"1700000000100"}]}"#;
    let world = World::saying("okx", vec![json(200, told)]).await;
    world.spoken.learn(&world.market());
    let ticker = world.spoken.ticker(&world.login.site, &world.market().key).await.unwrap();
    assert_eq!(ticker, Some((parse("64250.3"), Timestamp::from_millis(1_700_000_000_100))));
}

/// A list says more than anybody has: the market is traded all the same.
#[tokio::test]
async fn a_maximum_that_cannot_be_kept_is_none() {
    for told in ["9e99", "-1", "unlimited", "0"] {
        let listed = SYMBOLS.replace("9999", told).replace("20000000", told);
        let world = World::saying("okx", vec![json(200, &listed)]).await;
        let markets = world.spoken.markets(&world.login.site, &[]).await.unwrap();
        assert_eq!(markets.first().map(|market| market.filters.most), Some(Maxima::default()), "{told}");
    }
}
