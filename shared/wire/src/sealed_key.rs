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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written_and_never_shown() {
        let (api_key, api_secret) = ("a\"b".to_owned(), "s\\".to_owned());
        let account = AccountId::of(&["it"]);
        let key = KeyText { api_key, api_secret, passphrase: None, account: Some(Text(account.clone())) };
        let text = key.encode().unwrap();
        assert_eq!(*text, format!(r#"{{"api_key":"a\"b","api_secret":"s\\","account":"{account}"}}"#));
        let read = KeyText::decode(&text).unwrap();
        assert_eq!((read.api_key.as_str(), read.api_secret.as_str(), &read.passphrase), ("a\"b", "s\\", &None));
        assert_eq!((format!("{key:?}"), &read.account), ("KeyText".to_owned(), &key.account));
        let earlier = KeyText::decode(r#"{"api_key":"a","api_secret":"s"}"#).unwrap();
        assert_eq!(earlier.account, None, "an earlier release's");
        let error = KeyText::decode(r#"{"api_key": "hidden"}"#).unwrap_err();
        assert_eq!(error.to_string(), "what is sealed is no key");
    }
}
