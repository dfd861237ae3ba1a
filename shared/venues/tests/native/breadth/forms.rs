//! Answers with all that stands in them, in the form in which others have recorded them: `ccxt/ccxt`,
//! `ts/src/test/static/response`, `bybit.json` at 04890d69, `okx.json` at 02140ad0, `kucoin.json` at 012012e9, `bitget.json` at
//! 010f1aee. The values are ours.

use super::paged::asks_for_trades;
use super::{CLIENT_ID, World, parse};
use crate::server::{Server, json};
use domain::order::{Fact, Status};
use serde_json::{Value, json as value};
use venues::native::Native;

/// Bybit's, which went at the market: what was left of it could not be filled.
fn bybit() -> (Value, Value) {
    let order = value!({
        "symbol": "BTCUSDT", "orderType": "Market", "orderLinkId": CLIENT_ID, "slLimitPrice": "0", "orderId": "77",
        "cancelType": "UNKNOWN", "avgPrice": "64250.3", "stopOrderType": "", "lastPriceOnCreated": "",
        "orderStatus": "PartiallyFilledCanceled", "takeProfit": "0", "cumExecValue": "257.0012", "smpType": "None",
        "triggerDirection": 0, "blockTradeId": "", "rejectReason": "EC_CancelForNoFullFill", "isLeverage": "0",
        "price": "0", "orderIv": "", "createdTime": "1700000000123", "tpTriggerBy": "", "positionIdx": 0,
        "timeInForce": "IOC", "leavesValue": "0.000000", "updatedTime": "1700000000126", "side": "Buy", "smpGroup": 0,
        "triggerPrice": "0.00", "tpLimitPrice": "0", "cumExecFee": "0.000004", "slTriggerBy": "",
        "leavesQty": "0.000000", "closeOnTrigger": false, "placeType": "", "cumExecQty": "0.004000",
        "reduceOnly": false, "qty": "0.012340", "stopLoss": "0", "marketUnit": "baseCoin", "smpOrderId": "",
        "triggerBy": ""
    });
    let trade = value!({
        "symbol": "BTCUSDT", "orderType": "Market", "underlyingPrice": "", "orderLinkId": CLIENT_ID, "orderId": "77",
        "stopOrderType": "", "execTime": "1700000000126", "feeRate": "0.001", "tradeIv": "", "blockTradeId": "",
        "markPrice": "", "execPrice": "64250.3", "markIv": "", "orderQty": "0", "orderPrice": "999999",
        "execValue": "257.0012", "closedSize": "", "execType": "Trade", "seq": 1_000_000_007, "side": "Buy",
        "indexPrice": "", "leavesQty": "0", "isMaker": false, "execFee": "0.000004", "execId": "9", "execQty": "0.004000"
    });
    let told = |row: Value| {
        value!({"retCode": 0, "retMsg": "OK", "retExtInfo": {}, "time": 1_700_000_000_300_i64,
            "result": {"nextPageCursor": "77%3A1700000000123%2C77%3A1700000000123", "category": "spot", "list": [row]}})
    };
    (told(order), told(trade))
}

/// OKX's, whose trade was entered a millisecond after it was made: that is its time.
fn okx() -> (Value, Value) {
    let mut order = value!({
        "accFillSz": "0.004", "attachAlgoOrds": [], "avgPx": "64250.3", "cTime": "1700000000123", "category": "normal",
        "clOrdId": CLIENT_ID, "fee": "-0.000004", "feeCcy": "BTC", "fillPx": "64250.3", "fillSz": "0.004",
        "fillTime": "1700000000125", "instId": "BTC-USDT", "instType": "SPOT", "ordId": "77", "ordType": "market",
        "pnl": "0", "posSide": "net", "rebate": "0", "rebateCcy": "USDT", "reduceOnly": "false", "side": "buy",
        "state": "filled", "sz": "0.004", "tdMode": "cash", "tgtCcy": "base_ccy", "tradeId": "9", "uTime": "1700000000126"
    });
    for empty in [
        "algoClOrdId",
        "algoId",
        "attachAlgoClOrdId",
        "cancelSource",
        "cancelSourceReason",
        "ccy",
        "lever",
        "px",
        "pxType",
        "pxUsd",
        "pxVol",
        "quickMgnType",
        "slOrdPx",
        "slTriggerPx",
        "slTriggerPxType",
        "source",
        "stpId",
        "stpMode",
        "tag",
        "tpOrdPx",
        "tpTriggerPx",
        "tpTriggerPxType",
    ] {
        order[empty] = value!("");
    }
    let trade = value!({
        "side": "buy", "fillSz": "0.004", "fillPx": "64250.3", "fillPxVol": "", "fillFwdPx": "", "fee": "-0.000004",
        "fillPnl": "0", "ordId": "77", "feeRate": "-0.001", "instType": "SPOT", "fillPxUsd": "", "instId": "BTC-USDT",
        "clOrdId": CLIENT_ID, "posSide": "net", "billId": "8", "fillMarkVol": "", "tag": "",
        "fillTime": "1700000000125", "execType": "T", "fillIdxPx": "", "tradeId": "9", "fillMarkPx": "",
        "feeCcy": "BTC", "ts": "1700000000126"
    });
    let told = |row| value!({"code": "0", "msg": "", "data": [row]});
    (told(order), told(trade))
}

