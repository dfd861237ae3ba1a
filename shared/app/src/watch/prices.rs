//! The prices of a pass: one per market, as long as reading them leaves the pass its time for everything else.

use super::is_late;
use crate::ports::{Clock, Venue};
use crate::run::Run;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::limits;
use domain::market::MarketKey;
use domain::money::Price;
use std::collections::BTreeMap;

/// One price per market and pass.
pub(super) struct Prices<'a, V> {
    venue: &'a V,
    account: &'a AccountId,
    run: &'a Run,
    known: BTreeMap<MarketKey, Option<(Price, Timestamp)>>,
    /// How long tickers have been waited for, and how long they may be.
    spent: Millis,
    spent_max: Millis,
    unread: u32,
}

impl<'a, V: Venue> Prices<'a, V> {
    pub(super) fn new(venue: &'a V, account: &'a AccountId, begun: Timestamp, run: &'a Run) -> Self {
        let spent_max = Millis::new(run.deadline.since(begun).get() / limits::PRICES_PART);
        Self { venue, account, run, known: BTreeMap::new(), spent: Millis::ZERO, spent_max, unread: 0 }
    }

    pub(super) fn venue(&self) -> &'a V {
        self.venue
    }

    pub(super) fn spent_max(&self) -> Millis {
        self.spent_max
    }

    /// Markets whose price could not be read, or that had none: their stops are not watched now.
    pub(super) fn unread(&self) -> u32 {
        self.unread
    }

    pub(super) async fn of<C: Clock>(&mut self, clock: &C, market: &MarketKey) -> Option<(Price, Timestamp)> {
        if let Some(known) = self.known.get(market) {
            return *known;
        }
        let read = self.read(clock, market).await;
        let price = read.flatten();
        self.unread = self.unread.saturating_add(u32::from(price.is_none()));
        self.known.insert(market.clone(), price);
        price
    }

    /// None where it could not be read, or there is no time left for it.
    async fn read<C: Clock>(&mut self, clock: &C, market: &MarketKey) -> Option<Option<(Price, Timestamp)>> {
        if self.spent >= self.spent_max || is_late(clock, self.run) {
            return None;
        }
        let begun = clock.now();
        let read = self.venue.ticker(self.account, market).await;
        self.spent = self.spent.plus(clock.now().since(begun));
        read.ok()
    }
}
