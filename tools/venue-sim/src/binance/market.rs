//! What everybody may know.

use super::error::Refused;
use super::render::eight;
use super::{Answered, Ask, draft, render};
use crate::engine::{Candle, Market, Millis};
use domain::money::{Amount, Decimal, Fraction, Price};
use serde_json::{Value, json};

const TYPES: [&str; 7] =
    ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"];
const DAY: Millis = 86_400_000;
/// What lies at each price of the book, in base.
const DEPTH: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

pub(super) fn ping(_: &mut Ask) -> Answered {
    Ok(json!({}))
}

pub(super) fn time(ask: &mut Ask) -> Answered {
    Ok(json!({ "serverTime": ask.now }))
}

pub(super) fn exchange_info(ask: &mut Ask) -> Answered {
    let symbols: Vec<Value> = asked(ask)?.into_iter().map(|(_, market)| info(market)).collect();
    let allowed = ask.site.limits.allowed;
    Ok(json!({
        "timezone": "UTC",
        "serverTime": ask.now,
        "rateLimits": [
            { "rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": allowed.weight },
            { "rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": allowed.orders },
            { "rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000 },
            { "rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 61_000 },
        ],
        "exchangeFilters": [],
        "symbols": symbols,
    }))
}

fn info(market: &Market) -> Value {
    json!({
        "symbol": format!("{}{}", market.base, market.quote),
        "status": if market.is_trading { "TRADING" } else { "BREAK" },
        "baseAsset": market.base,
        "baseAssetPrecision": 8,
        "quoteAsset": market.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": TYPES,
        "icebergAllowed": false,
        "ocoAllowed": true,
        "otoAllowed": false,
        "opoAllowed": false,
        "quoteOrderQtyMarketAllowed": true,
        "allowTrailingStop": false,
        "cancelReplaceAllowed": false,
        "amendAllowed": false,
        "pegInstructionsAllowed": false,
        "isSpotTradingAllowed": true,
        "isMarginTradingAllowed": false,
        "filters": filters(market),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    })
}

fn filters(market: &Market) -> Value {
    let rules = &market.rules;
    let (up, down) = (rules.price_factor_max.to_string(), rules.price_factor_min.to_string());
    json!([
        { "filterType": "PRICE_FILTER", "minPrice": eight(rules.tick), "maxPrice": "1000000.00000000", "tickSize": eight(rules.tick) },
        { "filterType": "LOT_SIZE", "minQty": eight(rules.quantity_min), "maxQty": eight(rules.quantity_max), "stepSize": eight(rules.step) },
        { "filterType": "MARKET_LOT_SIZE", "minQty": eight(Decimal::ZERO), "maxQty": eight(rules.market_quantity_max), "stepSize": eight(Decimal::ZERO) },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": up, "bidMultiplierDown": down, "askMultiplierUp": up, "askMultiplierDown": down,
            "avgPriceMins": 0,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": eight(rules.notional_min), "applyMinToMarket": true,
            "maxNotional": eight(rules.notional_max), "applyMaxToMarket": false,
            "avgPriceMins": 0,
        },
        { "filterType": "MAX_NUM_ORDERS", "maxNumOrders": rules.orders_max },
        { "filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": rules.algo_orders_max },
    ])
}

/// The markets that are asked about: one, some, or all.
fn asked<'a>(ask: &'a Ask) -> Result<Vec<(&'a str, &'a Market)>, Refused> {
    if let Some(symbol) = ask.params.get("symbol") {
        return Ok(vec![draft::market(ask, symbol)?]);
    }
    if let Some(list) = ask.params.get("symbols") {
        let told = || Refused::new(-1100, "Illegal characters found in parameter 'symbols'.");
        let symbols: Vec<String> = serde_json::from_str(list).map_err(|_| told())?;
        return symbols.iter().map(|symbol| draft::market(ask, symbol)).collect();
    }
    Ok(ask.site.exchange.markets.iter().map(|(name, market)| (name.as_str(), market)).collect())
}

/// One object where one symbol is asked about, else a list.
pub(super) fn each(ask: &Ask, rendered: impl Fn(&str, &Market) -> Value) -> Answered {
    let all = asked(ask)?;
    let mut all = all.into_iter().map(|(name, market)| rendered(name, market));
    match ask.params.get("symbol") {
        Some(_) => Ok(all.next().unwrap_or_default()),
        None => Ok(all.collect()),
    }
}

fn one<'a>(ask: &'a Ask) -> Result<&'a Market, Refused> {
    let symbol = ask.params.get("symbol").ok_or_else(|| Refused::missing("symbol"))?;
    draft::market(ask, symbol).map(|(_, market)| market)
}

pub(super) fn depth(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let levels = ask.params.number("limit").unwrap_or(100_i64).clamp(1, 5000);
    let spread = i64::from(market.rules.spread_ticks);
    let level = |ticks: i64| market.away(ticks).map(|price| json!([eight(price.get()), eight(DEPTH)]));
    let bids: Vec<Value> = (0..levels).map_while(|below| level(below.saturating_neg())).collect();
    let asks: Vec<Value> = (0..levels).map_while(|above| level(above.saturating_add(spread))).collect();
    Ok(json!({ "lastUpdateId": ask.now, "bids": bids, "asks": asks }))
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let limit = ask.params.number("limit").unwrap_or(500_usize).clamp(1, 1000);
    let skipped = market.ticks.len().saturating_sub(limit);
    let trades = market.ticks.iter().enumerate().skip(skipped).map(|(number, tick)| {
        json!({
            "id": number,
            "price": eight(tick.price.get()),
            "qty": eight(Decimal::ONE),
            "quoteQty": eight(tick.price.get()),
            "time": tick.at,
            "isBuyerMaker": true,
            "isBestMatch": true,
        })
    });
    Ok(trades.collect())
}

