//! Public keys of tokens, all in one row.

use super::Identity;
use super::keys;
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::Timestamp;
use wire::stored::{self, Schema};

/// By which a token is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenKey {
    pub id: String,
    /// In base 64, as it stands in URLs.
    pub public: String,
    /// From when on it is believed no more; none while it signs.
    pub until: Option<Timestamp>,
}

impl<E: Engine> Identity<'_, E> {
    /// None where none were published yet.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_token_keys(&self) -> Result<Vec<TokenKey>, StoreError> {
        Ok(self.token_keys().await?.map(|row| read(&row)).unwrap_or_default())
    }

    /// In the place of those that were seen; false where others were published first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn publish_token_keys(&self, seen: &[TokenKey], published: &[TokenKey]) -> Result<bool, StoreError> {
        let there = self.token_keys().await?;
        if there.as_ref().map(read).unwrap_or_default() != seen {
            return Ok(false);
        }
        let version = there.map(|row| row.version);
        let row = stored::TokenKeys {
            v: Schema,
            keys: published.iter().map(written).collect(),
            version: version.unwrap_or_default().saturating_add(1),
        };
        let write = Write::versioned(keys::token_keys(), &row, version)?;
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    async fn token_keys(&self) -> Result<Option<stored::TokenKeys>, StoreError> {
        Rows(self.0).load(&keys::token_keys()).await
    }
}

fn read(row: &stored::TokenKeys) -> Vec<TokenKey> {
    let key = |key: &stored::TokenKey| TokenKey {
        id: key.id.clone(),
        public: key.public.clone(),
        until: key.until.map(Timestamp::from_millis),
    };
    row.keys.iter().map(key).collect()
}

fn written(key: &TokenKey) -> stored::TokenKey {
    stored::TokenKey { id: key.id.clone(), public: key.public.clone(), until: key.until.map(Timestamp::millis) }
}
