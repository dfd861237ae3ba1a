//! Which group is looked at when, since a pass may have no time for all of their orders.
//!
//! 1. Prices are read for a part of the pass alone, and each slot begins with another group: where tickers hang, none is
//!    always behind them.
//! 2. What a price makes leave is decided as soon as it is read, before any other order is asked about.
//! 3. Then every order in doubt is asked about, of whichever group.
//! 4. Then all others are asked about together, as far as the venue can be asked so: it counts questions.
//! 5. Then come groups on their way out or near to it, and then the rest: of both, who was looked at longest ago comes
//!    first, as the marks that looks leave tell. So the next pass goes on where one has stopped.

use super::is_late;
use super::look::{Looked, Seen, leaves};
use super::prices::Prices;
use super::resolve::{Answers, Questions};
use crate::ports::{Address, Clock, Venue};
use crate::run::Run;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::group::Position;
use domain::ids::GroupId;
use domain::limits;
use domain::money::{Fraction, MoneyError, Price};
use domain::order::Order;
use domain::seat::Seat;
use store::Engine;
use store::trading::Trading;

/// A live group in a pass.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub(super) seat: &'a Seat,
    pub(super) group: &'a GroupId,
    pub(super) seen: Seen,
    pub(super) answers: Answers,
    /// What its look has come to; none where the group is gone.
    pub(super) looked: Option<Option<Looked>>,
    /// As it stood when the pass began.
    loaded: Option<(Timestamp, Position)>,
}

/// All live groups, each slot beginning with another one; nothing is read yet.
pub(super) fn sights(known: &Account, slot: i64) -> Vec<Sight<'_>> {
    let sight = |(seat, group)| {
        let (seen, answers) = (Seen { price: None, slot, halted: known.halted.is_some() }, Answers::default());
        Sight { seat, group, seen, answers, looked: None, loaded: None }
    };
    let mut sights: Vec<_> = known.live.iter().map(sight).collect();
    let first = slot.wrapping_mul(limits::PRICES_STRIDE);
    let first = i64::try_from(sights.len()).ok().and_then(|count| first.checked_rem_euclid(count));
    sights.rotate_left(first.and_then(|first| usize::try_from(first).ok()).unwrap_or_default());
    sights
}

/// Asks about the orders of these groups together, as far as the venue can be asked so. What it leaves out is asked about order
/// by order, when its group is looked at.
pub(super) async fn ask_together<V: Venue, C: Clock>(venue: &V, clock: &C, sights: &mut [Sight<'_>], run: &Run) {
    let asked_at = clock.now();
    let addresses: Vec<Address> = sights.iter().flat_map(|sight| sight.together(asked_at)).collect();
    if addresses.len() < 2 || is_late(clock, run) {
        return;
    }
    let Ok(told) = venue.find_many(&addresses).await else { return };
    for Sight { loaded, looked, answers, .. } in sights {
        if let Some(position) = newest(loaded.as_ref(), looked.as_ref()) {
            answers.hear(venue, clock, position, (asked_at, &told), run).await;
        }
    }
}

/// A group as it was last seen in this pass.
fn newest<'a>(loaded: Option<&'a (Timestamp, Position)>, looked: Option<&'a Option<Looked>>) -> Option<&'a Position> {
    let looked = looked.and_then(Option::as_ref).map(|looked| &looked.position);
    looked.or(loaded.map(|(_, position)| position))
}

impl Sight<'_> {
    /// With the price of its market, and as it stands now.
    pub(super) async fn read<D: Engine, V: Venue>(&mut self, deps: &D, prices: &mut Prices<'_, V>, known: &Account) {
        let position = Trading(deps).load_position(&known.id, self.group).await.ok().flatten();
        position.iter().for_each(|position| prices.venue().meet(&position.group.market));
        self.seen.price = prices.of(deps, &self.seat.market(&known.exchange)).await;
        self.loaded = position.map(|position| (deps.now(), position));
    }

    /// The group as it was read a moment ago; none where that is too long ago to decide by.
    pub(super) fn as_loaded(&mut self, now: Timestamp) -> Option<Position> {
        let (at, position) = self.loaded.take()?;
        (now.since(at) <= LOADED_AGE_MAX).then_some(position)
    }

    /// Whether time or the price makes it leave, as far as is known before its orders are asked about.
    pub(super) fn is_leaving(&self, now: Timestamp) -> bool {
        self.position().is_some_and(|position| leaves(position, self.seen, now).unwrap_or(false))
    }

    /// Whether its look is not over.
    pub(super) fn is_open(&self) -> bool {
        self.looked.as_ref().is_none_or(|looked| looked.as_ref().is_some_and(|looked| !looked.answered))
    }

    pub(super) async fn ask_doubts<D: Engine, V: Venue>(&mut self, deps: &D, venue: &V, run: &Run) {
        let Some((_, position)) = self.loaded.as_ref() else { return };
        let of = |order: &Order| order.status.is_in_doubt();
        let questions = Questions { slot: self.seen.slot, most: usize::MAX, of };
        self.answers.complete(venue, deps, position, questions, run).await;
    }

    fn together(&self, now: Timestamp) -> Vec<Address> {
        let position = self.position().filter(|_| self.is_open());
        position.map(|position| self.answers.together(position, now)).unwrap_or_default()
    }

    /// Lower comes first.
    pub(super) fn turn(&self, now: Timestamp) -> (bool, Option<Timestamp>) {
        let Some(position) = self.position() else { return (true, None) };
        let is_near = || is_near_exit(position, self.seen, now).unwrap_or(true);
        let far = position.group.exit.is_none() && !is_near();
        (far, position.group.mark.map(|mark| mark.at))
    }

    fn position(&self) -> Option<&Position> {
        newest(self.loaded.as_ref(), self.looked.as_ref())
    }
}

/// A group that was read longer ago is read again: the executor may have gone on with it.
const LOADED_AGE_MAX: Millis = Millis::seconds(1);

/// Whether time, or a price by a little away from this one, makes it leave.
fn is_near_exit(position: &Position, seen: Seen, now: Timestamp) -> Result<bool, MoneyError> {
    if position.is_over_time(now.plus(limits::SLOT)) {
        return Ok(true);
    }
    let Some((price, _)) = seen.price else { return Ok(false) };
    if !position.stands_alone() {
        return is_near(position, price);
    }
    let parts = position.parts()?;
    parts.iter().map(|part| is_near(part, price)).try_fold(false, |any, one| Ok(any || one?))
}

fn is_near(position: &Position, price: Price) -> Result<bool, MoneyError> {
    let exits = [position.stop_price()?, position.group.trails_at(), position.price_of_all()?];
    let (percent, away) = (|of: i64| price.fraction() * Fraction::whole(of), limits::NEAR_EXIT_PERCENT);
    let range = percent(100_i64.saturating_sub(away))..=percent(100_i64.saturating_add(away));
    Ok(exits.into_iter().flatten().any(|exit| range.contains(&(exit.fraction() * Fraction::whole(100)))))
}
