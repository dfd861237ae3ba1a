//! Who asks: nobody, people of each role, and programs.

use super::Told;
use super::operation::Operation;
use crate::support::http::{self, Answer};
use crate::support::people::{Someone, enter, somebody};
use crate::support::tables;
use crate::support::unique::{now, unique};
use app::ports::Session;
use domain::clock::Millis;
use domain::identity::{Permission, Role};
use domain::ids::{Sha, UserId};
use std::fmt;

const KEY_LIFE: Millis = Millis::seconds(3_600);

#[derive(Debug)]
pub(super) enum Asker {
    Stranger,
    Person { role: Role, who: Someone },
    Program { scopes: Vec<String>, key: String, about: About },
}

/// What a program's key is asked with.
#[derive(Debug)]
pub(super) enum About {
    All,
    /// Only where this permission says anything: of the rest, keys with all and with none are asked.
    Where(String),
}

impl Asker {
    pub(super) fn stranger() -> Self {
        Self::Stranger
    }

    pub(super) async fn of_role(admin: &Someone, role: Role) -> Self {
        Self::Person { role, who: somebody(admin, role.as_str()).await }
    }

    pub(super) async fn key(scopes: Vec<String>, about: About) -> Self {
        let unique = unique();
        let key = format!("mqs_{unique}");
        let session = Session::new(UserId::of(&["it", "key", &unique]), scopes.clone(), None);
        let hash = Sha::of_bytes(key.as_bytes());
        tables::connect().await.put_session(&hash, &session, now().plus(KEY_LIFE)).await.unwrap();
        Self::Program { scopes, key, about }
    }

    /// A key is asked of no route that asks for none, and an alias is its operation.
    pub(super) fn asks(&self, operation: &Operation) -> bool {
        match self {
            Self::Stranger => true,
            Self::Person { .. } => !operation.is_open() || !operation.is_alias,
            Self::Program { about, .. } => !operation.is_open() && !operation.is_alias && about.is_met_by(operation),
        }
    }

    pub(super) fn may(&self, permission: &str) -> bool {
        match self {
            Self::Stranger => false,
            Self::Person { role, .. } => role.permissions().iter().any(|may| may.as_str() == permission),
            Self::Program { scopes, .. } => scopes.iter().any(|scope| scope == permission),
        }
    }

    pub(super) fn may_keep_people(&self) -> bool {
        self.may(Permission::USERS.as_str())
    }

    pub(super) fn expects(&self, operation: &Operation) -> Told {
        let is_program = matches!(self, Self::Program { .. });
        let key_may = || operation.key_permission.as_deref().is_none_or(|needed| self.may(needed));
        let or_may = operation.or_permission.as_deref().is_some_and(|other| self.may(other));
        match operation.permission.as_str() {
            "none" => return Told::In,
            _ if matches!(self, Self::Stranger) => return Told::Unauthorized,
            "session" if is_program => return Told::Hidden,
            "token" | "session" => {}
            _ if is_program && operation.for_people => return Told::Forbidden,
            needed if !(self.may(needed) || or_may) || (is_program && !key_may()) => return Told::Forbidden,
            _ => {}
        }
        if operation.owner.is_some() { Told::Hidden } else { Told::In }
    }

    /// Where somebody else is named to whom what is asked for belongs.
    pub(super) fn expects_of_another(&self, operation: &Operation, needed: &str) -> Told {
        match self.expects(operation) {
            Told::In | Told::Hidden if self.may(needed) => Told::Shown,
            Told::In | Told::Hidden => Told::Hidden,
            told => told,
        }
    }

    pub(super) async fn ask(&mut self, operation: &Operation, path: &str) -> Answer {
        let bearer = match self {
            Self::Stranger => None,
            Self::Person { who, .. } => Some(who.token.as_str()),
            Self::Program { key, .. } => Some(key.as_str()),
        };
        let answer = http::ask(operation.method.clone(), path, bearer, operation.body()).await;
        if let Self::Person { who, .. } = self
            && operation.ends_the_session()
        {
            *who = enter(&who.email).await;
        }
        answer
    }
}

impl About {
    fn is_met_by(&self, operation: &Operation) -> bool {
        match self {
            Self::All => true,
            Self::Where(permission) => operation.permissions().any(|named| named == *permission),
        }
    }
}

impl fmt::Display for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stranger => f.write_str("a stranger"),
            Self::Person { role, .. } => write!(f, "a {role}"),
            Self::Program { scopes, .. } => write!(f, "a key for {scopes:?}"),
        }
    }
}
