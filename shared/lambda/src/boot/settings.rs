//! Settings from the environment. Whatever is missing or wrong is named by its variable.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What the environment says, read once.
#[derive(Clone, Default)]
pub struct Settings(BTreeMap<String, String>);

/// A setting that is missing or cannot be understood. Values are not repeated: they may be secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    #[error("{name} is not set")]
    Missing { name: String },
    #[error("{name}: {allowed}")]
    Wrong { name: String, allowed: String },
}

/// What a value may be, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub(super) struct Allowed(pub(super) &'static str);

impl Settings {
    pub fn from_env() -> Self {
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(readable).collect())
    }

    /// Of a list, for tests.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The text of a variable that has to be there.
    ///
    /// # Errors
    /// `Missing`, also where it is empty.
    pub fn text(&self, name: &str) -> Result<&str, BadSetting> {
        self.find(name).ok_or_else(|| BadSetting::Missing { name: name.to_owned() })
    }

    /// The value of a variable that has to be there.
    ///
    /// # Errors
    /// `Missing`, or `Wrong` with what is allowed.
    pub fn value<T: FromStr<Err: fmt::Display>>(&self, name: &str) -> Result<T, BadSetting> {
        self.optional(name)?.ok_or_else(|| BadSetting::Missing { name: name.to_owned() })
    }

    /// The value of a variable that may be absent or empty.
    ///
    /// # Errors
    /// `Wrong` with what is allowed.
    pub fn optional<T: FromStr<Err: fmt::Display>>(&self, name: &str) -> Result<Option<T>, BadSetting> {
        let wrong = |why: T::Err| BadSetting::Wrong { name: name.to_owned(), allowed: why.to_string() };
        self.find(name).map(|text| text.parse().map_err(wrong)).transpose()
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

impl fmt::Debug for Settings {
    /// Names only: the environment holds credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_wrong_is_named_by_its_variable() {
        let settings = Settings::of([("MONIQO_A", "x"), ("MONIQO_EMPTY", " "), ("MONIQO_N", "12")]);
        assert_eq!(settings.text("MONIQO_A"), Ok("x"));
        assert_eq!(settings.value::<u32>("MONIQO_N"), Ok(12));
        assert_eq!(settings.optional::<u32>("MONIQO_EMPTY"), Ok(None));
        assert_eq!(settings.text("MONIQO_EMPTY").unwrap_err().to_string(), "MONIQO_EMPTY is not set");
        let wrong = settings.value::<u32>("MONIQO_A").unwrap_err().to_string();
        assert_eq!(wrong, "MONIQO_A: invalid digit found in string");
    }

    #[test]
    fn settings_are_never_printed() {
        assert_eq!(format!("{:?}", Settings::of([("KEY", "secret")])), r#"{"KEY"}"#);
    }
}
