//! What a recovery of an account has found.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId, GroupId, OrderId};
use domain::market::{Asset, Exchange, MarketKey, Symbol};
use domain::money::{Amount, Quantity};
use domain::order::{Direction, Purpose, Status};
use domain::recovery::{self, Reached, TableId};
use serde::{Deserialize, Serialize};

/// The newest report of an account and a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryReport {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    pub table: Text<TableId>,
    pub begun_at: i64,
    pub at: i64,
    pub merged: bool,
    /// How far a look came that has not come to its end: a group, or a market of an exchange.
    pub reached_group: Option<Text<GroupId>>,
    pub reached_exchange: Option<Text<Exchange>>,
    pub reached_symbol: Option<Text<Symbol>>,
    pub since: i64,
    pub markets: u32,
    pub markets_left_out: u32,
    pub changes: Vec<Changed>,
    pub strays: Vec<Stray>,
    pub holdings: Vec<Holding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub group: Text<GroupId>,
    pub order: Text<OrderId>,
    pub purpose: Text<Purpose>,
    pub before: Option<Text<Status>>,
    pub after: Text<Status>,
    pub filled: Text<Quantity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    pub client_id: Text<ClientOrderId>,
    pub venue_id: String,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub direction: Text<Direction>,
    pub quantity: Text<Quantity>,
    pub filled: Text<Quantity>,
    pub status: Text<Status>,
    pub accepted_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub asset: Text<Asset>,
    pub ours: Text<Amount>,
    pub there: Text<Amount>,
}

impl From<&recovery::Report> for RecoveryReport {
    fn from(report: &recovery::Report) -> Self {
        let (group, market) = match &report.reached {
            None => (None, None),
            Some(Reached::Group(group)) => (Some(group.clone()), None),
            Some(Reached::Market(market)) => (None, Some(market.clone())),
        };
        Self {
            v: Schema,
            account: Text(report.account.clone()),
            table: Text(report.table.clone()),
            begun_at: report.begun_at.millis(),
            at: report.at.millis(),
            merged: report.merged,
            reached_group: group.map(Text),
            reached_exchange: market.as_ref().map(|market| Text(market.exchange.clone())),
            reached_symbol: market.map(|market| Text(market.symbol)),
            since: report.since.millis(),
            markets: report.markets,
            markets_left_out: report.markets_left_out,
            changes: report.changes.iter().map(Changed::from).collect(),
            strays: report.strays.iter().map(Stray::from).collect(),
            holdings: report.holdings.iter().map(Holding::from).collect(),
        }
    }
}

impl From<RecoveryReport> for recovery::Report {
    fn from(stored: RecoveryReport) -> Self {
        let market = stored.reached_exchange.zip(stored.reached_symbol);
        let market = market.map(|(exchange, symbol)| MarketKey { exchange: exchange.0, symbol: symbol.0 });
        let group = stored.reached_group.map(|group| Reached::Group(group.0));
        Self {
            account: stored.account.0,
            table: stored.table.0,
            begun_at: Timestamp::from_millis(stored.begun_at),
            at: Timestamp::from_millis(stored.at),
            merged: stored.merged,
            reached: group.or_else(|| market.map(Reached::Market)),
            since: Timestamp::from_millis(stored.since),
            markets: stored.markets,
            markets_left_out: stored.markets_left_out,
            changes: stored.changes.into_iter().map(recovery::Changed::from).collect(),
            strays: stored.strays.into_iter().map(recovery::Stray::from).collect(),
            holdings: stored.holdings.into_iter().map(recovery::Holding::from).collect(),
        }
    }
}

impl From<&recovery::Changed> for Changed {
    fn from(changed: &recovery::Changed) -> Self {
        Self {
            group: Text(changed.group.clone()),
            order: Text(changed.order.clone()),
            purpose: Text(changed.purpose),
            before: changed.before.map(Text),
            after: Text(changed.after),
            filled: Text(changed.filled),
        }
    }
}

impl From<Changed> for recovery::Changed {
    fn from(stored: Changed) -> Self {
        Self {
            group: stored.group.0,
            order: stored.order.0,
            purpose: stored.purpose.0,
            before: stored.before.map(|before| before.0),
            after: stored.after.0,
            filled: stored.filled.0,
        }
    }
}

impl From<&recovery::Stray> for Stray {
    fn from(stray: &recovery::Stray) -> Self {
        Self {
            client_id: Text(stray.client_id.clone()),
            venue_id: stray.venue_id.clone(),
            exchange: Text(stray.market.exchange.clone()),
            symbol: Text(stray.market.symbol.clone()),
            direction: Text(stray.direction),
            quantity: Text(stray.quantity),
            filled: Text(stray.filled),
            status: Text(stray.status),
            accepted_at: stray.accepted_at.millis(),
        }
    }
}

impl From<Stray> for recovery::Stray {
    fn from(stored: Stray) -> Self {
        Self {
            client_id: stored.client_id.0,
            venue_id: stored.venue_id,
            market: MarketKey { exchange: stored.exchange.0, symbol: stored.symbol.0 },
            direction: stored.direction.0,
            quantity: stored.quantity.0,
            filled: stored.filled.0,
            status: stored.status.0,
            accepted_at: Timestamp::from_millis(stored.accepted_at),
        }
    }
}

impl From<&recovery::Holding> for Holding {
    fn from(holding: &recovery::Holding) -> Self {
        Self { asset: Text(holding.asset.clone()), ours: Text(holding.ours), there: Text(holding.there) }
    }
}

impl From<Holding> for recovery::Holding {
    fn from(stored: Holding) -> Self {
        Self { asset: stored.asset.0, ours: stored.ours.0, there: stored.there.0 }
    }
}
