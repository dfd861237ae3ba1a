//! What a plan allows its users, beside what their roles permit.

use std::fmt;
use std::str::FromStr;

const NAME_CHARACTERS_MAX: usize = 32;
const DEFAULT: &str = "default";

/// A plan's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {NAME_CHARACTERS_MAX} of a-z, 0-9, - and _")]
pub struct BadPlanName;

/// What is not named has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Groups that are open at once, over all accounts.
    pub positions: Option<u32>,
    pub bots: Option<u32>,
    pub ai_calls_per_month: Option<u32>,
    pub requests_per_minute: Option<u32>,
}

impl PlanName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one that everybody has who was given no other; it limits nothing.
    pub fn is_default(&self) -> bool {
        self.0 == DEFAULT
    }
}

impl Default for PlanName {
    fn default() -> Self {
        Self(DEFAULT.to_owned())
    }
}

impl FromStr for PlanName {
    type Err = BadPlanName;

    fn from_str(text: &str) -> Result<Self, BadPlanName> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
        let fits = (1..=NAME_CHARACTERS_MAX).contains(&text.len());
        if plain && fits { Ok(Self(text.to_owned())) } else { Err(BadPlanName) }
    }
}

impl fmt::Display for PlanName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_a_plain_name_and_one_is_everybodys() {
        assert!(PlanName::default().is_default());
        assert!(!"pro-2_x".parse::<PlanName>().unwrap().is_default());
        for wrong in ["", "Pro", "a b", "a#b", &"x".repeat(33)] {
            assert_eq!(wrong.parse::<PlanName>(), Err(BadPlanName), "{wrong}");
        }
    }
}
