//! What everybody may know.

use super::account::FIAT;
use super::error::Refused;
use super::render::{self, number};
use super::{Answered, Ask};
use crate::engine::{Candle, Market, Millis};
use crate::keys;
use domain::money::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const LEVELS: i64 = 50;
/// What lies at each price of the book, in base.
const DEPTH: &str = "5";
const CANDLES_MAX: i64 = 350;

pub(super) fn time(ask: &mut Ask, _: &str) -> Answered {
    let seconds = ask.now.div_euclid(1000);
    Ok(json!({
        "iso": jiff::Timestamp::from_second(seconds).map(|at| at.to_string()).unwrap_or_default(),
        "epochSeconds": seconds.to_string(),
        "epochMillis": ask.now.to_string(),
    }))
}

pub(super) fn older_time(ask: &mut Ask, _: &str) -> Answered {
    Ok(json!({ "data": { "iso": render::time(ask.now), "epoch": ask.now.div_euclid(1000) } }))
}

pub(super) fn products(ask: &mut Ask, _: &str) -> Answered {
    let is_spot = ask.params.get("product_type").is_none_or(|kind| kind == "SPOT");
    let markets = ask.site.exchange.markets.iter().filter(|_| is_spot);
    let products: Vec<Value> = markets.map(|(name, market)| rendered(name, market)).collect();
    Ok(json!({ "products": products, "num_products": products.len() }))
}

pub(super) fn product(ask: &mut Ask, id: &str) -> Answered {
    found(ask, id).map(|(name, market)| rendered(&name, market))
}

fn found<'a>(ask: &'a Ask, id: &str) -> Result<(String, &'a Market), Refused> {
    let name = id.replacen('-', "/", 1);
    let market = ask.site.exchange.markets.get(&name);
    market.map(|market| (name, market)).ok_or_else(|| Refused::not_found("Product not found"))
}

fn rendered(name: &str, market: &Market) -> Value {
    let rules = &market.rules;
    json!({
        "product_id": render::product_id(name),
        "price": number(market.last.get()),
        "price_percentage_change_24h": "0",
        "volume_24h": DEPTH,
        "volume_percentage_change_24h": "0",
        "base_increment": number(rules.step),
        "quote_increment": number(rules.tick),
        "price_increment": number(rules.tick),
        "quote_min_size": number(rules.notional_min),
        "quote_max_size": number(rules.notional_max),
        "base_min_size": number(rules.quantity_min),
        "base_max_size": number(rules.quantity_max),
        "base_name": market.base,
        "quote_name": market.quote,
        "watched": false,
        "is_disabled": false,
        "new": false,
        "status": "online",
        "cancel_only": false,
        "limit_only": false,
        "post_only": false,
        "trading_disabled": !market.is_trading,
        "auction_mode": false,
        "product_type": "SPOT",
        "quote_currency_id": market.quote,
        "base_currency_id": market.base,
        "fcm_trading_session_details": null,
        "mid_market_price": "",
        "alias": "",
        "alias_to": [],
        "base_display_symbol": market.base,
        "quote_display_symbol": market.quote,
        "view_only": false,
        "display_name": render::product_id(name),
        "product_venue": "CBE",
        "approximate_quote_24h_volume": "0",
    })
}

fn pricebook(ask: &Ask, name: &str, market: &Market, levels: i64) -> Value {
    let spread = i64::from(market.rules.spread_ticks);
    let level = |ticks: i64| market.away(ticks).map(|price| json!({ "price": number(price.get()), "size": DEPTH }));
    let bids: Vec<Value> = (0..levels).map_while(|below| level(below.saturating_neg())).collect();
    let asks: Vec<Value> = (0..levels).map_while(|above| level(above.saturating_add(spread))).collect();
    json!({ "product_id": render::product_id(name), "bids": bids, "asks": asks, "time": render::time(ask.now) })
}

pub(super) fn book(ask: &mut Ask, _: &str) -> Answered {
    let id = ask.params.get("product_id").ok_or_else(|| Refused::argument("product_id: value is required"))?;
    let (name, market) = found(ask, id)?;
    let levels = ask.params.number("limit").unwrap_or(LEVELS).clamp(1, LEVELS);
    Ok(json!({ "pricebook": pricebook(ask, &name, market, levels), "last": number(market.last.get()) }))
}

