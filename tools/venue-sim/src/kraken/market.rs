//! What everybody may know.

use super::account::percent;
use super::render::{eight, price, seconds};
use super::{Answered, Ask, names};
use crate::engine::{Candle, Market, Millis};
use domain::money::Decimal;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const DAY: Millis = 86_400_000;
const CANDLES: i64 = 720;
const LEVELS_MAX: i64 = 500;
/// What lies at each price of the book, in base.
const DEPTH: &str = "5.000";

pub(super) fn time(ask: &mut Ask) -> Answered {
    let at = jiff::Timestamp::from_millisecond(ask.now).map_err(|_| "EGeneral:Internal error")?;
    Ok(json!({ "unixtime": at.as_second(), "rfc1123": at.strftime("%a, %d %b %y %H:%M:%S +0000").to_string() }))
}

pub(super) fn status(ask: &mut Ask) -> Answered {
    let at = jiff::Timestamp::from_second(ask.now.div_euclid(1000)).map(|at| at.to_string());
    Ok(json!({ "status": "online", "timestamp": at.unwrap_or_default() }))
}

pub(super) fn assets(ask: &mut Ask) -> Answered {
    let markets = ask.site.exchange.markets.values();
    let all: BTreeSet<&str> = markets.flat_map(|market| [market.base.as_str(), market.quote.as_str()]).collect();
    let one = |asset: &str| {
        let decimals = if names::asset(asset).starts_with('Z') { 4 } else { 10 };
        json!({
            "aclass": "currency",
            "altname": names::short(asset),
            "decimals": decimals,
            "display_decimals": decimals / 2,
            "status": "enabled",
        })
    };
    Ok(Value::Object(all.into_iter().map(|asset| (names::asset(asset), one(asset))).collect()))
}

/// The markets that are asked about, parted by commas, or all.
fn asked<'a>(ask: &'a Ask) -> Result<Vec<&'a Market>, String> {
    match ask.params.get("pair") {
        Some(list) => list.split(',').map(|name| names::find(ask, name).map(|(_, market)| market)).collect(),
        None => Ok(ask.site.exchange.markets.values().collect()),
    }
}

pub(super) fn pairs(ask: &mut Ask) -> Answered {
    let (maker, taker) = (ask.site.exchange.policy.maker, ask.site.exchange.policy.taker);
    let fee = |rate| -> Value { serde_json::from_str(&format!("[[0, {}]]", percent(rate))).unwrap_or_default() };
    let one = |market: &Market| {
        let rules = &market.rules;
        json!({
            "altname": names::short_pair(market),
            "wsname": names::socket_pair(market),
            "aclass_base": "currency",
            "base": names::asset(&market.base),
            "aclass_quote": "currency",
            "quote": names::asset(&market.quote),
            "lot": "unit",
            "cost_decimals": 5,
            "pair_decimals": rules.tick.normalize().scale(),
            "lot_decimals": rules.step.normalize().scale(),
            "lot_multiplier": 1,
            "leverage_buy": [],
            "leverage_sell": [],
            "fees": fee(taker),
            "fees_maker": fee(maker),
            "fee_volume_currency": "ZUSD",
            "margin_call": 80,
            "margin_stop": 40,
            "ordermin": rules.quantity_min.normalize().to_string(),
            "costmin": rules.notional_min.normalize().to_string(),
            "tick_size": rules.tick.normalize().to_string(),
            "status": if market.is_trading { "online" } else { "cancel_only" },
        })
    };
    Ok(Value::Object(asked(ask)?.into_iter().map(|market| (names::pair(market), one(market))).collect()))
}

pub(super) fn ticker(ask: &mut Ask) -> Answered {
    let now = ask.now;
    let one = |market: &Market| (names::pair(market), day(market, now));
    Ok(Value::Object(asked(ask)?.into_iter().map(one).collect()))
}

fn day(market: &Market, now: Millis) -> Value {
    let hours = market.candles(3_600_000, now.saturating_sub(DAY), now);
    let shown = |value: domain::money::Price| price(market, value.get());
    let high = shown(hours.iter().map(|hour| hour.high).max().unwrap_or(market.last));
    let low = shown(hours.iter().map(|hour| hour.low).min().unwrap_or(market.last));
    let (last, volume) = (shown(market.last), eight(Decimal::ONE));
    json!({
        "a": [shown(market.ask()), "5", DEPTH],
        "b": [shown(market.bid()), "5", DEPTH],
        "c": [last, volume],
        "v": [volume, volume],
        "p": [last, last],
        "t": [1, 1],
        "l": [low, low],
        "h": [high, high],
        "o": shown(hours.first().map_or(market.last, |hour| hour.open)),
    })
}

fn one<'a>(ask: &'a Ask) -> Result<&'a Market, String> {
    names::asked(ask).map(|(_, market)| market)
}

fn of(market: &Market, what: Value) -> Map<String, Value> {
    Map::from_iter([(names::pair(market), what)])
}

pub(super) fn depth(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let levels = ask.params.number("count").unwrap_or(100_i64).clamp(1, LEVELS_MAX);
    let (spread, at) = (i64::from(market.rules.spread_ticks), ask.now.div_euclid(1000));
    let level = |ticks: i64| market.away(ticks).map(|level| json!([price(market, level.get()), DEPTH, at]));
    let bids: Vec<Value> = (0..levels).map_while(|below| level(below.saturating_neg())).collect();
    let asks: Vec<Value> = (0..levels).map_while(|above| level(above.saturating_add(spread))).collect();
    Ok(Value::Object(of(market, json!({ "asks": asks, "bids": bids }))))
}

pub(super) fn candles(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let minutes: Millis = ask.params.number("interval").unwrap_or(1);
    if ![1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600].contains(&minutes) {
        return Err("EGeneral:Invalid arguments".to_owned());
    }
    let length = minutes.saturating_mul(60_000);
    let first = ask.now.saturating_sub(length.saturating_mul(CANDLES.saturating_sub(1)));
    let since = ask.params.number::<Millis>("since").map_or(first, |since| since.saturating_mul(1000));
    let candles = market.candles(length, since.max(first), ask.now);
    // The last one is not over yet.
    let last = candles.iter().rev().nth(1).map_or(0, |candle| candle.at.div_euclid(1000));
    let mut result = of(market, candles.iter().map(|one| candle(market, one)).collect());
    result.insert("last".to_owned(), last.into());
    Ok(Value::Object(result))
}

fn candle(market: &Market, candle: &Candle) -> Value {
    let shown = |value: domain::money::Price| price(market, value.get());
    let (open, high, low, close) = (shown(candle.open), shown(candle.high), shown(candle.low), shown(candle.close));
    let trades = u8::from(candle.has_trades());
    json!([candle.at.div_euclid(1000), open, high, low, close.clone(), close, eight(candle.volume.get()), trades])
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    let market = one(ask)?;
    let limit = ask.params.number("count").unwrap_or(1000_usize).clamp(1, 1000);
    let skipped = market.ticks.len().saturating_sub(limit);
    let trades = market.ticks.iter().enumerate().skip(skipped).map(|(number, tick)| {
        json!([price(market, tick.price.get()), eight(Decimal::ONE), seconds(tick.at), "s", "m", "", number])
    });
    let mut result = of(market, trades.collect());
    let last = market.ticks.back().map_or(0, |tick| tick.at);
    result.insert("last".to_owned(), format!("{last}000000").into());
    Ok(Value::Object(result))
}
