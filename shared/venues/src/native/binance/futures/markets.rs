//! Linear perpetuals: their rules and their last price.

use super::super::Site;
use super::super::ask::{Ask, about, name};
use super::super::filters::{self, Filter};
use super::super::line::{Failed, Line};
use domain::clock::Timestamp;
use domain::market::{Exchange, Leverage, Market, MarketKey, MarketKind, Stops, Symbol};
use domain::money::{Decimal, Price, Rate};
use serde::Deserialize;
use wire::text::Text;

/// What Binance publishes for whoever trades little: 0.05 %.
const FEE: Decimal = Decimal::from_parts(5, 0, 0, false, 4);

#[derive(Debug, Deserialize)]
struct Info {
    symbols: Vec<Listing>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    symbol: String,
    status: String,
    contract_type: String,
    base_asset: String,
    quote_asset: String,
    margin_asset: String,
    price_precision: u32,
    quantity_precision: u32,
    filters: Vec<Filter>,
}

/// Of those that are named; all are asked for, since there is no question for some.
pub(in super::super) async fn markets(line: &Line, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, Failed> {
    let exchange: Exchange = line.wire.exchange.parse().map_err(|_| Failed::away("the exchange has no name"))?;
    let is_wanted = |market: &Market| symbols.is_empty() || symbols.contains(&market.key.symbol);
    let (info, _) = line.open::<Info>(site, &Ask::get(line.wire.info)).await?;
    Ok(info.symbols.iter().filter_map(|listing| listing.market(&exchange)).filter(is_wanted).collect())
}

impl Listing {
    /// None where it is no linear perpetual that is traded now, or where its assets or rules cannot be written. How much is lent
    /// in it is told to keys alone: what is too much is refused before the first order (`prepare`).
    fn market(&self, exchange: &Exchange) -> Option<Market> {
        let is_linear = self.contract_type == "PERPETUAL" && self.margin_asset == self.quote_asset;
        if self.status != "TRADING" || !is_linear {
            return None;
        }
        let settle = Some(self.margin_asset.parse().ok()?);
        let symbol = Symbol { base: self.base_asset.parse().ok()?, quote: self.quote_asset.parse().ok()?, settle };
        let is_named_so = self.symbol == name(&symbol);
        is_named_so.then_some(Market {
            key: MarketKey { exchange: exchange.clone(), symbol },
            filters: filters::rules(&self.filters, self.price_precision, self.quantity_precision)?,
            fee: Rate::new(FEE).ok()?,
            kind: MarketKind::Linear { leverage_max: Leverage::new(Leverage::MAX).ok()? },
            can_short: true,
            stops: Stops::Polled,
            orders_max: filters::orders_max(&self.filters),
            at_venue: None,
        })
    }
}

#[derive(Debug, Deserialize)]
struct Last {
    price: Text<Price>,
    time: i64,
}

pub(in super::super) async fn ticker(
    line: &Line,
    site: &Site,
    market: &MarketKey,
) -> Result<(Price, Timestamp), Failed> {
    let (last, _) = line.open::<Last>(site, &about("/fapi/v2/ticker/price", &market.symbol)).await?;
    Ok((last.price.0, Timestamp::from_millis(last.time)))
}