pub(super) fn best(ask: &mut Ask, _: &str) -> Answered {
    let wanted: Vec<&str> = ask.params.all("product_ids").collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.contains(&render::product_id(name).as_str());
    let markets = ask.site.exchange.markets.iter().filter(|(name, _)| is_wanted(name));
    let books: Vec<Value> = markets.map(|(name, market)| pricebook(ask, name, market, 1)).collect();
    Ok(json!({ "pricebooks": books }))
}

pub(super) fn ticker(ask: &mut Ask, id: &str) -> Answered {
    let (name, market) = found(ask, id)?;
    let limit = ask.params.number("limit").unwrap_or(100_usize).clamp(1, 1000);
    let ticks = market.ticks.iter().enumerate().rev().take(limit).map(|(number_of, tick)| {
        json!({
            "trade_id": number_of.to_string(),
            "product_id": render::product_id(&name),
            "price": number(tick.price.get()),
            "size": number(Decimal::ONE),
            "time": render::time(tick.at),
            "side": "SELL",
            "exchange": "",
        })
    });
    Ok(json!({
        "trades": ticks.collect::<Vec<_>>(),
        "best_bid": number(market.bid().get()),
        "best_ask": number(market.ask().get()),
    }))
}

pub(super) fn candles(ask: &mut Ask, id: &str) -> Answered {
    let (_, market) = found(ask, id)?;
    let length = ask.params.get("granularity").and_then(length).ok_or_else(|| Refused::argument("granularity"))?;
    let end: i64 = ask.params.number("end").ok_or_else(|| Refused::argument("end"))?;
    let start: i64 = ask.params.number("start").ok_or_else(|| Refused::argument("start"))?;
    let (from, to) = (start.saturating_mul(1000), end.saturating_mul(1000).min(ask.now));
    if to.saturating_sub(from).div_euclid(length) > CANDLES_MAX {
        return Err(Refused::argument("number of candles requested should be less than 350"));
    }
    // It tells none without a trade.
    let traded = market.candles(length, from, to).into_iter().filter(Candle::has_trades);
    let candles: Vec<Value> = traded.rev().map(|one| candle(&one)).collect();
    Ok(json!({ "candles": candles }))
}

fn candle(candle: &Candle) -> Value {
    json!({
        "start": candle.at.div_euclid(1000).to_string(),
        "low": number(candle.low.get()),
        "high": number(candle.high.get()),
        "open": number(candle.open.get()),
        "close": number(candle.close.get()),
        "volume": number(candle.volume.get()),
    })
}

fn length(granularity: &str) -> Option<Millis> {
    let minutes: Millis = match granularity {
        "ONE_MINUTE" => 1,
        "FIVE_MINUTE" => 5,
        "FIFTEEN_MINUTE" => 15,
        "THIRTY_MINUTE" => 30,
        "ONE_HOUR" => 60,
        "TWO_HOUR" => 120,
        "FOUR_HOUR" => 240,
        "SIX_HOUR" => 360,
        "ONE_DAY" => 1440,
        _ => return None,
    };
    Some(minutes.saturating_mul(60_000))
}

/// Every asset of the markets.
fn assets<'a>(ask: &'a Ask) -> BTreeSet<&'a str> {
    ask.site.exchange.markets.values().flat_map(|market| [market.base.as_str(), market.quote.as_str()]).collect()
}

pub(super) fn fiat(ask: &mut Ask, _: &str) -> Answered {
    let fiat = assets(ask).into_iter().filter(|asset| FIAT.contains(asset));
    let data = fiat.map(|asset| json!({ "id": asset, "name": asset, "min_size": "0.01" }));
    Ok(json!({ "data": data.collect::<Vec<_>>() }))
}

pub(super) fn crypto(ask: &mut Ask, _: &str) -> Answered {
    let coins = assets(ask).into_iter().filter(|asset| !FIAT.contains(asset));
    let data = coins.enumerate().map(|(place, asset)| {
        json!({
            "asset_id": keys::uuid_of(asset),
            "code": asset,
            "name": asset,
            "color": "#F7931A",
            "sort_index": place.saturating_add(100),
            "exponent": 8,
            "type": "crypto",
            "address_regex": "",
        })
    });
    Ok(json!({ "data": data.collect::<Vec<_>>() }))
}

pub(super) fn rates(ask: &mut Ask, _: &str) -> Answered {
    let rates: serde_json::Map<String, Value> =
        assets(ask).into_iter().map(|asset| (asset.to_owned(), "1".into())).collect();
    Ok(json!({ "data": { "currency": "USD", "rates": rates } }))
}
