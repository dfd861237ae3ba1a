//! From parameters to an order.

use super::{Ask, names};
use crate::engine::{Draft, Market, Millis, Side, Size, TimeInForce, Trigger, When};
use domain::money::{Amount, Decimal, Price, Quantity};
use serde_json::json;

const VOLUME_DECIMALS: u32 = 8;
const FREE_TEXT_MAX: usize = 18;

pub(super) fn draft(ask: &Ask) -> Result<Draft, String> {
    let (name, market) = names::asked(ask)?;
    let side = match ask.params.get("type") {
        Some("buy") => Side::Buy,
        Some("sell") => Side::Sell,
        _ => return Err(invalid("type")),
    };
    let kind = ask.params.get("ordertype").ok_or_else(|| invalid("ordertype"))?;
    let flags: Vec<&str> =
        ask.params.get("oflags").unwrap_or_default().split(',').filter(|flag| !flag.is_empty()).collect();
    let (price, trigger) = prices(ask, market, kind, side)?;
    let fee_in_base = prefers_base(&flags, side)?;
    Ok(Draft {
        market: name.to_owned(),
        side,
        size: size(ask, &flags, kind)?,
        price,
        trigger,
        time_in_force: time(ask, kind)?,
        post_only: flags.contains(&"post"),
        reduce_only: false,
        fee_in_base,
        client_id: client_id(ask)?,
        words: json!({ "ordertype": kind, "oflags": shown(&flags, fee_in_base), "userref": ask.params.number::<i64>("userref") }),
    })
}

fn invalid(what: &str) -> String {
    format!("EGeneral:Invalid arguments:{what}")
}

/// The limit and the trigger. `price` is the trigger of what has one, and `price2` the limit then.
fn prices(ask: &Ask, market: &Market, kind: &str, side: Side) -> Result<(Option<Price>, Option<Trigger>), String> {
    let first = || price(ask, market, "price");
    Ok(match kind {
        "market" => (None, None),
        "limit" => (Some(first()?), None),
        "stop-loss" | "take-profit" => (None, Some(Trigger { price: first()?, when: when(kind, side) })),
        "stop-loss-limit" | "take-profit-limit" => {
            (Some(price(ask, market, "price2")?), Some(Trigger { price: first()?, when: when(kind, side) }))
        }
        _ => return Err(invalid("ordertype")),
    })
}

fn when(kind: &str, side: Side) -> When {
    if kind.starts_with("stop-loss") == (side == Side::Buy) { When::AtOrAbove } else { When::AtOrBelow }
}

fn price(ask: &Ask, market: &Market, name: &str) -> Result<Price, String> {
    let price: Price = ask.params.get(name).and_then(|text| text.parse().ok()).ok_or_else(|| invalid(name))?;
    let decimals = market.rules.tick.normalize().scale();
    if price.get().scale() > decimals {
        let (pair, told) = (names::short_pair(market), "price can only be specified up to");
        return Err(format!("EOrder:Invalid price:{pair} {told} {decimals} decimals."));
    }
    Ok(price)
}

fn size(ask: &Ask, flags: &[&str], kind: &str) -> Result<Size, String> {
    let volume = ask.params.get("volume").and_then(|text| Decimal::from_str_exact(text).ok());
    let volume =
        volume.filter(|volume| volume.normalize().scale() <= VOLUME_DECIMALS).ok_or_else(|| invalid("volume"))?;
    if flags.contains(&"viqc") {
        let quote = Amount::new(volume).ok().filter(|_| kind == "market").ok_or_else(|| invalid("viqc"))?;
        return Ok(Size::Quote(quote));
    }
    Quantity::new(volume).map(Size::Base).map_err(|_| invalid("volume"))
}

fn time(ask: &Ask, kind: &str) -> Result<TimeInForce, String> {
    match ask.params.get("timeinforce") {
        _ if kind == "market" => Ok(TimeInForce::Gtc),
        None | Some("GTC") => Ok(TimeInForce::Gtc),
        Some("IOC") => Ok(TimeInForce::Ioc),
        Some("GTD") => end(ask).map(TimeInForce::Until).ok_or_else(|| invalid("expiretm")),
        Some(_) => Err(invalid("timeinforce")),
    }
}

/// `+seconds` from now, or a time in seconds.
fn end(ask: &Ask) -> Option<Millis> {
    let text = ask.params.get("expiretm")?;
    let ms = |seconds: &str| Some(seconds.parse::<i64>().ok()?.saturating_mul(1000));
    match text.strip_prefix('+') {
        Some(seconds) => Some(ask.now.saturating_add(ms(seconds)?)),
        None => ms(text),
    }
}

/// A UUID, its 32 digits, or up to 18 characters of any text.
fn client_id(ask: &Ask) -> Result<String, String> {
    let Some(id) = ask.params.get("cl_ord_id") else { return Ok(String::new()) };
    let digits = id.replace('-', "");
    let is_uuid =
        (id.len() == 36 || id.len() == 32) && digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit());
    let is_text = id.len() <= FREE_TEXT_MAX && id.is_ascii();
    if is_uuid || is_text { Ok(id.to_owned()) } else { Err(invalid("cl_ord_id")) }
}

/// In what the fee is preferred; who says nothing pays it in base for what is sold and in quote for what is bought.
fn prefers_base(flags: &[&str], side: Side) -> Result<bool, String> {
    match (flags.contains(&"fcib"), flags.contains(&"fciq")) {
        (true, true) => Err(invalid("oflags")),
        (false, false) => Ok(side == Side::Sell),
        (in_base, _) => Ok(in_base),
    }
}

/// With the preference that holds.
fn shown(flags: &[&str], fee_in_base: bool) -> String {
    let mut shown = vec![if fee_in_base { "fcib" } else { "fciq" }];
    shown.extend(flags.iter().filter(|flag| !matches!(**flag, "fciq" | "fcib")));
    shown.join(",")
}
