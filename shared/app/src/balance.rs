//! Balances as the venue says them, as far as entries may count on them.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

use crate::ports::StoreError;
use crate::ports::{Balance, Clock, Told, Venue, VenueError};
use domain::account::Account;
use domain::limits::COINS_PER_ACCOUNT_MAX;
use domain::market::Asset;
use domain::money::{Amount, MoneyError};
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
    Money(#[from] MoneyError),
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
    let balances = kept(&account, read)?;
    let stands = Trading(deps).write_balance(&account, &balances, times).await?;
    let (balance_at, balance_told_at) = (times.asked_at, times.told_at);
    Ok((Account { balances, balance_at, balance_told_at, ..account }, stands))
}

/// Some exchanges list every coin that they know, and of some every trade leaves dust. Of too many those are kept that entries hold or are
/// commonly paid with.
fn kept(account: &Account, read: &BTreeMap<Asset, Balance>) -> Result<BTreeMap<Asset, Amount>, MoneyError> {
    let mut balances = Vec::new();
    for (asset, balance) in read {
        let countable = countable(balance, account.reserved(asset))?;
        if countable != Amount::ZERO {
            balances.push((asset.clone(), countable));
        }
    }
    balances.sort_by_key(|(asset, _)| (account.reserved(asset) == Amount::ZERO, !asset.is_quote()));
    balances.truncate(COINS_PER_ACCOUNT_MAX);
    Ok(balances.into_iter().collect())
}

/// Free, and of what is locked at most what our own entries hold: the rest is the user's own.
fn countable(balance: &Balance, reserved: Amount) -> Result<Amount, MoneyError> {
    balance.free.plus(balance.locked.min(reserved))
}
