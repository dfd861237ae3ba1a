//! Members of request bodies, each with the words by which it is refused.
//!
//! 1. A refusal goes on from the member's name: `must be …`, `has …`.
//! 2. A refusal never repeats what was sent: it may be a secret.

mod hidden;
mod key;
mod list;
mod number;
mod object;

pub use hidden::{GivenPassword, Hidden, NewPassword};
pub use key::{ApiKey, ApiSecret, INSISTED, Insisted, Passphrase};
pub use list::{Limiting, Several};
pub use number::{NotNegative, Positive, Whole};
pub use object::{Free, Object};

use crate::text::AsText as _;
use crate::view::bound;
use domain::clock::Timestamp;
use domain::limits::{LABEL_CHARACTERS_MAX, TEXT_CHARACTERS_MAX};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

/// `YYYY-MM-DD`
const DAY_CHARACTERS: usize = 10;

/// A value that is sent as a text.
pub trait OfText: Sized {
    /// Said of one that is left out, after `is required`.
    const REQUIRED: &'static str = "";

    /// What is allowed, after `must be`.
    fn allowed() -> Cow<'static, str> {
        Cow::Borrowed("a text")
    }

    /// # Errors
    /// What is wrong, after the member's name.
    fn of_text(text: String) -> Result<Self, String>;
}

/// Reads a member that is sent as a text.
///
/// # Errors
/// Where it is no text, or not one that is allowed.
pub fn text<'de, T: OfText, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    // A member that is left out answers to `deserialize_any` with the error that names it.
    deserializer.deserialize_any(TextOf(PhantomData)).map_err(|error: D::Error| {
        let message = if T::REQUIRED.is_empty() { String::new() } else { error.to_string() };
        if message.starts_with("missing field") { de::Error::custom(message + T::REQUIRED) } else { error }
    })
}

struct TextOf<T>(PhantomData<T>);

impl<T: OfText> Visitor<'_> for TextOf<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&T::allowed())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<T, E> {
        T::of_text(text).map_err(E::custom)
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Err(E::custom(format!("is required{}", T::REQUIRED)))
    }
}

/// Members that are texts, and remain texts: how they are read, what is allowed, and what is said of one that is left out.
macro_rules! texts {
    ($($(#[$about:meta])* $name:ident = $read:ident, $allowed:expr $(, $required:literal)?;)+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl OfText for $name {
            $(const REQUIRED: &'static str = $required;)?

            fn allowed() -> Cow<'static, str> {
                $allowed.into()
            }

            fn of_text(text: String) -> Result<Self, String> {
                $read(&text).map(Self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text(deserializer)
            }
        }
    )+};
}

texts! {
    /// A short text, without the blanks around it.
    ShortText = short, short_allowed();
    /// Why something is done, for the audit log.
    Reason = short, short_allowed(), ": why, in a few words";
    /// What people call a thing.
    Label = label, "a text";
}

fn short_allowed() -> String {
    format!("a text of 1 to {TEXT_CHARACTERS_MAX} characters")
}

fn short(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = (1..=TEXT_CHARACTERS_MAX).contains(&text.chars().count());
    if fits { Ok(text.to_owned()) } else { Err(format!("must be {}", short_allowed())) }
}

/// Letters, digits and `. _ -` with single blanks.
fn label(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let fits = (1..=LABEL_CHARACTERS_MAX).contains(&text.chars().count());
    let plain = text.split(' ').all(|word| !word.is_empty() && word.chars().all(is_plain));
    let rule = format!(
        "must have 1 to {LABEL_CHARACTERS_MAX} letters, digits, dots, dashes and underscores, with single blanks between"
    );
    if fits && plain { Ok(text.to_owned()) } else { Err(rule) }
}

/// A value with one written form, without the blanks around it: an id, a word, a decimal within the bounds on input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written<T>(pub T);

impl<T: FromStr<Err: Display>> OfText for Written<T> {
    fn of_text(text: String) -> Result<Self, String> {
        text.trim().parse().map(Self).map_err(|wrong: T::Err| wrong.to_string())
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer)
    }
}

/// A moment, as RFC 3339 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl OfText for Moment {
    fn of_text(text: String) -> Result<Self, String> {
        let allowed = |_| "must be a time such as 2030-01-01T00:00:00Z".to_owned();
        Timestamp::of_text(&text).map(Self).map_err(allowed)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer)
    }
}

/// A UTC day, as `2026-01-31`: its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Timestamp);

impl OfText for Day {
    fn of_text(text: String) -> Result<Self, String> {
        let is_day = |text: &&str| text.len() == DAY_CHARACTERS;
        let day = Some(text.trim()).filter(is_day).and_then(|text| bound(text, false));
        day.map(Self).ok_or_else(|| "must be a day such as 2026-01-31".to_owned())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer)
    }
}

/// A member for which null is something else than left out: `Some(None)`. It needs `#[serde(default)]` as well.
///
/// # Errors
/// Where it is something else than its type allows.
pub fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A member for which null is the same as left out. It needs `#[serde(default)]` as well.
///
/// # Errors
/// Where it is something else than its type allows.
pub fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
