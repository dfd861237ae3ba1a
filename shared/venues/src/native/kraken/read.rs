//! What the exchange tells of orders and trades, read. What is not understood whole is no answer.

use super::names;
use app::ports::VenueOrder;
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::market::Symbol;
use domain::money::{Decimal, Price, Quantity};
use domain::order::{Direction, Fact, Fee, Fill, Status, TradeId};
use domain::preset::OrderKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// A value that is a text in one place and a number in another.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Debug, Deserialize)]
pub(super) struct Orders {
    /// By the exchange's own ids.
    #[serde(alias = "open", alias = "closed")]
    pub(super) orders: BTreeMap<String, Order>,
    /// How many there are on all pages.
    pub(super) count: Option<usize>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Order {
    pub(super) cl_ord_id: Option<String>,
    status: String,
    opentm: Written,
    descr: Description,
    vol: String,
    vol_exec: String,
    #[serde(default)]
    oflags: String,
    #[serde(default)]
    pub(super) trades: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Description {
    pair: String,
    #[serde(rename = "type")]
    direction: String,
    ordertype: String,
    price: String,
    price2: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Trades {
    pub(super) trades: BTreeMap<String, Trade>,
    pub(super) count: Option<usize>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Trade {
    pub(super) ordertxid: String,
    time: Written,
    price: String,
    vol: String,
    fee: String,
}

impl Written {
    pub(super) fn value<T: FromStr>(&self) -> Option<T> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Number(number) => number.to_string().parse().ok(),
        }
    }

    /// Seconds since 1970, with decimals.
    pub(super) fn moment(&self) -> Option<Timestamp> {
        let seconds: Decimal = self.value()?;
        let ms = seconds.checked_mul(Decimal::ONE_THOUSAND)?.trunc();
        i64::try_from(ms).ok().map(Timestamp::from_millis)
    }
}

impl Order {
    pub(super) fn is_known_as(&self, id: &ClientOrderId) -> bool {
        self.cl_ord_id.as_deref() == Some(id.as_str())
    }

    /// Whether it may be the order of this id: it is, or does not say whose it is.
    pub(super) fn may_be(&self, id: &ClientOrderId) -> bool {
        self.cl_ord_id.as_deref().is_none_or(|known| known.is_empty() || known == id.as_str())
    }

    /// The ids of its trades that are none of these.
    pub(super) fn new_trades(&self, known: &BTreeMap<TradeId, Quantity>) -> Vec<&str> {
        let is_new = |trade: &&String| !known.contains_key(&TradeId((*trade).clone()));
        self.trades.iter().filter(is_new).map(String::as_str).collect()
    }

    pub(super) fn is_of(&self, symbol: &Symbol) -> bool {
        names::is_pair(symbol, &self.descr.pair)
    }

    /// When it was accepted.
    pub(super) fn opened_at(&self) -> Option<Timestamp> {
        self.opentm.moment()
    }

    /// What is known of it with these trades, of which those that are not its own are left out.
    pub(super) fn fact(&self, id: &str, symbol: &Symbol, trades: &BTreeMap<String, Trade>) -> Option<Fact> {
        let own = self.trades.iter().filter_map(|trade| trades.get_key_value(trade));
        let fills = own.map(|(id, trade)| Some((TradeId(id.clone()), self.fill(symbol, trade)?)));
        Some(Fact {
            status: Some(self.status()?),
            venue_id: Some(id.to_owned()),
            cumulative: self.vol_exec.parse().ok()?,
            fills: fills.collect::<Option<_>>()?,
            ..Fact::default()
        })
    }

    /// The order as it is listed.
    pub(super) fn listed(&self, id: &str, symbol: &Symbol, trades: &BTreeMap<String, Trade>) -> Option<VenueOrder> {
        let (kind, stop) = self.kind()?;
        Some(VenueOrder {
            client_id: ClientOrderId::from_stored(self.cl_ord_id.as_ref()?),
            venue_id: id.to_owned(),
            direction: match self.descr.direction.as_str() {
                "buy" => Direction::Buy,
                "sell" => Direction::Sell,
                _ => return None,
            },
            kind,
            stop,
            quantity: self.vol.parse().ok()?,
            fact: self.fact(id, symbol, trades)?,
            accepted_at: self.opened_at()?,
        })
    }

    /// An order that is closed with less than all of it executed has been ended.
    fn status(&self) -> Option<Status> {
        let (all, executed): (Quantity, Quantity) = (self.vol.parse().ok()?, self.vol_exec.parse().ok()?);
        match self.status.as_str() {
            "pending" | "open" if executed.is_zero() => Some(Status::Open),
            "pending" | "open" => Some(Status::PartiallyFilled),
            "closed" if executed >= all => Some(Status::Filled),
            "closed" | "canceled" => Some(Status::Cancelled),
            "expired" => Some(Status::Expired),
            _ => None,
        }
    }

    /// As what it is placed, and the price that a stop waits for or has waited for.
    fn kind(&self) -> Option<(OrderKind, Option<Price>)> {
        let Description { ordertype, price, price2, .. } = &self.descr;
        let limit = |price: &String| price.parse().ok().map(OrderKind::Limit);
        Some(match ordertype.as_str() {
            "market" | "take-profit" => (OrderKind::Market, None),
            "limit" => (limit(price)?, None),
            "take-profit-limit" => (limit(price2)?, None),
            "stop-loss" => (OrderKind::Market, Some(price.parse().ok()?)),
            "stop-loss-limit" => (limit(price2)?, Some(price.parse().ok()?)),
            _ => return None,
        })
    }

    /// The fee is in quote, unless the order says that base was preferred.
    fn fill(&self, symbol: &Symbol, trade: &Trade) -> Option<Fill> {
        let in_base = self.oflags.split(',').any(|flag| flag.trim() == "fcib");
        let asset = if in_base { &symbol.base } else { &symbol.quote };
        Some(Fill {
            fee: Some(Fee::of(symbol, asset.clone(), trade.fee.parse().ok()?)),
            price: trade.price.parse().ok()?,
            quantity: trade.vol.parse().ok()?,
            at: trade.time.moment()?,
        })
    }
}
