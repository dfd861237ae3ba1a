//! What everybody may know of contracts, where it is told otherwise than on spot.

use super::super::market::each;
use super::super::render::{eight, symbol};
use super::super::{Answered, Ask};
use crate::engine::Market;
use serde_json::{Value, json};

const TYPES: [&str; 7] =
    ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"];

pub(super) fn exchange_info(ask: &mut Ask) -> Answered {
    let (now, allowed) = (ask.now, ask.site.limits.allowed);
    let symbols: Vec<Value> = ask.site.exchange.markets.values().map(info).collect();
    Ok(json!({
        "timezone": "UTC",
        "serverTime": now,
        "futuresType": "U_MARGINED",
        "rateLimits": [
            { "rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": allowed.weight },
            { "rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": allowed.orders },
        ],
        "exchangeFilters": [],
        "assets": [],
        "symbols": symbols,
    }))
}

fn info(market: &Market) -> Value {
    let name = format!("{}{}", market.base, market.quote);
    json!({
        "symbol": name,
        "pair": name,
        "contractType": "PERPETUAL",
        "deliveryDate": 4_133_404_800_000_i64,
        "onboardDate": 1_569_398_400_000_i64,
        "status": if market.is_trading { "TRADING" } else { "SETTLING" },
        "baseAsset": market.base,
        "quoteAsset": market.quote,
        "marginAsset": market.quote,
        "pricePrecision": 2,
        "quantityPrecision": 3,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "filters": filters(market),
        "orderTypes": TYPES,
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    })
}

fn filters(market: &Market) -> Value {
    let rules = &market.rules;
    let number = |value: domain::money::Decimal| value.normalize().to_string();
    let (least, step) = (number(rules.quantity_min), number(rules.step));
    json!([
        { "filterType": "PRICE_FILTER", "minPrice": number(rules.tick), "maxPrice": "1000000", "tickSize": number(rules.tick) },
        { "filterType": "LOT_SIZE", "minQty": least, "maxQty": number(rules.quantity_max), "stepSize": step },
        { "filterType": "MARKET_LOT_SIZE", "minQty": least, "maxQty": number(rules.market_quantity_max), "stepSize": step },
        { "filterType": "MAX_NUM_ORDERS", "limit": rules.orders_max },
        { "filterType": "MIN_NOTIONAL", "notional": number(rules.notional_min) },
        {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": number(rules.price_factor_max), "multiplierDown": number(rules.price_factor_min), "multiplierDecimal": "4",
        },
    ])
}

pub(super) fn price(ask: &mut Ask) -> Answered {
    let now = ask.now;
    each(ask, |name, market| {
        let at = market.ticks.back().map_or(now, |tick| tick.at);
        json!({ "symbol": symbol(name), "price": eight(market.last.get()), "time": at })
    })
}
