//! Which of a user's accounts are meant.

use super::ActError;
use crate::ports::StoreError;
use domain::account::Account;
use domain::ids::{AccountId, UserId};
use domain::vault::Mode;
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

/// Every account of the user, or the one that is named by its id or label.
///
/// # Errors
/// `UnknownAccount`, `AmbiguousAccount`, or where the store cannot be reached.
pub async fn accounts<D: Engine>(deps: &D, user: &UserId, named: Option<&str>) -> Result<Vec<Account>, ActError> {
    let all = all_accounts(deps, user).await?;
    let Some(named) = named else { return Ok(all) };
    let meant: Vec<_> = all.into_iter().filter(|account| is_named(account, named)).collect();
    match &*meant {
        [] => Err(ActError::UnknownAccount),
        [_] => Ok(meant),
        several => Err(ActError::AmbiguousAccount(several.iter().map(|account| account.id.clone()).collect())),
    }
}

/// Every account of the user as it stands now.
///
/// # Errors
/// If the store cannot be reached.
pub async fn all_accounts<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Account>, StoreError> {
    states(deps, user, &Trading(deps).list_accounts(user).await?).await
}

/// The accounts as they stand now.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn states<D: Engine>(deps: &D, user: &UserId, ids: &[AccountId]) -> Result<Vec<Account>, StoreError> {
    let mut accounts = Vec::new();
    for id in ids {
        accounts.extend(Trading(deps).load_account(id).await?.filter(|account| account.user == *user));
    }
    Ok(accounts)
}

fn is_named(account: &Account, named: &str) -> bool {
    account.id.as_str() == named || account.label == named
}

/// The mode that an account trades in; none as long as that is not known.
pub(crate) async fn mode_of<D: Engine>(deps: &D, account: &Account) -> Result<Option<Mode>, StoreError> {
    let state = Vault(deps).load_account_state(&account.id).await?.unwrap_or_default();
    Ok(state.mode_at(&account.exchange))
}
