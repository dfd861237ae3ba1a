//! Drift: what the groups of an account count on, compared with what the venue has.
//!
//! 1. Balances are read after the looks, at most once a pass: every half minute, after a fill until the venue has had the time
//!    to show it, after it has refused to sell for want of coins, and where something was missing in one look that another has to confirm.
//! 2. A pass that could not look at all of an asset's groups, or met one with an order in doubt or a young trade, says
//!    nothing of that asset.
//! 3. An asset that the answer does not name is judged only where the venue documents that such an asset is nothing.
//! 4. Groups are marked first and the account after them: what fails in between is seen again in the next pass.

use super::lists::Due;
use super::look::Looked;
use super::{WatchError, forgotten, strays};
use crate::persist::{PersistError, Save, save};
use crate::ports::{Balance, CommitError, OpenPosition, Queues, Told, Venue};
use crate::run::Run;
use crate::{balance, contracts};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::drift::{Believed, Drift, Shortage, Sight, shares};
use domain::group::{self, Position};
use domain::limits;
use domain::looks::Wanted;
use domain::market::Asset;
use domain::money::{Amount, MoneyError, Quantity};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;

/// What the pass has seen of the account's groups.
#[derive(Debug)]
pub(super) struct Looks {
    pub(super) from: Timestamp,
    pub(super) slot: i64,
    /// Whether nothing is asked for that can wait.
    pub(super) is_busy: bool,
    pub(super) groups: Vec<Looked>,
    /// Base assets of groups that could not be looked at.
    pub(super) missed: BTreeSet<Asset>,
}

/// Compares, marks what differs and lifts what differs no more. Gives how much a person should look at.
pub(super) async fn compare<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: Account,
    looks: &Looks,
    run: &Run,
) -> Result<u32, WatchError> {
    let mut drift = account.drift.clone();
    let by_base = by_base(looks);
    let terms = venue.terms(&account.exchange);
    let lag = terms.read_lag;
    let is_live = !by_base.is_empty();
    let due = is_filled(&account, is_live, lag) || is_refused(&account, looks) || is_stale(&account, looks, deps.now());
    drift.shortages.retain(|asset, _| by_base.contains_key(asset));
    let suspected = drift.shortages.values().any(|shortage| shortage.surprise.is_some());
    if due || suspected {
        let asked_at = deps.now();
        let live = || by_base.values().flatten().map(|looked| &looked.position);
        let contracts = contracts::open(venue, &account, live()).await;
        if let (Ok(balances), Ok(open)) = (venue.balances(&account.id, &account.exchange).await, contracts) {
            let times = Told { asked_at, told_at: deps.now() };
            let names_all = terms.names_all_assets;
            let read = Read { balances: &balances, names_all, open: &open, from: looks.from, to: times.told_at, lag };
            for (asset, groups) in &by_base {
                if !looks.missed.contains(asset) {
                    judge(deps, asset, groups, &read, &mut drift, run).await?;
                }
            }
            forgotten::end(deps, looks, terms, &read, run).await?;
            if due {
                let _stale_until_next_pass = balance::keep(deps, account.clone(), &balances, times).await;
            }
        }
    }
    let positions: Vec<&Position> = looks.groups.iter().map(|looked| &looked.position).collect();
    let due = Due::of(looks.slot, looks.is_busy);
    let left = Box::pin(strays::look(deps, venue, &account, (&positions, due), &mut drift, run)).await?;
    if keep(deps, &account, &drift, run).await? {
        keep_wanted(deps, &account, left.as_ref()).await?;
    }
    Ok(drift.count())
}

/// After a fill that the venue's last answer may not have shown; where nothing is live any more, the next pass asks anyway.
fn is_filled(account: &Account, is_live: bool, lag: Millis) -> bool {
    is_live && account.filled_at.plus(limits::shows_after(lag)) >= account.balance_at
}

/// After the venue has refused a sell since it has not so many coins: what is there is sold as soon as that is known.
fn is_refused(account: &Account, looks: &Looks) -> bool {
    looks.groups.iter().any(|looked| looked.position.is_refused_for_balance(account.balance_at))
}

/// After a while, unless that can wait.
fn is_stale(account: &Account, looks: &Looks, now: Timestamp) -> bool {
    account.balance_age(now).is_none_or(|age| !looks.is_busy && age >= super::BALANCE_REFRESH)
}

