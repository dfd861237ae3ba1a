//! Signatures of closed days, by KMS: who may seal in this context is one function, and no other can make one.

use crate::sealing::Sealing;
use app::ports::{SealDay, SignedDay, StoreError};
use domain::audit::{DayHeads, Shelf};
use domain::clock::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use wire::signed_day::SealedHeads;

const KIND: &str = "audit";

/// The vault's key, in the context of this kind alone.
#[derive(Debug, Clone)]
pub struct AuditKey {
    deployment: String,
    sealing: Sealing,
}

impl AuditKey {
    /// The key of this ARN; asked in the function's own name.
    pub fn from_env(key: &str, deployment: &str) -> Self {
        Self::read(key, deployment, |variable| std::env::var(variable).ok())
    }

    /// As `lookup` says instead of the environment, for tools.
    pub fn read(key: &str, deployment: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { deployment: deployment.to_owned(), sealing: Sealing::read(key, lookup) }
    }

    fn context(&self, shelf: Shelf, day: i64) -> Value {
        json!({"deployment": self.deployment, "kind": KIND, "table": shelf.as_str(), "day": day.to_string()})
    }
}

impl SealDay for AuditKey {
    async fn seal_day(&self, heads: &DayHeads, now: Timestamp) -> Result<String, StoreError> {
        let text = serde_json::to_string(&SealedHeads::from(heads));
        let text = text.map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.sealing.seal(&text, &self.context(heads.shelf, heads.day), now).await
    }

    async fn open_day(&self, signed: &SignedDay, now: Timestamp) -> Result<Option<DayHeads>, StoreError> {
        let text = self.sealing.open(&signed.sealed, &self.context(signed.shelf, signed.day), now).await?;
        let heads = text.and_then(|text| serde_json::from_str::<SealedHeads>(text.expose_secret()).ok());
        Ok(heads.map(DayHeads::from))
    }
}
