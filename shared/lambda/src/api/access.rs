//! Whom a route lets in: what it says of that is what [`crate::guard::Caller`] is held to.

use crate::edge::Problem;
use app::ports::Session;
use axum::http::StatusCode;
use domain::identity::Permission;

/// What a token needs, as its route declares it. A route that declares nothing lets no token in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// One of these; if there is none, any token will do.
    one_of: Vec<Permission>,
    /// An API key needs this as well.
    of_keys: Option<Permission>,
    people: People,
}

/// What a route says to an API key, behind which nobody has logged in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum People {
    /// It may come in.
    #[default]
    NotOnly,
    /// It is refused.
    Only,
    /// The route is about a session, and an API key is none.
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

    pub(super) fn in_session(self) -> Self {
        Self { people: People::InSessions, ..self }
    }

    /// # Errors
    /// 403 if the session permits none of what is needed.
    pub(crate) fn permit(&self, session: &Session) -> Result<(), Problem> {
        if self.one_of.is_empty() || self.one_of.iter().any(|needed| session.may(*needed)) {
            return Ok(());
        }
        Err(missing(&self.one_of))
    }

    /// What is asked of API keys alone. They look at users and change none: one would become a person, without an end and from anywhere.
    ///
    /// # Errors
    /// 403 or 404 if the session is that of an API key, and this route is not for it.
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