/// What is left to be seen where nothing is live.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    pub(super) drift: u32,
    /// Something may still come, or is to be looked at once more: the account is not left alone yet.
    pub(super) awaits: bool,
}

/// Nothing is live: nothing is missing any more, and orders of nobody are looked for where they were seen, where one may come
/// late, and where somebody has asked for it.
pub(super) async fn rest<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &Account,
    slot: i64,
    run: &Run,
) -> Result<Rest, WatchError> {
    let mut drift = Drift { shortages: BTreeMap::new(), ..account.drift.clone() };
    let left = Box::pin(strays::look(deps, venue, account, (&[], Due::at_rest(slot)), &mut drift, run)).await?;
    let is_kept = keep(deps, account, &drift, run).await?;
    if is_kept {
        keep_wanted(deps, account, left.as_ref()).await?;
    }
    let now = deps.now();
    let is_late = account.looks.late_at(now).next().is_some();
    let awaits = !is_kept || left.is_some() || is_late || drift.is_awaited(now);
    Ok(Rest { drift: drift.count(), awaits })
}

/// What is left of a look that somebody has asked for is gone on with in the next pass.
async fn keep_wanted<D: Engine>(deps: &D, account: &Account, left: Option<&Wanted>) -> Result<(), WatchError> {
    match (&account.looks.wanted, left) {
        (Some(wanted), None) => Trading(deps).end_wanted(&account.id, wanted.at).await?,
        (Some(wanted), Some(left)) if wanted != left => Trading(deps).keep_wanted(&account.id, left).await?,
        _ => {}
    }
    Ok(())
}

/// Only what has changed is written. False where another has seen more.
async fn keep<D: Engine>(deps: &D, account: &Account, drift: &Drift, run: &Run) -> Result<bool, WatchError> {
    if *drift == account.drift {
        return Ok(true);
    }
    let drift = Drift { at: deps.now(), ..drift.clone() };
    let is_kept = Trading(deps).keep_drift(&account.id, &drift, &account.drift).await?;
    if is_kept {
        run.remarks.drifted(account, &drift);
    }
    Ok(is_kept)
}

/// Balances as they were read, and when.
pub(super) struct Read<'a> {
    balances: &'a BTreeMap<Asset, Balance>,
    /// Whether an asset that they leave out is nothing.
    names_all: bool,
    open: &'a [OpenPosition],
    pub(super) from: Timestamp,
    to: Timestamp,
    lag: Millis,
}

impl Read<'_> {
    /// Coins free and locked, ours and others'; of contracts those that are ours. None where nothing is known of the asset.
    pub(super) fn there(&self, asset: &Asset, positions: &[&Position]) -> Result<Option<Quantity>, MoneyError> {
        if positions.iter().any(|position| position.group.market.kind.is_linear()) {
            let one = |position: &&Position| contracts::there(position, position.claim()?, self.open);
            return positions.iter().try_fold(Quantity::ZERO, |sum, position| sum.plus(one(position)?)).map(Some);
        }
        let Some(balance) = self.balances.get(asset) else { return Ok(self.names_all.then_some(Quantity::ZERO)) };
        Quantity::new(balance.free.plus(balance.locked)?.max(Amount::ZERO).get()).map(Some)
    }

    /// What open orders hold of an asset, ours and others'; none where nothing is known of it.
    pub(super) fn locked(&self, asset: &Asset) -> Option<Amount> {
        self.balances.get(asset).map(|balance| balance.locked).or(self.names_all.then_some(Amount::ZERO))
    }

    /// Since when a trade may be missing in one of these reads.
    pub(super) fn shown_since(&self) -> Timestamp {
        self.from.minus(limits::shows_after(self.lag))
    }
}

/// The live groups of each base asset.
fn by_base(looks: &Looks) -> BTreeMap<Asset, Vec<&Looked>> {
    let mut by_base: BTreeMap<Asset, Vec<&Looked>> = BTreeMap::new();
    for looked in looks.groups.iter().filter(|looked| !looked.position.group.is_settled()) {
        by_base.entry(looked.position.group.market.key.symbol.base.clone()).or_default().push(looked);
    }
    by_base
}

