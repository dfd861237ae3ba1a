//! What is under way in the whole deployment: what `deploy` waits for, and what must not stay so for long.

use crate::ports::{ListActive, ListLive, LoadAccount, LoadPosition, StoreError};
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::AccountId;
use domain::limits;
use domain::market::{Exchange, MarketKey};
use domain::order::{Order, Status};
use std::collections::BTreeSet;

/// Orders between their decision and the venue's answer, and what stands around them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flight {
    /// Accounts that have, or lately had, a live group.
    pub accounts: u32,
    /// Groups that are not closed.
    pub groups: u32,
    /// Orders decided and not begun.
    pub planned: u32,
    /// Orders on their way to a venue.
    pub submitting: u32,
    /// Orders whose outcome is not known, and when the oldest was sent.
    pub unknown: u32,
    pub unknown_since: Option<Timestamp>,
    /// The slot of the pass that is longest ago, of accounts with a live group.
    pub oldest_pass: Option<i64>,
    pub exchanges: BTreeSet<Exchange>,
    pub markets: BTreeSet<MarketKey>,
}

impl Flight {
    /// Nothing that a switch of code would meet half done.
    pub fn is_over(&self) -> bool {
        self.in_flight() == 0
    }

    pub fn in_flight(&self) -> u32 {
        self.planned.saturating_add(self.submitting).saturating_add(self.unknown)
    }
}

/// Reads every account that has a live group. Accounts are found by an index, which may lag; the rest is as it is now.
///
/// # Errors
/// Where the store cannot be read.
pub async fn in_flight<D: ListActive + ListLive + LoadAccount + LoadPosition>(deps: &D) -> Result<Flight, StoreError> {
    let mut flight = Flight::default();
    for shard in 0..limits::SHARDS {
        for account in deps.list_active(shard).await? {
            flight.accounts = flight.accounts.saturating_add(1);
            flight.add_account(deps, &account).await?;
        }
    }
    Ok(flight)
}

impl Flight {
    async fn add_account<D>(&mut self, deps: &D, id: &AccountId) -> Result<(), StoreError>
    where
        D: ListLive + LoadAccount + LoadPosition,
    {
        let live = deps.list_live(id).await?;
        if live.is_empty() {
            return Ok(());
        }
        if let Some(account) = deps.load_account(id).await? {
            let slot = account.pass_slot;
            self.oldest_pass = Some(self.oldest_pass.map_or(slot, |oldest| oldest.min(slot)));
            self.exchanges.insert(account.exchange);
        }
        for pointer in live {
            self.markets.insert(pointer.market);
            if let Some(position) = deps.load_position(id, &pointer.group).await? {
                self.add(&position);
            }
        }
        Ok(())
    }

    fn add(&mut self, position: &Position) {
        self.groups = self.groups.saturating_add(1);
        for order in &position.orders {
            let count = match order.status {
                Status::Planned => &mut self.planned,
                Status::Submitting => &mut self.submitting,
                Status::Unknown => &mut self.unknown,
                _ => continue,
            };
            *count = count.saturating_add(1);
            if order.status == Status::Unknown {
                self.unknown_since = self.unknown_since.into_iter().chain([sent_at(order)]).min();
            }
        }
    }
}

fn sent_at(order: &Order) -> Timestamp {
    order.submission.as_ref().map_or(order.planned_at, |submission| submission.sent_at)
}
