//! Orders that a venue had accepted and does not show any more: over where its balances hold nothing for them.
//!
//! 1. No look ends such an order, however often it is missed: reads may lag by more than anybody promises.
//! 2. Coins: as little is locked as the orders that are shown hold, and none of what the groups count on is missing, so that it was
//!    not filled unseen. For a buy the same of what it would pay with, and there are no coins that it may have bought: where its
//!    owner has others of their own, only they can say that it is over.
//! 3. Contracts: all of the position is there. What reduces it can reduce no more than there is. An entry holds no contracts, and is
//!    ended by its venue or its user.

use super::drift::{Looks, Read};
use super::look::Looked;
use super::{WatchError, resolve};
use crate::persist::{PersistError, Save, save};
use crate::ports::{CommitError, Queues, Terms};
use crate::run::Run;
use domain::group::Position;
use domain::money::{Amount, MoneyError, Quantity};
use domain::order::{Command, Direction, Order, Purpose};
use domain::preset::OrderKind;
use store::Engine;
use store::trading::Trading;

/// Ends what these balances say is over. A group that was changed meanwhile is looked at again in the next pass.
pub(super) async fn end<D: Engine + Queues>(
    deps: &D,
    looks: &Looks,
    terms: Terms,
    read: &Read<'_>,
    run: &Run,
) -> Result<(), WatchError> {
    let groups = &looks.groups;
    for before in groups.iter().map(|looked| &looked.position).filter(|position| !position.group.is_settled()) {
        let may = |order: &&Order| order.may_be_forgotten(read.from, resolve::reading(terms, order));
        if !before.orders.iter().any(|order| may(&order)) || !is_all_known(looks, before, read)? {
            continue;
        }
        let mut after = before.clone();
        for order in before.orders.iter().filter(may) {
            if agrees(groups, before, order, read)? {
                after = after.command(&order.id, &Command::Forget).unwrap_or(after);
            }
        }
        if after != *before {
            keep(deps, before, &after, run).await?;
        }
    }
    Ok(())
}

/// Whether every group of its coins was looked at and can be compared with what was read.
fn is_all_known(looks: &Looks, of: &Position, read: &Read<'_>) -> Result<bool, MoneyError> {
    let base = &of.group.market.key.symbol.base;
    if looks.missed.contains(base) {
        return Ok(false);
    }
    for looked in looks.groups.iter().filter(|looked| looked.position.group.market.key.symbol.base == *base) {
        if !looked.answered || !looked.position.is_comparable(read.shown_since())? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Before it is committed, the market is noted: what is called over and comes after all is looked for.
async fn keep<D: Engine + Queues>(deps: &D, before: &Position, after: &Position, run: &Run) -> Result<(), WatchError> {
    let (now, group) = (deps.now(), &before.group);
    Trading(deps).mark_late(&group.account, &group.market.key.symbol, now).await?;
    let ended = after.orders.iter().filter(|order| before.order(&order.id) != Some(*order));
    let ids: Vec<String> = ended.map(|order| order.id.to_string()).collect();
    let (why, after) = (format!("the venue knows {} no more", ids.join(", ")), after.marked_unshown(now));
    let (attempt, beside) = (&run.attempt, Vec::new());
    let commit =
        Save { before: Some(before), after: &after, why: &why, beside, bounds: None, bell: true, attempt, now };
    match save(deps, commit).await {
        Ok(kept) => run.remarks.changed(before, &kept, now),
        Err(PersistError::Commit(CommitError::LostRace)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Whether it would hold more than is held, and nothing is gone for it.
fn agrees(groups: &[Looked], of: &Position, order: &Order, read: &Read<'_>) -> Result<bool, MoneyError> {
    let is_linear = of.group.market.kind.is_linear();
    let symbol = &of.group.market.key.symbol;
    let positions = || groups.iter().map(|looked| &looked.position);
    let of_base = || positions().filter(|other| other.group.market.key.symbol.base == symbol.base);
    if is_linear && order.purpose == Purpose::Entry {
        return Ok(false);
    }
    let all: Vec<&Position> = of_base().filter(|other| !other.group.is_settled()).collect();
    let claims = all.iter().map(|other| other.claim());
    let expected = claims.reduce(|sum, claim| sum?.plus(claim?)).transpose()?.unwrap_or_default();
    let Some(there) = read.there(&symbol.base, &all)?.filter(|there| *there >= expected) else { return Ok(false) };
    if is_linear {
        return Ok(true);
    }
    if order.direction == Direction::Buy && may_be_bought(of, order, there.minus(expected)?) {
        return Ok(false);
    }
    let asset = if order.direction == Direction::Buy { &symbol.quote } else { &symbol.base };
    let Some(locked) = read.locked(asset) else { return Ok(false) };
    let mut shown = held_by(order)?;
    let is_comparable =
        |looked: &&Looked| looked.answered && looked.position.is_comparable(read.shown_since()) == Ok(true);
    // Groups that were not compared are not counted, which ends fewer orders.
    for other in groups.iter().filter(is_comparable).map(|looked| &looked.position) {
        let is_of = |one: &&Order| one.direction == order.direction && one.status.is_resting();
        let is_shown = |one: &&Order| one.unshown_since().is_none();
        let known = &other.group.market.key.symbol;
        let at_work = if order.direction == Direction::Buy { &known.quote } else { &known.base };
        for one in other.orders.iter().filter(|one| is_of(one) && is_shown(one) && at_work == asset) {
            shown = shown.plus(held_by(one)?)?;
        }
    }
    Ok(locked < shown)
}

/// Whether what is there beside all that is known could be sold, and so may be what this order has bought.
fn may_be_bought(of: &Position, order: &Order, beside: Quantity) -> bool {
    let filters = &of.group.market.filters;
    match order.kind {
        OrderKind::Limit(price) => filters.check(beside, price).is_ok(),
        OrderKind::Market => !beside.is_zero() && beside >= filters.quantity_min,
    }
}

/// What a resting order holds at least: the coins that it sells, or what it pays without the fee.
fn held_by(order: &Order) -> Result<Amount, MoneyError> {
    let left = order.remaining()?;
    match (order.direction, order.kind) {
        (Direction::Buy, OrderKind::Limit(price)) => price.times(left),
        (Direction::Buy, OrderKind::Market) => Ok(Amount::ZERO),
        (Direction::Sell, _) => Amount::new(left.get()),
    }
}
