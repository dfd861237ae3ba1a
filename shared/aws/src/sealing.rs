//! Short texts that KMS itself seals and opens.
//!
//! What was sealed names its key: while the key is rotated, what is under a former one opens as well. By which keys a
//! function may open anything is said by its role.

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

/// What was sealed, and by which key.
struct Opened {
    plain: SecretString,
    key: String,
}

impl Sealing {
    /// By the key of this ARN, as `lookup` says where and in whose name.
    pub(crate) fn read(key: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { key: key.to_owned(), signing: Signing::read(lookup) }
    }

    /// In base 64.
    pub(crate) async fn seal(&self, plain: &str, context: &Value, now: Timestamp) -> Result<String, StoreError> {
        let plain = data_encoding::BASE64.encode(plain.as_bytes());
        let body = json!({"KeyId": self.key, "Plaintext": plain, "EncryptionContext": context});
        let sealed = self.ask("TrentService.Encrypt", &body, ["CiphertextBlob"], now).await?;
        sealed.map(|[sealed]| sealed.expose_secret().to_owned()).ok_or_else(|| away(400))
    }

    /// None where it was not sealed in this context.
    pub(crate) async fn open(
        &self,
        sealed: &str,
        context: &Value,
        now: Timestamp,
    ) -> Result<Option<SecretString>, StoreError> {
        Ok(self.opened(sealed, context, now).await?.map(|Opened { plain, .. }| plain))
    }

    /// The same under the key that is used now; none where it is already.
    pub(crate) async fn reseal(
        &self,
        sealed: &str,
        context: &Value,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let opened = self.opened(sealed, context, now).await?;
        let Opened { plain, key } = opened.ok_or_else(|| StoreError::Unreadable("what KMS has sealed".to_owned()))?;
        if key == self.key {
            return Ok(None);
        }
        self.seal(plain.expose_secret(), context, now).await.map(Some)
    }

    async fn opened(&self, sealed: &str, context: &Value, now: Timestamp) -> Result<Option<Opened>, StoreError> {
        let body = json!({"CiphertextBlob": sealed, "EncryptionContext": context});
        let asked = self.ask("TrentService.Decrypt", &body, ["Plaintext", "KeyId"], now).await?;
        let Some([plain, key]) = asked else { return Ok(None) };
        let text = data_encoding::BASE64.decode(plain.expose_secret().as_bytes()).ok();
        let plain = text.and_then(|text| String::from_utf8(text).ok()).map(SecretString::from);
        Ok(plain.map(|plain| Opened { plain, key: key.expose_secret().to_owned() }))
    }

    /// These members of the answer, which are never repeated; none where KMS refuses what was sealed.
    async fn ask<const N: usize>(
        &self,
        action: &'static str,
        body: &Value,
        members: [&str; N],
        now: Timestamp,
    ) -> Result<Option<[SecretString; N]>, StoreError> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", action)];
        let body = body.to_string();
        let question = Question { service: "kms", method: "POST", path: "/", headers: &headers, body: body.as_bytes() };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        let (status, said) = self.signing.ask(question, now).await.map_err(failed)?;
        let mut answer: Value = serde_json::from_slice(&said).unwrap_or_default();
        // Some name the word's whole family before it.
        let is_refused = answer.get("__type").and_then(Value::as_str).is_some_and(|word| word.ends_with(REFUSED));
        if is_refused {
            return Ok(None);
        }
        let mut missing = status != 200;
        let found = members.map(|member| match answer.get_mut(member).map(Value::take) {
            Some(Value::String(text)) => text.into(),
            _ => {
                missing = true;
                SecretString::default()
            }
        });
        if missing { Err(away(status)) } else { Ok(Some(found)) }
    }
}

fn away(status: u16) -> StoreError {
    StoreError::Unavailable(format!("KMS says {status}"))
}
