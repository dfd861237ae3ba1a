//! Kraken's names: `XXBT` and `XBT` for bitcoin, `XXBTZUSD`, `XBTUSD` and `XBT/USD` for its market.

use super::Ask;
use crate::engine::Market;

/// The name by which balances and pairs go.
pub(super) fn asset(asset: &str) -> String {
    match asset {
        "BTC" => "XXBT".to_owned(),
        "ETH" => "XETH".to_owned(),
        "USD" | "EUR" | "GBP" => format!("Z{asset}"),
        other => other.to_owned(),
    }
}

pub(super) fn short(asset: &str) -> &str {
    if asset == "BTC" { "XBT" } else { asset }
}

pub(super) fn pair(market: &Market) -> String {
    format!("{}{}", asset(&market.base), asset(&market.quote))
}

pub(super) fn short_pair(market: &Market) -> String {
    format!("{}{}", short(&market.base), short(&market.quote))
}

pub(super) fn socket_pair(market: &Market) -> String {
    format!("{}/{}", short(&market.base), short(&market.quote))
}

/// The market of any of its three names, by the engine's name.
pub(super) fn find<'a>(ask: &'a Ask, name: &str) -> Result<(&'a str, &'a Market), String> {
    let is_meant =
        |market: &Market| [pair(market), short_pair(market), socket_pair(market)].iter().any(|own| own == name);
    let found = ask.site.exchange.markets.iter().find(|(_, market)| is_meant(market));
    found.map(|(name, market)| (name.as_str(), market)).ok_or_else(|| "EQuery:Unknown asset pair".to_owned())
}

pub(super) fn asked<'a>(ask: &'a Ask) -> Result<(&'a str, &'a Market), String> {
    find(ask, ask.params.get("pair").ok_or("EGeneral:Invalid arguments")?)
}
