//! Stray orders: open at the venue under our prefix, and of no live group. They are listed; nothing is done to them.
//!
//! 1. The venue is asked first and our rows after it: an order is in the rows before it is at the venue.
//! 2. One look may still show what has just ended: only an order that two of them show is told of.

use super::drift::Looks;
use super::{Watch, WatchError, is_late};
use crate::ports::{Listed, Venue, VenueOrder};
use crate::run::Run;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::drift::{Drift, Stray};
use domain::group::Position;
use domain::ids::ClientOrderId;
use domain::limits;
use domain::market::{Market, MarketKey};
use domain::order::Order;
use std::collections::{BTreeMap, BTreeSet};

/// Brings the strays of the live groups' markets up to date, in every third slot.
pub(super) async fn list<D: Watch, V: Venue>(
    deps: &D,
    venue: &V,
    account: &Account,
    looks: &Looks,
    drift: &mut Drift,
    run: &Run,
) -> Result<(), WatchError> {
    if looks.slot.rem_euclid(limits::STRAYS_SLOTS) != 0 {
        return Ok(());
    }
    let positions: Vec<&Position> = looks.groups.iter().map(|looked| &looked.position).collect();
    look(deps, venue, account, (markets(&positions), ids(positions.iter().copied())), drift, run).await
}

/// Of an account of which nothing is live: what is open where some were seen is nobody's, and what is gone is none any more.
pub(super) async fn look_again<D: Watch, V: Venue>(
    deps: &D,
    venue: &V,
    account: &Account,
    drift: &mut Drift,
    run: &Run,
) -> Result<(), WatchError> {
    let keys: BTreeSet<&MarketKey> = drift.strays.iter().map(|stray| &stray.market).collect();
    let mut markets = Vec::new();
    for key in keys {
        markets.extend(deps.load_market(key).await?);
    }
    look(deps, venue, account, (markets.iter(), BTreeSet::new()), drift, run).await
}

/// Lists the open orders of these markets that are none of the known.
async fn look<'a, D: Watch, V: Venue>(
    deps: &D,
    venue: &V,
    account: &Account,
    (markets, mut known): (impl Iterator<Item = &'a Market>, BTreeSet<ClientOrderId>),
    drift: &mut Drift,
    run: &Run,
) -> Result<(), WatchError> {
    let prefix = ClientOrderId::deployment_prefix(&run.deployment);
    let mut reread = false;
    for market in markets {
        if is_late(deps, run) {
            return Ok(());
        }
        let asked_at = deps.now();
        // What cannot be listed now is listed in half a minute.
        let Ok(mut open) = venue.list_orders(&account.id, market, &prefix, Listed::Open).await else { continue };
        open.retain(|order| !known.contains(&order.client_id));
        if !open.is_empty() && !reread {
            known.extend(live_now(deps, account).await?);
            reread = true;
        }
        open.retain(|order| !known.contains(&order.client_id));
        let seen = Seen { open, asked_at, apart: limits::shows_after(venue.terms(&account.exchange).read_lag) };
        seen.enter(&market.key, drift);
    }
    drift.strays.truncate(limits::STRAYS_MAX);
    Ok(())
}

/// What one market shows that nobody knows.
struct Seen {
    open: Vec<VenueOrder>,
    asked_at: Timestamp,
    apart: Millis,
}

impl Seen {
    /// In the place of what this market has shown before.
    fn enter(&self, market: &MarketKey, drift: &mut Drift) {
        let (here, elsewhere): (Vec<_>, Vec<_>) = drift.strays.drain(..).partition(|stray| stray.market == *market);
        drift.strays = elsewhere;
        drift.strays.extend(self.open.iter().map(|order| self.stray(market, order, &here)));
    }

    fn stray(&self, market: &MarketKey, order: &VenueOrder, before: &[Stray]) -> Stray {
        let before = before.iter().find(|stray| stray.client_id == order.client_id);
        let first_seen_at = before.map_or(self.asked_at, |stray| stray.first_seen_at);
        let again = self.asked_at.since(first_seen_at) >= self.apart;
        Stray {
            client_id: order.client_id.clone(),
            venue_id: order.venue_id.clone(),
            market: market.clone(),
            direction: order.direction,
            quantity: order.quantity,
            first_seen_at,
            confirmed: before.is_some_and(|stray| stray.confirmed || again),
        }
    }
}

fn markets<'a>(positions: &[&'a Position]) -> impl Iterator<Item = &'a Market> {
    let by_key: BTreeMap<&MarketKey, &Market> =
        positions.iter().map(|position| (&position.group.market.key, &position.group.market)).collect();
    by_key.into_values()
}

fn ids<'a>(positions: impl Iterator<Item = &'a Position>) -> BTreeSet<ClientOrderId> {
    // One that has ended for us, by the venue's word or a person's, and is open there after all, is nobody's.
    let working = positions.flat_map(|position| &position.orders).filter(|order| !order.status.is_final());
    working.flat_map(Order::client_ids).collect()
}

/// The orders of every group that is live after the venue was asked.
async fn live_now<D: Watch>(deps: &D, account: &Account) -> Result<BTreeSet<ClientOrderId>, WatchError> {
    let mut positions = Vec::new();
    let known = deps.load_account(&account.id).await?;
    for group in known.iter().flat_map(|known| known.live.values()) {
        positions.extend(deps.load_position(&account.id, group).await?);
    }
    Ok(ids(positions.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::order::{Direction, Fact};
    use domain::preset::OrderKind;

    fn key() -> MarketKey {
        MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() }
    }

    fn look(drift: &mut Drift, seconds: i64, ids: &[&str]) -> Vec<(String, bool)> {
        let order = |id: &&str| VenueOrder {
            client_id: ClientOrderId::from_stored(*id),
            venue_id: format!("at {id}"),
            direction: Direction::Sell,
            kind: OrderKind::Market,
            stop: None,
            quantity: "1".parse().unwrap(),
            fact: Fact::default(),
            accepted_at: Timestamp::default(),
        };
        let asked_at = Timestamp::from_millis(seconds * 1_000);
        let seen = Seen { open: ids.iter().map(order).collect(), asked_at, apart: Millis::seconds(6) };
        seen.enter(&key(), drift);
        drift.strays.iter().map(|stray| (stray.client_id.to_string(), stray.confirmed)).collect()
    }

    #[test]
    fn an_order_of_nobody_is_told_of_when_two_looks_have_shown_it() {
        let (mut drift, told) = (Drift::default(), |id: &str, confirmed| (id.to_owned(), confirmed));
        assert_eq!(look(&mut drift, 0, &["a"]), [told("a", false)]);
        assert_eq!(look(&mut drift, 5, &["a"]), [told("a", false)], "the same look, as a lagging read has it");
        assert_eq!(look(&mut drift, 30, &["a", "b"]), [told("a", true), told("b", false)]);
        assert_eq!(look(&mut drift, 60, &["b"]), [told("b", true)]);
        assert_eq!(look(&mut drift, 90, &[]), []);
    }
}
