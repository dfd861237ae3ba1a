//! Where a user's accounts and their venues differ, and the repairs that they accept.
//!
//! 1. Looking changes nothing. A look that is asked for is a wish on the account's row, which the next pass carries out, also
//!    where nothing is live: with the markets of its last groups, and further back than passes look by themselves.
//! 2. What is accepted is done by what there is already, in one conditional commit with its record, and only while the
//!    difference is as it was shown.

use super::close::leave;
use super::scope::accounts;
use super::{ActError, change_on_record};
use crate::actor::{Act, audit};
use crate::ports::{Audit, PageRequest, Queues, StoreError, Tick};
use domain::account::Account;
use domain::clock::Millis;
use domain::group::Position;
use domain::ids::{AccountId, ProposalId, UserId};
use domain::looks::Wanted;
use domain::market::Symbol;
use domain::reconciliation::{CoinsGone, Difference, Repair, differences};
use domain::{limits, shard, slot};
use store::Engine;
use store::Span;
use store::trading::Trading;

/// One account, and where it differs from its venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub account: Account,
    pub differences: Vec<Difference>,
}

/// Every account of the user, or the one that is named by its id or label.
///
/// # Errors
/// `UnknownAccount`, `AmbiguousAccount`, or where the store cannot be reached.
pub async fn reconciliation<D: Engine>(
    deps: &D,
    user: &UserId,
    named: Option<&str>,
) -> Result<Vec<Compared>, ActError> {
    let mut compared = Vec::new();
    for account in accounts(deps, user, named).await? {
        compared.push(compare(deps, account).await?);
    }
    Ok(compared)
}

/// Asks for the pass of this slot, or for the next where that is made, and gives what is known before it.
///
/// # Errors
/// `NoAccount`, or where the store or the queue cannot be reached.
pub async fn look_now<D: Engine + Queues>(deps: &D, account: &AccountId, act: Act<'_>) -> Result<Compared, ActError> {
    let compared = compare(deps, own(deps, account, act.user).await?).await?;
    let mut markets = last_markets(deps, account, act.user).await?;
    for symbol in watched(&compared.account) {
        if !markets.contains(symbol) && markets.len() < limits::LOOK_MARKETS_IN_ALL_MAX {
            markets.push(symbol.clone());
        }
    }
    let tick = Tick { slot: slot::at(act.now), shard: shard::of(account.as_str()) };
    Trading(deps).activate(account, &Wanted { at: act.now, markets }).await?;
    deps.send_ticks(&[(tick, Millis::ZERO)], act.now).await?;
    Ok(compared)
}

/// Where orders of nobody were seen, where something may come late, and where something is live.
fn watched(account: &Account) -> impl Iterator<Item = &Symbol> {
    let strays = account.drift.strays.iter().map(|stray| &stray.market.symbol);
    strays.chain(account.looks.late.keys()).chain(account.live.keys().map(|seat| &seat.symbol))
}

/// The markets of its last groups, as far as these are among the last of its user.
async fn last_markets<D: Engine>(deps: &D, account: &AccountId, user: &UserId) -> Result<Vec<Symbol>, StoreError> {
    let page = PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor: None };
    let mut markets = Vec::new();
    for group in Trading(deps).list_groups(user, Span::default(), &page).await?.items {
        let symbol = group.market.key.symbol;
        if group.account == *account && !markets.contains(&symbol) && markets.len() < limits::LOOK_MARKETS_MAX {
            markets.push(symbol);
        }
    }
    Ok(markets)
}

/// Carries a proposal out, and gives the account as it is compared then.
///
/// # Errors
/// `NoAccount`; `NoProposal` where it does not hold any more; `NoRepair` where only its user can do it; or where the
/// store cannot be reached.
pub async fn accept<D: Engine + Queues>(
    deps: &D,
    account: &AccountId,
    proposal: &ProposalId,
    reason: &str,
    act: Act<'_>,
) -> Result<Compared, ActError> {
    let compared = compare(deps, own(deps, account, act.user).await?).await?;
    let meant = |difference: &&Difference| difference.proposal(&compared.account, act.now) == *proposal;
    let difference = compared.differences.iter().find(meant).ok_or(ActError::NoProposal)?;
    match (difference, difference.repair(act.now)) {
        (Difference::CoinsGone(gone), Repair::CloseOverMissing) => close(deps, account, gone, reason, act).await?,
        (_, repair) => return Err(ActError::NoRepair(repair)),
    }
    compare(deps, own(deps, account, act.user).await?).await
}

/// The group is left as by its user's wish: the way out sells what is there and settles over what is missing.
async fn close<D: Engine + Queues>(
    deps: &D,
    account: &AccountId,
    gone: &CoinsGone,
    reason: &str,
    act: Act<'_>,
) -> Result<(), ActError> {
    let why = format!("closed by its user over {} {} missing at the venue: {reason}", gone.missing, gone.asset);
    let record = record(gone, reason, act);
    let closed = |position: &Position| {
        let holds =
            position.missing() == gone.missing && !position.orders.iter().any(|order| order.status.is_in_doubt());
        if holds { leave(position, act.now) } else { Err(ActError::NoProposal) }
    };
    change_on_record(deps, account, &gone.group, &why, act, Some(record), closed).await.map(drop)
}

fn record(gone: &CoinsGone, reason: &str, act: Act<'_>) -> Audit {
    let CoinsGone { group, asset, missing, held, .. } = gone;
    let before = Some(format!("{held} {asset} held, {missing} of them missing at the venue"));
    let after = Some(format!("closing, with {missing} {asset} written off as closed elsewhere"));
    Audit { before, after, ..audit("reconcile", group.as_str(), reason, act) }
}

async fn own<D: Engine>(deps: &D, account: &AccountId, user: &UserId) -> Result<Account, ActError> {
    let found = Trading(deps).load_account(account).await?.filter(|account| account.user == *user);
    found.ok_or(ActError::NoAccount)
}

async fn compare<D: Engine>(deps: &D, account: Account) -> Result<Compared, ActError> {
    let mut positions = Vec::new();
    for group in account.live.values() {
        positions.extend(Trading(deps).load_position(&account.id, group).await?);
    }
    let differences = differences(&account, &positions)?;
    Ok(Compared { account, differences })
}
