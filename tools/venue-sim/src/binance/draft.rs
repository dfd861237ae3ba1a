//! From parameters to an order.

use super::Ask;
use super::error::Refused;
use crate::engine::{Draft, Market, Side, Size, TimeInForce, Trigger, When};
use crate::http::Params;
use crate::keys;
use domain::money::{Amount, Decimal, Price, Quantity};
use serde_json::json;

/// Assets have this many decimals.
const DECIMALS: u32 = 8;
const NUMBER: &str = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const ID: &str = "^[a-zA-Z0-9-_]{1,36}$";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Limit,
    Market,
    StopLoss,
    StopLossLimit,
    TakeProfit,
    TakeProfitLimit,
    LimitMaker,
}

impl Type {
    fn parse(text: &str) -> Result<Self, Refused> {
        Ok(match text {
            "LIMIT" => Self::Limit,
            "MARKET" => Self::Market,
            "STOP_LOSS" => Self::StopLoss,
            "STOP_LOSS_LIMIT" => Self::StopLossLimit,
            "TAKE_PROFIT" => Self::TakeProfit,
            "TAKE_PROFIT_LIMIT" => Self::TakeProfitLimit,
            "LIMIT_MAKER" => Self::LimitMaker,
            _ => return Err(Refused::new(-1116, "Invalid orderType.")),
        })
    }

    fn has_price(self) -> bool {
        !matches!(self, Self::Market | Self::StopLoss | Self::TakeProfit)
    }

    fn has_time(self) -> bool {
        self.has_price() && self != Self::LimitMaker
    }

    /// On which side of the market the trigger lies.
    fn when(self, side: Side) -> Option<When> {
        match (self, side) {
            (Self::StopLoss | Self::StopLossLimit, Side::Buy)
            | (Self::TakeProfit | Self::TakeProfitLimit, Side::Sell) => Some(When::AtOrAbove),
            (Self::StopLoss | Self::StopLossLimit, Side::Sell)
            | (Self::TakeProfit | Self::TakeProfitLimit, Side::Buy) => Some(When::AtOrBelow),
            _ => None,
        }
    }
}

/// How the parameters of one order are called: in a pair each has a prefix.
pub(super) struct Names {
    pub(super) kind: &'static str,
    pub(super) client_id: &'static str,
    pub(super) price: &'static str,
    pub(super) stop: &'static str,
    pub(super) time: &'static str,
}

pub(super) const ALONE: Names =
    Names { kind: "type", client_id: "newClientOrderId", price: "price", stop: "stopPrice", time: "timeInForce" };

/// The market of `symbol`, by the name the engine has for it.
pub(super) fn market<'a>(ask: &'a Ask, symbol: &str) -> Result<(&'a str, &'a Market), Refused> {
    let is_meant = |market: &Market| symbol.strip_prefix(&*market.base).is_some_and(|quote| quote == market.quote);
    let mut markets = ask.site.exchange.markets.iter();
    let found = markets.find(|(_, market)| is_meant(market));
    found.map(|(name, market)| (name.as_str(), market)).ok_or_else(|| Refused::new(-1121, "Invalid symbol."))
}

pub(super) fn symbol<'a>(ask: &'a Ask) -> Result<&'a str, Refused> {
    let symbol = ask.params.get("symbol").ok_or_else(|| Refused::missing("symbol"))?;
    market(ask, symbol).map(|(name, _)| name)
}

pub(super) fn draft(ask: &Ask, names: &Names) -> Result<Draft, Refused> {
    let params = &ask.params;
    let market = symbol(ask)?.to_owned();
    let side = match params.get("side").ok_or_else(|| Refused::missing("side"))? {
        "BUY" => Side::Buy,
        "SELL" => Side::Sell,
        _ => return Err(Refused::new(-1117, "Invalid side.")),
    };
    let written = params.get(names.kind).ok_or_else(|| Refused::missing(names.kind))?;
    let kind = Type::parse(written)?;
    let client_id = client_id(params, names.client_id, ask)?;
    Ok(Draft {
        market,
        side,
        size: size(params, kind)?,
        price: price(params, names.price, kind.has_price())?,
        trigger: trigger(params, names.stop, kind, side)?,
        time_in_force: time(params, names.time, kind)?,
        post_only: kind == Type::LimitMaker,
        reduce_only: false,
        fee_in_base: false,
        client_id,
        words: json!({ "type": written, "quote": params.get("quoteOrderQty") }),
    })
}