async fn judge<D: Engine + Queues>(
    deps: &D,
    asset: &Asset,
    groups: &[&Looked],
    read: &Read<'_>,
    drift: &mut Drift,
    run: &Run,
) -> Result<(), WatchError> {
    let (shown, since) = (limits::shows_after(read.lag), read.shown_since());
    for looked in groups {
        if !looked.answered || !looked.position.is_comparable(since)? {
            return Ok(());
        }
    }
    let positions: Vec<&Position> = groups.iter().map(|looked| &looked.position).collect();
    let Some(there) = read.there(asset, &positions)? else { return Ok(()) };
    let known = drift.shortages.get(asset).copied();
    let sight = sight(&positions, there, read)?;
    let seen = Shortage {
        missing: sight.marked,
        since: known.map_or(sight.to, |known| known.since),
        expected: sight.expected,
        there: sight.there,
        surprise: None,
    };
    let shortage = match sight.judge(known.and_then(|known| known.surprise).as_ref(), shown)? {
        Believed::TooNear => return Ok(()),
        Believed::Once(surprise) => Shortage { surprise: Some(surprise), ..seen },
        Believed::AsMarked => {
            let numbers = known.filter(|known| known.missing == sight.marked).unwrap_or(seen);
            Shortage { surprise: None, ..numbers }
        }
        Believed::Missing(missing) => Shortage { missing, ..seen },
    };
    if mark(deps, asset, &positions, &shortage, run).await? {
        set(drift, asset, shortage);
    }
    Ok(())
}

fn sight(positions: &[&Position], there: Quantity, read: &Read<'_>) -> Result<Sight, MoneyError> {
    let (mut expected, mut marked) = (Quantity::ZERO, Quantity::ZERO);
    for position in positions {
        let claim = position.claim()?;
        expected = expected.plus(claim)?;
        marked = marked.plus(position.missing().min(claim))?;
    }
    Ok(Sight { expected, there, marked, from: read.from, to: read.to })
}

/// What is neither missing nor suspected is not kept.
fn set(drift: &mut Drift, asset: &Asset, shortage: Shortage) {
    if shortage.missing.is_zero() && shortage.surprise.is_none() {
        drift.shortages.remove(asset);
    } else {
        drift.shortages.insert(asset.clone(), shortage);
    }
}

/// Marks the groups as they are to be marked; false where one was changed by another meanwhile.
async fn mark<D: Engine + Queues>(
    deps: &D,
    asset: &Asset,
    positions: &[&Position],
    shortage: &Shortage,
    run: &Run,
) -> Result<bool, WatchError> {
    let (in_all, since) = (shortage.missing, shortage.since);
    let mut done = true;
    for (position, missing) in shares(positions, in_all)? {
        let drift = (!in_all.is_zero()).then_some(group::Drift { missing, in_all, since });
        let as_before =
            |known: group::Drift| drift.is_some_and(|drift| group::Drift { since: known.since, ..drift } == known);
        if position.group.drift.map_or(drift.is_none(), as_before) {
            continue;
        }
        let why = drift.map_or_else(|| format!("all of its {asset} is at the venue again"), |_| shortage.told(asset));
        done &= mark_one(deps, position, drift, &why, run).await?;
    }
    Ok(done)
}

async fn mark_one<D: Engine + Queues>(
    deps: &D,
    before: &Position,
    drift: Option<group::Drift>,
    why: &str,
    run: &Run,
) -> Result<bool, WatchError> {
    let (now, attempt) = (deps.now(), &run.attempt);
    let after = &before.marked(drift, now);
    let (before, beside) = (Some(before), Vec::new());
    match save(deps, Save { before, after, why, beside, bounds: None, bell: true, attempt, now }).await {
        Ok(_) => Ok(true),
        Err(PersistError::Commit(CommitError::LostRace)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_that_is_left_out_is_nothing_where_the_venue_documents_it_and_unknown_elsewhere() {
        let (balances, at) = (BTreeMap::new(), Timestamp::default());
        for (names_all, there) in [(true, Some(Quantity::ZERO)), (false, None)] {
            let read = Read { balances: &balances, names_all, open: &[], from: at, to: at, lag: Millis::ZERO };
            assert_eq!(read.there(&"BTC".parse().unwrap(), &[]), Ok(there), "{names_all}");
        }
    }
}
