//! What is secret of users: it is never printed, and none of it is left behind here.

use super::{OfText, text};
use domain::identity::Password;
use serde::de::{Deserialize, Deserializer};
use std::mem;
use zeroize::Zeroizing;

/// A token or a code, as it was sent.
#[allow(missing_debug_implementations, reason = "it is secret")]
pub struct Hidden(Zeroizing<String>);

/// A password that is to be compared.
#[allow(missing_debug_implementations, reason = "it is secret")]
pub struct GivenPassword(pub Password);

/// A password that is to be stored.
#[allow(missing_debug_implementations, reason = "it is secret")]
pub struct NewPassword(pub Password);

impl Hidden {
    pub fn into_text(mut self) -> String {
        mem::take(&mut self.0)
    }
}

impl OfText for Hidden {
    fn of_text(text: String) -> Result<Self, String> {
        Ok(Self(Zeroizing::new(text)))
    }
}

impl OfText for GivenPassword {
    fn of_text(text: String) -> Result<Self, String> {
        Ok(Self(Password::given(text)))
    }
}

impl OfText for NewPassword {
    fn of_text(text: String) -> Result<Self, String> {
        Password::chosen(text).map(Self).map_err(|weak| weak.to_string())
    }
}

macro_rules! read_as_text {
    ($($name:ident),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text(deserializer)
            }
        }
    )+};
}

read_as_text!(Hidden, GivenPassword, NewPassword);
