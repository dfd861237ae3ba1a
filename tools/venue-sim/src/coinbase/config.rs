//! From an `order_configuration` to an order.

use super::Ask;
use crate::engine::{Draft, Millis, Side, Size, TimeInForce, Trigger, When};
use domain::money::{Amount, Price, Quantity};
use serde_json::Value;

/// Why no order can be read from what was sent: a failure reason.
pub(super) type Wrong = &'static str;

const UNSUPPORTED: Wrong = "UNSUPPORTED_ORDER_CONFIGURATION";
const INVALID: Wrong = "INVALID_REQUEST";

pub(super) fn draft(ask: &Ask) -> Result<Draft, Wrong> {
    let text = |name: &str| ask.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let side = match text("side") {
        Some("BUY") => Side::Buy,
        Some("SELL") => Side::Sell,
        _ => return Err("INVALID_SIDE"),
    };
    let product = text("product_id").ok_or("INVALID_PRODUCT_ID")?;
    let market = product.replacen('-', "/", 1);
    ask.site.exchange.markets.get(&market).ok_or("INVALID_PRODUCT_ID")?;
    let configuration = ask.body.get("order_configuration").and_then(Value::as_object).ok_or(UNSUPPORTED)?;
    let (kind, fields) = configuration.iter().next().filter(|_| configuration.len() == 1).ok_or(UNSUPPORTED)?;
    let client_id = text("client_order_id").ok_or(INVALID)?.to_owned();
    let words = ask.body.get("order_configuration").cloned().unwrap_or_default();
    Ok(Draft { market, client_id, words, ..of_kind(kind, &Fields(fields), side)? })
}

struct Fields<'a>(&'a Value);

impl Fields<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn quantity(&self) -> Result<Size, Wrong> {
        let quantity: Quantity =
            self.text("base_size").ok_or(INVALID)?.parse().map_err(|_| "INVALID_SIZE_PRECISION")?;
        Ok(Size::Base(quantity))
    }

    fn price(&self, name: &str) -> Result<Price, Wrong> {
        self.text(name).ok_or(INVALID)?.parse().map_err(|_| "INVALID_PRICE_PRECISION")
    }

    fn end(&self) -> Result<Millis, Wrong> {
        let end: jiff::Timestamp = self.text("end_time").ok_or(INVALID)?.parse().map_err(|_| INVALID)?;
        Ok(end.as_millisecond())
    }

    fn is(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

fn of_kind(kind: &str, fields: &Fields, side: Side) -> Result<Draft, Wrong> {
    if kind == "market_market_ioc" {
        return Ok(Draft {
            side,
            size: market_size(fields, side)?,
            time_in_force: TimeInForce::Ioc,
            ..Draft::default()
        });
    }
    let (time_in_force, stops) = match kind {
        "limit_limit_gtc" => (TimeInForce::Gtc, false),
        "limit_limit_gtd" => (TimeInForce::Until(fields.end()?), false),
        "limit_limit_fok" => (TimeInForce::Fok, false),
        "sor_limit_ioc" => (TimeInForce::Ioc, false),
        "stop_limit_stop_limit_gtc" => (TimeInForce::Gtc, true),
        "stop_limit_stop_limit_gtd" => (TimeInForce::Until(fields.end()?), true),
        _ => return Err(UNSUPPORTED),
    };
    Ok(Draft {
        side,
        size: fields.quantity()?,
        price: Some(fields.price("limit_price")?),
        trigger: if stops { Some(trigger(fields)?) } else { None },
        time_in_force,
        post_only: fields.is("post_only"),
        ..Draft::default()
    })
}

/// Who buys may say what to spend, fees included.
fn market_size(fields: &Fields, side: Side) -> Result<Size, Wrong> {
    let Some(quote) = fields.text("quote_size").filter(|_| side == Side::Buy) else { return fields.quantity() };
    let quote: Amount = quote.parse().map_err(|_| "INVALID_QUOTE_SIZE_PRECISION")?;
    Ok(Size::QuoteWithFees(quote))
}

fn trigger(fields: &Fields) -> Result<Trigger, Wrong> {
    let when = match fields.text("stop_direction") {
        Some("STOP_DIRECTION_STOP_UP") => When::AtOrAbove,
        Some("STOP_DIRECTION_STOP_DOWN") => When::AtOrBelow,
        _ => return Err(INVALID),
    };
    Ok(Trigger { price: fields.price("stop_price")?, when })
}
