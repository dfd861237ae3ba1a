//! What is sealed of a venue's key: one text with all its parts.

use crate::text::Text;
use domain::ids::AccountId;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A venue's key as its user has given it; cleared from memory when it is dropped, and never printed.
#[derive(Serialize, Deserialize)]
pub struct KeyText {
    pub api_key: String,
    pub api_secret: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<String>,
    /// Whose key it is; those that earlier releases have sealed do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Text<AccountId>>,
}

/// What was sealed is no key. It is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed is no key")]
pub struct NoKey;

impl KeyText {
    /// # Errors
    /// Never in practice: texts can always be written.
    pub fn encode(&self) -> Result<Zeroizing<String>, NoKey> {
        serde_json::to_string(self).map(Zeroizing::new).map_err(|_| NoKey)
    }

    /// # Errors
    /// [`NoKey`] where it is something else.
    pub fn decode(text: &str) -> Result<Self, NoKey> {
        serde_json::from_str(text).map_err(|_| NoKey)
    }
}

impl Drop for KeyText {
    fn drop(&mut self) {
        self.api_key.zeroize();
        self.api_secret.zeroize();
        self.passphrase.zeroize();
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyText")
    }
}
