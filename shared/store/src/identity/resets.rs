//! Tokens by which a password is chosen anew.

use super::Identity;
use super::keys;
use super::users::changed;
use crate::audit;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::ttl;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::identity::User;
use domain::ids::{Sha, UserId};
use wire::stored::{self, Schema};
use wire::text::Text;

/// What was handed out to choose a new password by; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    pub hash: Sha,
    pub user: UserId,
    /// Of the password that it replaces: no other one is.
    pub password_at: Timestamp,
    pub expires_at: Timestamp,
}

impl<E: Engine> Identity<'_, E> {
    /// With the change of its user, on record, and on the version that was seen; false where another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_reset(&self, reset: &Reset, user: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let row = stored::Reset {
            v: Schema,
            user: Text(reset.user.clone()),
            password_at: reset.password_at.millis(),
            expires_at: reset.expires_at.millis(),
        };
        let handed = Write::insert(keys::reset(&reset.hash), &row)?.set("ttl", ttl(reset.expires_at));
        let writes = vec![changed(user, seen), handed, audit::row_in(Table::Identity, audit)?];
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// None where it was used, or has ended.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_reset(&self, hash: &Sha) -> Result<Option<Reset>, StoreError> {
        let row: Option<stored::Reset> = Rows(self.0).load(&keys::reset(hash)).await?;
        Ok(row.map(|row| Reset {
            hash: hash.clone(),
            user: row.user.0,
            password_at: Timestamp::from_millis(row.password_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        }))
    }
}
