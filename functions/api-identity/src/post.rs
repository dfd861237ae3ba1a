//! How this deployment writes to people: as a sender that SES has verified, or not at all.

use app::ports::{LeaveReset, Letter, MailError, SendLetter, StoreError};
use aws::{Later, Mailer};
use domain::clock::Timestamp;
use domain::identity::Email;
use serde_json::json;

/// Where a function leaves a letter to a run of its own.
pub(crate) const LETTERS: &str = "/own/letters";

#[derive(Debug, Clone)]
pub struct Post {
    /// None where the deployment writes to nobody.
    pub mailer: Option<Mailer>,
    /// This very function.
    pub later: Later,
}

impl LeaveReset for Post {
    async fn leave_reset(&self, email: &Email, now: Timestamp) -> Result<(), StoreError> {
        if self.mailer.is_none() {
            return Ok(());
        }
        self.later.begin(&wire::own::event(LETTERS, &json!({"email": email.as_str()})).to_string(), now).await
    }
}

impl SendLetter for Post {
    async fn send_letter(&self, letter: &Letter, now: Timestamp) -> Result<(), MailError> {
        match &self.mailer {
            Some(mailer) => mailer.send_letter(letter, now).await,
            None => Err(MailError("this deployment has no sender".to_owned())),
        }
    }
}
