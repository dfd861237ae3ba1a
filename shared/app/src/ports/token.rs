//! Webhook tokens as their owner keeps them.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::ids::{SessionId, UserId};
use domain::token::WebhookToken;

/// One secret of a token, as it is kept. A token that is rotated has two for a while, of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptToken {
    pub token: WebhookToken,
    pub label: Option<String>,
    /// How the secret begins: too little to guess the rest by.
    pub hint: Option<String>,
    /// None where a seed has put it.
    pub created_at: Option<Timestamp>,
    /// Of the resource; 0 where nobody has changed what a seed has put.
    pub version: u64,
    /// Another secret took its place.
    pub replaced: bool,
    pub revoked_at: Option<Timestamp>,
}

/// What is written together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenChange {
    /// Where none is yet.
    pub made: Option<KeptToken>,
    /// Each in the place of the version that was seen.
    pub changed: Vec<(KeptToken, u64)>,
    /// The log-in of its user by which it is done, where one is named: it has to be there still, and to permit it.
    pub login: Option<SessionId>,
    /// The version of their user that it rests on, where it does.
    pub standing: Option<u64>,
}

pub trait ListTokens {
    /// All of a user, with those that were replaced or revoked; as they are now.
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError>;
}

pub trait ChangeTokens {
    /// On record; false where another change was first, or the log-in is over or permits it no more.
    async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError>;
}
