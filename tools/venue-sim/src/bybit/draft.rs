//! From parameters to an order.

use super::{Ask, Refused};
use crate::engine::{Draft, Side, Size, TimeInForce};
use domain::money::{Amount, Decimal, Price, Quantity};
use serde_json::json;

const LINK_ID_MAX: usize = 36;

pub(super) fn draft(ask: &Ask) -> Result<Draft, Refused> {
    let (market, rules) = ask.one().map(|(name, market)| (name.to_owned(), &market.rules))?;
    let params = &ask.params;
    let side = match params.get("side") {
        Some("Buy") => Side::Buy,
        Some("Sell") => Side::Sell,
        _ => return Err(Refused::new(170_117, "Invalid side.")),
    };
    let is_market = match params.get("orderType") {
        Some("Market") => true,
        Some("Limit") => false,
        _ => return Err(Refused::new(170_116, "Invalid orderType.")),
    };
    // What waits for a price is not played.
    if params.get("orderFilter").is_some_and(|filter| filter != "Order") || params.get("triggerPrice").is_some() {
        return Err(Refused::parameter("orderFilter"));
    }
    let (time, time_in_force, post_only) = time(ask, is_market)?;
    let unit = params.get("marketUnit").unwrap_or(if side == Side::Buy { "quoteCoin" } else { "baseCoin" });
    let unit = if is_market { unit } else { "" };
    let price = if is_market { None } else { Some(price(ask, rules.tick)?) };
    Ok(Draft {
        market,
        side,
        size: size(ask, unit == "quoteCoin", rules.step)?,
        price,
        time_in_force,
        post_only,
        client_id: link_id(ask)?,
        words: json!({
            "orderType": if is_market { "Market" } else { "Limit" },
            "timeInForce": time,
            "marketUnit": unit,
            "qty": params.get("qty"),
        }),
        ..Draft::default()
    })
}

fn time(ask: &Ask, is_market: bool) -> Result<(&'static str, TimeInForce, bool), Refused> {
    match ask.params.get("timeInForce") {
        _ if is_market => Ok(("IOC", TimeInForce::Ioc, false)),
        None | Some("GTC") => Ok(("GTC", TimeInForce::Gtc, false)),
        Some("PostOnly") => Ok(("PostOnly", TimeInForce::Gtc, true)),
        Some("IOC") => Ok(("IOC", TimeInForce::Ioc, false)),
        Some("FOK") => Ok(("FOK", TimeInForce::Fok, false)),
        Some(_) => Err(Refused::new(170_115, "Invalid timeInForce.")),
    }
}

fn price(ask: &Ask, tick: Decimal) -> Result<Price, Refused> {
    let bad = || Refused::new(170_130, "Data sent for parameter 'price' is not valid.");
    let price: Price = ask.params.get("price").and_then(|text| text.parse().ok()).ok_or_else(bad)?;
    if price.get().normalize().scale() > tick.normalize().scale() {
        return Err(Refused::new(170_134, "Order price has too many decimals."));
    }
    Ok(price)
}

fn size(ask: &Ask, in_quote: bool, step: Decimal) -> Result<Size, Refused> {
    let bad = || Refused::new(170_130, "Data sent for parameter 'qty' is not valid.");
    let told = ask.params.get("qty").and_then(|text| Decimal::from_str_exact(text).ok()).ok_or_else(bad)?;
    if in_quote {
        return Amount::new(told).map(Size::Quote).map_err(|_| bad());
    }
    if told.normalize().scale() > step.normalize().scale() {
        return Err(Refused::new(170_137, "Order quantity has too many decimals."));
    }
    Quantity::new(told).map(Size::Base).map_err(|_| bad())
}

/// Letters, digits, dashes and underscores.
fn link_id(ask: &Ask) -> Result<String, Refused> {
    let Some(id) = ask.params.get("orderLinkId") else { return Ok(String::new()) };
    let is_known = id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    if id.len() <= LINK_ID_MAX && is_known { Ok(id.to_owned()) } else { Err(Refused::parameter("orderLinkId")) }
}
