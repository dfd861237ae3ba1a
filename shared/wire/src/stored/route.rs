//! Routes, and what they make of alerts.

use super::{PresetRef, Schema, TradePlan};
use crate::text::Text;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, DeliveryId, UserId};
use domain::money::{Percent, Price, Quantity, Rate};
use domain::preset::Flags;
use domain::route::{self, FeeSource, RouteName};
use domain::rules::Rules;
use serde::{Deserialize, Serialize};

/// A route as its user keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub name: Text<RouteName>,
    pub version: u64,
    pub accounts: Vec<Text<AccountId>>,
    pub slippage_max: Text<Percent>,
    pub split: bool,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: Text<UserId>,
    /// Its user has taken it away. The row stays, so that its name goes on counting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Which route was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteRef {
    pub name: Text<RouteName>,
    pub version: u64,
}

/// What one account is to do of a routed alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub of: Text<DeliveryId>,
    pub route: RouteRef,
    pub account: Text<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<PartEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartEntry {
    pub plan: TradePlan,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_profit: Option<Text<Percent>>,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_groups_max: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retry_unproven_entry: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<PresetRef>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reverse: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial_exit: bool,
    pub figures: Figures,
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub quantity: Text<Quantity>,
    pub average: Text<Price>,
    pub net: Text<Price>,
    pub worst: Text<Price>,
    /// Absent where an earlier release has reckoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<ReckonedFee>,
}

/// The fee that was reckoned with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReckonedFee {
    pub taker: Text<Rate>,
    pub source: Text<FeeSource>,
}

/// How an alert was shared out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    pub route: RouteRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touch: Option<Text<Price>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<RoutedPart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutedPart {
    pub account: Text<AccountId>,
    pub delivery: Text<DeliveryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub account: Text<AccountId>,
    pub reason: String,
    pub detail: String,
}

impl From<&route::RouteRef> for RouteRef {
    fn from(at: &route::RouteRef) -> Self {
        Self { name: Text(at.name.clone()), version: at.version }
    }
}

impl From<RouteRef> for route::RouteRef {
    fn from(stored: RouteRef) -> Self {
        Self { name: stored.name.0, version: stored.version }
    }
}

impl From<&route::Part> for Part {
    fn from(part: &route::Part) -> Self {
        Self {
            of: Text(part.of.clone()),
            route: RouteRef::from(&part.route),
            account: Text(part.account.clone()),
            entry: part.entry.as_ref().map(PartEntry::from),
        }
    }
}

impl From<Part> for route::Part {
    fn from(stored: Part) -> Self {
        let (of, account) = (stored.of.0, stored.account.0);
        Self { of, route: stored.route.into(), account, entry: stored.entry.map(route::Entry::from) }
    }
}

impl From<&route::Entry> for PartEntry {
    fn from(entry: &route::Entry) -> Self {
        let rules = entry.plan.rules;
        Self {
            plan: TradePlan::from(&entry.plan),
            minimum_profit: rules.minimum_profit.map(Text),
            cooldown: rules.cooldown.map(Millis::get),
            open_groups_max: rules.open_groups_max,
            retry_unproven_entry: rules.retry_unproven_entry,
            preset: entry.preset.as_ref().map(PresetRef::from),
            reverse: entry.flags.reverse,
            partial_exit: entry.flags.partial_exit,
            figures: Figures::from(entry.figures),
            at: entry.at.millis(),
        }
    }
}

impl From<PartEntry> for route::Entry {
    fn from(stored: PartEntry) -> Self {
        let rules = Rules {
            minimum_profit: stored.minimum_profit.map(|profit| profit.0),
            cooldown: stored.cooldown.map(Millis::new),
            open_groups_max: stored.open_groups_max,
            retry_unproven_entry: stored.retry_unproven_entry,
        };
        Self {
            plan: domain::preset::TradePlan { rules, ..stored.plan.into() },
            preset: stored.preset.map(Into::into),
            flags: Flags { reverse: stored.reverse, partial_exit: stored.partial_exit },
            figures: stored.figures.into(),
            at: Timestamp::from_millis(stored.at),
        }
    }
}

impl From<route::Figures> for Figures {
    fn from(figures: route::Figures) -> Self {
        let (quantity, average) = (Text(figures.quantity), Text(figures.average));
        let (net, worst) = (Text(figures.net), Text(figures.worst));
        Self { quantity, average, net, worst, fee: figures.fee.map(ReckonedFee::from) }
    }
}

impl From<Figures> for route::Figures {
    fn from(stored: Figures) -> Self {
        let (quantity, average) = (stored.quantity.0, stored.average.0);
        let (net, worst) = (stored.net.0, stored.worst.0);
        Self { quantity, average, net, worst, fee: stored.fee.map(route::ReckonedFee::from) }
    }
}

impl From<route::ReckonedFee> for ReckonedFee {
    fn from(fee: route::ReckonedFee) -> Self {
        Self { taker: Text(fee.taker), source: Text(fee.source) }
    }
}

impl From<ReckonedFee> for route::ReckonedFee {
    fn from(stored: ReckonedFee) -> Self {
        Self { taker: stored.taker.0, source: stored.source.0 }
    }
}

impl From<&route::Routing> for Routing {
    fn from(routing: &route::Routing) -> Self {
        let part = |part: &route::RoutedPart| RoutedPart {
            account: Text(part.account.clone()),
            delivery: Text(part.delivery.clone()),
            figures: part.figures.map(Figures::from),
        };
        let left_out = |left: &route::LeftOut| LeftOut {
            account: Text(left.account.clone()),
            reason: left.reason.clone(),
            detail: left.detail.clone(),
        };
        Self {
            route: RouteRef::from(&routing.route),
            touch: routing.touch.map(Text),
            parts: routing.parts.iter().map(part).collect(),
            left_out: routing.left_out.iter().map(left_out).collect(),
        }
    }
}

impl From<Routing> for route::Routing {
    fn from(stored: Routing) -> Self {
        let part = |part: RoutedPart| route::RoutedPart {
            account: part.account.0,
            delivery: part.delivery.0,
            figures: part.figures.map(Into::into),
        };
        let left_out =
            |left: LeftOut| route::LeftOut { account: left.account.0, reason: left.reason, detail: left.detail };
        Self {
            route: stored.route.into(),
            touch: stored.touch.map(|touch| touch.0),
            parts: stored.parts.into_iter().map(part).collect(),
            left_out: stored.left_out.into_iter().map(left_out).collect(),
        }
    }
}
