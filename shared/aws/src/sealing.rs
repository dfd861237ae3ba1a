//! Short texts that KMS itself seals and opens.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::StoreError;
use domain::clock::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// What KMS calls a text that it has not sealed, or not in this context.
const REFUSED: &str = "InvalidCiphertextException";

/// One key, asked in a function's own name.
#[derive(Debug, Clone)]
pub(crate) struct Sealing {
    key: String,
    signing: Signing,
}

impl Sealing {
    /// The key of this ARN, as `lookup` says where and in whose name.
    pub(crate) fn read(key: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { key: key.to_owned(), signing: Signing::read(lookup) }
    }

    /// In base 64.
    pub(crate) async fn seal(&self, plain: &str, context: &Value, now: Timestamp) -> Result<String, StoreError> {
        let plain = data_encoding::BASE64.encode(plain.as_bytes());
        let body = json!({"KeyId": self.key, "Plaintext": plain, "EncryptionContext": context});
        let sealed = self.ask("TrentService.Encrypt", &body, "CiphertextBlob", now).await?;
        sealed.map(|sealed| sealed.expose_secret().to_owned()).ok_or_else(|| away(400))
    }

    /// None where it was not sealed in this context, by this key.
    pub(crate) async fn open(
        &self,
        sealed: &str,
        context: &Value,
        now: Timestamp,
    ) -> Result<Option<SecretString>, StoreError> {
        let body = json!({"KeyId": self.key, "CiphertextBlob": sealed, "EncryptionContext": context});
        let Some(plain) = self.ask("TrentService.Decrypt", &body, "Plaintext", now).await? else { return Ok(None) };
        let text = data_encoding::BASE64.decode(plain.expose_secret().as_bytes()).ok();
        Ok(text.and_then(|text| String::from_utf8(text).ok()).map(SecretString::from))
    }

    /// The member of the answer, which is never repeated; none where KMS refuses what was sealed.
    async fn ask(
        &self,
        action: &'static str,
        body: &Value,
        member: &str,
        now: Timestamp,
    ) -> Result<Option<SecretString>, StoreError> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", action)];
        let body = body.to_string();
        let question = Question { service: "kms", method: "POST", path: "/", headers: &headers, body: body.as_bytes() };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        let (status, said) = self.signing.ask(question, now).await.map_err(failed)?;
        let mut answer: Value = serde_json::from_slice(&said).unwrap_or_default();
        // Some name the word's whole family before it.
        let is_refused = answer.get("__type").and_then(Value::as_str).is_some_and(|word| word.ends_with(REFUSED));
        match answer.get_mut(member).map(Value::take) {
            Some(Value::String(text)) if status == 200 => Ok(Some(text.into())),
            _ if is_refused => Ok(None),
            _ => Err(away(status)),
        }
    }
}

fn away(status: u16) -> StoreError {
    StoreError::Unavailable(format!("KMS says {status}"))
}
