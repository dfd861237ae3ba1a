//! Orders, trades and prices in the library's unified shapes.

use super::lots::Lot;
use super::told::{About, AtMost, Exact};
use crate::native::words;
use app::ports::{Request, VenueOrder};
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::market::{Level, Symbol};
use domain::money::{Amount, Price, Quantity};
use domain::order::{Direction, Fact, Fee, Fill, Refusal, Status, TradeId};
use domain::preset::OrderKind;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Trades of one order by their ids.
pub(super) type Fills = BTreeMap<TradeId, Fill>;

/// The library's word for an order that was taken in and thrown out again.
const REJECTED: &str = "rejected";
/// Where an exchange says why (Bybit), and its word for no reason.
const WHY_REJECTED: &str = "/rejectReason";
const NO_REASON: &str = "EC_NoError";

/// Whatever an exchange leaves out is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "ours")]
    pub(super) client_order_id: Option<String>,
    status: Option<String>,
    side: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Read of limits alone: of what went at the market it is an average, which may be no decimal at all.
    price: Option<serde_json::Value>,
    amount: Option<Exact<Quantity>>,
    filled: Option<Exact<Quantity>>,
    pub(super) timestamp: Option<i64>,
    /// As the exchange has told it.
    #[serde(default)]
    pub(super) info: serde_json::Value,
}

/// What stands before our id where an exchange wants that (Gate); no id of ours begins so.
const MARK: &str = "t-";

fn ours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let told = Option::<String>::deserialize(deserializer)?;
    Ok(told.map(|told| told.strip_prefix(MARK).map(str::to_owned).unwrap_or(told)))
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Trade {
    pub(super) id: Option<String>,
    pub(super) order: Option<String>,
    pub(super) timestamp: Option<i64>,
    price: Exact<Price>,
    amount: Exact<Quantity>,
    fee: Option<Cost>,
    /// As the exchange has told it.
    #[serde(default)]
    pub(super) info: serde_json::Value,
}

#[derive(Debug, Clone, Deserialize)]
struct Cost {
    cost: Option<AtMost>,
    currency: Option<String>,
}

impl Order {
    /// Whether it may be the order of this id: it is, or does not say whose it is.
    pub(super) fn may_be(&self, id: &ClientOrderId) -> bool {
        self.client_order_id.as_deref().is_none_or(|known| known.is_empty() || known == id.as_str())
    }

    /// Whether the side and the quantity that it tells, if any, are those of the request. Some exchanges tell the quantity of a market
    /// buy in quote; the library tells every market as the requested one.
    pub(super) fn may_be_for(&self, request: &Request, contracts: Quantity) -> bool {
        let is_in_quote = (request.kind, request.direction) == (OrderKind::Market, Direction::Buy);
        let amount = self.amount.filter(|Exact(amount)| !amount.is_zero() && !is_in_quote);
        self.side.as_deref().is_none_or(|side| direction(side) == Some(request.direction))
            && amount.is_none_or(|Exact(amount)| amount == contracts)
    }

    pub(super) fn is(&self, id: &ClientOrderId) -> bool {
        self.client_order_id.as_deref() == Some(id.as_str())
    }

    pub(super) fn has_traded(&self) -> bool {
        self.filled.is_some_and(|Exact(filled)| !filled.is_zero())
    }

    /// Why it ended before it was any: taken in, and thrown out again without a trade (Bybit's `Rejected`).
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let is_rejected = self.status.as_deref() == Some(REJECTED) && !self.has_traded();
        let told = self.info.pointer(WHY_REJECTED).and_then(serde_json::Value::as_str);
        let why = told.filter(|why| !why.is_empty() && *why != NO_REASON);
        is_rejected.then(|| words::refusal(words::REFUSED_BY_VENUE, why.unwrap_or("accepted, and rejected then")))
    }

    /// What is known of it where it was accepted a moment ago: most exchanges tell nothing but its id.
    pub(super) fn accepted(&self) -> Option<Fact> {
        let venue_id = self.id.clone().filter(|id| !id.is_empty())?;
        Some(Fact { venue_id: Some(venue_id), ..Fact::of(Status::Open) })
    }

    /// None where its state is none that we know.
    pub(super) fn fact(&self, fills: Fills, lot: Lot) -> Option<Fact> {
        let status = match status(self.status.as_deref()?, self.has_traded())? {
            // Ended with a part filled: the library calls that closed too (Bybit's `PartiallyFilledCanceled`).
            Status::Filled if self.filled.zip(self.amount).is_some_and(|(filled, all)| filled.0 < all.0) => {
                Status::Cancelled
            }
            // What has traded was an order, however it has ended.
            Status::Rejected if self.has_traded() => Status::Cancelled,
            status => status,
        };
        Some(Fact {
            status: Some(status),
            venue_id: self.id.clone(),
            cumulative: self.executed(lot)?,
            fills,
            refusal: self.refusal(),
            ..Fact::default()
        })
    }

    /// Base that was filled.
    pub(super) fn executed(&self, lot: Lot) -> Option<Quantity> {
        lot.base(self.filled.map_or(Quantity::ZERO, |Exact(filled)| filled))
    }

    pub(super) fn listed(&self, fills: Fills, lot: Lot) -> Option<VenueOrder> {
        let limit = || {
            let Exact::<Price>(price) = serde_json::from_value(self.price.clone()?).ok()?;
            Some(OrderKind::Limit(price))
        };
        Some(VenueOrder {
            client_id: ClientOrderId::from_stored(self.client_order_id.clone()?),
            venue_id: self.id.clone()?,
            direction: direction(self.side.as_deref()?)?,
            kind: if self.kind.as_deref() == Some("market") { OrderKind::Market } else { limit()? },
            stop: None,
            quantity: lot.base(self.amount?.0)?,
            fact: self.fact(fills, lot)?,
            accepted_at: Timestamp::from_millis(self.timestamp?),
        })
    }
}

