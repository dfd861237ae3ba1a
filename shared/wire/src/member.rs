//! Members of request bodies, each with the words by which it is refused.
//!
//! 1. A refusal goes on from the member's name: `must be …`, `has …`.
//! 2. A refusal never repeats what was sent: it may be a secret.

use domain::limits::TEXT_CHARACTERS_MAX;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

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

/// Members that are texts, and remain texts.
macro_rules! texts {
    ($($(#[$about:meta])* $name:ident $(: $required:literal)?),+ $(,)?) => {$(
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
                Cow::Owned(format!("a text of 1 to {TEXT_CHARACTERS_MAX} characters"))
            }

            fn of_text(text: String) -> Result<Self, String> {
                let text = text.trim();
                let fits = (1..=TEXT_CHARACTERS_MAX).contains(&text.chars().count());
                if fits { Ok(Self(text.to_owned())) } else { Err(format!("must be {}", Self::allowed())) }
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
    ShortText,
    /// Why something is done, for the audit log.
    Reason: ": why, in a few words",
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

/// A member for which null is the same as left out. It needs `#[serde(default)]` as well.
///
/// # Errors
/// Where it is something else than its type allows.
pub fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
