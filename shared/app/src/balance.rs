//! Balances as the venue says them, as far as entries may count on them.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

use crate::ports::StoreError;
use crate::ports::{Balance, Clock, Told, Venue, VenueError};
use domain::account::Account;
use domain::market::Asset;
use domain::money::Amount;
use std::collections::BTreeMap;
use store::Engine;
use store::trading::Trading;

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
pub async fn refresh<D: Engine + Clock, V: Venue>(
    deps: &D,
    venue: &V,
    account: Account,
) -> Result<Account, BalanceError> {
    let asked_at = deps.now();
    let read = venue.balances(&account.id, &account.exchange).await?;
    let times = Told { asked_at, told_at: deps.now() };
    Ok(keep(deps, account, &read, times).await?.0)
}

/// Keeps balances that were asked for after the account was read. Gives the account back with them, and whether they
/// stand.
///
/// # Errors
/// Where the store cannot be written.
pub async fn keep<D: Engine>(
    deps: &D,
    account: Account,
    read: &BTreeMap<Asset, Balance>,
    times: Told,
) -> Result<(Account, bool), BalanceError> {
    let mut balances = BTreeMap::new();
    for (asset, balance) in read {
        let countable = countable(balance, account.reserved(asset))?;
        // Some exchanges list every coin that they know, and one update of a row holds about a hundred.
        if countable != Amount::ZERO {
            balances.insert(asset.clone(), countable);
        }
    }
    let stands = Trading(deps).write_balance(&account, &balances, times).await?;
    let (balance_at, balance_told_at) = (times.asked_at, times.told_at);
    Ok((Account { balances, balance_at, balance_told_at, ..account }, stands))
}

/// Free, and of what is locked at most what our own entries hold: the rest is the user's own.
fn countable(balance: &Balance, reserved: Amount) -> Result<Amount, domain::money::MoneyError> {
    balance.free.plus(balance.locked.min(reserved))
}
