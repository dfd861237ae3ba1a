//! Coming back after a restore, as a person sees it.

use super::time;
use super::words::{OrderPurpose, OrderSide, OrderState, Time};
use crate::member::{Reason, Written, or_default};
use crate::text::Text;
use domain::account::Account;
use domain::ids::AccountId;
use domain::recovery::{self, Adoption, Reached, Report, TableId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /api/v1/recover/confirm`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// Why the restored table may be used, in 1 to 200 characters; stored in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
    /// Ids of accounts that stay stopped because they were not read completely; by default none.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Vec<String>)]
    pub leave_out: Vec<Written<AccountId>>,
}

/// Body of `POST /api/v1/system/halt` and `/system/resume`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    /// Why entries are halted or resumed, for the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

/// Answer of `POST /api/v1/system/halt` and `/system/resume`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemAnswer {
    /// Whether entries of the whole deployment are halted now.
    pub system_halted: bool,
}

/// Answer of `/api/v1/recover`: how far the trading table has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryState {
    /// Whether the table is in use, except for accounts that still wait. If not, nothing is sent to any exchange.
    pub recovered: bool,
    /// The table that is used.
    pub table: String,
    /// The table for which these rows were last confirmed; null if they never were.
    pub deployment_epoch: Option<String>,
    /// When `deployment_epoch` was confirmed; null if it never was.
    pub adopted_at: Option<Time>,
    /// All accounts of the deployment, each with how far its recovery is.
    pub accounts: Vec<RecoveryAccount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryAccount {
    /// The account, `acc_…`.
    pub id: String,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// The owner's name for the account.
    pub label: String,
    /// Whether it was read completely.
    pub ready: bool,
    /// Whether nothing is done for the account at its exchange: the table is not recovered, or the account was left out of the
    /// recovery.
    pub waits: bool,
    /// Null before the first look at this table.
    pub report: Option<RecoveryReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryReport {
    /// When the first check of the account on this table began.
    pub begun_at: Time,
    /// When the newest check of the account began.
    pub at: Time,
    /// Whether what was found is in the table by now.
    pub merged: bool,
    /// The position or market at which a check ran out of time; the next check continues from there. Null if the check was complete.
    pub reached: Option<String>,
    /// Orders that the exchange accepted from this time on were listed.
    pub since: Time,
    /// How many markets had their orders listed.
    pub markets: u32,
    /// Markets that were not listed, since they are too many.
    pub markets_left_out: u32,
    /// Orders whose state at the exchange was another than in the table.
    pub changes: Vec<RecoveryChange>,
    /// The difference: orders under our prefix that no group of this table can have sent. They join none.
    pub unknown_orders: Vec<UnknownOrder>,
    /// What open positions should hold of each asset, compared with the exchange.
    pub holdings: Vec<HoldingState>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryChange {
    /// The position, `grp_…`.
    pub position_group_id: String,
    /// The order, `ord_…`.
    pub order_id: String,
    /// What the order is for.
    pub purpose: OrderPurpose,
    /// State of the order in the table; null if the table did not have the order.
    pub before: Option<OrderState>,
    /// State of the order as the exchange reported it.
    pub after: OrderState,
    /// How much of the order has been filled, in base units.
    pub filled: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownOrder {
    /// The id under which the order was placed; it has the prefix of this deployment.
    pub client_order_id: String,
    /// The id that the exchange gave the order.
    pub exchange_order_id: String,
    /// The market, `BASE/QUOTE`.
    pub symbol: String,
    /// Whether it buys or sells.
    pub side: OrderSide,
    /// How much was to be bought or sold, in base units.
    pub quantity: String,
    /// How much of `quantity` has been filled, in base units.
    pub filled: String,
    /// State of the order as the exchange reported it.
    pub state: OrderState,
    /// When the exchange accepted the order.
    pub accepted_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldingState {
    /// The asset, such as `BTC`.
    pub asset: String,
    /// What open groups believe to hold.
    pub held: String,
    /// Amount at the exchange, free and locked.
    pub at_venue: String,
}

impl RecoveryState {
    pub fn of(table: &TableId, adopted: Option<&Adoption>, accounts: Vec<RecoveryAccount>) -> Self {
        Self {
            recovered: adopted.is_some_and(|adoption| adoption.table == *table),
            table: table.to_string(),
            deployment_epoch: adopted.map(|adoption| adoption.table.to_string()),
            adopted_at: adopted.map(|adoption| time(adoption.at)),
            accounts,
        }
    }
}

impl RecoveryAccount {
    pub fn of(account: &Account, waits: bool, report: Option<&Report>) -> Self {
        Self {
            id: account.id.to_string(),
            exchange: account.exchange.to_string(),
            label: account.label.clone(),
            ready: report.is_some_and(Report::is_settled),
            waits,
            report: report.map(RecoveryReport::from),
        }
    }
}

impl From<&Report> for RecoveryReport {
    fn from(report: &Report) -> Self {
        Self {
            begun_at: time(report.begun_at),
            at: time(report.at),
            merged: report.merged,
            reached: report.reached.as_ref().map(|reached| match reached {
                Reached::Group(group) => group.to_string(),
                Reached::Market(market) => market.to_string(),
            }),
            since: time(report.since),
            markets: report.markets,
            markets_left_out: report.markets_left_out,
            changes: report.changes.iter().map(RecoveryChange::from).collect(),
            unknown_orders: report.strays.iter().map(UnknownOrder::from).collect(),
            holdings: report.holdings.iter().map(HoldingState::from).collect(),
        }
    }
}

impl From<&recovery::Changed> for RecoveryChange {
    fn from(changed: &recovery::Changed) -> Self {
        Self {
            position_group_id: changed.group.to_string(),
            order_id: changed.order.to_string(),
            purpose: Text(changed.purpose),
            before: changed.before.map(Text),
            after: Text(changed.after),
            filled: changed.filled.to_string(),
        }
    }
}

impl From<&recovery::Stray> for UnknownOrder {
    fn from(stray: &recovery::Stray) -> Self {
        Self {
            client_order_id: stray.client_id.to_string(),
            exchange_order_id: stray.venue_id.clone(),
            symbol: stray.market.symbol.to_string(),
            side: Text(stray.direction),
            quantity: stray.quantity.to_string(),
            filled: stray.filled.to_string(),
            state: Text(stray.status),
            accepted_at: time(stray.accepted_at),
        }
    }
}

impl From<&recovery::Holding> for HoldingState {
    fn from(holding: &recovery::Holding) -> Self {
        Self { asset: holding.asset.to_string(), held: holding.ours.to_string(), at_venue: holding.there.to_string() }
    }
}
