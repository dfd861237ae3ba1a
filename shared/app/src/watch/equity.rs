//! What an account under risk rules is worth by the prices of a pass. Nothing of it decides here: entries read it.
//!
//! What was realised is of the account as it is read after the looks, and what is open of the positions as they were looked at:
//! where a commit came between both, one of them would be counted twice, and the next pass values the account.

use crate::ports::StoreError;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::equity::{Equity, Valuation};
use domain::group::Position;
use domain::ids::GroupId;
use domain::market::Asset;
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
pub(super) async fn keep<D: Engine>(
    deps: &D,
    (before, after): (&Account, &Account),
    looked: &[Valuable],
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
        let Some(found) = valued(after, currency, &open).map_err(StoreError::unreadable)? else { continue };
        let next = Equity::valued(known, &found, now).map_err(StoreError::unreadable)?;
        if known.is_none_or(|known| is_due(known, &next)) {
            Trading(deps).keep_equity(after, currency, &next).await?;
        }
    }
    Ok(())
}

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
    if before.worth.realised == after.worth.realised && before.live == after.live {
        return Ok(true);
    }
    let live: Vec<_> = live.into_iter().map(|group| (after.id.clone(), group.clone())).collect();
    let groups = Trading(deps).load_groups(&live).await?;
    Ok(groups.len() == live.len() && groups.iter().all(|group| versions.get(&group.id) == Some(&group.version)))
}

/// None where the price of one was never seen.
fn valued(account: &Account, currency: &Asset, open: &[&Valuable]) -> Result<Option<Valuation>, MoneyError> {
    let (mut worth, mut profit) = (account.balance(currency), account.realised(currency));
    let (mut oldest, mut mode) = (None, None);
    for Valuable { position, price } in open {
        let Some((price, at)) = *price else { return Ok(None) };
        let valued = position.valued(price)?;
        worth = worth.plus(valued.cost)?.plus(valued.open)?;
        profit = profit.plus(valued.open)?;
        oldest = Some(oldest.map_or(at, |oldest: Timestamp| oldest.min(at)));
        mode = mode.or(position.group.mode);
    }
    Ok(oldest.map(|at| Valuation { mode, at, worth, profit }))
}
