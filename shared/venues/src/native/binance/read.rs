//! What Binance answers, read whole.

use super::ask;
use app::ports::VenueOrder;
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::market::Symbol;
use domain::money::{Amount, Price, Quantity};
use domain::order::{Direction, Fact, Fee, Fill, Status, TradeId};
use domain::preset::OrderKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::text::Text;

/// Its trades by their ids.
pub(super) type Fills = BTreeMap<TradeId, Fill>;

/// An order, as all its endpoints show it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) order_id: i64,
    #[serde(default)]
    symbol: String,
    client_order_id: String,
    /// In the answer to a cancel, whose own id the other one is then.
    orig_client_order_id: Option<String>,
    status: String,
    side: String,
    #[serde(rename = "type")]
    kind: String,
    price: Text<Amount>,
    orig_qty: Text<Quantity>,
    pub(super) executed_qty: Text<Quantity>,
    stop_price: Option<Text<Amount>>,
    /// When it was accepted; an answer to an order has its own time instead, which futures call by another name.
    time: Option<i64>,
    transact_time: Option<i64>,
    update_time: Option<i64>,
    #[serde(default)]
    fills: Vec<PartOfAnswer>,
}

/// Orders of a pair, in the answer to it or to its cancel.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pair {
    pub(super) order_reports: Vec<Order>,
}

/// A trade in the answer to its order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartOfAnswer {
    trade_id: i64,
    #[serde(flatten)]
    part: Part,
}

/// A trade in the list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trade {
    pub(super) id: i64,
    pub(super) order_id: i64,
    pub(super) time: i64,
    #[serde(flatten)]
    part: Part,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    price: Text<Price>,
    qty: Text<Quantity>,
    commission: Text<Amount>,
    commission_asset: String,
}

impl Part {
    fn fill(&self, symbol: &Symbol, at: i64) -> Fill {
        let fee = self.commission_asset.parse().ok().map(|asset| Fee::of(symbol, asset, self.commission.0));
        Fill { fee, price: self.price.0, quantity: self.qty.0, at: Timestamp::from_millis(at) }
    }
}

impl Trade {
    pub(super) fn fill(&self, symbol: &Symbol) -> (TradeId, Fill) {
        (TradeId(self.id.to_string()), self.part.fill(symbol, self.time))
    }
}

impl Order {
    pub(super) fn is(&self, id: &ClientOrderId) -> bool {
        self.known_as() == id.as_str()
    }

    /// Whether it is what was asked for under its id: in this market, this way, so much.
    pub(super) fn is_for(&self, symbol: &Symbol, way: Direction, quantity: Quantity) -> bool {
        self.symbol == ask::name(symbol) && direction(&self.side) == Some(way) && self.orig_qty.0 == quantity
    }

    pub(super) fn known_as(&self) -> &str {
        self.orig_client_order_id.as_ref().unwrap_or(&self.client_order_id)
    }

    pub(super) fn has_traded(&self) -> bool {
        !self.executed_qty.0.is_zero()
    }

    /// Whether these are all of its trades.
    pub(super) fn is_known_by(&self, trades: &BTreeMap<TradeId, Quantity>) -> bool {
        let sum = trades.values().try_fold(Quantity::ZERO, |sum, one| sum.plus(*one));
        sum.is_ok_and(|sum| sum == self.executed_qty.0)
    }

    pub(super) fn accepted_at(&self) -> Option<i64> {
        self.time.or(self.transact_time).or(self.update_time)
    }

    /// The trades that stand in the answer to it, which tells one time for all of them.
    pub(super) fn fills(&self, symbol: &Symbol) -> Fills {
        let at = self.transact_time.unwrap_or_default();
        self.fills.iter().map(|fill| (TradeId(fill.trade_id.to_string()), fill.part.fill(symbol, at))).collect()
    }

    /// None where its status is a word that we do not know.
    pub(super) fn fact(&self, fills: Fills) -> Option<Fact> {
        Some(Fact {
            status: Some(status(&self.status)?),
            venue_id: Some(self.order_id.to_string()),
            cumulative: self.executed_qty.0,
            fills,
            ..Fact::default()
        })
    }

    pub(super) fn listed(&self, fills: Fills) -> Option<VenueOrder> {
        let price = |of: Text<Amount>| Price::new(of.0.get()).ok();
        let limit = || price(self.price).map(OrderKind::Limit);
        let is_stop = self.kind.starts_with("STOP_LOSS");
        Some(VenueOrder {
            client_id: ClientOrderId::from_stored(self.known_as()),
            venue_id: self.order_id.to_string(),
            direction: direction(&self.side)?,
            kind: if self.kind.contains("LIMIT") { limit()? } else { OrderKind::Market },
            stop: self.stop_price.filter(|_| is_stop).and_then(price),
            quantity: self.orig_qty.0,
            fact: self.fact(fills)?,
            accepted_at: Timestamp::from_millis(self.accepted_at()?),
        })
    }
}

fn status(word: &str) -> Option<Status> {
    Some(match word {
        "NEW" | "PENDING_NEW" | "PENDING_CANCEL" => Status::Open,
        "PARTIALLY_FILLED" => Status::PartiallyFilled,
        "FILLED" => Status::Filled,
        "CANCELED" => Status::Cancelled,
        "EXPIRED" | "EXPIRED_IN_MATCH" => Status::Expired,
        "REJECTED" => Status::Rejected,
        _ => return None,
    })
}

fn direction(word: &str) -> Option<Direction> {
    match word {
        "BUY" => Some(Direction::Buy),
        "SELL" => Some(Direction::Sell),
        _ => None,
    }
}
