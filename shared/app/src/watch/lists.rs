//! What of an account's markets is listed in a pass, and what the venue tells of many of them at once.
//!
//! 1. What is due is listed whatever else there is to ask: what is open, and what may have come late.
//! 2. A look that a person has asked for goes on where the pass before has stopped: in few markets, for seconds, and in none while
//!    most of what may be asked of the venue is used. Exits and stops go before, and so do other accounts.
//! 3. A list that cannot be read for many markets at once is not read for each of them.

use super::rows::Shown;
use crate::ports::{Clock, Listed, Urgency, Venue, VenueOrder};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::drift::Drift;
use domain::group::Position;
use domain::ids::ClientOrderId;
use domain::limits;
use domain::looks::Wanted;
use domain::market::{Market, MarketKey, Symbol};
use std::collections::BTreeMap;

/// What this pass lists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    /// What is open, in the markets of live groups and of strays that may still trade.
    open: bool,
    /// What has come where something was called absent.
    late: bool,
}

impl Due {
    pub(super) fn of(slot: i64, is_busy: bool) -> Self {
        let is_turn = |slots: i64| !is_busy && slot.rem_euclid(slots) == 0;
        Self { open: is_turn(limits::STRAYS_SLOTS), late: is_turn(limits::LATE_SLOTS) }
    }

    /// Of an account of which nothing is live: what is open where strays were seen is listed in every pass that it still has.
    pub(super) fn at_rest(slot: i64) -> Self {
        Self { open: true, ..Self::of(slot, false) }
    }
}

/// What is asked of one market.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ask {
    open: bool,
    /// Whatever was accepted since, and what became of it.
    late: Option<Timestamp>,
    /// The same and what is open, at somebody's wish.
    wished: Option<Timestamp>,
}

impl Ask {
    pub(super) fn is_wished(self) -> bool {
        self.wished.is_some()
    }

    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    /// What is due alone.
    pub(super) fn due(self) -> Self {
        Self { wished: None, ..self }
    }

    fn since(self) -> Option<Timestamp> {
        self.wished.into_iter().chain(self.late).min()
    }

    fn is_of(self, which: Listed) -> bool {
        match which {
            Listed::Open => self.open || self.is_wished(),
            Listed::Since(_) => self.since().is_some(),
        }
    }

    pub(super) fn lists(self) -> impl Iterator<Item = Listed> {
        let open = self.is_of(Listed::Open).then_some(Listed::Open);
        open.into_iter().chain(self.since().map(Listed::Since))
    }
}

/// What is due first, and then what somebody wishes to be looked at, in its order.
pub(super) fn asks(
    account: &Account,
    positions: &[&Position],
    drift: &Drift,
    due: Due,
    wished: Option<&Wanted>,
    now: Timestamp,
) -> Vec<(MarketKey, Ask)> {
    let key = |symbol: &Symbol| MarketKey { exchange: account.exchange.clone(), symbol: symbol.clone() };
    let mut asks: BTreeMap<MarketKey, Ask> = BTreeMap::new();
    if due.open {
        let live = positions.iter().map(|position| &position.group.market.key);
        let seen = drift.strays.iter().filter(|stray| !stray.is_told()).map(|stray| &stray.market);
        live.chain(seen).cloned().for_each(|key| asks.entry(key).or_default().open = true);
    }
    if due.late {
        for (symbol, at) in account.looks.late_at(now) {
            asks.entry(key(symbol)).or_default().late = Some(at.minus(limits::LATE_FOR));
        }
    }
    let since = wished.map(|wanted| wanted.at.minus(limits::LOOK_BACK));
    let wished: Vec<MarketKey> = wished.iter().flat_map(|wanted| &wanted.markets).map(key).collect();
    let wished: Vec<(MarketKey, Ask)> = wished
        .into_iter()
        .map(|key| {
            let due = asks.remove(&key).unwrap_or_default();
            (key, Ask { wished: since, ..due })
        })
        .collect();
    asks.into_iter().chain(wished).collect()
}