/// The id that was sent, or one of the exchange's own making.
pub(super) fn client_id(params: &Params, name: &str, ask: &Ask) -> Result<String, Refused> {
    let Some(id) = params.get(name) else {
        let number = ask.site.exchange.orders.len();
        return Ok(keys::uuid_of(&format!("{name} {number} {}", ask.now)).replace('-', "").chars().take(22).collect());
    };
    let is_legal = id.len() <= 36 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if is_legal { Ok(id.to_owned()) } else { Err(illegal(name, ID)) }
}

fn size(params: &Params, kind: Type) -> Result<Size, Refused> {
    let (base, quote) = (number(params, "quantity")?, number(params, "quoteOrderQty")?);
    match (base, quote) {
        (Some(_), Some(_)) => Err(Refused::not_required("quoteOrderQty")),
        (Some(base), None) => Quantity::new(base).map(Size::Base).map_err(|_| Refused::new(-1013, "Invalid quantity.")),
        (None, Some(quote)) if kind == Type::Market => {
            Amount::new(quote).map(Size::Quote).map_err(|_| Refused::new(-1013, "Invalid quoteOrderQty."))
        }
        (None, Some(_)) => Err(Refused::not_required("quoteOrderQty")),
        (None, None) if kind == Type::Market => {
            let told = "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!";
            Err(Refused::new(-1102, told))
        }
        (None, None) => Err(Refused::missing("quantity")),
    }
}

fn price(params: &Params, name: &str, is_wanted: bool) -> Result<Option<Price>, Refused> {
    match (number(params, name)?, is_wanted) {
        (None, true) => Err(Refused::missing(name)),
        (Some(_), false) => Err(Refused::not_required(name)),
        (None, false) => Ok(None),
        (Some(price), true) => Price::new(price).map(Some).map_err(|_| Refused::new(-1013, "Invalid price.")),
    }
}

fn trigger(params: &Params, name: &str, kind: Type, side: Side) -> Result<Option<Trigger>, Refused> {
    let when = kind.when(side);
    let price = price(params, name, when.is_some())?;
    Ok(price.zip(when).map(|(price, when)| Trigger { price, when }))
}

fn time(params: &Params, name: &str, kind: Type) -> Result<TimeInForce, Refused> {
    match params.get(name) {
        Some(_) if !kind.has_time() => Err(Refused::not_required(name)),
        Some("GTC") => Ok(TimeInForce::Gtc),
        Some("IOC") => Ok(TimeInForce::Ioc),
        Some("FOK") => Ok(TimeInForce::Fok),
        Some(_) => Err(Refused::new(-1115, "Invalid timeInForce.")),
        None if kind.has_time() => Err(Refused::missing(name)),
        None => Ok(TimeInForce::Gtc),
    }
}

/// Plain decimals only: no sign, no exponent, and no more digits than an asset has.
fn number(params: &Params, name: &str) -> Result<Option<Decimal>, Refused> {
    let Some(text) = params.get(name) else { return Ok(None) };
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number =
        |digits: &str| (1..=20).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_digit());
    if !is_number(whole) || !is_number(part) {
        return Err(illegal(name, NUMBER));
    }
    let value =
        Decimal::from_str_exact(text).map_err(|_| Refused::new(-1108, format!("Parameter '{name}' overflowed.")))?;
    if value.normalize().scale() > DECIMALS {
        return Err(Refused::new(-1111, format!("Parameter '{name}' has too much precision.")));
    }
    Ok(Some(value))
}

fn illegal(name: &str, range: &str) -> Refused {
    Refused::new(-1100, format!("Illegal characters found in parameter '{name}'; legal range is '{range}'."))
}
