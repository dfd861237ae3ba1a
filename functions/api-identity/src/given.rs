//! From where requests come, and tokens for those who may use them once.

use app::ports::{Origin, Secret};
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use domain::limits::USER_AGENT_CHARACTERS_MAX;
use lambda::edge::{Problem, SourceIp};
use std::convert::Infallible;

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
