//! Coming back after a restore: whose rows these are, and what the venue knew better than they.
//!
//! A restored or copied table holds an older world than the venue's. Until that was looked at, nothing is sent.

use crate::clock::Timestamp;
use crate::ids::{AccountId, ClientOrderId, GroupId, OrderId};
use crate::limits::{RECOVERY_LINES_MAX, RECOVERY_SETTLES};
use crate::market::{Asset, MarketKey};
use crate::money::{Amount, Quantity};
use crate::order::{Direction, Purpose, Status};
use std::collections::BTreeSet;
use std::fmt;

/// The identity of a table together with what it holds: a created, restored or copied table has another, whatever its
/// name is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableId(String);

/// A person, or the seed of a fresh table, has said that these rows are to be acted upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The deployment's epoch: it must be the table that is really used.
    pub table: TableId,
    pub at: Timestamp,
    /// Accounts that were not looked at, and are not acted upon before they are. None is ever added to them.
    pub left_out: BTreeSet<AccountId>,
}

/// How far a look has come that ran out of time. Groups come first, each kind in the order of its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// This group's orders were asked about, and those of all before it.
    Group(GroupId),
    /// This market's orders were listed, and those of all before it.
    Market(MarketKey),
}

/// What the venue knew of one account that this table did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub account: AccountId,
    pub table: TableId,
    /// When the first look at this table began.
    pub begun_at: Timestamp,
    /// When the newest began.
    pub at: Timestamp,
    /// Whether what it has found is in the rows by now.
    pub merged: bool,
    /// How far the newest has come; none where it came to its end.
    pub reached: Option<Reached>,
    /// Orders accepted since then were listed.
    pub since: Timestamp,
    /// Markets whose orders were listed, and those that were too many.
    pub markets: u32,
    pub markets_left_out: u32,
    /// Orders that were changed by what the venue said.
    pub changes: Vec<Changed>,
    /// Orders under our prefix that no group of this table can have sent. They join none.
    pub strays: Vec<Stray>,
    pub holdings: Vec<Holding>,
}

/// An order of a group that stood otherwise at the venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub group: GroupId,
    pub order: OrderId,
    pub purpose: Purpose,
    /// None: no row told of it.
    pub before: Option<Status>,
    pub after: Status,
    pub filled: Quantity,
}

/// An order of nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    pub client_id: ClientOrderId,
    pub venue_id: String,
    pub market: MarketKey,
    pub direction: Direction,
    pub quantity: Quantity,
    pub filled: Quantity,
    pub status: Status,
    pub accepted_at: Timestamp,
}

/// What the groups of an account believe to hold of an asset, and what the venue has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub asset: Asset,
    pub ours: Amount,
    /// Free and locked.
    pub there: Amount,
}

impl TableId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Adoption {
    /// Whether an account of this table is to be acted upon.
    pub fn covers(&self, account: &AccountId) -> bool {
        !self.left_out.contains(account)
    }
}

impl Stray {
    fn is_same_order(&self, other: &Self) -> bool {
        (&self.market, &self.client_id, &self.venue_id) == (&other.market, &other.client_id, &other.venue_id)
    }
}

impl Report {
    /// Whether the last request of a time that this table has forgotten must have shown by its newest look.
    pub fn is_settled(&self) -> bool {
        self.merged && self.reached.is_none() && self.at.since(self.begun_at) >= RECOVERY_SETTLES
    }

    /// The same report after an earlier one of this table: what was changed then was changed all the same. Where the
    /// earlier look did not come to its end, this one is its other part.
    #[must_use]
    pub fn after(self, earlier: Option<Self>) -> Self {
        let Some(earlier) = earlier.filter(|earlier| earlier.table == self.table) else { return self };
        let mut changes = earlier.changes;
        for change in self.changes {
            match changes.iter_mut().find(|known| known.order == change.order) {
                Some(known) => *known = Changed { before: known.before, ..change },
                None => changes.push(change),
            }
        }
        changes.truncate(RECOVERY_LINES_MAX);
        let report = Self { begun_at: earlier.begun_at, changes, ..self };
        if earlier.reached.is_some() { report.with_first_part(earlier.at, earlier.strays) } else { report }
    }

    /// What was asked first was asked when the look began, and is as old as that.
    fn with_first_part(self, at: Timestamp, mut strays: Vec<Stray>) -> Self {
        strays.retain(|known| !self.strays.iter().any(|stray| stray.is_same_order(known)));
        strays.extend(self.strays);
        strays.truncate(RECOVERY_LINES_MAX);
        Self { at, strays, ..self }
    }
}
