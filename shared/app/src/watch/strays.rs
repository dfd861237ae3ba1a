//! Stray orders: at the venue under our prefix, resting there or traded, and counted on by none of our groups. They are listed;
//! nothing is done to those that no live group has a row of, and no fill is made of what they have traded.
//!
//! 1. The venue is asked first and our rows after it: an order is in the rows before it is at the venue.
//! 2. One look may still show what has just ended: only an order that two of them show is told of.
//! 3. What is open is listed in the markets of live groups. What has traded as well is listed where an order was called absent,
//!    since it may come after all, for a while; and where a person asks for it.
//! 4. What was over for a group that is live is no stray: it is merged into its group, and what rests of it is cancelled ([`late`]).
//!    What its venue has ended by its own word may be listed for as long as reads lag: two looks must show it.
//! 5. A stray that is in no list any more is asked about by itself: it may have traded.

use super::late::{self, Taken};
use super::lists::{Ask, Due, Together, Wish, asks, shown};
use super::rows::{Rows, Shown};
use super::{WatchError, is_late};
use crate::ports::{Address, Queues, Venue};
use crate::run::Run;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::drift::{Drift, Stray};
use domain::group::Position;
use domain::ids::{ClientOrderId, GroupId, OrderId};
use domain::limits;
use domain::looks::Wanted;
use domain::market::{Market, MarketKey};
use std::collections::BTreeMap;
use store::{Engine, market};

/// Brings the strays up to date. Gives what is left of the look that somebody has asked for.
pub(super) async fn look<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &Account,
    (positions, due): (&[&Position], Due),
    drift: &mut Drift,
    run: &Run,
) -> Result<Option<Wanted>, WatchError> {
    let now = deps.now();
    drift.strays.retain(|stray| !stray.is_past(now));
    let mut wish = Wish::of(venue, account, now);
    let asks = asks(account, positions, drift, due, wish.now().await, now);
    let mut markets = Markets { deps, positions, read: BTreeMap::new() };
    let at_once = if venue.terms(&account.exchange).lists_all { markets.all(&asks).await? } else { Vec::new() };
    let whose = (venue, account, run.deployment.as_str());
    let together = Together::read(whose, &at_once, || is_late(deps, run)).await;
    let mut look = Look { deps, venue, account, run, rows: Rows::of(positions)?, together };
    for (key, ask) in asks {
        let may = !ask.is_wished() || look.together.covers(&key, ask) || wish.goes_on(deps).await;
        let ask = if may { ask } else { ask.due() };
        if ask.is_none() {
            continue;
        }
        // Of one that is listed no more, and of which no group tells, nobody can be asked.
        let Some(market) = markets.known(&key).await? else {
            wish.looked_at(&key.symbol);
            continue;
        };
        match look.seen(&market, ask, &drift.strays).await? {
            Some(seen) => {
                seen.enter(&market.key, drift);
                if ask.is_wished() {
                    wish.looked_at(&market.key.symbol);
                }
            }
            // What cannot be listed now is listed in half a minute.
            None => wish.put_off(&market.key.symbol),
        }
    }
    drift.strays.sort_by_key(place);
    drift.strays.truncate(limits::STRAYS_MAX);
    Ok(wish.left(deps.now()))
}

/// The markets that are asked about, each read when it is begun.
struct Markets<'a, D> {
    deps: &'a D,
    positions: &'a [&'a Position],
    /// Those that no live group knows.
    read: BTreeMap<MarketKey, Option<Market>>,
}

impl<D: Engine> Markets<'_, D> {
    /// For lists that are of all of them.
    async fn all(&mut self, asks: &[(MarketKey, Ask)]) -> Result<Vec<(Market, Ask)>, WatchError> {
        let mut all = Vec::new();
        for (key, ask) in asks {
            all.extend(self.known(key).await?.map(|market| (market, *ask)));
        }
        Ok(all)
    }

    /// As a live group knows it, or else as it is listed.
    async fn known(&mut self, key: &MarketKey) -> Result<Option<Market>, WatchError> {
        let held = self.positions.iter().map(|position| &position.group.market).find(|market| market.key == *key);
        if let Some(known) = held.map(|market| Some(market.clone())).or_else(|| self.read.get(key).cloned()) {
            return Ok(known);
        }
        let market = market::Market(self.deps).load_market(key).await?;
        self.read.insert(key.clone(), market.clone());
        Ok(market)
    }
}

