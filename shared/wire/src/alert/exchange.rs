//! Which exchange an alert means: the one that its text names, by itself or before the symbol, else its token's.

use super::BadAlert;
use super::fields::{Fields, is_unfilled};
use domain::market::{Exchange, Symbol};

/// Where neither text nor token has one.
pub(super) const REQUIRED: &str = "is required where the webhook token has no exchange of its own";

/// `usual` is the token's.
pub(super) fn read(
    fields: &Fields<'_>,
    (name, symbol): (&str, &str),
    usual: Option<&Exchange>,
) -> Result<Exchange, BadAlert> {
    if let Some(text) = fields.text(name)? {
        return named(text).map_err(|why| fields.wrong(name, why));
    }
    match fields.text(symbol)?.and_then(Symbol::exchange_before) {
        Some(exchange) => {
            named(exchange).map_err(|why| fields.wrong(symbol, format!("stands behind no exchange: {why}")))
        }
        None => usual.cloned().ok_or_else(|| fields.wrong(name, REQUIRED)),
    }
}

/// An exchange as somebody names one: with a letter in its name, and filled in.
pub(super) fn named(text: &str) -> Result<Exchange, String> {
    let is_name = text.bytes().any(|byte| byte.is_ascii_alphabetic()) && !is_unfilled(text.trim());
    let exchange = text.parse::<Exchange>().map_err(|why| why.to_string())?;
    if is_name { Ok(exchange) } else { Err("must be an exchange name such as BINANCE".to_owned()) }
}
