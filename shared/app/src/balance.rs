//! Balances as the venue says them, as far as entries may count on them.

use crate::ports::StoreError;
use crate::ports::{Balance, Venue, VenueError, WriteBalance};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::market::Asset;
use domain::money::Amount;
use std::collections::BTreeMap;

/// Why a balance could not be had or kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BalanceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Venue(#[from] VenueError),
    #[error(transparent)]
    Money(#[from] domain::money::MoneyError),
}

/// Reads the venue's balances, keeps them, and gives the account back with them. It was read before.
///
/// # Errors
/// Where the venue cannot be read or the store not be written.
pub async fn refresh<D: WriteBalance, V: Venue>(
    deps: &D,
    venue: &V,
    account: Account,
    now: Timestamp,
) -> Result<Account, BalanceError> {
    let read = venue.balances(&account.id).await?;
    Ok(keep(deps, account, &read, now).await?.0)
}

/// Keeps balances that were asked for at this time, after the account was read. Gives the account back with them, and
/// whether they stand.
///
/// # Errors
/// Where the store cannot be written.
pub async fn keep<D: WriteBalance>(
    deps: &D,
    account: Account,
    read: &BTreeMap<Asset, Balance>,
    now: Timestamp,
) -> Result<(Account, bool), BalanceError> {
    let mut balances = BTreeMap::new();
    for (asset, balance) in read {
        let countable = countable(balance, account.reserved(asset))?;
        balances.insert(asset.clone(), countable);
    }
    let stands = deps.write_balance(&account, &balances, now).await?;
    Ok((with(account, balances, now), stands))
}

/// Free, and of what is locked at most what our own entries hold: the rest is the user's own.
fn countable(balance: &Balance, reserved: Amount) -> Result<Amount, domain::money::MoneyError> {
    balance.free.plus(balance.locked.min(reserved))
}

fn with(account: Account, balances: BTreeMap<Asset, Amount>, now: Timestamp) -> Account {
    Account { balances, balance_at: now, ..account }
}
