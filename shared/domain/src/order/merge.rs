//! Facts of the venue. Merging is total, commutative and idempotent; time of observation decides nothing.

use super::{Fill, Order, Refusal, Status, TradeId};
use crate::money::Quantity;
use std::collections::BTreeMap;

/// What the venue said of an order, at whatever time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fact {
    pub status: Option<Status>,
    pub venue_id: Option<String>,
    /// Executed in all, as the venue counts it.
    pub cumulative: Quantity,
    pub fills: BTreeMap<TradeId, Fill>,
    /// What was executed was executed by a stop.
    pub triggered: bool,
    pub refusal: Option<Refusal>,
}

impl Fact {
    pub fn of(status: Status) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// What the venue had given an id was there: where it failed afterwards, it is over as one that was cancelled is.
    fn reached(&self) -> Status {
        match self.status {
            Some(Status::Rejected) if self.venue_id.is_some() => Status::Cancelled,
            status => status.unwrap_or(Status::Planned),
        }
    }

    /// Whether it is over and nothing of it was executed.
    pub(super) fn tells_an_end_without_trades(&self) -> bool {
        let is_over = self.status.is_some_and(|status| status.is_final() && status != Status::Filled);
        is_over && self.cumulative.is_zero() && self.fills.is_empty()
    }

    /// One that is filled, of whoever does not count, has executed all that was asked for.
    fn executed(&self, quantity: Quantity) -> Quantity {
        let is_whole = self.status == Some(Status::Filled) && self.cumulative.is_zero();
        if is_whole { quantity } else { self.cumulative }
    }

    /// The same fact in parts of at most `fills_max` fills each; status and totals come with the last.
    pub fn parts(&self, fills_max: usize) -> Vec<Self> {
        let fills: Vec<_> = self.fills.iter().map(|(trade, fill)| (trade.clone(), fill.clone())).collect();
        let mut chunks: Vec<BTreeMap<_, _>> =
            fills.chunks(fills_max.max(1)).map(|chunk| chunk.iter().cloned().collect()).collect();
        let last = Self { fills: chunks.pop().unwrap_or_default(), ..self.clone() };
        chunks.into_iter().map(|fills| Self { fills, ..Self::default() }).chain([last]).collect()
    }
}

impl Order {
    /// The order with this fact known.
    #[must_use]
    pub fn merge(&self, fact: &Fact) -> Self {
        let mut order = if self.is_word_ended_by(fact) { self.clone().without_the_word() } else { self.clone() };
        order.cumulative = order.cumulative.max(fact.executed(self.quantity));
        order.venue_id = order.venue_id.max(fact.venue_id.clone());
        order.refusal = order.refusal.max(fact.refusal.clone());
        for (trade, fill) in &fact.fills {
            let known = order.fills.entry(trade.clone()).or_insert_with(|| fill.clone());
            *known = known.clone().max(fill.clone());
        }
        order.status = order.status.max(fact.reached()).max(order.status_of_fills());
        if fact.status.is_some() && order.believed().is_none() {
            // It is there: whoever missed it before has seen nothing.
            order.absent_at = None;
        }
        order.triggered |= fact.triggered || order.has_stopped_alone();
        order
    }

    /// What the executed quantity alone says; sums that cannot be kept say the least.
    fn status_of_fills(&self) -> Status {
        match self.filled() {
            Ok(filled) if filled >= self.quantity => Status::Filled,
            Ok(filled) if !filled.is_zero() => Status::PartiallyFilled,
            _ => Status::Planned,
        }
    }
}