/// KuCoin's of its older lists: it is over where it is not active, and nothing of it was cancelled.
fn kucoin() -> (Value, Value) {
    let order = value!({
        "id": "77", "symbol": "BTC-USDT", "opType": "DEAL", "type": "market", "side": "buy", "price": "0",
        "size": "0.004", "funds": "0", "dealFunds": "257.0012", "dealSize": "0.004", "fee": "0.2570012",
        "feeCurrency": "USDT", "stp": "", "stop": "", "stopTriggered": false, "stopPrice": "0", "timeInForce": "GTC",
        "postOnly": false, "hidden": false, "iceberg": false, "visibleSize": "0", "cancelAfter": 0, "channel": "API",
        "clientOid": CLIENT_ID, "remark": null, "tags": "", "isActive": false, "cancelExist": false,
        "createdAt": 1_700_000_000_123_i64, "tradeType": "TRADE"
    });
    let trade = value!({
        "symbol": "BTC-USDT", "tradeId": "9", "orderId": "77", "counterOrderId": "76", "side": "buy",
        "liquidity": "taker", "forceTaker": false, "price": "64250.3", "size": "0.004", "funds": "257.0012",
        "fee": "0.2570012", "feeRate": "0.001", "feeCurrency": "USDT", "stop": "", "tradeType": "TRADE",
        "type": "market", "createdAt": 1_700_000_000_126_i64
    });
    let page = value!({"currentPage": 1, "pageSize": 10, "totalNum": 1, "totalPage": 1, "items": [trade]});
    (value!({"code": "200000", "data": order}), value!({"code": "200000", "data": page}))
}

/// Bitget's, which bought for an amount of quote: that is its size, and its fees stand in a text.
fn bitget() -> (Value, Value) {
    let fees = value!({
        "newFees": {"c": 0, "d": 0, "deduction": false, "r": -0.000004, "t": -0.000004, "totalDeductionFee": 0},
        "BTC": {"deduction": false, "feeCoinCode": "BTC", "totalDeductionFee": 0, "totalFee": -0.000004}
    });
    let order = value!({
        "userId": "1", "symbol": "BTCUSDT", "orderId": "77", "clientOid": CLIENT_ID, "price": "0",
        "size": "257.5000000000000000", "orderType": "market", "side": "buy", "status": "filled",
        "priceAvg": "64250.3000000000000000", "baseVolume": "0.0040000000000000", "quoteVolume": "257.0012000000000000",
        "enterPointSource": "API", "feeDetail": fees.to_string(), "orderSource": "market", "cTime": "1700000000123",
        "uTime": "1700000000126"
    });
    let trade = value!({
        "userId": "1", "symbol": "BTCUSDT", "orderId": "77", "tradeId": "9", "orderType": "market", "side": "buy",
        "priceAvg": "64250.3", "size": "0.004", "amount": "257.0012", "tradeScope": "taker", "cTime": "1700000000126",
        "uTime": "1700000000127",
        "feeDetail": {"deduction": "no", "feeCoin": "BTC", "totalDeductionFee": "", "totalFee": "-0.000004"}
    });
    let told = |row| value!({"code": "00000", "msg": "success", "requestTime": 1_700_000_000_300_i64, "data": [row]});
    (told(order), told(trade))
}

