//! What is under way: what `deploy` waits for, and what must not stay so for long.

use crate::ports::StoreError;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::limits;
use domain::market::{Exchange, MarketKey};
use domain::order::{Order, Status};
use std::collections::BTreeSet;
use store::Engine;
use store::trading::Trading;

/// Orders between their decision and the venue's answer, and what stands around them: of the whole deployment, or of
/// some accounts.
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
    /// The look that is longest ago, of live groups. Before its first look a group is unwatched since it was opened.
    pub oldest_look: Option<Timestamp>,
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

    /// Both together.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            accounts: self.accounts.saturating_add(other.accounts),
            groups: self.groups.saturating_add(other.groups),
            planned: self.planned.saturating_add(other.planned),
            submitting: self.submitting.saturating_add(other.submitting),
            unknown: self.unknown.saturating_add(other.unknown),
            unknown_since: self.unknown_since.into_iter().chain(other.unknown_since).min(),
            oldest_look: self.oldest_look.into_iter().chain(other.oldest_look).min(),
            exchanges: &self.exchanges | &other.exchanges,
            markets: &self.markets | &other.markets,
        }
    }

    /// Of one account.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn of<D: Engine>(deps: &D, account: &Account) -> Result<Self, StoreError> {
        let mut flight = Self { accounts: 1, ..Self::default() };
        for (seat, group) in &account.live {
            flight.exchanges.insert(account.exchange.clone());
            flight.markets.insert(seat.market(&account.exchange));
            let position = Trading(deps).load_position(&account.id, group).await?;
            let opened_at = position.as_ref().map(|position| position.group.opened_at);
            let watched_at = opened_at.into_iter().chain([account.seen_at()]).max();
            flight.oldest_look = flight.oldest_look.into_iter().chain(watched_at).min();
            if let Some(position) = position {
                flight.add(&position);
            }
        }
        Ok(flight)
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

/// Reads every account that has a live group. Accounts are found by an index, which may lag; the rest is as it is now.
///
/// # Errors
/// Where the store cannot be read.
pub async fn in_flight<D: Engine>(deps: &D) -> Result<Flight, StoreError> {
    let mut flight = Flight::default();
    for shard in 0..limits::SHARDS {
        for id in Trading(deps).list_active(shard).await? {
            if let Some(account) = Trading(deps).load_account(&id).await? {
                flight = flight.and(&Flight::of(deps, &account).await?);
            }
        }
    }
    Ok(flight)
}

fn sent_at(order: &Order) -> Timestamp {
    order.submission.as_ref().map_or(order.planned_at, |submission| submission.sent_at)
}