pub(super) fn aggregate_trades(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let limit = ask.params.number("limit").unwrap_or(500_usize).clamp(1, 1000);
    let skipped = market.ticks.len().saturating_sub(limit);
    let trades = market.ticks.iter().enumerate().skip(skipped).map(|(number, tick)| {
        json!({
            "a": number,
            "p": eight(tick.price.get()),
            "q": eight(Decimal::ONE),
            "f": number,
            "l": number,
            "T": tick.at,
            "m": true,
            "M": true,
        })
    });
    Ok(trades.collect())
}

pub(super) fn klines(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let interval = ask.params.get("interval").ok_or_else(|| Refused::missing("interval"))?;
    let length = length(interval).ok_or_else(|| Refused::new(-1120, "Invalid interval."))?;
    let limit: i64 = ask.params.number("limit").unwrap_or(500).clamp(1, 1000);
    let to = ask.params.number("endTime").unwrap_or(ask.now).min(ask.now);
    let span = length.saturating_mul(limit.saturating_sub(1));
    let from = ask.params.number("startTime").unwrap_or(to.saturating_sub(span));
    let to = to.min(from.saturating_add(span));
    Ok(market.candles(length, from, to).iter().map(|candle| kline(candle, length)).collect())
}

fn kline(candle: &Candle, length: Millis) -> Value {
    let value = candle.close.times(candle.volume).unwrap_or(Amount::ZERO);
    let closes_at = candle.at.saturating_add(length).saturating_sub(1);
    let (open, high) = (eight(candle.open.get()), eight(candle.high.get()));
    let (low, close) = (eight(candle.low.get()), eight(candle.close.get()));
    let (volume, value) = (eight(candle.volume.get()), eight(value.get()));
    json!([candle.at, open, high, low, close, volume, closes_at, value, 1, volume, value, "0"])
}

fn length(interval: &str) -> Option<Millis> {
    let minutes = match interval {
        "1s" => return Some(1000),
        "1m" => 1,
        "3m" => 3,
        "5m" => 5,
        "15m" => 15,
        "30m" => 30,
        "1h" => 60,
        "2h" => 120,
        "4h" => 240,
        "6h" => 360,
        "8h" => 480,
        "12h" => 720,
        "1d" => 1440,
        "3d" => 4320,
        "1w" => 10_080,
        _ => return None,
    };
    Some(60_000_i64.saturating_mul(minutes))
}

pub(super) fn average(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    Ok(json!({ "mins": 5, "price": eight(market.last.get()), "closeTime": ask.now }))
}

pub(super) fn price(ask: &mut Ask) -> Answered {
    each(ask, |name, market| json!({ "symbol": render::symbol(name), "price": eight(market.last.get()) }))
}

pub(super) fn book_ticker(ask: &mut Ask) -> Answered {
    each(ask, |name, market| {
        json!({
            "symbol": render::symbol(name),
            "bidPrice": eight(market.bid().get()),
            "bidQty": eight(DEPTH),
            "askPrice": eight(market.ask().get()),
            "askQty": eight(DEPTH),
        })
    })
}

pub(super) fn day(ask: &mut Ask) -> Answered {
    let now = ask.now;
    each(ask, |name, market| day_of(name, market, now))
}

fn day_of(name: &str, market: &Market, now: Millis) -> Value {
    let hours = market.candles(3_600_000, now.saturating_sub(DAY), now);
    let open = hours.first().map_or(market.last, |hour| hour.open);
    let high = hours.iter().map(|hour| hour.high).max().unwrap_or(market.last);
    let low = hours.iter().map(|hour| hour.low).min().unwrap_or(market.last);
    json!({
        "symbol": render::symbol(name),
        "priceChange": eight(change(market.last, open)),
        "priceChangePercent": percent(market.last, open),
        "weightedAvgPrice": eight(market.last.get()),
        "prevClosePrice": eight(open.get()),
        "lastPrice": eight(market.last.get()),
        "lastQty": eight(Decimal::ONE),
        "bidPrice": eight(market.bid().get()),
        "bidQty": eight(DEPTH),
        "askPrice": eight(market.ask().get()),
        "askQty": eight(DEPTH),
        "openPrice": eight(open.get()),
        "highPrice": eight(high.get()),
        "lowPrice": eight(low.get()),
        "volume": eight(DEPTH),
        "quoteVolume": eight(DEPTH),
        "openTime": now.saturating_sub(DAY),
        "closeTime": now,
        "firstId": 0,
        "lastId": market.ticks.len(),
        "count": market.ticks.len(),
    })
}

fn change(last: Price, open: Price) -> Decimal {
    let change = last.fraction() - open.fraction();
    change.floor_to(Decimal::new(1, 8)).unwrap_or_default()
}

fn percent(last: Price, open: Price) -> String {
    let share = (last.fraction() - open.fraction()).over(&open.fraction());
    let percent =
        share.map(|share| share * Fraction::whole(100)).and_then(|percent| percent.floor_to(Decimal::new(1, 3)).ok());
    format!("{:.3}", percent.unwrap_or_default())
}
