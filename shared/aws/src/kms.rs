//! Data keys by KMS, asked for in a function's own name.
//!
//! 1. Every call names the whole context: KMS opens a data key in that of its making alone, and a role's rights end at
//!    its kind.
//! 2. An answer with a data key in it is cleared from memory once it was read.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{Context, DataKey, NewDataKey, VaultError, WrapKey, Wrapped};
use data_encoding::BASE64;
use domain::clock::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use zeroize::{Zeroize, Zeroizing};

const TURNS_MAX: u32 = 2;
/// What KMS calls a context or a key that is not the one it was sealed with, or a key that is no more.
const REFUSED: [&str; 3] = ["InvalidCiphertextException", "IncorrectKeyException", "NotFoundException"];
/// A policy says so: nothing is known of what was sealed, and it may open once the policy is mended.
const DENIED: &str = "AccessDeniedException";
/// What an endpoint says that does not know a question.
const UNKNOWN: [&str; 4] =
    ["UnknownOperationException", "InvalidAction", "NotImplementedException", "UnsupportedOperationException"];

/// The vault's key.
#[derive(Debug, Clone)]
pub struct Kms {
    key: String,
    signing: Signing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Made {
    plaintext: String,
    ciphertext_blob: String,
    key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Opened {
    plaintext: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rewrapped {
    ciphertext_blob: String,
    key_id: String,
}

impl Drop for Made {
    fn drop(&mut self) {
        self.plaintext.zeroize();
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.plaintext.zeroize();
    }
}

/// What KMS says when it does not do what it was asked to.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(rename = "__type", default)]
    kind: String,
}

enum Failed {
    /// The word for it.
    Refused(String),
    Denied,
    /// The endpoint does not know the question.
    Unknown,
    Away(String),
}

impl Kms {
    /// Of this ARN; asked in the function's own name.
    pub fn from_env(key: &str) -> Self {
        Self { key: key.to_owned(), signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }

    /// As `lookup` says instead of the environment, for tools.
    pub fn read(key: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { key: key.to_owned(), signing: Signing::read(lookup) }
    }

    async fn ask<T: DeserializeOwned>(&self, action: &'static str, body: &Value, now: Timestamp) -> Result<T, Failed> {
        let mut turn = 1;
        loop {
            match self.once(action, body, now).await {
                Err(Failed::Away(_)) if turn < TURNS_MAX => turn = turn.saturating_add(1),
                answered => return answered,
            }
        }
    }

    async fn once<T: DeserializeOwned>(&self, action: &'static str, body: &Value, now: Timestamp) -> Result<T, Failed> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", action)];
        let text = body.to_string();
        let question = Question { service: "kms", method: "POST", path: "/", headers: &headers, body: text.as_bytes() };
        let (status, said) = self.signing.ask(question, now).await.map_err(|Unanswered(why)| Failed::Away(why))?;
        let said = Zeroizing::new(said);
        if status == 200 {
            return serde_json::from_slice(&said)
                .map_err(|_| Failed::Away("KMS says what nobody understands".to_owned()));
        }
        let Refusal { kind } = serde_json::from_slice(&said).unwrap_or_default();
        // Some name the word's whole family before it.
        let word = kind.rsplit('#').next().unwrap_or_default().to_owned();
        Err(match word {
            word if UNKNOWN.contains(&word.as_str()) => Failed::Unknown,
            word if word == DENIED => Failed::Denied,
            word if REFUSED.contains(&word.as_str()) => Failed::Refused(word),
            word => Failed::Away(format!("KMS says {status} {word}")),
        })
    }
}

impl WrapKey for Kms {
    async fn new_key(&self, context: &Context, now: Timestamp) -> Result<NewDataKey, VaultError> {
        let body = json!({"KeyId": self.key, "KeySpec": "AES_256", "EncryptionContext": named(context)});
        let made: Made = self.ask("TrentService.GenerateDataKey", &body, now).await.map_err(VaultError::from)?;
        let (key, bytes) = (key_of(&made.plaintext)?, bytes_of(&made.ciphertext_blob)?);
        Ok(NewDataKey { key, wrapped: Wrapped { bytes, kms_key: made.key_id.clone() } })
    }

    async fn unwrap_key(&self, context: &Context, wrapped: &Wrapped, now: Timestamp) -> Result<DataKey, VaultError> {
        let body = json!({
            "KeyId": wrapped.kms_key, "CiphertextBlob": BASE64.encode(&wrapped.bytes),
            "EncryptionContext": named(context),
        });
        let opened: Opened = self.ask("TrentService.Decrypt", &body, now).await.map_err(VaultError::from)?;
        key_of(&opened.plaintext)
    }

    async fn rewrap_key(
        &self,
        context: &Context,
        wrapped: &Wrapped,
        now: Timestamp,
    ) -> Result<Option<Wrapped>, VaultError> {
        let body = json!({
            "SourceKeyId": wrapped.kms_key, "CiphertextBlob": BASE64.encode(&wrapped.bytes),
            "SourceEncryptionContext": named(context), "DestinationKeyId": self.key,
            "DestinationEncryptionContext": named(context),
        });
        match self.ask::<Rewrapped>("TrentService.ReEncrypt", &body, now).await {
            Ok(again) => Ok(Some(Wrapped { bytes: bytes_of(&again.ciphertext_blob)?, kms_key: again.key_id })),
            // An endpoint that has no such operation knows no right to it either.
            Err(Failed::Unknown | Failed::Denied) => Ok(None),
            Err(failed) => Err(failed.into()),
        }
    }

    fn is_current(&self, kms_key: &str) -> bool {
        kms_key == self.key
    }
}

impl From<Failed> for VaultError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(word) => Self::Refused(format!("KMS says {word}")),
            Failed::Denied => Self::Unavailable(format!("KMS says {DENIED}")),
            Failed::Unknown => Self::Unavailable("this endpoint has no such operation of KMS".to_owned()),
            Failed::Away(why) => Self::Unavailable(why),
        }
    }
}

fn named(context: &Context) -> Map<String, Value> {
    context.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn key_of(text: &str) -> Result<DataKey, VaultError> {
    let bytes = Zeroizing::new(bytes_of(text)?);
    DataKey::of(&bytes).ok_or_else(|| VaultError::Unavailable("KMS gives a data key of another length".to_owned()))
}

fn bytes_of(text: &str) -> Result<Vec<u8>, VaultError> {
    let garbled = |_| VaultError::Unavailable("KMS says what nobody understands".to_owned());
    BASE64.decode(text.as_bytes()).map_err(garbled)
}
