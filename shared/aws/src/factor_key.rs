//! Secrets of second factors, sealed by KMS itself: they are short, and opened once in a log-in.

use crate::sealing::Sealing;
use app::ports::{SealFactor, StoreError};
use domain::clock::Timestamp;
use domain::identity::FactorSecret;
use domain::ids::UserId;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

const KIND: &str = "totp";

/// The vault's key, in the context of this kind alone.
#[derive(Debug, Clone)]
pub struct FactorKey {
    deployment: String,
    sealing: Sealing,
}

impl FactorKey {
    /// The key of this ARN; asked in the function's own name.
    pub fn from_env(key: &str, deployment: &str) -> Self {
        let sealing = Sealing::read(key, |variable| std::env::var(variable).ok());
        Self { deployment: deployment.to_owned(), sealing }
    }

    fn context(&self, user: &UserId) -> Value {
        json!({"deployment": self.deployment, "user": user.as_str(), "kind": KIND})
    }
}

impl SealFactor for FactorKey {
    async fn seal_factor(&self, user: &UserId, secret: &FactorSecret, now: Timestamp) -> Result<String, StoreError> {
        self.sealing.seal(secret.text().expose_secret(), &self.context(user), now).await
    }

    async fn open_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<FactorSecret, StoreError> {
        let text = self.sealing.open(sealed, &self.context(user), now).await?;
        let secret = text.and_then(|text| FactorSecret::of_text(text.expose_secret()));
        secret.ok_or_else(|| StoreError::Unreadable("the secret of a second factor".to_owned()))
    }

    async fn reseal_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<Option<String>, StoreError> {
        self.sealing.reseal(sealed, &self.context(user), now).await
    }
}
