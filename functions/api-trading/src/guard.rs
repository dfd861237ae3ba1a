//! Who asks: the bearer token, as its hash.

use crate::Desk;
use crate::problem;
use app::ports::{Guarded, Session};
use app::trading::Act;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::clock::Millis;
use domain::ids::Sha;
use lambda::edge::Problem;
use lambda::{Invocation, Metric};

/// What a session's scopes have to name.
const READ: &str = "trading:read";
const WRITE: &str = "trading:write";
/// Beside the other two, for what is of the whole deployment.
const SYSTEM: &str = "system";

/// A request that was let in.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) session: Session,
    pub(crate) invocation: Invocation,
}

impl Caller {
    pub(crate) fn act(&self) -> Act<'_> {
        let Self { session, invocation } = self;
        Act { user: &session.user, attempt: invocation.attempt(), now: invocation.now() }
    }

    /// # Errors
    /// 403 where the token is for its user's own trading alone.
    pub(crate) fn runs_the_system(&self) -> Result<(), Problem> {
        in_scope(&self.session, SYSTEM)
    }
}

/// A request that changes nothing, whatever its method: it may come from whoever may look.
#[derive(Debug)]
pub(crate) struct Reader(pub(crate) Caller);

impl<D: Desk> FromRequestParts<D> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &D) -> Result<Self, Problem> {
        // A token that may only look changes nothing.
        let needed = if parts.method.is_safe() { READ } else { WRITE };
        Self::admitted(parts, desk, needed).await
    }
}

impl<D: Desk> FromRequestParts<D> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &D) -> Result<Self, Problem> {
        Caller::admitted(parts, desk, READ).await.map(Self)
    }
}

impl Caller {
    async fn admitted<D: Desk>(parts: &mut Parts, desk: &D, needed: &str) -> Result<Self, Problem> {
        let invocation = Invocation::from_request_parts(parts, desk).await?;
        let Some(token) = bearer(&parts.headers) else { return Err(turned_away(&invocation)) };
        // Only the hash is compared, by the store: how long that takes tells nothing of the token.
        match desk
            .guard(&Sha::of_bytes(token.as_bytes()), invocation.now())
            .await
            .map_err(|error| problem::store(&error))?
        {
            Guarded::Admitted(session) => in_scope(&session, needed).map(|()| Self { session, invocation }),
            Guarded::Unknown => Err(turned_away(&invocation)),
            Guarded::TooMany { retry_after } => Err(too_many(retry_after)),
        }
    }
}

fn in_scope(session: &Session, needed: &str) -> Result<(), Problem> {
    if session.scopes.iter().any(|scope| scope == needed) {
        return Ok(());
    }
    let detail = format!("this token's scopes do not include {needed}");
    Err(Problem::new(StatusCode::FORBIDDEN, "missing_scope", detail))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Strangers leave a metric, and no line that they could fill the log with.
fn turned_away(invocation: &Invocation) -> Problem {
    invocation.measure(Metric::Refusals, 1);
    invocation.keep_silent();
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "a valid bearer token is needed: Authorization: Bearer …")
}

fn too_many(retry_after: Millis) -> Problem {
    // Rounded up, so that whoever waits as long is let in.
    let seconds = retry_after.get().saturating_add(999).div_euclid(1_000).max(1);
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "this token has asked too often in this minute")
        .retry_after(seconds)
}