/// A look that somebody has asked for, in this pass.
pub(super) struct Wish<'a, V> {
    venue: &'a V,
    account: &'a Account,
    /// What is left of it; none where nobody has asked.
    left: Option<Wanted>,
    /// No market is begun any more after this.
    until: Timestamp,
    begun: usize,
}

impl<'a, V: Venue> Wish<'a, V> {
    pub(super) fn of(venue: &'a V, account: &'a Account, now: Timestamp) -> Self {
        Self { venue, account, left: account.looks.wanted.clone(), until: now.plus(limits::LOOK_FOR), begun: 0 }
    }

    /// What may be looked at now.
    pub(super) async fn now(&self) -> Option<&Wanted> {
        match &self.left {
            Some(wanted) if !self.is_held().await => Some(wanted),
            _ => None,
        }
    }

    /// Whether one more market may be listed by itself.
    pub(super) async fn goes_on<C: Clock>(&mut self, clock: &C) -> bool {
        let may = self.begun < limits::LOOK_MARKETS_PER_PASS && clock.now() < self.until && !self.is_held().await;
        self.begun = self.begun.saturating_add(usize::from(may));
        may
    }

    async fn is_held(&self) -> bool {
        self.venue.paused(&self.account.id, &self.account.exchange, Urgency::Look).await.is_some()
    }

    pub(super) fn looked_at(&mut self, market: &Symbol) {
        self.left.iter_mut().for_each(|wanted| wanted.looked_at(market));
    }

    pub(super) fn put_off(&mut self, market: &Symbol) {
        self.left.iter_mut().for_each(|wanted| wanted.put_off(market));
    }

    /// What the next pass is to go on with.
    pub(super) fn left(self, now: Timestamp) -> Option<Wanted> {
        self.left.filter(|wanted| !wanted.is_over(now))
    }
}

/// What the venue has told of many markets at once.
#[derive(Debug, Default)]
pub(super) struct Together {
    /// By market; none where they could not be read.
    open: Told,
    since: Told,
}

type Told = Option<BTreeMap<MarketKey, Vec<Shown>>>;

impl Together {
    pub(super) async fn read<V: Venue>(
        (venue, account, deployment): (&V, &Account, &str),
        asks: &[(Market, Ask)],
        is_late: impl Fn() -> bool,
    ) -> Self {
        let prefix = ClientOrderId::deployment_prefix(deployment);
        let told = async |which: Listed| {
            let of: Vec<Market> =
                asks.iter().filter(|(_, ask)| ask.is_of(which)).map(|(market, _)| market.clone()).collect();
            if of.is_empty() || is_late() {
                return of.is_empty().then(BTreeMap::new);
            }
            let told = venue.list_many(&account.id, &of, &prefix, which).await.ok()?;
            Some(told.into_iter().map(|(key, orders)| (key, shown(orders))).collect())
        };
        let since = asks.iter().filter_map(|(_, ask)| ask.since()).min().unwrap_or_default();
        Self { open: told(Listed::Open).await, since: told(Listed::Since(since)).await }
    }

    /// Whether all that is asked of the market was told, or could not be.
    pub(super) fn covers(&self, market: &MarketKey, ask: Ask) -> bool {
        ask.lists().all(|which| self.of(which).is_none_or(|told| told.contains_key(market)))
    }

    /// What was told of one market; an empty answer where it is to be listed by itself.
    ///
    /// # Errors
    /// Where it cannot be listed now.
    pub(super) fn told(&self, market: &MarketKey, which: Listed) -> Result<Option<&[Shown]>, Unread> {
        let told = self.of(which).ok_or(Unread)?;
        Ok(told.get(market).map(Vec::as_slice))
    }

    fn of(&self, which: Listed) -> Option<&BTreeMap<MarketKey, Vec<Shown>>> {
        match which {
            Listed::Open => self.open.as_ref(),
            Listed::Since(_) => self.since.as_ref(),
        }
    }
}

/// A list that could not be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unread;

pub(super) fn shown(orders: Vec<VenueOrder>) -> Vec<Shown> {
    orders.into_iter().map(Shown::of).collect()
}
