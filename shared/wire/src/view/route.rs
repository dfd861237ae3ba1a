//! Routes, and what they make of alerts.

use super::words::{FeeSource, ReasonCode, Time};
use super::{PresetDates, time};
use crate::member::{Limiting, Written, or_default};
use crate::text::Text;
use domain::ids::AccountId;
use domain::limits::ROUTE_ACCOUNTS_MAX;
use domain::money::Percent;
use domain::reason::StoredReason;
use domain::route::{self, RouteName, RouteRef as At};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Accounts between which an entry chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    /// Name of the route, by which alerts choose it.
    pub name: String,
    /// From 1.
    pub version: u64,
    /// Of what costs the same, the account that stands first buys.
    pub accounts: Vec<String>,
    /// Maximum distance from the best price in the order book at which it buys, in percent.
    pub slippage_max_percent: String,
    /// Whether several accounts buy parts of one order.
    pub split: bool,
    /// When the route was made.
    pub created_at: Time,
    /// When the route was last changed.
    pub updated_at: Time,
    /// The user who last changed the route, `usr_…`.
    pub updated_by: String,
}

/// A route that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateRoute)]
pub struct NewRoute {
    /// 1 to 40 of a-z, 0-9, _ and -.
    #[schema(value_type = String)]
    pub name: Written<RouteName>,
    /// Your accounts among which an entry chooses, each `acc_…`; at the same price the first one buys.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 5)]
    pub accounts: Limiting<AccountId, ROUTE_ACCOUNTS_MAX>,
    /// Maximum distance from the best price in the order book, in percent: a decimal from 0 to 5; default 0.5.
    #[schema(value_type = Option<String>)]
    pub slippage_max_percent: Option<Written<Percent>>,
    /// Whether several accounts may buy parts of one order; default false.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub split: bool,
}

/// What a route is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplaceRoute)]
pub struct WantedRoute {
    /// Your accounts among which an entry chooses, each `acc_…`; at the same price the first one buys.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 5)]
    pub accounts: Limiting<AccountId, ROUTE_ACCOUNTS_MAX>,
    /// Maximum distance from the best price in the order book, in percent: a decimal from 0 to 5; default 0.5.
    #[schema(value_type = Option<String>)]
    pub slippage_max_percent: Option<Written<Percent>>,
    /// Whether several accounts may buy parts of one order; default false.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub split: bool,
}

/// Which route was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteRef {
    /// Name of the route.
    pub name: String,
    /// Version of the route that applied.
    pub version: u64,
}

/// How an alert was shared out between accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Routing {
    /// The route that the alert named, at the version that applied.
    pub route: RouteRef,
    /// The best price in the order book; null if no order books were read.
    pub best_price: Option<String>,
    /// What each account does of the alert; empty if nothing could be shared out.
    pub parts: Vec<RoutedPart>,
    /// Accounts of the route that take no part, each with the reason.
    pub left_out: Vec<LeftOut>,
}

/// What one account does of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoutedPart {
    /// The account that carries out this part, `acc_…`.
    pub account_id: String,
    /// The delivery that does it, with a verdict of its own.
    pub delivery_id: String,
    /// Of what it buys; null where it means what the account has open.
    pub figures: Option<RoutedFigures>,
}

/// What an account buys, as its book showed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoutedFigures {
    /// How much the account buys, in base units.
    pub quantity: String,
    /// Of a unit.
    pub average_price: String,
    /// The same with the fee on top.
    pub net_price: String,
    /// Of the dearest unit.
    pub worst_price: String,
    /// The taker's fee that was used in the calculation: 0.001 is 0.1 %. Null if an earlier release calculated it, by the published
    /// fee.
    pub fee: Option<String>,
    /// Where the fee comes from; null if an earlier release calculated it.
    pub fee_source: Option<FeeSource>,
}

/// An account that has no part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// The account that was left out, `acc_…`.
    pub account_id: String,
    /// Why the account was left out.
    pub reason: ReasonCode,
    /// The same for people, with the numbers.
    pub detail: String,
}

/// Of which alert a delivery is a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AlertPart)]
pub struct PartOf {
    /// The alert that the route shared out, `dlv_…`.
    pub delivery_id: String,
    /// The route that shared out the alert, at the version that applied.
    pub route: RouteRef,
    /// The account that carries out this part, `acc_…`.
    pub account_id: String,
    /// What the account buys in this part; null if the part concerns a position that is open.
    pub figures: Option<RoutedFigures>,
}

impl Route {
    pub fn of(at: &At, route: &route::Route, dates: PresetDates<'_>) -> Self {
        Self {
            name: at.name.to_string(),
            version: at.version,
            accounts: route.accounts().iter().map(ToString::to_string).collect(),
            slippage_max_percent: route.slippage_max().to_string(),
            split: route.splits(),
            created_at: time(dates.created_at),
            updated_at: time(dates.updated_at),
            updated_by: dates.updated_by.to_owned(),
        }
    }
}

impl From<&At> for RouteRef {
    fn from(at: &At) -> Self {
        Self { name: at.name.to_string(), version: at.version }
    }
}

impl From<&route::Routing> for Routing {
    fn from(routing: &route::Routing) -> Self {
        let part = |part: &route::RoutedPart| RoutedPart {
            account_id: part.account.to_string(),
            delivery_id: part.delivery.to_string(),
            figures: part.figures.as_ref().map(RoutedFigures::from),
        };
        let left_out = |left: &route::LeftOut| LeftOut {
            account_id: left.account.to_string(),
            reason: Text(StoredReason::read(left.reason.clone())),
            detail: left.detail.clone(),
        };
        Self {
            route: RouteRef::from(&routing.route),
            best_price: routing.touch.map(|touch| touch.to_string()),
            parts: routing.parts.iter().map(part).collect(),
            left_out: routing.left_out.iter().map(left_out).collect(),
        }
    }
}

impl From<&route::Figures> for RoutedFigures {
    fn from(figures: &route::Figures) -> Self {
        Self {
            quantity: figures.quantity.to_string(),
            average_price: figures.average.to_string(),
            net_price: figures.net.to_string(),
            worst_price: figures.worst.to_string(),
            fee: figures.fee.map(|fee| fee.taker.to_string()),
            fee_source: figures.fee.map(|fee| Text(fee.source)),
        }
    }
}

impl From<&route::Part> for PartOf {
    fn from(part: &route::Part) -> Self {
        Self {
            delivery_id: part.of.to_string(),
            route: RouteRef::from(&part.route),
            account_id: part.account.to_string(),
            figures: part.entry.as_ref().map(|entry| RoutedFigures::from(&entry.figures)),
        }
    }
}
