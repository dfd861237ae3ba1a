//! What everybody may know.

use super::render::{number, price, symbol};
use super::{Answered, Ask, Refused};
use crate::engine::{Candle, Market, Millis};
use domain::money::Decimal;
use serde_json::{Value, json};

const DAY: Millis = 86_400_000;
const CANDLES: i64 = 200;
const CANDLES_MAX: i64 = 1000;
const LEVELS_MAX: i64 = 200;
const TRADES_MAX: usize = 60;
/// What lies at each price of the book, in base.
const DEPTH: &str = "5";

pub(super) fn time(ask: &mut Ask) -> Answered {
    let now = ask.now;
    Ok(json!({ "timeSecond": now.div_euclid(1000).to_string(), "timeNano": format!("{now}000000") }))
}

/// The market that is named, or all.
fn asked<'a>(ask: &'a Ask) -> Result<Vec<&'a Market>, Refused> {
    ask.of_coins()?;
    let named = ask.named()?.map(|(_, market)| vec![market]);
    Ok(named.unwrap_or_else(|| ask.site.exchange.markets.values().collect()))
}

fn listed(list: impl Iterator<Item = Value>) -> Value {
    json!({ "category": "spot", "list": list.collect::<Vec<_>>() })
}

pub(super) fn instruments(ask: &mut Ask) -> Answered {
    Ok(listed(asked(ask)?.into_iter().map(instrument)))
}

fn instrument(market: &Market) -> Value {
    let rules = &market.rules;
    json!({
        "symbol": symbol(market),
        "baseCoin": market.base,
        "quoteCoin": market.quote,
        "innovation": "0",
        "status": if market.is_trading { "Trading" } else { "Closed" },
        "marginTrading": "none",
        "stTag": "0",
        "lotSizeFilter": {
            "basePrecision": number(rules.step),
            "quotePrecision": "0.00000001",
            "minOrderQty": number(rules.quantity_min),
            "maxOrderQty": number(rules.quantity_max),
            "minOrderAmt": number(rules.notional_min),
            "maxOrderAmt": number(rules.notional_max),
            "maxLimitOrderQty": number(rules.quantity_max),
            "maxMarketOrderQty": number(rules.market_quantity_max),
        },
        "priceFilter": { "tickSize": number(rules.tick) },
    })
}

pub(super) fn tickers(ask: &mut Ask) -> Answered {
    let now = ask.now;
    Ok(listed(asked(ask)?.into_iter().map(|market| day(market, now))))
}

fn day(market: &Market, now: Millis) -> Value {
    let hours = market.candles(3_600_000, now.saturating_sub(DAY), now);
    let shown = |value: domain::money::Price| price(market, value.get());
    json!({
        "symbol": symbol(market),
        "bid1Price": shown(market.bid()),
        "bid1Size": DEPTH,
        "ask1Price": shown(market.ask()),
        "ask1Size": DEPTH,
        "lastPrice": shown(market.last),
        "prevPrice24h": shown(hours.first().map_or(market.last, |hour| hour.open)),
        "price24hPcnt": "0",
        "highPrice24h": shown(hours.iter().map(|hour| hour.high).max().unwrap_or(market.last)),
        "lowPrice24h": shown(hours.iter().map(|hour| hour.low).min().unwrap_or(market.last)),
        "turnover24h": shown(market.last),
        "volume24h": "1",
    })
}

pub(super) fn book(ask: &mut Ask) -> Answered {
    let (_, market) = ask.one()?;
    let levels = ask.params.number("limit").unwrap_or(1_i64).clamp(1, LEVELS_MAX);
    let spread = i64::from(market.rules.spread_ticks);
    let level = |ticks: i64| market.away(ticks).map(|level| json!([price(market, level.get()), DEPTH]));
    let bids: Vec<Value> = (0..levels).map_while(|below| level(below.saturating_neg())).collect();
    let asks: Vec<Value> = (0..levels).map_while(|above| level(above.saturating_add(spread))).collect();
    Ok(json!({ "s": symbol(market), "b": bids, "a": asks, "ts": ask.now, "u": 1, "seq": 1, "cts": ask.now }))
}

/// The newest first; the one that `start` lies in is among them.
pub(super) fn candles(ask: &mut Ask) -> Answered {
    let (_, market) = ask.one()?;
    let length = ask.params.get("interval").and_then(length).ok_or_else(|| Refused::parameter("interval"))?;
    let limit = ask.params.number("limit").unwrap_or(CANDLES).clamp(1, CANDLES_MAX);
    let span = length.saturating_mul(limit.saturating_sub(1));
    let (start, end): (Option<Millis>, Option<Millis>) = (ask.params.number("start"), ask.params.number("end"));
    let to = end.or_else(|| start.map(|start| start.saturating_add(span))).unwrap_or(ask.now).min(ask.now);
    let from = start.unwrap_or_else(|| to.saturating_sub(span));
    let newest = market.candles(length, from, to).into_iter().rev().take(usize::try_from(limit).unwrap_or(1));
    let list: Vec<Value> = newest.map(|one| candle(market, &one)).collect();
    Ok(json!({ "category": "spot", "symbol": symbol(market), "list": list }))
}

/// In minutes, but for days; weeks and months are not played.
fn length(interval: &str) -> Option<Millis> {
    match interval {
        "D" => Some(DAY),
        "1" | "3" | "5" | "15" | "30" | "60" | "120" | "240" | "360" | "720" => {
            Some(interval.parse::<Millis>().ok()?.saturating_mul(60_000))
        }
        _ => None,
    }
}

fn candle(market: &Market, candle: &Candle) -> Value {
    let shown = |value: domain::money::Price| price(market, value.get());
    let turnover = (candle.volume.fraction() * candle.close.fraction()).floor_to(Decimal::new(1, 8));
    json!([
        candle.at.to_string(),
        shown(candle.open),
        shown(candle.high),
        shown(candle.low),
        shown(candle.close),
        number(candle.volume.get()),
        number(turnover.unwrap_or_default()),
    ])
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    let (_, market) = ask.one()?;
    let limit = ask.params.number("limit").unwrap_or(TRADES_MAX).clamp(1, TRADES_MAX);
    let newest = market.ticks.iter().enumerate().rev().take(limit);
    let list = newest.map(|(index, tick)| {
        json!({
            "execId": index.to_string(),
            "symbol": symbol(market),
            "price": price(market, tick.price.get()),
            "size": "1",
            "side": "Sell",
            "time": tick.at.to_string(),
            "isBlockTrade": false,
        })
    });
    Ok(listed(list))
}
