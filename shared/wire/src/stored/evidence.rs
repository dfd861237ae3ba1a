//! What stood behind a change of a group, in the row of its history: nothing where a list is absent.

use super::{DeliveryRef, History};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{OrderId, RuleId};
use domain::lineage::{self, Evidence, PriceSource, Seen};
use domain::money::{Amount, Price};
use serde::{Deserialize, Serialize};

/// What has made the group sell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Alert(DeliveryRef),
    Price { source: Text<PriceSource>, price: Text<Price>, at: Option<i64> },
}

/// A price that an order was planned by or compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPrice {
    pub order: Text<OrderId>,
    pub source: Text<PriceSource>,
    pub price: Text<Price>,
    pub at: Option<i64>,
}

/// A limit that was kept, with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitKept {
    pub limit: String,
    /// Absent of a limit of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Text<RuleId>>,
    pub comes_to: Text<Amount>,
    pub allowed: Text<Amount>,
}

/// A request to a venue and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub order: Text<OrderId>,
    pub at: i64,
    pub asked: String,
    pub answered: String,
}

impl History {
    /// The same row with this behind it.
    #[must_use]
    pub fn with(self, evidence: &Evidence) -> Self {
        let Evidence { cause, prices, limits, said } = evidence;
        let cause = cause.as_ref().map(Cause::from);
        let prices = some(prices.iter().map(SeenPrice::from).collect());
        let (limits, said) =
            (some(limits.iter().map(LimitKept::from).collect()), some(said.iter().map(Said::from).collect()));
        Self { cause, prices, limits, said, ..self }
    }

    pub fn evidence(&self) -> Evidence {
        Evidence {
            cause: self.cause.as_ref().map(lineage::Cause::from),
            prices: self.prices.iter().flatten().map(SeenPrice::seen).collect(),
            limits: self.limits.iter().flatten().map(lineage::LimitKept::from).collect(),
            said: self.said.iter().flatten().map(Said::said).collect(),
        }
    }
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

impl SeenPrice {
    fn seen(&self) -> (OrderId, Seen) {
        let at = self.at.map(Timestamp::from_millis);
        (self.order.0.clone(), Seen { price: self.price.0, source: self.source.0, at })
    }
}

impl Said {
    fn said(&self) -> (OrderId, lineage::Said) {
        let (at, asked, answered) = (Timestamp::from_millis(self.at), self.asked.clone(), self.answered.clone());
        (self.order.0.clone(), lineage::Said { at, asked, answered })
    }
}

impl From<&lineage::Cause> for Cause {
    fn from(cause: &lineage::Cause) -> Self {
        match cause {
            lineage::Cause::Alert(delivery) => Self::Alert(DeliveryRef::from(delivery)),
            lineage::Cause::Price(Seen { source, price, at }) => {
                Self::Price { source: Text(*source), price: Text(*price), at: at.map(Timestamp::millis) }
            }
        }
    }
}

impl From<&Cause> for lineage::Cause {
    fn from(row: &Cause) -> Self {
        match row {
            Cause::Alert(delivery) => Self::Alert(delivery.clone().into()),
            Cause::Price { source, price, at } => {
                Self::Price(Seen { source: source.0, price: price.0, at: at.map(Timestamp::from_millis) })
            }
        }
    }
}

impl From<&(OrderId, Seen)> for SeenPrice {
    fn from((order, seen): &(OrderId, Seen)) -> Self {
        let (source, price, at) = (Text(seen.source), Text(seen.price), seen.at.map(Timestamp::millis));
        Self { order: Text(order.clone()), source, price, at }
    }
}

impl From<&(OrderId, lineage::Said)> for Said {
    fn from((order, said): &(OrderId, lineage::Said)) -> Self {
        let lineage::Said { at, asked, answered } = said.clone();
        Self { order: Text(order.clone()), at: at.millis(), asked, answered }
    }
}

impl From<&lineage::LimitKept> for LimitKept {
    fn from(kept: &lineage::LimitKept) -> Self {
        let (limit, rule) = (kept.limit.clone(), kept.rule.clone().map(Text));
        Self { limit, rule, comes_to: Text(kept.comes_to), allowed: Text(kept.allowed) }
    }
}

impl From<&LimitKept> for lineage::LimitKept {
    fn from(row: &LimitKept) -> Self {
        let (limit, rule) = (row.limit.clone(), row.rule.as_ref().map(|rule| rule.0.clone()));
        Self { limit, rule, comes_to: row.comes_to.0, allowed: row.allowed.0 }
    }
}
