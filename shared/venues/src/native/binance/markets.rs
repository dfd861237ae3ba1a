//! What may be traded there, and by which rules.

use super::super::Site;
use super::ask::{Ask, name};
use super::line::{Failed, Line};
use domain::market::{Exchange, Filters, Market, MarketKey, MarketKind, Stops, Symbol};
use domain::money::{Amount, Decimal, Price, Quantity, Rate};
use serde::Deserialize;
use wire::text::Text;

const PATH: &str = "/api/v3/exchangeInfo";
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

/// The rules that we keep; a number of zero is no rule.
#[derive(Debug, Deserialize)]
#[serde(tag = "filterType", rename_all_fields = "camelCase")]
enum Filter {
    #[serde(rename = "PRICE_FILTER")]
    Price { tick_size: Text<Amount> },
    #[serde(rename = "LOT_SIZE", alias = "MARKET_LOT_SIZE")]
    Lot { min_qty: Text<Quantity>, step_size: Text<Quantity> },
    #[serde(rename = "NOTIONAL", alias = "MIN_NOTIONAL")]
    Notional { min_notional: Text<Quantity> },
    #[serde(rename = "MAX_NUM_ORDERS")]
    Orders { max_num_orders: u32 },
    #[serde(other)]
    Another,
}

/// Of those that are named; one that is not listed is left out.
pub(super) async fn markets(line: &Line, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, Failed> {
    let exchange: Exchange = "BINANCE".parse().map_err(|_| Failed::away("the exchange has no name"))?;
    let is_wanted = |market: &Market| symbols.is_empty() || symbols.contains(&market.key.symbol);
    let listed = listed(line, site, symbols).await?;
    Ok(listed.iter().filter_map(|listing| listing.market(&exchange)).filter(is_wanted).collect())
}

/// One name that is not listed makes the whole answer a no: then all are asked for.
async fn listed(line: &Line, site: &Site, symbols: &[Symbol]) -> Result<Vec<Listing>, Failed> {
    let all = || {
        Ask::get(PATH).with("permissions", "SPOT").with("showPermissionSets", &false).with("symbolStatus", "TRADING")
    };
    if symbols.is_empty() {
        return Ok(line.open::<Info>(site, &all()).await?.0.symbols);
    }
    let names: Vec<String> = symbols.iter().map(|symbol| format!("\"{}\"", name(symbol))).collect();
    let named = Ask::get(PATH).with("symbols", &format!("[{}]", names.join(","))).with("showPermissionSets", &false);
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
            filters: self.rules()?,
            fee: Rate::new(FEE).ok()?,
            kind: MarketKind::Spot,
            can_short: false,
            stops: self.stops(),
            orders_max: self.orders_max(),
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

    /// Of two rules about the same the stricter. A step is a multiple of any finer one.
    fn rules(&self) -> Option<Filters> {
        let (mut tick, mut step) = (Decimal::ZERO, Decimal::ZERO);
        let (mut quantity_min, mut notional_min) = (Quantity::ZERO, Quantity::ZERO);
        for filter in &self.filters {
            match filter {
                Filter::Price { tick_size } => tick = tick.max(tick_size.0.get()),
                Filter::Lot { min_qty, step_size } => {
                    step = step.max(step_size.0.get());
                    quantity_min = quantity_min.max(min_qty.0);
                }
                Filter::Notional { min_notional } => notional_min = notional_min.max(min_notional.0),
                Filter::Orders { .. } | Filter::Another => {}
            }
        }
        let or_finest = |rule: Decimal, digits: u32| if rule.is_zero() { finest(digits) } else { Some(rule) };
        Some(Filters {
            price_tick: Price::new(or_finest(tick, self.quote_asset_precision)?).ok()?,
            quantity_step: Quantity::new(or_finest(step, self.base_asset_precision)?).ok()?,
            quantity_min,
            notional_min,
        })
    }

    fn orders_max(&self) -> Option<u32> {
        self.filters.iter().find_map(|filter| match filter {
            Filter::Orders { max_num_orders } => Some(*max_num_orders),
            _ => None,
        })
    }
}

fn finest(digits: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(1, digits).ok()
}
