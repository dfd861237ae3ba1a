//! What is permitted, by names that are kept as data.

use super::{Permission, Role};
use std::fmt;
use std::str::FromStr;

const PART_CHARACTERS_MAX: usize = 32;

/// A permission's name, `resource:action`. Those that this program asks for are [`Permission`]s; others may be kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be resource:action, each 1 to {PART_CHARACTERS_MAX} of a-z, 0-9 and -")]
pub struct BadScope;

/// A role's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 3 to {PART_CHARACTERS_MAX} of a-z, 0-9, - and _, and begin with a letter")]
pub struct BadRoleName;

impl Scope {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether routes of this program ask for it.
    pub fn is_built_in(&self) -> bool {
        Permission::ALL.into_iter().any(|permission| permission.as_str() == self.0)
    }
}

impl From<Permission> for Scope {
    fn from(permission: Permission) -> Self {
        Self(permission.as_str().to_owned())
    }
}

impl FromStr for Scope {
    type Err = BadScope;

    fn from_str(text: &str) -> Result<Self, BadScope> {
        let is_part = |part: &str| {
            let plain = part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            plain && (1..=PART_CHARACTERS_MAX).contains(&part.len())
        };
        let (resource, action) = text.split_once(':').ok_or(BadScope)?;
        if is_part(resource) && is_part(action) { Ok(Self(text.to_owned())) } else { Err(BadScope) }
    }
}

impl RoleName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// None where it is one of the deployment's own.
    pub fn built_in(&self) -> Option<Role> {
        self.0.parse().ok()
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        Self(role.as_str().to_owned())
    }
}

impl PartialEq<Role> for RoleName {
    fn eq(&self, role: &Role) -> bool {
        self.0 == role.as_str()
    }
}

impl FromStr for RoleName {
    type Err = BadRoleName;

    fn from_str(text: &str) -> Result<Self, BadRoleName> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        let fits = (3..=PART_CHARACTERS_MAX).contains(&text.len());
        if plain && begins && fits { Ok(Self(text.to_owned())) } else { Err(BadRoleName) }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_resource_and_an_action() {
        for permission in Permission::ALL {
            let scope: Scope = permission.as_str().parse().unwrap();
            assert_eq!(scope, permission.into());
            assert!(scope.is_built_in());
        }
        assert!(!"reports:print".parse::<Scope>().unwrap().is_built_in());
        for wrong in
            ["", "trading", ":", "a:", ":b", "a:b:c", "A:b", "a b:c", "a:b\n", &format!("{}:b", "x".repeat(33))]
        {
            assert_eq!(wrong.parse::<Scope>(), Err(BadScope), "{wrong}");
        }
    }

    #[test]
    fn a_role_is_a_plain_word_and_some_are_built_in() {
        for role in Role::ALL {
            let name: RoleName = role.as_str().parse().unwrap();
            assert_eq!((name.built_in(), name == role), (Some(role), true));
        }
        assert_eq!("night-watch_2".parse::<RoleName>().unwrap().built_in(), None);
        for wrong in ["", "ab", "Admin", "1st", "a b", "a#b", "äbc", &"x".repeat(33)] {
            assert_eq!(wrong.parse::<RoleName>(), Err(BadRoleName), "{wrong}");
        }
    }
}
