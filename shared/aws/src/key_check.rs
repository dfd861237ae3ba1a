//! `key-check`, asked and waited for.

use crate::function::Function;
use app::ports::{AskKeyCheck, StoreError};
use domain::clock::Timestamp;
use std::time::Duration;
use wire::key_check::{KeyCheck, KeyChecked};

/// A process may have to begin, and a venue may take its time; the caller's own caller waits ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// The function, as others ask it.
#[derive(Debug, Clone)]
pub struct KeyChecks(Function);

impl KeyChecks {
    /// The function of this name; asked in the caller's own name.
    pub fn from_env(function: &str) -> Self {
        Self(Function::from_env(function))
    }
}

impl AskKeyCheck for KeyChecks {
    async fn ask_key_check(&self, question: &KeyCheck, now: Timestamp) -> Result<KeyChecked, StoreError> {
        self.0.ask(question, PATIENCE, now).await
    }
}
