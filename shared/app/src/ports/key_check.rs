//! Whoever talks to venues about keys.

use super::StoreError;
use domain::clock::Timestamp;
use wire::key_check::{KeyCheck, KeyChecked};

pub trait AskKeyCheck {
    /// What it says; `Unavailable` where it says nothing.
    async fn ask_key_check(&self, question: &KeyCheck, now: Timestamp) -> Result<KeyChecked, StoreError>;

    /// Nobody waits for its answer.
    async fn ask_key_check_later(&self, question: &KeyCheck, now: Timestamp) -> Result<(), StoreError>;
}
