//! Runs of a function that nobody waits for.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::StoreError;
use domain::clock::Timestamp;

const HEADERS: [(&str, &str); 2] = [("content-type", "application/json"), ("x-amz-invocation-type", "Event")];
/// Lambda keeps the event and runs the function by itself.
const TAKEN: u16 = 202;

/// A function, by the alias that everybody calls.
#[derive(Debug, Clone)]
pub struct Later {
    path: String,
    signing: Signing,
}

impl Later {
    /// The function of this name; asked in the caller's own name.
    pub fn from_env(function: &str) -> Self {
        let path = format!("/2015-03-31/functions/{function}/invocations?Qualifier=live");
        Self { path, signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }

    /// # Errors
    /// `Unavailable` where it was not taken.
    pub async fn begin(&self, event: &str, now: Timestamp) -> Result<(), StoreError> {
        let (service, body) = ("lambda", event.as_bytes());
        let question = Question { service, method: "POST", path: &self.path, headers: &HEADERS, body };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        match self.signing.ask(question, now).await.map_err(failed)? {
            (TAKEN, _) => Ok(()),
            (status, _) => Err(StoreError::Unavailable(format!("Lambda says {status}"))),
        }
    }
}
