//! Secrets of second factors, sealed by KMS itself: they are short, and opened once in a log-in.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{SealFactor, StoreError};
use domain::clock::Timestamp;
use domain::identity::FactorSecret;
use domain::ids::UserId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

const KIND: &str = "totp";

/// The vault's key, in the context of this kind alone.
#[derive(Debug, Clone)]
pub struct FactorKey {
    key: String,
    deployment: String,
    signing: Signing,
}

impl FactorKey {
    /// The key of this ARN; asked in the function's own name.
    pub fn from_env(key: &str, deployment: &str) -> Self {
        let signing = Signing::read(|variable| std::env::var(variable).ok());
        Self { key: key.to_owned(), deployment: deployment.to_owned(), signing }
    }

    fn context(&self, user: &UserId) -> Value {
        json!({"deployment": self.deployment, "user": user.as_str(), "kind": KIND})
    }

    /// The member of the answer, which is never repeated.
    async fn ask(
        &self,
        action: &'static str,
        body: &Value,
        member: &str,
        now: Timestamp,
    ) -> Result<SecretString, StoreError> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", action)];
        let body = body.to_string();
        let question = Question { service: "kms", method: "POST", path: "/", headers: &headers, body: body.as_bytes() };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        let (status, said) = self.signing.ask(question, now).await.map_err(failed)?;
        let mut answer: Value = serde_json::from_slice(&said).unwrap_or_default();
        match answer.get_mut(member).map(Value::take) {
            Some(Value::String(text)) if status == 200 => Ok(text.into()),
            _ => Err(StoreError::Unavailable(format!("KMS says {status}"))),
        }
    }
}

impl SealFactor for FactorKey {
    async fn seal_factor(&self, user: &UserId, secret: &FactorSecret, now: Timestamp) -> Result<String, StoreError> {
        let plain = data_encoding::BASE64.encode(secret.text().expose_secret().as_bytes());
        let body = json!({"KeyId": self.key, "Plaintext": plain, "EncryptionContext": self.context(user)});
        let sealed = self.ask("TrentService.Encrypt", &body, "CiphertextBlob", now).await?;
        Ok(sealed.expose_secret().to_owned())
    }

    async fn open_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<FactorSecret, StoreError> {
        let body = json!({"KeyId": self.key, "CiphertextBlob": sealed, "EncryptionContext": self.context(user)});
        let plain = self.ask("TrentService.Decrypt", &body, "Plaintext", now).await?;
        let text = data_encoding::BASE64.decode(plain.expose_secret().as_bytes()).ok();
        let secret = text.and_then(|text| String::from_utf8(text).ok()).and_then(|text| FactorSecret::of_text(&text));
        secret.ok_or_else(|| StoreError::Unreadable("the secret of a second factor".to_owned()))
    }
}
