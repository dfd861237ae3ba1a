//! Webhook tokens as their owner keeps them.

use super::{Audit, StoreError};
use domain::ids::UserId;
use store::Engine;
use store::trading::Trading;

pub use store::trading::{KeptToken, TokenChange};

pub trait ListTokens {
    /// All of a user, with those that were replaced or revoked; as they are now.
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError>;
}

pub trait ChangeTokens {
    /// On record; false where another change was first, or the log-in is over or permits it no more.
    async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError>;
}

impl<E: Engine> ListTokens for E {
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError> {
        Trading(self).list_tokens(user).await
    }
}

impl<E: Engine> ChangeTokens for E {
    async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError> {
        Trading(self).change_tokens(change, audit).await
    }
}
