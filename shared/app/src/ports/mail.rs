//! Letters to people.

use super::StoreError;
use domain::clock::Timestamp;
use domain::identity::Email;

/// It may hold what lets its reader in, so it does not print itself.
#[allow(missing_debug_implementations, reason = "it holds a token")]
pub struct Letter {
    pub to: Email,
    pub subject: &'static str,
    pub text: String,
    pub html: String,
}

/// It was not sent, or nobody knows whether it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a letter cannot be sent now: {0}")]
pub struct MailError(pub String);

pub trait SendLetter {
    async fn send_letter(&self, letter: &Letter, now: Timestamp) -> Result<(), MailError>;
}

pub trait LeaveReset {
    /// Leaves the rest to a run that nobody waits for.
    async fn leave_reset(&self, email: &Email, now: Timestamp) -> Result<(), StoreError>;
}
