//! `key-check`, asked and waited for.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{AskKeyCheck, StoreError};
use domain::clock::Timestamp;
use std::time::Duration;
use wire::key_check::{KeyCheck, KeyChecked};

const HEADERS: [(&str, &str); 1] = [("content-type", "application/json")];
/// A process may have to begin, and a venue may take its time; the caller's own caller waits ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// The function, by the alias that everybody calls.
#[derive(Debug, Clone)]
pub struct KeyChecks {
    path: String,
    signing: Signing,
}

impl KeyChecks {
    /// The function of this name; asked in the caller's own name.
    pub fn from_env(function: &str) -> Self {
        let path = format!("/2015-03-31/functions/{function}/invocations?Qualifier=live");
        Self { path, signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }
}

impl AskKeyCheck for KeyChecks {
    async fn ask_key_check(&self, question: &KeyCheck, now: Timestamp) -> Result<KeyChecked, StoreError> {
        let away = |why: String| StoreError::Unavailable(why);
        let body = serde_json::to_vec(question).map_err(|error| away(error.to_string()))?;
        let question = Question { service: "lambda", method: "POST", path: &self.path, headers: &HEADERS, body: &body };
        let answered = self.signing.ask_within(question, now, PATIENCE).await;
        match answered.map_err(|Unanswered(why)| away(why))? {
            // What it says of a failure of its own is no answer.
            (200, said) => serde_json::from_slice(&said).map_err(|_| away("key-check failed".to_owned())),
            (status, _) => Err(away(format!("Lambda says {status}"))),
        }
    }
}
