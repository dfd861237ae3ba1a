//! What requests bring. Secrets are taken out of the body before anything else is made of it.

use app::identity::Registration;
use app::ports::{Origin, Secret};
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use domain::clock::Timestamp;
use domain::identity::{Password, Preferences, RoleName};
use domain::limits::{PREFERENCES_DEPTH_MAX, USER_AGENT_CHARACTERS_MAX};
use lambda::body;
use lambda::edge::{Problem, SourceIp};
use serde_json::{Map, Value};
use std::convert::Infallible;
use std::fmt::Display;
use std::str::FromStr;
use wire::view::moment;

/// The members of a body.
pub(crate) struct Given(Map<String, Value>);

impl Given {
    pub(crate) fn read(bytes: &[u8], known: &[&str]) -> Result<Self, Problem> {
        body::fields(bytes, known).map(Self)
    }

    /// Where nothing need be said.
    pub(crate) fn read_any(bytes: &[u8], known: &[&str]) -> Result<Self, Problem> {
        if bytes.is_empty() { Ok(Self(Map::new())) } else { Self::read(bytes, known) }
    }

    /// Whether it is there, null too.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What people call a thing.
    pub(crate) fn label(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.take(name)?.map(|text| body::label(name, text)).transpose()
    }

    /// Values that are written in one way, each once; none where it is left out or null.
    pub(crate) fn values<T: FromStr<Err: Display> + PartialEq>(
        &self,
        name: &str,
        max: usize,
    ) -> Result<Vec<T>, Problem> {
        body::values(&self.0, name, max)
    }

    /// A whole number within these bounds.
    pub(crate) fn whole(&self, name: &str, max: i64) -> Result<Option<i64>, Problem> {
        body::whole(&self.0, name, max)
    }

    /// A time as RFC 3339 has it.
    pub(crate) fn moment(&mut self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = self.take(name)? else { return Ok(None) };
        let allowed = || Problem::field(name, format!("{name} must be a time such as 2030-01-01T00:00:00Z"));
        moment(&text).map(Some).ok_or_else(allowed)
    }

    /// A value that is written in one way, such as an address.
    pub(crate) fn value<T: FromStr<Err: Display>>(&mut self, name: &str) -> Result<T, Problem> {
        self.optional(name)?.ok_or_else(|| Problem::field(name, format!("{name} is required")))
    }

    pub(crate) fn optional<T: FromStr<Err: Display>>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.take(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|wrong| Problem::field(name, format!("{name} {wrong}")))
    }

    /// Somebody new.
    pub(crate) fn registration(&mut self, origin: Origin) -> Result<Registration, Problem> {
        Ok(Registration {
            email: self.value("email")?,
            username: self.value("username")?,
            password: self.new_password("password")?,
            role: self.role()?,
            origin,
        })
    }

    pub(crate) fn role(&mut self) -> Result<Option<RoleName>, Problem> {
        self.optional("role")
    }

    /// Whatever it is, once.
    pub(crate) fn member(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, Problem> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(Problem::field(name, format!("{name} must be true or false"))),
        }
    }

    /// One that is to be compared.
    pub(crate) fn password(&mut self, name: &str) -> Result<Password, Problem> {
        self.required(name).map(Password::given)
    }

    /// The same, where it may be left out.
    pub(crate) fn given_password(&mut self, name: &str) -> Result<Option<Password>, Problem> {
        self.take(name).map(|text| text.map(Password::given))
    }

    /// What may be set or, by null, taken away.
    pub(crate) fn settable<T: FromStr<Err: Display>>(&mut self, name: &str) -> Result<Option<Option<T>>, Problem> {
        if self.0.contains_key(name) { self.optional(name).map(Some) } else { Ok(None) }
    }

    /// An object that means nothing here; null is an empty one.
    pub(crate) fn preferences(&mut self, name: &str) -> Result<Option<Preferences>, Problem> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(Preferences::default())),
            Some(given) => {
                let bad =
                    |wrong| Problem::field(name, format!("{name} {wrong}, of at most {PREFERENCES_DEPTH_MAX} levels"));
                wire::view::preferences(&given).map(Some).map_err(bad)
            }
        }
    }

    /// One that is to be kept.
    pub(crate) fn new_password(&mut self, name: &str) -> Result<Password, Problem> {
        let text = self.required(name)?;
        Password::chosen(text).map_err(|weak| Problem::field(name, format!("{name} {weak}")))
    }

    pub(crate) fn secret(&mut self, name: &str) -> Result<Option<Secret>, Problem> {
        self.take(name).map(|text| text.map(Secret::new))
    }

    fn required(&mut self, name: &str) -> Result<String, Problem> {
        self.take(name)?.ok_or_else(|| Problem::field(name, format!("{name} is required")))
    }

    /// What is refused is not repeated: it may be a secret.
    fn take(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::field(name, format!("{name} must be a text"))),
        }
    }
}

/// What nobody can guess, and by how it begins tells what it is for.
pub(crate) fn invent(kind: &str) -> Result<Secret, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal("no random numbers", &error))?;
    Ok(Secret::new(format!("{kind}_{}", BASE64URL_NOPAD.encode(&bytes))))
}

/// By which one person chooses a new password.
pub(crate) const RESET: &str = "mqr";

/// From where a request comes.
pub(crate) struct From(pub(crate) Origin);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let SourceIp(address) = SourceIp::from_request_parts(parts, state).await?;
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        let user_agent = agent.map(|agent| agent.chars().take(USER_AGENT_CHARACTERS_MAX).collect());
        Ok(Self(Origin { address, user_agent }))
    }
}
