//! `key-check`, asked and waited for.

use crate::function::Function;
use crate::later::Later;
use app::ports::{AskKeyCheck, StoreError};
use domain::clock::Timestamp;
use std::time::Duration;
use wire::key_check::{KeyCheck, KeyChecked};

/// A process may have to begin, and a venue may take its time; the caller's own caller waits ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// The function, as others ask it.
#[derive(Debug, Clone)]
pub struct KeyChecks(Function, Later);

impl KeyChecks {
    /// The function of this name; asked in the caller's own name.
    pub fn from_env(function: &str) -> Self {
        Self(Function::from_env(function), Later::from_env(function))
    }
}

impl AskKeyCheck for KeyChecks {
    async fn ask_key_check(&self, question: &KeyCheck, now: Timestamp) -> Result<KeyChecked, StoreError> {
        self.0.ask(question, PATIENCE, now).await
    }

    async fn ask_key_check_later(&self, question: &KeyCheck, now: Timestamp) -> Result<(), StoreError> {
        let event = serde_json::to_string(question).map_err(StoreError::unreadable)?;
        self.1.begin(&event, now).await
    }
}