/// What may still trade first, the oldest of it; then what is over, the newest of it.
fn place(stray: &Stray) -> (bool, i64, ClientOrderId) {
    let seen_at = stray.first_seen_at.millis();
    let turn = if stray.is_told() { seen_at.saturating_neg() } else { seen_at };
    (stray.is_told(), turn, stray.client_id.clone())
}

struct Look<'a, D, V> {
    deps: &'a D,
    venue: &'a V,
    account: &'a Account,
    run: &'a Run,
    rows: Rows,
    together: Together,
}

impl<D: Engine + Queues, V: Venue> Look<'_, D, V> {
    /// What a market shows that nobody counts on; none where it cannot be looked at now.
    async fn seen(&mut self, market: &Market, ask: Ask, before: &[Stray]) -> Result<Option<Seen>, WatchError> {
        let asked_at = self.deps.now();
        let Some(mut shown) = self.listed(market, ask).await else { return Ok(None) };
        for stray in before.iter().filter(|stray| stray.market == market.key && !stray.is_told()) {
            if !shown.iter().any(|order| order.client_id == stray.client_id) {
                let Some(found) = self.found(market, stray).await else { return Ok(None) };
                shown.extend(found);
            }
        }
        let is_told = |order: &Shown| before.iter().any(|stray| stray.is_told() && order.is_as(stray));
        shown.retain(|order| order.is_telling() && !is_told(order));
        let Some(unknown) = self.rows.unknown(self.deps, self.account, shown, self.run).await? else { return Ok(None) };
        let apart = limits::shows_after(self.venue.terms(&self.account.exchange).read_lag);
        let shown_before = |order: &Shown| {
            let is_it = |stray: &&Stray| stray.client_id == order.client_id && stray.rests();
            before
                .iter()
                .find(is_it)
                .is_some_and(|stray| asked_at.since(stray.first_seen_at) >= limits::FORGOTTEN_AFTER)
        };
        let Some(unknown) = self.without_late(unknown, shown_before).await else { return Ok(None) };
        Ok(Some(Seen { unknown, asked_at, apart }))
    }

    /// Those that are of no live group: what was over for one and has come after all is its own, and what still rests of that is
    /// cancelled. None where it could not be written now.
    async fn without_late(&self, unknown: Vec<Shown>, shown_before: impl Fn(&Shown) -> bool) -> Option<Vec<Shown>> {
        let mut strays = Vec::new();
        for order in unknown {
            let taken = match self.rows.whose(&order) {
                Some(whose) => self.taken_in(whose, (&order, shown_before(&order))).await,
                None => Taken::NothingNew,
            };
            match taken {
                Taken::In => {}
                Taken::NothingNew => strays.push(order),
                Taken::Contended => return None,
            }
        }
        Some(strays)
    }

    /// What cannot be written for one group is tried again, and keeps nothing of the account from being told.
    async fn taken_in(&self, whose: &(GroupId, OrderId), order: (&Shown, bool)) -> Taken {
        match late::take_in(self.deps, &self.account.id, whose, order, self.run).await {
            Ok(taken) => taken,
            Err(error) => {
                self.run.remarks.failed(("group", whose.0.as_str()), error.code(), self.deps.now());
                Taken::Contended
            }
        }
    }

    /// All that it lists, each order once; none where one of the lists cannot be read.
    async fn listed(&self, market: &Market, ask: Ask) -> Option<Vec<Shown>> {
        let prefix = ClientOrderId::deployment_prefix(&self.run.deployment);
        let mut listed = BTreeMap::new();
        for which in ask.lists() {
            let orders = match self.together.told(&market.key, which).ok()? {
                Some(told) => told.to_vec(),
                None if is_late(self.deps, self.run) => return None,
                None => shown(self.venue.list_orders(&self.account.id, market, &prefix, which).await.ok()?),
            };
            listed.extend(orders.into_iter().map(|order| (order.client_id.clone(), order)));
        }
        Some(listed.into_values().collect())
    }

    /// What has become of a stray; none where nobody says.
    async fn found(&self, market: &Market, stray: &Stray) -> Option<Option<Shown>> {
        if is_late(self.deps, self.run) {
            return None;
        }
        let address = Address {
            account: self.account.id.clone(),
            market: market.clone(),
            client_id: stray.client_id.clone(),
            venue_id: Some(stray.venue_id.clone()),
            known: BTreeMap::new(),
            since: stray.accepted_at,
        };
        let fact = self.venue.find_order(&address).await.ok()?;
        Some(fact.map(|fact| Shown::again(stray, &fact)))
    }
}

