//! What an account under risk rules is worth by the prices of a pass. Nothing of it decides here: entries read it.
//!
//! What was realised is of the account as it is read after the looks, and what is open of the positions as they were looked at:
//! where a commit came between both, one of them would be counted twice, and the next pass values the account.

use super::is_late;
use crate::ports::{Clock, StoreError, Venue};
use crate::run::Run;
use domain::account::Account;
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::equity::{Equity, Valuation};
use domain::group::Position;
use domain::ids::GroupId;
use domain::limits;
use domain::market::{Asset, MarketKey};
use domain::money::{MoneyError, Price};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;

/// A position after its look, at the price of the pass or the last that was seen.
#[derive(Debug)]
pub(super) struct Valuable {
    pub(super) position: Position,
    pub(super) price: Option<(Price, Timestamp)>,
}

impl Valuable {
    pub(super) fn of(position: &Position, seen: Option<(Price, Timestamp)>) -> Self {
        let price = seen.or(position.group.mark.map(|mark| (mark.price, mark.at)));
        Self { position: position.clone(), price }
    }
}

/// Keeps what the account is worth in each currency in which something is open, where that is due. One that is missed is stale, and a
/// rule that counts it refuses entries until the next pass.
pub(super) async fn keep<D: Engine, V: Venue>(
    deps: &D,
    venue: &V,
    (before, after): (&Account, &Account),
    looked: &[Valuable],
    run: &Run,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !after.ruled || !are_as_looked_at(deps, (before, after), looked).await? {
        return Ok(());
    }
    let mut currencies: BTreeMap<&Asset, Vec<&Valuable>> = BTreeMap::new();
    for one in looked.iter().filter(|one| !one.position.group.is_settled()) {
        currencies.entry(&one.position.group.market.key.symbol.quote).or_default().push(one);
    }
    for (currency, open) in currencies {
        let known = after.worth.equity.get(currency);
        let is_young = |known: &Equity| known.is_of_today(now) && now.since(known.at) < KEPT_AFTER;
        if known.is_some_and(is_young) {
            continue;
        }
        let open = priced((deps, venue), &open, run, now).await;
        let Some(found) = valued(after, currency, &open).map_err(StoreError::unreadable)? else { continue };
        let next = Equity::valued(known, &found, now).map_err(StoreError::unreadable)?;
        if known.is_none_or(|known| is_due(known, &next)) {
            Trading(deps).keep_equity(after, currency, &next).await?;
        }
    }
    Ok(())
}

/// A market in which nothing was traded for a while is worth what its order book pays for leaving.
async fn priced<'a, D: Clock, V: Venue>(
    (deps, venue): (&D, &V),
    open: &[&'a Valuable],
    run: &Run,
    now: Timestamp,
) -> Vec<(&'a Position, Option<Seen>)> {
    let is_old = |at: Timestamp| now.since(at) > limits::PRICE_AGE_MAX;
    let mut offers: BTreeMap<(&MarketKey, bool), Option<Price>> = BTreeMap::new();
    let (mut priced, mut answers) = (Vec::with_capacity(open.len()), true);
    for Valuable { position, price } in open.iter().copied() {
        let group = &position.group;
        let is_stale = price.is_some_and(|(_, at)| is_old(at));
        let key = (&group.market.key, group.side == Side::Long);
        let may_ask = offers.len() < OFFERS_MAX && answers && !is_late(deps, run);
        if is_stale && !offers.contains_key(&key) && may_ask {
            let offered = venue.offered(&group.account, &group.market.key, group.side.leaves()).await;
            answers = offered.is_ok();
            offers.insert(key, offered.ok().flatten());
        }
        let offered = offers.get(&key).copied().flatten().filter(|_| is_stale);
        priced.push((position, offered.map(|price| (price, now)).or(*price)));
    }
    priced
}

/// In one pass and currency.
const OFFERS_MAX: usize = 10;

type Seen = (Price, Timestamp);

/// A new window is kept at once, and else at most every half minute.
fn is_due(known: &Equity, next: &Equity) -> bool {
    !known.goes_on_as(next) || next.at.since(known.at) >= KEPT_AFTER
}

const KEPT_AFTER: Millis = Millis::seconds(30);

/// Whether every live position is here as it is.
async fn are_as_looked_at<D: Engine>(
    deps: &D,
    (before, after): (&Account, &Account),
    looked: &[Valuable],
) -> Result<bool, StoreError> {
    let versions: BTreeMap<&GroupId, u64> =
        looked.iter().map(|one| (&one.position.group.id, one.position.group.version)).collect();
    let live: BTreeSet<&GroupId> = after.live.values().collect();
    if !live.iter().all(|group| versions.contains_key(*group)) {
        return Ok(false);
    }
    let state = |account: &Account| (account.fills, account.worth.realised.clone(), account.live.clone());
    if state(before) == state(after) {
        return Ok(true);
    }
    let live: Vec<_> = live.into_iter().map(|group| (after.id.clone(), group.clone())).collect();
    let groups = Trading(deps).load_groups(&live).await?;
    Ok(groups.len() == live.len() && groups.iter().all(|group| versions.get(&group.id) == Some(&group.version)))
}

/// None where the price of one was never seen.
fn valued(
    account: &Account,
    currency: &Asset,
    open: &[(&Position, Option<Seen>)],
) -> Result<Option<Valuation>, MoneyError> {
    let (mut worth, mut profit) = (account.balance(currency), account.realised(currency));
    let (mut oldest, mut mode) = (None, None);
    for (position, price) in open {
        let Some((price, at)) = *price else { return Ok(None) };
        let valued = position.valued(price)?;
        worth = worth.plus(valued.cost)?.plus(valued.open)?;
        profit = profit.plus(valued.open)?;
        oldest = Some(oldest.map_or(at, |oldest: Timestamp| oldest.min(at)));
        mode = mode.or(position.group.mode);
    }
    Ok(oldest.map(|at| Valuation { mode, at, worth, profit }))
}
