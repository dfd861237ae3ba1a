//! Whether an account may enter, and what checks of its key said.

use super::Vault;
use super::keys;
use crate::audit;
use crate::condition::{ABSENT, IN_GOOD_STANDING, UNVERSIONED, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{number, to_item};
use crate::key::Table;
use crate::memory::Memory;
use crate::rows::Rows;
use crate::value::Value;
use crate::write::Write;
use domain::audit::Audit;
use domain::ids::{AccountId, HolderId};
use domain::vault::AccountState;
use domain::vault::Standing;
use wire::stored::{self, Schema};
use wire::text::Text;

/// Which account here is the one that trades an account there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// On one side of one exchange.
    pub of: HolderId,
    pub account: AccountId,
    /// Raised by each change, from 1.
    pub version: u64,
}

impl<E: Engine> Vault<'_, E> {
    /// None where there is no such account.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_account_state(&self, account: &AccountId) -> Result<Option<AccountState>, StoreError> {
        let row: Option<stored::Standing> = Rows(self.0).load(&keys::standing(account)).await?;
        Ok(row.map(AccountState::from))
    }

    /// None where there is no such account.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_standing(&self, account: &AccountId) -> Result<Option<Standing>, StoreError> {
        Ok(self.load_account_state(account).await?.as_ref().map(Standing::from))
    }

    /// In the place of what was seen, and on record where a person changed it or a right was taken away; false where
    /// another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_account_state(
        &self,
        account: &AccountId,
        seen: &AccountState,
        state: &AccountState,
        audit: Option<&Audit>,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![state_changed(account, seen, state)?];
        writes.extend(audit.map(|audit| audit::row_in(Table::Vault, audit)).transpose()?);
        Rows(self.0).all_or_none(writes, &Rows(self.0).stamp()?).await
    }

    /// None where the account there was never traded from here.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_claim(&self, of: &HolderId) -> Result<Option<Claim>, StoreError> {
        let row: Option<stored::Claim> = Rows(self.0).load(&keys::claim(of)).await?;
        Ok(row.map(|row| Claim { of: of.clone(), account: row.account.0, version: row.version }))
    }

    /// In the place of the claim with the version before, or of none; and with it the state of its account in the place of
    /// what was seen. False where another change of either was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_claim(
        &self,
        claim: &Claim,
        seen: &AccountState,
        state: &AccountState,
    ) -> Result<bool, StoreError> {
        let writes = vec![state_changed(&claim.account, seen, state)?, claimed(claim)?];
        Rows(self.0).all_or_none(writes, &Rows(self.0).stamp()?).await
    }
}

fn claimed(claim: &Claim) -> Result<Write, StoreError> {
    let Claim { of, account, version } = claim;
    let row = stored::Claim { v: Schema, account: Text(account.clone()), version: *version };
    let write = Write::upsert(keys::claim(of), &row)?;
    Ok(match version.saturating_sub(1) {
        0 => write.when(ABSENT),
        before => write.when(VERSION_AS_SEEN).given("seen_version", number(before)),
    })
}

/// An account's right to enter, in the place of what was seen; what a newer writer added stays.
///
/// # Errors
/// See [`to_item`].
pub fn state_changed(account: &AccountId, seen: &AccountState, state: &AccountState) -> Result<Write, StoreError> {
    let write = Write::upsert(keys::standing(account), &stored::Standing::from(state))?;
    Ok(as_seen(write, seen.version))
}

/// The right to enter of an account that is new.
///
/// # Errors
/// See [`to_item`].
pub fn state_row(account: &AccountId, state: &AccountState) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::standing(account), to_item(&stored::Standing::from(state))?))
}

/// In a commit: the owner lets the account trade, and has not changed it since.
pub fn in_good_standing(account: &AccountId, version: u64) -> Write {
    let write = Write::check(keys::standing(account)).when(IN_GOOD_STANDING).given("yes", Value::Bool(true));
    as_seen(write, version)
}

/// A row of the first release has no version yet.
fn as_seen(write: Write, version: u64) -> Write {
    match version {
        0 => write.when(UNVERSIONED),
        version => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
    }
}

/// An account's right to enter as a look at the rows finds it.
///
/// # Errors
/// `Unreadable`.
pub fn state_of(rows: &Memory, account: &AccountId) -> Result<Option<AccountState>, StoreError> {
    Ok(rows.read::<stored::Standing>(&keys::standing(account))?.map(AccountState::from))
}
