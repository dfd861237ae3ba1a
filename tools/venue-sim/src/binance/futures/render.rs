//! Orders, trades and positions as futures write them.

use super::super::render::{eight, side, status, symbol, time_in_force};
use crate::engine::{Market, Order, Position, Side, Trade};
use domain::money::{Decimal, Fraction};
use serde_json::{Value, json};

pub(super) fn order(order: &Order) -> Value {
    let draft = &order.draft;
    let average = Fraction::from(order.value.get()).over(&order.filled.fraction());
    let average = average.and_then(|price| price.floor_to(Decimal::new(1, 8)).ok()).unwrap_or_default();
    json!({
        "orderId": order.id,
        "symbol": symbol(&draft.market),
        "status": status(order.status),
        "clientOrderId": draft.client_id,
        "price": eight(draft.price.map(|price| price.get()).unwrap_or_default()),
        "avgPrice": eight(average),
        "origQty": eight(order.quantity.get()),
        "executedQty": eight(order.filled.get()),
        "cumQty": eight(order.filled.get()),
        "cumQuote": eight(order.value.get()),
        "timeInForce": time_in_force(draft.time_in_force),
        "type": draft.words.get("type"),
        "origType": draft.words.get("type"),
        "reduceOnly": draft.reduce_only,
        "closePosition": false,
        "side": side(draft.side),
        "positionSide": "BOTH",
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": false,
        "priceMatch": "NONE",
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "goodTillDate": 0,
        "time": order.created_at,
        "updateTime": order.updated_at,
    })
}

pub(super) fn trade(trade: &Trade) -> Value {
    json!({
        "symbol": symbol(&trade.market),
        "id": trade.id,
        "orderId": trade.order,
        "side": side(trade.side),
        "price": eight(trade.price.get()),
        "qty": eight(trade.quantity.get()),
        "quoteQty": eight(trade.value.get()),
        "commission": eight(trade.fee.get()),
        "commissionAsset": trade.fee_asset,
        "time": trade.at,
        "positionSide": "BOTH",
        "buyer": trade.side == Side::Buy,
        "maker": trade.is_maker,
    })
}

/// A position as `positionRisk` and `account` show it, the margin its own or not.
pub(super) fn position(market: &Market, position: &Position) -> Value {
    let held = &position.held;
    let is_short = held.side == domain::alert::Side::Short;
    let signed = |value: Decimal| eight(if is_short { -value } else { value });
    let entry = Fraction::from(held.cost.get()).over(&held.quantity.fraction());
    let entry = entry.and_then(|price| price.floor_to(Decimal::new(1, 8)).ok()).unwrap_or_default();
    let worth = market.last.times(held.quantity).unwrap_or_default();
    let profit = held.profit_at(market.last).unwrap_or_default();
    let margin = position.margin();
    let isolated = if position.is_isolated { margin } else { Default::default() };
    json!({
        "symbol": format!("{}{}", market.base, market.quote),
        "positionSide": "BOTH",
        "positionAmt": signed(held.quantity.get()),
        "entryPrice": eight(entry),
        "breakEvenPrice": eight(entry),
        "markPrice": eight(market.last.get()),
        "unRealizedProfit": eight(profit.get()),
        "unrealizedProfit": eight(profit.get()),
        "liquidationPrice": "0",
        "isolatedMargin": eight(isolated.get()),
        "isolatedWallet": eight(isolated.get()),
        "notional": signed(worth.get()),
        "marginAsset": market.quote,
        "initialMargin": eight(margin.get()),
        "maintMargin": eight(Decimal::ZERO),
        "positionInitialMargin": eight(margin.get()),
        "openOrderInitialMargin": eight(Decimal::ZERO),
        "adl": 1,
        "bidNotional": "0",
        "askNotional": "0",
        "updateTime": position.updated_at,
    })
}
