//! A person with an account of their own.

use super::{DefinitionName, Email, PlanName, Profile, RoleName};
use crate::clock::Timestamp;
use crate::ids::{Sha, UserId};
use crate::limits::{REFRESH_WITHIN, USERNAME_CHARACTERS_MAX, USERNAME_CHARACTERS_MIN};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What others call somebody: letters, digits, `_`, `.` and `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {USERNAME_CHARACTERS_MIN} to {USERNAME_CHARACTERS_MAX} of a-z, A-Z, 0-9, _, . and -")]
pub struct BadUsername;

/// What is kept of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: Email,
    pub username: Username,
    pub profile: Profile,
    pub password: PasswordHash,
    pub role: RoleName,
    /// What it limits them to; the default limits nothing.
    pub plan: PlanName,
    /// Whether they may log in.
    pub active: bool,
    pub created_at: Timestamp,
    /// When the password was chosen: what was handed out to change an older one is worth nothing.
    pub password_at: Timestamp,
    pub last_login: Option<Timestamp>,
    /// Raised by each change but a log-in's.
    pub version: u64,
}

impl User {
    /// The role and the plan that are of the deployment's own.
    pub fn holds(&self) -> BTreeSet<DefinitionName> {
        let role = self.role.built_in().is_none().then(|| DefinitionName::Role(self.role.clone()));
        let plan = (!self.plan.is_default()).then(|| DefinitionName::Plan(self.plan.clone()));
        role.into_iter().chain(plan).collect()
    }
}

/// Whether a session may be renewed: not before its last hour, and not once it is over.
pub fn may_refresh(expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && expires_at.since(now) < REFRESH_WITHIN
}

impl Username {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for every spelling in large and small letters.
    pub fn key(&self) -> Sha {
        Sha::of_parts(&["username", &self.0.to_ascii_lowercase()])
    }
}

impl FromStr for Username {
    type Err = BadUsername;

    fn from_str(text: &str) -> Result<Self, BadUsername> {
        let fits = (USERNAME_CHARACTERS_MIN..=USERNAME_CHARACTERS_MAX).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(BadUsername) }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PasswordHash {
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Of no password; comparing with it takes as long as with another.
    pub fn nobodys() -> Self {
        Self("$2b$12$Ij6bXnOOaFmzS5sJzcvYF.kX0u7hM1nGkIQjVYbGZr3wE2qCtPL9e".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    #[test]
    fn a_username_is_short_and_plain_and_one_in_large_and_small_letters() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<Username>().is_ok(), fits, "{text}");
        for text in ["ann", "Ann.Lee-2_x", &"x".repeat(100)] {
            check(text, true);
        }
        for text in ["", "an", "ann lee", "ann@b", "änn", "ann#", &"x".repeat(101)] {
            check(text, false);
        }
        let key = |text: &str| text.parse::<Username>().unwrap().key();
        assert_eq!(key("Ann"), key("ann"));
    }

    #[test]
    fn a_session_is_renewed_in_its_last_hour_alone() {
        let end = Timestamp::from_millis(1_000_000_000);
        for (left, may) in [(3_600, false), (3_599, true), (1, true), (0, false), (-1, false)] {
            assert_eq!(may_refresh(end, end.minus(Millis::seconds(left))), may, "{left} s left");
        }
    }
}
