//! What is held, and what is free beside it.

use super::super::parse;
use super::saying;
use crate::server::{json, text};
use app::ports::{Balance, OpenPosition};
use domain::alert::Side;
use domain::market::MarketKey;
use venues::native::Native;

fn held(symbol: &str, side: &str, amount: &str, margin: &str) -> String {
    format!(
        r#"{{"symbol":"{symbol}","positionSide":"{side}","positionAmt":"{amount}","entryPrice":"0.385",
        "breakEvenPrice":"0.385077","markPrice":"0.41047590","unRealizedProfit":"0.76427700","liquidationPrice":"0",
        "isolatedMargin":"0","notional":"12.31427700","marginAsset":"{margin}","isolatedWallet":"0",
        "initialMargin":"0.61571385","maintMargin":"0.08004280","positionInitialMargin":"0.61571385",
        "openOrderInitialMargin":"0","adl":2,"bidNotional":"0","askNotional":"0","updateTime":1720736417660}}"#
    )
}

#[tokio::test]
async fn what_is_held_is_told_by_side_and_size() {
    let all = [
        held("ADAUSDT", "BOTH", "30", "USDT"),
        held("1000PEPEUSDC", "BOTH", "-1500.000", "USDC"),
        held("BTCUSDT", "LONG", "0.010", "USDT"),
        held("BTCUSDT", "SHORT", "-0.020", "USDT"),
        // Nothing is held; what has an end; a name that cannot be written.
        held("ETHUSDT", "BOTH", "0.000", "USDT"),
        held("BTCUSDT_260327", "BOTH", "1", "USDT"),
        held("币安人生USDT", "BOTH", "1", "USDT"),
    ];
    let world = saying(vec![json(200, &format!("[{}]", all.join(","))), json(200, "{}"), text(502, "")]).await;
    let of = |symbol: &str, side: Side, quantity: &str| OpenPosition {
        market: MarketKey { exchange: parse("BINANCEUSDM"), symbol: parse(symbol) },
        side,
        quantity: parse(quantity),
    };
    let wanted = vec![
        of("ADA/USDT:USDT", Side::Long, "30"),
        of("1000PEPE/USDC:USDC", Side::Short, "1500"),
        of("BTC/USDT:USDT", Side::Long, "0.01"),
        of("BTC/USDT:USDT", Side::Short, "0.02"),
    ];
    assert_eq!(world.binance.positions(&world.login).await, Ok(wanted));
    world.binance.positions(&world.login).await.unwrap_err();
    world.binance.positions(&world.login).await.unwrap_err();
    assert_eq!(world.heard(), ["GET /fapi/v3/positionRisk"; 3]);
}

#[tokio::test]
async fn what_is_free_is_what_new_orders_may_take_and_locked_what_open_ones_have() {
    async fn check(cross: &str, gained: &str, available: &str, free: &str, locked: &str) {
        let body = format!(
            r#"[{{"accountAlias":"SgsR","asset":"USDT","balance":"122607.35137903","crossWalletBalance":"{cross}",
            "crossUnPnl":"{gained}","availableBalance":"{available}","maxWithdrawAmount":"{available}",
            "marginAvailable":true,"updateTime":1617939110373}},
            {{"asset":"币安人生","crossWalletBalance":"1","crossUnPnl":"0","availableBalance":"1"}}]"#
        );
        let world = saying(vec![json(200, &body)]).await;
        let balance = Balance { free: parse(free), locked: parse(locked) };
        assert_eq!(world.binance.balances(&world.login).await, Ok([(parse("USDT"), balance)].into()));
        assert_eq!(world.heard(), ["GET /fapi/v3/balance"]);
    }
    check("92.53530000", "0.00000000", "23.72469206", "23.72469206", "68.81060794").await;
    check("100.00000000", "0.00000000", "100.00000000", "100", "0").await;
    // Profit of others' positions is lent out as well; a loss leaves nothing.
    check("100.00000000", "20.00000000", "120.00000000", "120", "0").await;
    check("10.00000000", "-15.00000000", "-5.00000000", "0", "10").await;
    // Several assets stand for one margin: each is told with what all of them lend.
    check("0.00000000", "0.00000000", "18.40000000", "0", "0").await;
    check("3.75000000", "0.50000000", "18.60000000", "4.25", "0").await;
    check("22.00000000", "0.00000000", "18.60000000", "18.6", "3.4").await;
    check("-2.00000000", "0.50000000", "18.60000000", "0", "0").await;
}
