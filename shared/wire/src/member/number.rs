//! Numbers within bounds.

use super::{OfText, text};
use domain::money::Amount;
use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use std::fmt;

/// Amounts within bounds, as texts.
macro_rules! amounts {
    ($($(#[$about:meta])* $name:ident = $fits:expr, $allowed:literal;)+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub Amount);

        impl OfText for $name {
            fn of_text(text: String) -> Result<Self, String> {
                let fits: fn(&Amount) -> bool = $fits;
                let amount: Amount = text.trim().parse().map_err(|wrong| format!("{wrong}"))?;
                let allowed = || concat!("must be a decimal ", $allowed, ", as a text such as \"250\"").to_owned();
                if fits(&amount) { Ok(Self(amount)) } else { Err(allowed()) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text(deserializer)
            }
        }
    )+};
}

amounts! {
    /// Something.
    Positive = |amount| *amount > Amount::ZERO, "above 0";
    /// Nothing at all is a limit too.
    NotNegative = |amount| !amount.is_negative(), "of 0 or more";
}

/// A whole number within these bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: u32, const MAX: u32>(pub u32);

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor)
    }
}

struct WholeVisitor<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Visitor<'_> for WholeVisitor<MIN, MAX> {
    type Value = Whole<MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {MIN} to {MAX}")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        let within = u32::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number));
        within.map(Whole).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        let within = i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self));
        self.visit_i64(within?)
    }
}
