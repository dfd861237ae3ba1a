//! Reconciliation: where a venue and the groups of an account differ, and what would mend each difference.
//!
//! 1. Nothing is found here: each difference is one that the passes have seen, or an order whose outcome nobody knows.
//! 2. What is proposed is done on a person's word alone, and invents no fill.
//! 3. A proposal names its numbers: where they change it is another one.

use crate::account::Account;
use crate::clock::Timestamp;
use crate::drift::{Shortage, Stray, Surprise};
use crate::group::Position;
use crate::ids::{GroupId, OrderId, ProposalId};
use crate::limits::RESOLVE_AFTER;
use crate::market::Asset;
use crate::money::{MoneyError, Quantity};
use crate::order::Order;
use crate::words::words;
use std::collections::BTreeSet;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A position group goes without some or all of its coins: two looks have agreed on it.
    CoinsGone(CoinsGone),
    /// Sent, with no answer that could be believed.
    OrderInDoubt { order: OrderId, group: GroupId, sent_at: Timestamp },
    /// Seen in one look.
    Suspected { asset: Asset, surprise: Surprise },
    /// An order at the venue under this deployment's prefix that none of its groups counts on.
    StrayOrder(Stray),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoinsGone {
    pub group: GroupId,
    pub asset: Asset,
    pub missing: Quantity,
    /// What the group counts on, the missing included.
    pub held: Quantity,
    pub since: Timestamp,
    /// It is on its way out already.
    pub leaving: bool,
    /// An order of the same asset is in doubt, which may have taken them.
    pub in_doubt: bool,
}

/// What a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Of a position, on which two looks agree.
    CoinsGone,
    OrderInDoubt,
    /// Seen in one look.
    Suspected,
    /// Resting or traded at the exchange, and counted by no position.
    StrayOrder,
}

/// What would mend a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Nothing yet: the passes go on looking.
    Wait,
    /// The group is closed: what is there is sold, and what is missing is written off as closed elsewhere.
    CloseOverMissing,
    /// Its user says what became of the order.
    ResolveOrder,
    /// Its user ends it at the venue: nothing here touches what is of no group.
    CancelAtVenue,
    /// Its user keeps what it has traded, or trades it back at the venue.
    SettleAtVenue,
}

/// The differences of an account whose groups that are not closed these are.
///
/// # Errors
/// `Inexact` where the fills cannot be added exactly.
pub fn differences(account: &Account, positions: &[Position]) -> Result<Vec<Difference>, MoneyError> {
    let mut found = coins_gone(positions)?;
    found.extend(positions.iter().flat_map(|position| position.orders.iter().filter_map(in_doubt)));
    found.extend(account.drift.shortages.iter().filter_map(suspected));
    found.extend(account.drift.strays.iter().cloned().map(Difference::StrayOrder));
    Ok(found)
}

fn coins_gone(positions: &[Position]) -> Result<Vec<Difference>, MoneyError> {
    let base = |position: &Position| position.group.market.key.symbol.base.clone();
    let doubtful = positions.iter().filter(|position| position.orders.iter().any(|order| order.status.is_in_doubt()));
    let doubtful: BTreeSet<Asset> = doubtful.map(base).collect();
    let mut found = Vec::new();
    for position in positions {
        let Some(drift) = position.group.drift.filter(|drift| !drift.missing.is_zero()) else { continue };
        let asset = base(position);
        found.push(Difference::CoinsGone(CoinsGone {
            group: position.group.id.clone(),
            missing: drift.missing,
            held: position.claim()?,
            since: drift.since,
            leaving: position.group.exit.is_some(),
            in_doubt: doubtful.contains(&asset),
            asset,
        }));
    }
    Ok(found)
}

fn in_doubt(order: &Order) -> Option<Difference> {
    let sent_at = order.submission.as_ref().filter(|_| order.status.is_in_doubt())?.sent_at;
    Some(Difference::OrderInDoubt { order: order.id.clone(), group: order.group.clone(), sent_at })
}

fn suspected((asset, shortage): (&Asset, &Shortage)) -> Option<Difference> {
    shortage.surprise.map(|surprise| Difference::Suspected { asset: asset.clone(), surprise })
}

impl Difference {
    pub fn kind(&self) -> DifferenceKind {
        match self {
            Self::CoinsGone(_) => DifferenceKind::CoinsGone,
            Self::OrderInDoubt { .. } => DifferenceKind::OrderInDoubt,
            Self::Suspected { .. } => DifferenceKind::Suspected,
            Self::StrayOrder(_) => DifferenceKind::StrayOrder,
        }
    }

    /// Since when it is known.
    pub fn since(&self) -> Timestamp {
        match self {
            Self::CoinsGone(gone) => gone.since,
            Self::OrderInDoubt { sent_at, .. } => *sent_at,
            Self::Suspected { surprise, .. } => surprise.at,
            Self::StrayOrder(stray) => stray.first_seen_at,
        }
    }

    /// What would mend it now.
    pub fn repair(&self, now: Timestamp) -> Repair {
        match self {
            Self::CoinsGone(gone) if gone.leaving || gone.in_doubt => Repair::Wait,
            Self::CoinsGone(_) => Repair::CloseOverMissing,
            Self::OrderInDoubt { sent_at, .. } if now.since(*sent_at) >= RESOLVE_AFTER => Repair::ResolveOrder,
            Self::StrayOrder(stray) if stray.is_told() => Repair::SettleAtVenue,
            Self::StrayOrder(stray) if stray.confirmed => Repair::CancelAtVenue,
            Self::OrderInDoubt { .. } | Self::Suspected { .. } | Self::StrayOrder(_) => Repair::Wait,
        }
    }

    /// Of this repair of this difference.
    pub fn proposal(&self, account: &Account, now: Timestamp) -> ProposalId {
        let (subject, number) = match self {
            Self::CoinsGone(gone) => (gone.group.as_str().to_owned(), gone.missing.to_string()),
            Self::OrderInDoubt { order, .. } => (order.as_str().to_owned(), String::new()),
            Self::Suspected { asset, surprise } => (asset.to_string(), surprise.more.to_string()),
            Self::StrayOrder(stray) => (stray.client_id.to_string(), format!("{}#{}", stray.quantity, stray.filled)),
        };
        let since = self.since().millis().to_string();
        let repair = self.repair(now).as_str();
        ProposalId::of(&[account.id.as_str(), self.kind().as_str(), &subject, &number, &since, repair])
    }
}

words! {
    DifferenceKind {
        CoinsGone = "coins_gone",
        OrderInDoubt = "order_in_doubt",
        Suspected = "suspected",
        StrayOrder = "stray_order",
    }
    Repair {
        Wait = "none_wait",
        CloseOverMissing = "close_over_missing",
        ResolveOrder = "resolve_order",
        CancelAtVenue = "cancel_at_venue",
        SettleAtVenue = "settle_at_venue",
    }
}
