//! Who may call a route: [`crate::guard::Caller`] is checked against what the route declares.

use crate::edge::Problem;
use app::ports::Session;
use axum::http::StatusCode;
use domain::identity::Permission;

/// What a route requires of a token. A route that declares nothing accepts no token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// One of these; if there is none, any token will do.
    one_of: Vec<Permission>,
    /// An API key needs this as well.
    of_keys: Option<Permission>,
    people: People,
}

/// How a route treats API keys, which stand for no log-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum People {
    /// API keys are accepted.
    #[default]
    NotOnly,
    /// Only logged-in users: an API key is answered 403.
    Only,
    /// The route is about a session, which an API key is not: 404.
    InSessions,
}

impl Access {
    pub(crate) fn needing(mut self, permission: Permission) -> Self {
        self.one_of.push(permission);
        self
    }

    pub(super) fn of_keys(self, permission: Permission) -> Self {
        Self { of_keys: Some(permission), ..self }
    }

    pub(super) fn in_person(self) -> Self {
        Self { people: People::Only, ..self }
    }

    pub(crate) fn in_session(self) -> Self {
        Self { people: People::InSessions, ..self }
    }

    /// Whether it is for those who trade, halt, or let alerts and keys trade.
    pub(super) fn trades(&self) -> bool {
        const TRADING: [Permission; 4] =
            [Permission::WRITE, Permission::ORDERS, Permission::ACCOUNTS, Permission::SYSTEM];
        self.one_of.iter().chain(&self.of_keys).any(|needed| TRADING.contains(needed))
    }

    /// # Errors
    /// 403 if the session permits none of what is needed.
    pub(crate) fn permit(&self, session: &Session) -> Result<(), Problem> {
        if self.one_of.is_empty() || self.one_of.iter().any(|needed| session.may(*needed)) {
            return Ok(());
        }
        Err(missing(&self.one_of))
    }

    /// The rules for API keys alone. An API key reads users and changes none: else it could make itself a user without an end date.
    ///
    /// # Errors
    /// 403 or 404 if the session belongs to an API key and the route refuses it.
    pub(crate) fn permit_key(&self, session: &Session, is_safe: bool) -> Result<(), Problem> {
        if session.login.is_some() {
            return Ok(());
        }
        if !is_safe && self.one_of.contains(&Permission::USERS) {
            return Err(refused("a program's key changes no people: a person does, who has logged in"));
        }
        match (self.people, self.of_keys) {
            (People::Only, _) => Err(not_by_key()),
            (People::InSessions, _) => Err(Problem::not_found("session")),
            (People::NotOnly, Some(needed)) if !session.may(needed) => Err(missing(&[needed])),
            (People::NotOnly, _) => Ok(()),
        }
    }
}

pub(crate) fn missing(needed: &[Permission]) -> Problem {
    let needed: Vec<_> = needed.iter().map(|needed| needed.as_str()).collect();
    refused(&format!("this token's scopes do not include {}", needed.join(" or ")))
}

pub(crate) fn not_by_key() -> Problem {
    refused("a program's key does not do this: a person does, who has logged in")
}

fn refused(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "missing_scope", detail)
}
