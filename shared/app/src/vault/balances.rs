//! What an account has at its venue: as entries count on it, and a row for each day.

use super::check::CheckError;
use crate::balance::{self, BalanceError};
use crate::ports::{Balance, Clock, DayBalances, PageRequest, ProbeError, StoreError, Told, Venue};
use domain::account::Account;
use domain::limits;
use domain::market::Asset;
use std::collections::BTreeMap;
use store::Engine;
use store::vault::Vault;

/// Asks the venue and keeps what it says.
pub(super) async fn sync<D: Engine + Clock, V: Venue>(
    deps: &D,
    venue: &V,
    account: Account,
) -> Result<DayBalances, CheckError> {
    let asked_at = deps.now();
    let read =
        venue.balances(&account.id, &account.exchange).await.map_err(|error| ProbeError::Away(error.to_string()))?;
    keep(deps, account, read, Told { asked_at, told_at: deps.now() }).await
}

/// What was read at this time. What has not changed on its day is written again only where the balance that is known grows old: a
/// share of it is calculated from a young one alone.
pub(super) async fn keep<D: Engine>(
    deps: &D,
    account: Account,
    read: BTreeMap<Asset, Balance>,
    times: Told,
) -> Result<DayBalances, CheckError> {
    let at = times.told_at;
    let today = DayBalances { account: account.id.clone(), day: at.day(), at, balances: read };
    let newest = Vault(deps).list_day_balances(&account.id, &PageRequest { limit: 1, cursor: None }).await?;
    let is_known = |kept: &DayBalances| kept.day == today.day && kept.balances == today.balances;
    let is_new = !newest.items.first().is_some_and(is_known);
    if is_new || account.balance_age(at).is_none_or(|age| age > limits::BALANCE_WRITTEN_AFTER) {
        balance::keep(deps, account, &today.balances, times).await.map_err(failed)?;
    }
    if is_new {
        Vault(deps).keep_day_balances(&today).await?;
    }
    Ok(today)
}

fn failed(error: BalanceError) -> CheckError {
    match error {
        BalanceError::Store(error) => error.into(),
        BalanceError::Venue(error) => ProbeError::Away(error.to_string()).into(),
        BalanceError::Money(error) => StoreError::Unreadable(error.to_string()).into(),
    }
}
