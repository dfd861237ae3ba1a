//! What may be traded there, and by which rules.

use super::super::Site;
use super::ask::{Ask, name};
use super::filters::{self, Filter};
use super::line::{Failed, Line};
use domain::market::{Exchange, Market, MarketKey, MarketKind, Stops, Symbol};
use domain::money::{Decimal, Rate};
use serde::Deserialize;

const UNKNOWN_SYMBOL: i64 = -1121;
/// What Binance publishes for whoever trades little: 0.1 %.
const FEE: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

#[derive(Debug, Deserialize)]
struct Info {
    symbols: Vec<Listing>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    symbol: String,
    status: String,
    base_asset: String,
    quote_asset: String,
    base_asset_precision: u32,
    quote_asset_precision: u32,
    order_types: Vec<String>,
    oco_allowed: bool,
    is_spot_trading_allowed: bool,
    filters: Vec<Filter>,
}

/// Of those that are named; one that is not listed is left out.
pub(super) async fn markets(line: &Line, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, Failed> {
    let exchange: Exchange = line.wire.exchange.parse().map_err(|_| Failed::away("the exchange has no name"))?;
    let is_wanted = |market: &Market| symbols.is_empty() || symbols.contains(&market.key.symbol);
    let listed = listed(line, site, symbols).await?;
    Ok(listed.iter().filter_map(|listing| listing.market(&exchange)).filter(is_wanted).collect())
}

/// One name that is not listed makes the whole answer a no: then all are asked for.
async fn listed(line: &Line, site: &Site, symbols: &[Symbol]) -> Result<Vec<Listing>, Failed> {
    let all = || {
        Ask::get(line.wire.info)
            .with("permissions", "SPOT")
            .with("showPermissionSets", &false)
            .with("symbolStatus", "TRADING")
    };
    if symbols.is_empty() {
        return Ok(line.open::<Info>(site, &all()).await?.0.symbols);
    }
    let names: Vec<String> = symbols.iter().map(|symbol| format!("\"{}\"", name(symbol))).collect();
    let names = format!("[{}]", names.join(","));
    let named = Ask::get(line.wire.info).with("symbols", &names).with("showPermissionSets", &false);
    match line.open::<Info>(site, &named).await {
        Ok((info, _)) => Ok(info.symbols),
        Err(failed) if failed.says(&[UNKNOWN_SYMBOL]) && symbols.len() == 1 => Ok(Vec::new()),
        Err(failed) if failed.says(&[UNKNOWN_SYMBOL]) => Ok(line.open::<Info>(site, &all()).await?.0.symbols),
        Err(failed) => Err(failed),
    }
}

impl Listing {
    /// None where it is not traded on spot now, or where its assets or rules cannot be written.
    fn market(&self, exchange: &Exchange) -> Option<Market> {
        if self.status != "TRADING" || !self.is_spot_trading_allowed {
            return None;
        }
        let symbol =
            Symbol { base: self.base_asset.parse().ok()?, quote: self.quote_asset.parse().ok()?, settle: None };
        let is_named_so = self.symbol == name(&symbol);
        is_named_so.then_some(Market {
            key: MarketKey { exchange: exchange.clone(), symbol },
            filters: filters::rules(&self.filters, self.quote_asset_precision, self.base_asset_precision)?,
            fee: Rate::new(FEE).ok()?,
            kind: MarketKind::Spot,
            can_short: false,
            stops: self.stops(),
            orders_max: filters::orders_max(&self.filters),
            at_venue: None,
        })
    }

    fn stops(&self) -> Stops {
        match self.order_types.iter().any(|kind| kind == "STOP_LOSS") {
            true if self.oco_allowed => Stops::Paired,
            true => Stops::Alone,
            false => Stops::Polled,
        }
    }
}
