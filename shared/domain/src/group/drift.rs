//! What a group does about coins that the venue does not have: it sells what is there, and buys nothing.

use super::Position;
use crate::clock::Timestamp;
use crate::limits::ORDERS_PER_COMMIT_MAX;
use crate::money::{MoneyError, Quantity};
use crate::order::{Command, Order, Purpose, Refusal, Status};
use crate::reason::Reason;

/// A mark on every group whose base asset is short at the venue, for a person to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drift {
    /// What this group goes without.
    pub missing: Quantity,
    /// What all groups of the account and asset go without.
    pub in_all: Quantity,
    pub since: Timestamp,
}

impl Position {
    /// What this group counts on at the venue: what it could sell now, and what its sells at work hold.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn claim(&self) -> Result<Quantity, MoneyError> {
        let ledger = self.ledger()?;
        ledger.sellable(&self.group.market.filters)?.plus(ledger.committed)
    }

    /// What a new closing order may sell: no more than is there.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn sellable(&self) -> Result<Quantity, MoneyError> {
        self.there(self.ledger()?.sellable(&self.group.market.filters)?)
    }

    /// What is there of a quantity that was floored to the step, floored again: what is missing was counted in it.
    pub(super) fn there(&self, floored: Quantity) -> Result<Quantity, MoneyError> {
        self.group.market.filters.quantity_down(&floored.minus(self.missing())?.fraction())
    }

    /// What the venue does not have of this group's coins.
    pub fn missing(&self) -> Quantity {
        self.group.drift.map_or(Quantity::ZERO, |drift| drift.missing)
    }

    /// Whether a balance read from `since` on can be compared: nothing is in doubt, and no trade is so young that one
    /// of the reads may not show it yet.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn is_comparable(&self, since: Timestamp) -> Result<bool, MoneyError> {
        for order in &self.orders {
            let young = order.counted().any(|fill| fill.at >= since);
            if young || order.status.is_in_doubt() || !order.is_counted()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the venue has refused to sell, for want of coins, what was sent since then.
    pub fn is_refused_for_balance(&self, since: Timestamp) -> bool {
        let leaves = self.group.side.leaves();
        let refused = self.orders.iter().filter(|order| order.direction == leaves && order.is_refused_for_balance());
        refused.filter_map(|order| order.submission.as_ref()).any(|submission| submission.sent_at >= since)
    }

    /// The same position with this mark, or with none. Entries that rest are taken back, as many as a commit may change
    /// and the others by what is decided next: nothing is bought while coins are missing.
    #[must_use]
    pub fn marked(&self, drift: Option<Drift>, now: Timestamp) -> Self {
        let mut room = if drift.is_some() { ORDERS_PER_COMMIT_MAX } else { 0 };
        let mut take_back = |order: &Order| {
            let wanted = room > 0 && is_taken_back(order);
            room = room.saturating_sub(usize::from(wanted));
            let cancelled = || order.command(Command::Cancel(now)).unwrap_or_else(|_| order.clone());
            if wanted { cancelled() } else { order.clone() }
        };
        let mut position = self.clone();
        position.group.drift = drift;
        let orders = position.orders.iter().map(&mut take_back).collect();
        position.with(orders)
    }
}

/// An entry that may still buy, and that nobody has taken back yet.
pub(super) fn is_taken_back(order: &Order) -> bool {
    let sent = order.purpose == Purpose::Entry && order.status != Status::Planned && !order.status.is_final();
    sent && order.cancel_wanted.is_none()
}

impl Refusal {
    /// Of an entry whose base asset is short at the venue.
    pub fn drift(detail: impl Into<String>) -> Self {
        Self { code: Reason::Drift.into(), detail: detail.into() }
    }
}
