//! Sealed secrets, each beside its account.

use super::Vault;
use super::keys;
use super::states::state_changed;
use crate::audit;
use crate::condition::CREDENTIAL_AS_SEEN;
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::{number, text, to_item, to_value};
use crate::key::Table;
use crate::memory::Memory;
use crate::rows::Rows;
use crate::write::Write;
use domain::account::Account;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::ids::CredentialId;
use domain::ids::UserId;
use domain::vault::AccountState;
use domain::vault::SecretKind;
use std::fmt;
use wire::stored::{self, Schema};
use wire::text::{Base64, Text};

/// Whose secret it is and what for. A secret that was sealed for one binding opens for no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub user: UserId,
    pub credential: CredentialId,
    pub kind: SecretKind,
}

/// What is kept of a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// How it is sealed: [`Sealed::FORM`] is written.
    pub form: u32,
    /// The data key, as only KMS opens it.
    pub wrapped_key: Vec<u8>,
    pub nonce: Vec<u8>,
    pub cipher_text: Vec<u8>,
    /// The key of KMS by which the data key is wrapped.
    pub kms_key: String,
    pub sealed_at: Timestamp,
}

/// A secret of a user, as it stands beside its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    pub user: UserId,
    pub kind: SecretKind,
    /// As it is shown.
    pub masked: String,
    /// Whether its owner has insisted on a key that can withdraw.
    pub insisted: bool,
    pub created_at: Timestamp,
    pub sealed: Sealed,
}

/// A secret does not belong to the account that it stands beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was sealed for another user")]
pub struct OfAnotherUser;

impl<E: Engine> Vault<'_, E> {
    /// None where the account has no secret.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_credential(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        let row: Option<stored::Credential> = Rows(self.0).load(&keys::credential(account)).await?;
        Ok(row.map(Credential::from))
    }

    /// In the place of what secret the account had, or none from now on; with the state that the account has then,
    /// and on record. False where the account was changed since it was seen.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_credential(
        &self,
        account: &AccountId,
        credential: Option<&Credential>,
        seen: &AccountState,
        state: &AccountState,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let secret = match credential {
            Some(credential) => credential_row(account, credential)?,
            None => credential_gone(account),
        };
        let writes = vec![secret, state_changed(account, seen, state)?, audit::row_in(Table::Vault, audit)?];
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// The same secret, sealed anew; false where it is not the one that was seen any more.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn move_credential(
        &self,
        account: &AccountId,
        seen: &Credential,
        to: &Sealed,
    ) -> Result<bool, StoreError> {
        let write = Write::update(keys::credential(account))
            .set("sealed", to_value(&stored::Sealed::from(to))?)
            .when(CREDENTIAL_AS_SEEN)
            .given("seen_id", text(seen.id.as_str()))
            .given("seen_sealed_at", number(seen.sealed.sealed_at.millis()));
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }
}

/// In the place of what secret the account had.
///
/// # Errors
/// See [`to_item`].
pub fn credential_row(account: &AccountId, credential: &Credential) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::credential(account), to_item(&stored::Credential::from(credential))?))
}

/// The account has no secret from now on.
pub fn credential_gone(account: &AccountId) -> Write {
    Write::delete(keys::credential(account))
}

/// An account's secret as a look at the rows finds it.
///
/// # Errors
/// `Unreadable`.
pub fn credential_of(rows: &Memory, account: &AccountId) -> Result<Option<Credential>, StoreError> {
    Ok(rows.read::<stored::Credential>(&keys::credential(account))?.map(Credential::from))
}

impl Sealed {
    pub const FORM: u32 = 1;
}

impl Credential {
    /// As the secret of this account: what a row says of itself is not believed.
    ///
    /// # Errors
    /// Where it is another user's, copied there.
    pub fn binding_at(&self, account: &Account) -> Result<Binding, OfAnotherUser> {
        if self.user != account.user {
            return Err(OfAnotherUser);
        }
        Ok(Binding { user: account.user.clone(), credential: self.id.clone(), kind: self.kind })
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("kms_key", &self.kms_key).field("at", &self.sealed_at).finish()
    }
}

impl From<&Sealed> for stored::Sealed {
    fn from(sealed: &Sealed) -> Self {
        Self {
            form: sealed.form,
            wrapped_key: Base64(sealed.wrapped_key.clone()),
            nonce: Base64(sealed.nonce.clone()),
            cipher_text: Base64(sealed.cipher_text.clone()),
            kms_key: sealed.kms_key.clone(),
            sealed_at: sealed.sealed_at.millis(),
        }
    }
}

impl From<stored::Sealed> for Sealed {
    fn from(row: stored::Sealed) -> Self {
        Self {
            form: row.form,
            wrapped_key: row.wrapped_key.0,
            nonce: row.nonce.0,
            cipher_text: row.cipher_text.0,
            kms_key: row.kms_key,
            sealed_at: Timestamp::from_millis(row.sealed_at),
        }
    }
}

impl From<&Credential> for stored::Credential {
    fn from(credential: &Credential) -> Self {
        Self {
            v: Schema,
            id: Text(credential.id.clone()),
            user: Text(credential.user.clone()),
            kind: Text(credential.kind),
            masked: credential.masked.clone(),
            insisted: credential.insisted,
            created_at: credential.created_at.millis(),
            sealed: stored::Sealed::from(&credential.sealed),
        }
    }
}

impl From<stored::Credential> for Credential {
    fn from(row: stored::Credential) -> Self {
        Self {
            id: row.id.0,
            user: row.user.0,
            kind: row.kind.0,
            masked: row.masked,
            insisted: row.insisted,
            created_at: Timestamp::from_millis(row.created_at),
            sealed: row.sealed.into(),
        }
    }
}
