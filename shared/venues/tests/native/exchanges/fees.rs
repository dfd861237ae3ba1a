//! What an account pays, asked with its key: whatever is answered says nothing of the key.

use super::*;
use crate::breadth::market as market_of;

fn at(exchange: &str, symbol: &str) -> Market {
    let key = MarketKey { exchange: exchange.parse().unwrap(), symbol: symbol.parse().unwrap() };
    Market { key, ..market() }
}

#[tokio::test]
async fn each_exchange_is_asked_in_its_own_words() {
    let check = async |market: Market, answer: &str, path: &str, rate: &str| {
        let world = World::saying(vec![json(200, answer)]).await;
        assert_eq!(world.venue.read_fee(&account(), &market).await, Ok(rate.parse().unwrap()), "{path}");
        let lines = world.server.lines();
        assert!(lines.len() == 1 && lines[0].contains(path), "{lines:?}");
    };
    let nothing = r#"{"maker":"0","taker":"0","buyer":"0","seller":"0"}"#;
    let spot = format!(
        r#"{{"symbol":"BTCUSDT","standardCommission":{{"maker":"0","taker":"0.0006","buyer":"0","seller":"0"}},
        "specialCommission":{nothing},"taxCommission":{nothing}}}"#
    );
    check(at("BINANCE", "BTC/USDT"), &spot, "/api/v3/account/commission", "0.0006").await;
    let futures = r#"{"symbol":"BTCUSDT","makerCommissionRate":"0.0002","takerCommissionRate":"0.00045"}"#;
    check(at("BINANCEUSDM", "BTC/USDT:USDT"), futures, "/fapi/v1/commissionRate", "0.00045").await;
}

/// A market that the library knows by what stands in its row: nothing else has named it in this process.
#[tokio::test]
async fn an_exchange_of_the_library_is_asked_about_the_market_of_the_row() {
    let bybit = r#"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","takerFeeRate":"0.0004","makerFeeRate":"0.0001"}]},"time":1700000000123}"#;
    let okx = r#"{"code":"0","msg":"","data":[{"instType":"SPOT","level":"Lv1","maker":"-0.0001","makerU":"","taker":"-0.0004","takerU":"","ts":"1700000000123"}]}"#;
    let swap = r#"{"code":"0","msg":"","data":[{"instType":"SWAP","level":"Lv1","maker":"-0.0002","makerU":"-0.0001","taker":"-0.0005","takerU":"-0.0004","ts":"1700000000123"}]}"#;
    let kucoin = r#"{"code":"200000","data":[{"symbol":"BTC-USDT","takerFeeRate":"0.0004","makerFeeRate":"0.0001"}]}"#;
    let futures = r#"{"code":"200000","data":{"symbol":"XBTUSDTM","takerFeeRate":"0.0004","makerFeeRate":"0.0001"}}"#;
    let bitget = r#"{"code":"00000","msg":"success","requestTime":1700000000123,"data":{"makerFeeRate":"0.0001","takerFeeRate":"0.0004"}}"#;
    for (name, told) in [
        ("bybit", bybit),
        ("okx", okx),
        ("kucoin", kucoin),
        ("bitget", bitget),
        ("bybitusdm", bybit),
        ("okxusdm", swap),
        ("kucoinusdm", futures),
        ("bitgetusdm", bitget),
    ] {
        let world = World::saying(vec![json(200, told)]).await;
        let listed = market_of(name, if name.ends_with("usdm") { "BTC/USDT:USDT" } else { "BTC/USDT" });
        let fee = world.venue.read_fee(&account(), &listed).await;
        assert_eq!(fee, Ok("0.0004".parse().unwrap()), "{name} {:?}", world.server.lines());
    }
}

#[tokio::test]
async fn a_key_that_may_not_be_told_its_fee_is_not_refused() {
    let world = World::saying(vec![refused(-2015), refused(-2015)]).await;
    assert!(world.venue.read_fee(&account(), &market()).await.is_err());
    assert_eq!(world.venue.key_refused(&account()), None);
    assert!(world.venue.balances(&account(), &binance()).await.is_err());
    assert!(world.venue.key_refused(&account()).is_some(), "with anything else it is");
}
