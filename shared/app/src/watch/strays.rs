//! Stray orders: at the venue under our prefix, resting there or traded, and counted on by none of our groups. They are listed;
//! nothing is done to them, and no fill is made of what they have traded.
//!
//! 1. The venue is asked first and our rows after it: an order is in the rows before it is at the venue.
//! 2. One look may still show what has just ended: only an order that two of them show is told of.
//! 3. What is open is listed in the markets of live groups. What has traded as well is listed where an order was called absent,
//!    since it may come after all, for a while; and where a person asks for it.
//! 4. A stray that is in no list any more is asked about by itself: it may have traded.

use super::rows::{Rows, Shown};
use super::{Watch, WatchError, is_late};
use crate::ports::{Address, Listed, Venue};
use crate::run::Run;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::drift::{Drift, Stray};
use domain::group::Position;
use domain::ids::ClientOrderId;
use domain::limits;
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

/// Brings the strays up to date. Gives when the look was asked for that this was, where it was one.
pub(super) async fn look<D: Watch, V: Venue>(
    deps: &D,
    venue: &V,
    account: &Account,
    (positions, due): (&[&Position], Due),
    drift: &mut Drift,
    run: &Run,
) -> Result<Option<Timestamp>, WatchError> {
    let now = deps.now();
    drift.strays.retain(|stray| !stray.is_past(now));
    let mut look = Look { deps, venue, account, run, rows: Rows::of(positions)? };
    let mut whole = true;
    for (key, ask) in asks(account, positions, drift, due, now) {
        // Of one that is listed no more, and of which no group tells, nobody can be asked.
        let Some(market) = look.market(positions, &key).await? else { continue };
        match look.seen(&market, ask, &drift.strays).await? {
            Some(seen) => seen.enter(&key, drift),
            // What cannot be listed now is listed in half a minute.
            None => whole = false,
        }
    }
    drift.strays.sort_by_key(place);
    drift.strays.truncate(limits::STRAYS_MAX);
    let wanted = account.looks.wanted.as_ref().filter(|wanted| whole || wanted.is_stale(deps.now()));
    Ok(wanted.map(|wanted| wanted.at))
}

/// What may still trade first, the oldest of it; then what is over, the newest of it.
fn place(stray: &Stray) -> (bool, i64, ClientOrderId) {
    let seen_at = stray.first_seen_at.millis();
    let turn = if stray.is_told() { seen_at.saturating_neg() } else { seen_at };
    (stray.is_told(), turn, stray.client_id.clone())
}

/// What is asked of one market.
#[derive(Debug, Clone, Copy, Default)]
struct Ask {
    open: bool,
    /// Whatever was accepted since, and what became of it.
    since: Option<Timestamp>,
}

fn asks(
    account: &Account,
    positions: &[&Position],
    drift: &Drift,
    due: Due,
    now: Timestamp,
) -> BTreeMap<MarketKey, Ask> {
    let wanted = account.looks.wanted.as_ref();
    let key = |symbol: &Symbol| MarketKey { exchange: account.exchange.clone(), symbol: symbol.clone() };
    let mut asks: BTreeMap<MarketKey, Ask> = BTreeMap::new();
    if due.open || wanted.is_some() {
        let live = positions.iter().map(|position| &position.group.market.key);
        let seen = drift.strays.iter().filter(|stray| !stray.is_told()).map(|stray| &stray.market);
        let named = wanted.iter().flat_map(|wanted| &wanted.markets).map(key);
        live.chain(seen).cloned().chain(named).for_each(|key| asks.entry(key).or_default().open = true);
    }
    if due.late || wanted.is_some() {
        for (symbol, at) in account.looks.late_at(now) {
            asks.entry(key(symbol)).or_default().since = Some(at.minus(limits::LATE_FOR));
        }
    }
    if let Some(wanted) = wanted {
        asks.values_mut().for_each(|ask| ask.since = Some(wanted.at.minus(limits::LOOK_BACK)));
    }
    asks
}

struct Look<'a, D, V> {
    deps: &'a D,
    venue: &'a V,
    account: &'a Account,
    run: &'a Run,
    rows: Rows,
}

impl<D: Watch, V: Venue> Look<'_, D, V> {
    async fn market(&self, positions: &[&Position], key: &MarketKey) -> Result<Option<Market>, WatchError> {
        let known = positions.iter().map(|position| &position.group.market).find(|market| market.key == *key);
        match known {
            Some(market) => Ok(Some(market.clone())),
            None => Ok(self.deps.load_market(key).await?),
        }
    }

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
        Ok(Some(Seen { unknown, asked_at, apart }))
    }

    /// All that it lists, each order once; none where one of the lists cannot be read.
    async fn listed(&self, market: &Market, ask: Ask) -> Option<Vec<Shown>> {
        let lists = ask.open.then_some(Listed::Open).into_iter().chain(ask.since.map(Listed::Since));
        let prefix = ClientOrderId::deployment_prefix(&self.run.deployment);
        let mut listed = BTreeMap::new();
        for which in lists {
            if is_late(self.deps, self.run) {
                return None;
            }
            let orders = self.venue.list_orders(&self.account.id, market, &prefix, which).await.ok()?;
            listed.extend(orders.into_iter().map(|order| (order.client_id.clone(), Shown::of(order))));
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
