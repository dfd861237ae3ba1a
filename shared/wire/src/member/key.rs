//! The parts of an exchange key, and what is said beside them.

use super::{OfText, text};
use domain::limits::{API_KEY_CHARACTERS_MAX, API_SECRET_CHARACTERS_MAX, PASSPHRASE_CHARACTERS_MAX};
use serde::de::{Deserialize, Deserializer};
use std::mem;
use zeroize::Zeroizing;

/// In writing, so that it was read.
pub const INSISTED: &str = "I understand that this key can withdraw";

/// Parts of a key: each has so many characters, and may hold such blanks.
macro_rules! parts {
    ($($(#[$about:meta])* $name:ident: $max:ident, $blank:expr;)+) => {$(
        $(#[$about])*
        #[allow(missing_debug_implementations, reason = "it is of a key")]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// It is not left behind here.
            pub fn into_text(mut self) -> String {
                mem::take(&mut self.0)
            }
        }

        impl OfText for $name {
            fn of_text(text: String) -> Result<Self, String> {
                part(text, $max, $blank).map(Self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text(deserializer)
            }
        }
    )+};
}

parts! {
    /// What an exchange calls the key.
    ApiKey: API_KEY_CHARACTERS_MAX, |_| false;
    /// A private key is a text of several lines.
    ApiSecret: API_SECRET_CHARACTERS_MAX, |c| matches!(c, ' ' | '\n');
    /// What some exchanges want beside the two.
    Passphrase: PASSPHRASE_CHARACTERS_MAX, |c| c == ' ';
}

/// Without the blanks around it, and with the line breaks of Windows as all others are: they are pasted along.
fn part(text: String, max: usize, blank: fn(char) -> bool) -> Result<Zeroizing<String>, String> {
    let pasted = Zeroizing::new(text);
    let part = Zeroizing::new(pasted.trim().replace("\r\n", "\n"));
    let strange = part.chars().find(|c| !c.is_ascii_graphic() && !blank(*c));
    if strange.is_none() && (1..=max).contains(&part.len()) {
        return Ok(part);
    }
    let holds = strange.map(|c| format!(": it holds {}", named(c))).unwrap_or_default();
    Err(format!("must have 1 to {max} printable ASCII characters, as the exchange shows it{holds}"))
}

/// What kind of character it is: it may be of a secret, and is not repeated.
fn named(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "a line break",
        '\t' => "a tab",
        _ if c.is_whitespace() => "a blank",
        _ if c.is_control() => "a control character",
        _ => "a character that is not ASCII",
    }
}

/// That a key is taken which can withdraw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insisted;

impl OfText for Insisted {
    fn of_text(text: String) -> Result<Self, String> {
        if text == INSISTED { Ok(Self) } else { Err(format!("must be left out, or say \"{INSISTED}\"")) }
    }
}

impl<'de> Deserialize<'de> for Insisted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer)
    }
}