async fn found(name: &'static str, (order, trades): (Value, Value)) -> Fact {
    let (order, trades) = (order.to_string(), trades.to_string());
    let reply = move |heard: &crate::server::Heard| json(200, if asks_for_trades(heard) { &trades } else { &order });
    let world = World::at(name, Server::start(reply).await);
    world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_order_at_the_market_is_read_with_its_price_and_fee() {
    for (name, told, status, fee) in [
        ("bybit", bybit(), Status::Cancelled, ("BTC", "0.000004")),
        ("okx", okx(), Status::Filled, ("BTC", "0.000004")),
        ("kucoin", kucoin(), Status::Filled, ("USDT", "0.2570012")),
        ("bitget", bitget(), Status::Filled, ("BTC", "0.000004")),
    ] {
        let fact = found(name, told).await;
        assert_eq!((fact.status, fact.cumulative), (Some(status), parse("0.004")), "{name}");
        assert_eq!(fact.venue_id.as_deref(), Some("77"), "{name}");
        let [(trade, fill)] = fact.fills.iter().collect::<Vec<_>>()[..] else { unreachable!("{name}: {fact:?}") };
        let paid = fill.fee.as_ref().unwrap();
        assert_eq!((trade.0.as_str(), fill.price, fill.quantity), ("9", parse("64250.3"), parse("0.004")), "{name}");
        assert_eq!(
            (paid.asset.as_str(), paid.amount, fill.at.millis()),
            (fee.0, parse(fee.1), 1_700_000_000_126),
            "{name}"
        );
    }
}

/// At OKX what is lent to an order is frozen as well: of an asset no more is locked than is there.
#[tokio::test]
async fn what_is_free_and_what_is_locked_are_what_the_account_has() {
    let bybit = value!({"retCode": 0, "retMsg": "OK", "retExtInfo": {}, "time": 1_700_000_000_300_i64, "result": {"list": [{
        "totalEquity": "3400", "accountIMRate": "0.01", "totalMarginBalance": "3300", "totalInitialMargin": "60",
        "accountType": "UNIFIED", "totalAvailableBalance": "3200", "accountMMRate": "0", "totalPerpUPL": "-20",
        "totalWalletBalance": "3320", "accountLTV": "0", "totalMaintenanceMargin": "6", "coin": [{
            "availableToBorrow": "", "bonus": "0", "accruedInterest": "0", "availableToWithdraw": "", "totalOrderIM": "0",
            "equity": "3300", "totalPositionMM": "6", "usdValue": "3300", "unrealisedPnl": "-20",
            "collateralSwitch": true, "spotHedgingQty": "0", "borrowAmount": "0.000000000000000000",
            "totalPositionIM": "60.12345678", "walletBalance": "3320.10203040", "cumRealisedPnl": "-1",
            "locked": "42", "marginCollateral": true, "coin": "USDT"
        }]
    }]}});
    let of_okx = |asset: &str, cash: &str, available: &str, frozen: &str, ordered: &str| {
        value!({
            "accAvgPx": "", "availBal": available, "availEq": available, "borrowFroz": "0", "cashBal": cash, "ccy": asset,
            "collateralEnabled": true, "crossLiab": "0", "disEq": "1", "eq": cash, "eqUsd": "1", "fixedBal": "0",
            "frozenBal": frozen, "imr": "", "interest": "0", "isoEq": "0", "isoLiab": "0", "isoUpl": "0", "liab": "0",
            "maxLoan": "1", "mgnRatio": "", "mmr": "", "notionalLever": "", "ordFrozen": ordered, "spotBal": "",
            "stgyEq": "0", "twap": "0", "uTime": "1699999999000", "upl": "0", "uplLiab": "0"
        })
    };
    let lent = of_okx("USDT", "0.000123456", "0", "300.5", "310.6666666666667");
    let own = of_okx("BTC", "1.00340050607", "0.7034005060699999", "0.3", "0.3");
    let okx = value!({"code": "0", "msg": "", "data": [{
        "adjEq": "100", "availEq": "100", "borrowFroz": "1", "details": [lent, own],
        "imr": "1", "isoEq": "0", "mgnRatio": "1", "mmr": "1", "notionalUsd": "1", "ordFroz": "1",
        "totalEq": "100", "uTime": "1700000000300", "upl": "0"
    }]});
    let kucoin = value!({"code": "200000", "data": [
        {"id": "1", "currency": "USDT", "type": "trade", "balance": "41.00020003", "available": "31.00020003", "holds": "10"}
    ]});
    let bitget = value!({"code": "00000", "msg": "success", "requestTime": 1_700_000_000_300_i64, "data": [{
        "coin": "USDT", "available": "18.01020304", "limitAvailable": "0", "frozen": "5.50000000", "locked": "0.25000000",
        "uTime": "1700000000000"
    }]});
    for (name, told, asset, free, locked) in [
        ("bybit", bybit, "USDT", "3217.97857362", "102.12345678"),
        ("okx", okx.clone(), "USDT", "0", "0.000123456"),
        ("okx", okx, "BTC", "0.703400506069", "0.3"),
        ("kucoin", kucoin, "USDT", "31.00020003", "10"),
        ("bitget", bitget, "USDT", "18.01020304", "5.75"),
    ] {
        let world = World::saying(name, vec![json(200, &told.to_string())]).await;
        let held = world.spoken.balances(&world.login).await.unwrap()[&parse(asset)];
        assert_eq!(
            (held.free.to_string().as_str(), held.locked.to_string().as_str()),
            (free, locked),
            "{name} {asset}"
        );
    }
}
