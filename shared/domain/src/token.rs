//! Webhook tokens: what lets an alert in.

use crate::clock::Timestamp;
use crate::ids::{Sha, TokenId, UserId};

/// A token as it is kept: only the SHA-256 of what was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookToken {
    pub id: TokenId,
    pub user: UserId,
    pub hash: Sha,
    /// The account label that alerts of this token mean unless they name another.
    pub account: Option<String>,
    pub expires_at: Option<Timestamp>,
}

impl WebhookToken {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}