impl Trade {
    /// None where it has no id or no time of its own. `fee_in` is where the exchange itself says in what it took its fee.
    pub(super) fn fill(&self, symbol: &Symbol, lot: Lot, fee_in: Option<&str>) -> Option<(TradeId, Fill)> {
        let (price, quantity) = (self.price.0, lot.base(self.amount.0)?);
        let fee = self.fee_of(symbol, fee_in).filter(|fee| !is_all(fee, symbol, price, quantity));
        let at = Timestamp::from_millis(self.timestamp?);
        Some((TradeId(self.id.clone()?), Fill { fee, price, quantity, at }))
    }

    /// The exchange's own word for its asset goes before the library's, which guesses where it does not look at that (Bybit).
    fn fee_of(&self, symbol: &Symbol, fee_in: Option<&str>) -> Option<Fee> {
        let fee = self.fee.as_ref()?;
        let own = fee_in.and_then(|at| self.info.pointer(at)?.as_str()).filter(|own| !own.is_empty());
        let cost = fee.cost?.0;
        match own.or(fee.currency.as_deref()) {
            Some(asset) => Some(Fee::of(symbol, asset.parse().ok()?, cost)),
            // What is nothing is nothing in any asset.
            None => cost.get().is_zero().then(|| Fee::of(symbol, symbol.quote.clone(), cost)),
        }
    }
}

/// Whether it is all that was traded, or more. Nobody takes so much: it is of another asset than was told, and not known.
fn is_all(fee: &Fee, symbol: &Symbol, price: Price, quantity: Quantity) -> bool {
    let traded = if fee.asset == symbol.base {
        quantity.fraction()
    } else if fee.asset == symbol.quote {
        price.fraction() * quantity.fraction()
    } else {
        return false;
    };
    !fee.amount.get().is_zero() && fee.amount.fraction() >= traded
}

fn status(word: &str, has_traded: bool) -> Option<Status> {
    Some(match word {
        "open" if has_traded => Status::PartiallyFilled,
        "open" => Status::Open,
        "closed" => Status::Filled,
        "canceled" => Status::Cancelled,
        "expired" => Status::Expired,
        REJECTED => Status::Rejected,
        _ => return None,
    })
}

fn direction(word: &str) -> Option<Direction> {
    match word {
        "buy" => Some(Direction::Buy),
        "sell" => Some(Direction::Sell),
        _ => None,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Ticker {
    pub(super) last: Option<Exact<Price>>,
    pub(super) timestamp: Option<i64>,
}

/// Free and locked, by the library's names of assets.
#[derive(Debug, Deserialize)]
pub(super) struct Balances {
    #[serde(default)]
    pub(super) free: BTreeMap<String, Option<About>>,
    #[serde(default)]
    pub(super) used: BTreeMap<String, Option<About>>,
}

/// Each level is a price and a quantity; some exchanges add more.
#[derive(Debug, Deserialize)]
pub(super) struct Book {
    bids: Vec<Vec<Exact<Amount>>>,
    asks: Vec<Vec<Exact<Amount>>>,
}

impl Book {
    /// None where a level is none.
    pub(super) fn book(&self, lot: Lot) -> Option<domain::market::Book> {
        let side =
            |levels: &[Vec<Exact<Amount>>]| levels.iter().map(|level| level_of(level, lot)).collect::<Option<_>>();
        Some(domain::market::Book { bids: side(&self.bids)?, asks: side(&self.asks)? })
    }
}

fn level_of(level: &[Exact<Amount>], lot: Lot) -> Option<Level> {
    let [price, quantity, ..] = level else { return None };
    let quantity = lot.base(Quantity::new(quantity.0.get()).ok()?)?;
    Some(Level { price: Price::new(price.0.get()).ok()?, quantity })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_order_is_ours_with_the_mark_before_its_id_too() {
        let is_ours = |told: serde_json::Value| {
            let order: Order = serde_json::from_value(told).unwrap();
            order.is(&ClientOrderId::from_stored("mabc"))
        };
        assert!(is_ours(json!({"clientOrderId": "mabc"})));
        assert!(is_ours(json!({"clientOrderId": "t-mabc"})));
        for other in [json!({"clientOrderId": "t-mabcd"}), json!({"clientOrderId": null}), json!({})] {
            assert!(!is_ours(other.clone()), "{other}");
        }
    }
}
