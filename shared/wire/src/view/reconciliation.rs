//! Where accounts and their venues differ, and what would mend it.

use super::words::{self, DifferenceKind, Time};
use super::{DriftState, time};
use crate::member::{Reason, Written};
use crate::text::Text;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::ProposalId;
use domain::reconciliation::{CoinsGone, Difference as Found, Repair};
use domain::slot;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer of `GET /api/v1/reconciliation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reconciliation {
    /// Your accounts, each with its differences from the exchange.
    pub accounts: Vec<AccountReconciliation>,
}

/// One account, as the passes have seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountReconciliation {
    /// The account, `acc_…`.
    pub account_id: String,
    /// The account's label.
    pub label: String,
    /// The exchange of the account, such as `BINANCE`.
    pub exchange: String,
    /// When the last pass began; null before the first. An account without an open position has none.
    pub looked_at: Option<Time>,
    /// Confirmed differences between the account's positions and its exchange.
    pub drift: DriftState,
    /// What needs a check by the user, and what is still being verified; empty if there are no differences.
    pub differences: Vec<Difference>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// What it is.
    pub kind: DifferenceKind,
    /// The position, `grp_…`; null for a suspicion or a stray order.
    pub position_group_id: Option<String>,
    /// The order in doubt, `ord_…`; null for other kinds.
    pub order_id: Option<String>,
    /// Client order id of the stray order at the exchange; null for other kinds.
    pub client_order_id: Option<String>,
    /// The asset concerned, such as `BTC`; null for an order in doubt.
    pub asset: Option<String>,
    /// What is missing, or what the stray order is of. Of a suspicion, what is missing beyond what is known; negative where
    /// some of it is back.
    pub quantity: Option<String>,
    /// Of a stray order: how much of it has traded.
    pub filled: Option<String>,
    /// When the difference was first seen; for an order in doubt, when it was sent.
    pub since: Time,
    /// Seconds since `since`.
    pub age_seconds: i64,
    /// The proposed repair.
    pub proposal: Proposal,
}

/// A proposed repair. It is only applied once it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// With other numbers it is another one.
    pub id: String,
    /// What would put it right.
    pub repair: words::Repair,
    /// What it would do.
    pub meaning: String,
    /// Where a user does it by hand; null if there is nothing to do.
    pub route: Option<String>,
    /// Whether `POST /api/v1/reconciliation/{id}/accept` carries it out.
    pub can_be_accepted: bool,
}

/// Body of `POST /api/v1/reconciliation/{id}/accept`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRequest {
    /// The proposal's id, as it was shown.
    #[schema(value_type = String)]
    pub proposal: Written<ProposalId>,
    /// Why you accept the repair, in 1 to 200 characters; stored in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

impl AccountReconciliation {
    pub fn of(account: &Account, differences: &[Found], now: Timestamp) -> Self {
        Self {
            account_id: account.id.to_string(),
            label: account.label.clone(),
            exchange: account.exchange.to_string(),
            looked_at: (account.pass_slot > 0).then(|| time(slot::begins(account.pass_slot))),
            drift: DriftState::from(&account.drift),
            differences: differences.iter().map(|found| Difference::of(found, account, now)).collect(),
        }
    }
}

impl Difference {
    fn of(found: &Found, account: &Account, now: Timestamp) -> Self {
        let shown = Self {
            kind: Text(found.kind()),
            position_group_id: None,
            order_id: None,
            client_order_id: None,
            asset: None,
            quantity: None,
            filled: None,
            since: time(found.since()),
            age_seconds: now.since(found.since()).get().div_euclid(1_000),
            proposal: Proposal::of(found, account, now),
        };
        match found {
            Found::CoinsGone(CoinsGone { group, asset, missing, .. }) => Self {
                position_group_id: Some(group.to_string()),
                asset: Some(asset.to_string()),
                quantity: Some(missing.to_string()),
                ..shown
            },
            Found::OrderInDoubt { order, group, .. } => {
                Self { order_id: Some(order.to_string()), position_group_id: Some(group.to_string()), ..shown }
            }
            Found::Suspected { asset, surprise } => {
                Self { asset: Some(asset.to_string()), quantity: Some(surprise.more.to_string()), ..shown }
            }
            Found::StrayOrder(stray) => Self {
                client_order_id: Some(stray.client_id.to_string()),
                asset: Some(stray.market.symbol.base.to_string()),
                quantity: Some(stray.quantity.to_string()),
                filled: Some(stray.filled.to_string()),
                ..shown
            },
        }
    }
}

impl Proposal {
    fn of(found: &Found, account: &Account, now: Timestamp) -> Self {
        let repair = found.repair(now);
        Self {
            id: found.proposal(account, now).to_string(),
            repair: Text(repair),
            meaning: meaning(found, repair),
            route: route(found, repair),
            can_be_accepted: repair == Repair::CloseOverMissing,
        }
    }
}

fn meaning(found: &Found, repair: Repair) -> String {
    match (repair, found) {
        (Repair::CloseOverMissing, Found::CoinsGone(CoinsGone { asset, missing, held, .. })) => {
            let there = held.minus(*missing).unwrap_or_default();
            format!(
                "close the position group: cancel its orders, sell the {there} {asset} that are there, and write {missing} \
                 {asset} off as closed elsewhere, with neither profit nor loss told of them"
            )
        }
        (Repair::ResolveOrder, _) => {
            "look at the venue and say what became of it; the passes go on asking until then".to_owned()
        }
        (Repair::CancelAtVenue, _) => {
            "cancel it at the venue, if it is to end: nothing here touches an order of no position group".to_owned()
        }
        (Repair::SettleAtVenue, Found::StrayOrder(stray)) => {
            let (filled, base) = (stray.filled, &stray.market.symbol.base);
            format!(
                "it is over and has traded {filled} {base} that no position group counts: keep that, or trade it back at the venue"
            )
        }
        (_, Found::CoinsGone(gone)) if gone.leaving => "it is on its way out: wait for its end".to_owned(),
        (_, Found::CoinsGone(_)) => {
            "wait: an order of the same asset is in doubt, which may have taken them".to_owned()
        }
        (_, Found::OrderInDoubt { .. }) => "wait: the passes are finding out what became of it".to_owned(),
        _ => "wait: it is believed when a second look agrees".to_owned(),
    }
}

fn route(found: &Found, repair: Repair) -> Option<String> {
    match (repair, found) {
        (Repair::CloseOverMissing, Found::CoinsGone(gone)) => {
            Some(format!("POST /api/v1/position-groups/{}/close", gone.group))
        }
        (Repair::ResolveOrder, Found::OrderInDoubt { order, .. }) => {
            Some(format!("POST /api/v1/orders/{order}/resolve"))
        }
        _ => None,
    }
}
