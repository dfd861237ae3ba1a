//! Which exchange an alert means: the one that its text names, by itself or before the symbol, else its token's.

use super::BadAlert;
use super::fields::Fields;
use domain::market::{Exchange, Symbol};

/// Where neither text nor token has one.
pub(super) const REQUIRED: &str = "is required where the webhook token has no exchange of its own";

/// `usual` is the token's.
pub(super) fn read(
    fields: &Fields<'_>,
    (name, symbol): (&str, &str),
    usual: Option<&Exchange>,
) -> Result<Exchange, BadAlert> {
    if let Some(exchange) = fields.parsed(name)? {
        return Ok(exchange);
    }
    match fields.text(symbol)?.and_then(Symbol::exchange_before) {
        Some(exchange) => exchange.parse().map_err(|why| fields.wrong(symbol, format!("stands behind no {why}"))),
        None => usual.cloned().ok_or_else(|| fields.wrong(name, REQUIRED)),
    }
}
