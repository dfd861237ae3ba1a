//! Markets, and price series that are replayed.

use super::Schema;
use crate::text::Text;
use domain::market::{self, Exchange, Leverage, MarketKey, MarketKind, Maxima, Stops, Symbol};
use domain::money::{Price, Quantity, Rate};
use serde::{Deserialize, Serialize};

/// That all markets which an exchange has listed are kept, and when that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub v: Schema<1>,
    pub at: i64,
}

/// A market, by itself or as it was when a group was opened on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    pub v: Schema<1>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub filters: Filters,
    pub fee: Text<Rate>,
    pub can_short: bool,
    /// Alone and beside a limit; none is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops: Option<bool>,
    /// Alone and never beside a limit. Who does not know of it keeps stops by polling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops_alone: Option<bool>,
    /// Orders that may rest at once, where the venue has such a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders_max: Option<u32>,
    /// Base units of one limit order, where the venue has such a maximum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_max: Option<Text<Quantity>>,
    /// Base units of one order at the market; what holds for a limit order holds for it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market_quantity_max: Option<Text<Quantity>>,
    /// Quote units of one limit order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notional_max: Option<Text<Quantity>>,
    /// For its venue's adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_venue: Option<String>,
    /// Of perpetual contracts alone; a market without it is spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear: Option<Linear>,
}

/// What a market of perpetual contracts has beside the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linear {
    pub leverage_max: Text<Leverage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filters {
    pub price_tick: Text<Price>,
    pub quantity_step: Text<Quantity>,
    pub quantity_min: Text<Quantity>,
    pub notional_min: Text<Quantity>,
}

fn stops(paired: Option<bool>, alone: Option<bool>) -> Stops {
    match (paired, alone) {
        (Some(true), _) => Stops::Paired,
        (_, Some(true)) => Stops::Alone,
        _ => Stops::Polled,
    }
}

/// A recorded series that is replayed for ever from `started_at` on, one bar each `bar_ms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    pub v: Schema<1>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub started_at: i64,
    pub bar_ms: i64,
    /// Open, high, low and close of each bar.
    pub bars: Vec<[Text<Price>; 4]>,
}

impl From<&market::Market> for Market {
    fn from(market: &market::Market) -> Self {
        let filters = &market.filters;
        Self {
            v: Schema,
            exchange: Text(market.key.exchange.clone()),
            symbol: Text(market.key.symbol.clone()),
            filters: Filters {
                price_tick: Text(filters.price_tick),
                quantity_step: Text(filters.quantity_step),
                quantity_min: Text(filters.quantity_min),
                notional_min: Text(filters.notional_min),
            },
            fee: Text(market.fee),
            can_short: market.can_short,
            stops: (market.stops == Stops::Paired).then_some(true),
            stops_alone: (market.stops == Stops::Alone).then_some(true),
            orders_max: market.orders_max,
            quantity_max: filters.most.limit.map(Text),
            market_quantity_max: filters.most.market.map(Text),
            notional_max: filters.most.notional.map(Text),
            at_venue: market.at_venue.clone(),
            linear: match market.kind {
                MarketKind::Spot => None,
                MarketKind::Linear { leverage_max } => Some(Linear { leverage_max: Text(leverage_max) }),
            },
        }
    }
}

impl From<Market> for market::Market {
    fn from(stored: Market) -> Self {
        let filters = stored.filters;
        Self {
            key: MarketKey { exchange: stored.exchange.0, symbol: stored.symbol.0 },
            kind: stored.linear.map_or(MarketKind::Spot, |Linear { leverage_max }| MarketKind::Linear {
                leverage_max: leverage_max.0,
            }),
            filters: market::Filters {
                price_tick: filters.price_tick.0,
                quantity_step: filters.quantity_step.0,
                quantity_min: filters.quantity_min.0,
                notional_min: filters.notional_min.0,
                most: Maxima::told(
                    stored.quantity_max.map(|most| most.0),
                    stored.market_quantity_max.map(|most| most.0),
                    stored.notional_max.map(|most| most.0),
                ),
            },
            fee: stored.fee.0,
            can_short: stored.can_short,
            stops: stops(stored.stops, stored.stops_alone),
            orders_max: stored.orders_max,
            at_venue: stored.at_venue,
        }
    }
}
