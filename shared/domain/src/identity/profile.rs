//! What somebody tells of themselves.

use crate::limits::{PERSON_NAME_CHARACTERS_MAX, PREFERENCES_BYTES_MAX};
use std::fmt;
use std::str::FromStr;

/// As somebody wants to be called; nobody is found by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a text of 1 to {PERSON_NAME_CHARACTERS_MAX} characters in one line, without blanks around it")]
pub struct BadPersonName;

/// What somebody's own programs keep of their wishes: a JSON object, which means nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an object of at most {PREFERENCES_BYTES_MAX} bytes of JSON")]
pub struct BadPreferences;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    pub name: Option<PersonName>,
    pub preferences: Preferences,
}

impl PersonName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = BadPersonName;

    fn from_str(text: &str) -> Result<Self, BadPersonName> {
        let fits = (1..=PERSON_NAME_CHARACTERS_MAX).contains(&text.chars().count());
        let plain = text == text.trim() && !text.chars().any(char::is_control);
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(BadPersonName) }
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Preferences {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self("{}".to_owned())
    }
}

impl FromStr for Preferences {
    type Err = BadPreferences;

    fn from_str(text: &str) -> Result<Self, BadPreferences> {
        let is_object = text.starts_with('{') && text.ends_with('}');
        if is_object && text.len() <= PREFERENCES_BYTES_MAX { Ok(Self(text.to_owned())) } else { Err(BadPreferences) }
    }
}

impl fmt::Display for Preferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_in_any_letters() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<PersonName>().is_ok(), fits, "{text:?}");
        for text in ["A", "Ann Lee", "Ångström", "李安", &"é".repeat(100)] {
            check(text, true);
        }
        for text in ["", " ", " Ann", "Ann ", "Ann\nLee", "Ann\u{7}", &"x".repeat(101)] {
            check(text, false);
        }
    }

    #[test]
    fn preferences_are_an_object_of_a_few_bytes() {
        let of = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length.saturating_sub(8)));
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<Preferences>().is_ok(), fits, "{}", text.len());
        check("{}", true);
        check(&of(PREFERENCES_BYTES_MAX), true);
        check(&of(PREFERENCES_BYTES_MAX + 1), false);
        for text in ["", "[]", "null", "{"] {
            check(text, false);
        }
        assert!(Preferences::default().is_empty());
    }
}
