//! What this function asks beside its tables, where it is deployed.

use app::ports::{
    Clock, LeaveReset, Letter, LinesPage, LookAtParts, MailError, PartSeen, ReadLines, SendLetter, StoreError, Window,
};
use aws::{Later, Mailer};
use domain::clock::Timestamp;
use domain::identity::Email;
use serde_json::json;

pub use aws::{
    AuditKey as Audits, Aws as Store, Bucket as Objects, DeploymentSecret as DeploymentKey, FactorKey as Factors,
};
pub use credentials::Passwords;

/// How this deployment sends e-mails: as a sender that SES has verified, or not at all.
#[derive(Debug, Clone)]
pub struct Post {
    /// None if the deployment sends no e-mails.
    pub mailer: Option<Mailer>,
    /// This very function.
    pub later: Later,
}

impl LeaveReset for Post {
    async fn leave_reset(&self, email: &Email, now: Timestamp) -> Result<(), StoreError> {
        if self.mailer.is_none() {
            return Ok(());
        }
        let event = wire::own::event(crate::routes::LETTERS, &json!({"email": email.as_str()}));
        self.later.begin(&event.to_string(), now).await
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

/// Health of the parts, and lines of the functions' logs.
#[derive(Debug, Clone)]
pub struct Sights {
    pub parts: aws::Parts,
    pub lines: aws::Lines,
}

impl Clock for Sights {
    fn now(&self) -> Timestamp {
        lambda::boot::now()
    }
}

impl LookAtParts for Sights {
    async fn look_at_parts(&self, now: Timestamp) -> Vec<PartSeen> {
        self.parts.look_at_parts(now).await
    }
}

impl ReadLines for Sights {
    async fn read_lines(
        &self,
        function: &str,
        window: Window,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<LinesPage, StoreError> {
        self.lines.read_lines(function, window, after, now).await
    }
}