/// What one market shows that nobody counts on.
struct Seen {
    unknown: Vec<Shown>,
    asked_at: Timestamp,
    apart: Millis,
}

impl Seen {
    /// In the place of what this market has shown before, but for what is over and was told of.
    fn enter(&self, market: &MarketKey, drift: &mut Drift) {
        let (here, elsewhere): (Vec<_>, Vec<_>) = drift.strays.drain(..).partition(|stray| stray.market == *market);
        let is_shown = |stray: &Stray| self.unknown.iter().any(|order| order.client_id == stray.client_id);
        drift.strays = elsewhere;
        drift.strays.extend(self.unknown.iter().map(|order| self.stray(market, order, &here)));
        drift.strays.extend(here.into_iter().filter(|stray| stray.is_told() && !is_shown(stray)));
    }

    fn stray(&self, market: &MarketKey, order: &Shown, before: &[Stray]) -> Stray {
        let before = before.iter().find(|stray| stray.client_id == order.client_id);
        let first_seen_at = before.map_or(self.asked_at, |stray| stray.first_seen_at);
        let again = self.asked_at.since(first_seen_at) >= self.apart;
        Stray {
            client_id: order.client_id.clone(),
            venue_id: order.venue_id.clone(),
            market: market.clone(),
            direction: order.direction,
            quantity: order.quantity,
            filled: order.filled,
            status: order.status,
            accepted_at: order.accepted_at,
            first_seen_at,
            confirmed: before.is_some_and(|stray| stray.confirmed || again),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::order::{Direction, Status};

    fn key() -> MarketKey {
        MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() }
    }

    fn look(drift: &mut Drift, seconds: i64, ids: &[(&str, Status)]) -> Vec<(String, bool)> {
        let order = |(id, status): &(&str, Status)| Shown {
            client_id: ClientOrderId::from_stored(*id),
            venue_id: format!("at {id}"),
            direction: Direction::Sell,
            quantity: "1".parse().unwrap(),
            filled: "0.5".parse().unwrap(),
            fills: BTreeMap::new(),
            status: *status,
            accepted_at: Timestamp::default(),
        };
        let asked_at = Timestamp::from_millis(seconds * 1_000);
        let seen = Seen { unknown: ids.iter().map(order).collect(), asked_at, apart: Millis::seconds(6) };
        seen.enter(&key(), drift);
        drift.strays.sort_by_key(place);
        drift.strays.iter().map(|stray| (stray.client_id.to_string(), stray.confirmed)).collect()
    }

    #[test]
    fn an_order_of_nobody_is_told_of_when_two_looks_have_shown_it() {
        let (mut drift, told) = (Drift::default(), |id: &str, confirmed| (id.to_owned(), confirmed));
        let (a, b) = (("a", Status::Open), ("b", Status::Open));
        assert_eq!(look(&mut drift, 0, &[a]), [told("a", false)]);
        assert_eq!(look(&mut drift, 5, &[a]), [told("a", false)], "the same look, as a lagging read has it");
        assert_eq!(look(&mut drift, 30, &[a, b]), [told("a", true), told("b", false)]);
        assert_eq!(look(&mut drift, 60, &[b]), [told("b", true)]);
        assert_eq!(look(&mut drift, 90, &[]), []);
    }

    #[test]
    fn one_that_has_traded_and_is_over_is_told_of_for_a_day_and_makes_way_for_what_rests() {
        let (mut drift, told) = (Drift::default(), |id: &str, confirmed| (id.to_owned(), confirmed));
        let (a, b, c) = (("a", Status::Filled), ("b", Status::Cancelled), ("c", Status::Open));
        assert_eq!(look(&mut drift, 0, &[a]), [told("a", false)]);
        assert_eq!(look(&mut drift, 30, &[a, b]), [told("b", false), told("a", true)]);
        assert_eq!(look(&mut drift, 60, &[b]), [told("b", true), told("a", true)], "the newest first");
        assert_eq!(look(&mut drift, 90, &[c]), [told("c", false), told("b", true), told("a", true)]);
        let (a, day) = (&drift.strays[2], limits::STRAY_TOLD_FOR);
        assert!(a.is_past(a.first_seen_at.plus(day)) && !a.is_past(a.first_seen_at.plus(day).minus(Millis::new(1))));
    }
}
