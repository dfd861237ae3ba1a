//! Who asks, and what they may: the bearer token of every API function.
//!
//! Programs have keys, looked up by their hash; people have signed tokens, each for a session. Either is one conditional
//! update of a row that says what may be done.
//!
//! A browser sends a session's token as a cookie, by itself: whatever changes something proves besides that a page of this
//! origin meant it ([`browser`]).
//!
//! How often it may be asked for depends on the class of the route, which the table of routes says.

pub mod browser;

use crate::api::{Access, CountsAddresses, counted, missing, not_by_key, undeclared};
use crate::edge::{Problem, SourceIp};
use crate::idempotency::{self, Asked};
use crate::invocation::RateLimit;
use crate::{Invocation, Metric};
use app::actor::Act;
use app::identity::Knock;
use app::ports::{Guarded, Secret, Session, StoreError, Visit};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use browser::Page;
use domain::audit::Actor;
use domain::clock::Millis;
use domain::identity::{Permission, RouteClass};
use domain::ids::SessionId;
use std::sync::Arc;
use store::Engine;
use store::idempotency::Once;

/// What lets requests in, and does those once that have a key.
pub trait Guards: Clone + Send + Sync + 'static {
    type Store: Engine;

    /// What its handlers change.
    fn store(&self) -> &Self::Store;

    /// The same for one request that has a key.
    #[must_use]
    fn for_once(self, once: Arc<Once>) -> Self;

    fn guard(&self, knock: &Knock<'_>) -> impl Future<Output = Result<Guarded, StoreError>> + Send;
}

/// A token, and in which way it was sent.
#[derive(Debug)]
pub enum Shown {
    Bearer(Secret),
    /// Only a session's: by a cookie an API key lets nobody in.
    Cookie(Secret),
}

/// A request whose token is what its route requires (`needs`, `any_token`, `session`, `in_person` …).
#[derive(Debug)]
pub struct Caller {
    pub session: Session,
    pub invocation: Invocation,
}

/// A request to an open route, from an admin who has logged in.
#[derive(Debug)]
pub struct Admin(pub Caller);

/// Where and from where somebody asks.
#[derive(Debug, Clone, Default)]
pub struct Door {
    class: RouteClass,
    address: Option<String>,
    /// Who may call the route; `None` if it declares nothing.
    access: Option<Access>,
    /// Whether the method changes nothing.
    is_safe: bool,
    /// What is asked for that its route does not take: told to whoever is let in.
    undeclared: Option<Problem>,
    page: Page,
    /// What its key is, and what is asked for.
    asked: Option<Asked>,
}

impl<S: Sync> FromRequestParts<S> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let class = parts.extensions.get::<RouteClass>().copied().unwrap_or_default();
        let Ok(SourceIp(address)) = SourceIp::from_request_parts(parts, state).await;
        let (access, is_safe) = (parts.extensions.get().cloned(), parts.method.is_safe());
        let (undeclared, page) = (undeclared(&parts.extensions), Page::of(&parts.headers));
        let asked = parts.extensions.get().cloned();
        Ok(Self { class, address, access, is_safe, undeclared, page, asked })
    }
}

impl Door {
    /// For the part of an open route that is about a session.
    #[must_use]
    pub fn in_session(self) -> Self {
        Self { access: Some(Access::default().in_session()), ..self }
    }

    /// For the part of a route that needs no token: counts the address.
    ///
    /// # Errors
    /// 429, or if the store cannot be reached.
    pub async fn count_address<S: CountsAddresses>(&self, state: &S, invocation: &Invocation) -> Result<(), Problem> {
        counted(state, self.address.as_deref(), invocation.now()).await
    }

    /// For a route that is open in part: refuses what it does not take.
    ///
    /// # Errors
    /// 422.
    pub fn declared(&self) -> Result<(), Problem> {
        self.undeclared.clone().map_or(Ok(()), Err)
    }
}

impl Caller {
    pub fn act(&self) -> Act<'_> {
        let Self { session, invocation } = self;
        let (attempt, now, address) = (invocation.attempt(), invocation.now(), invocation.address());
        Act { user: &session.user, attempt, now, address, actor: actor(session) }
    }

    /// Whether it may see what is of the whole deployment.
    pub fn runs_the_system(&self) -> bool {
        self.session.may(Permission::SYSTEM)
    }

    /// Who has logged in.
    ///
    /// # Errors
    /// 403 for an API key: what it gave itself would outlast it.
    pub fn login(&self) -> Result<&SessionId, Problem> {
        self.session.login.as_ref().ok_or_else(not_by_key)
    }

    /// By a token from wherever it stands, for a route that lets it in.
    ///
    /// # Errors
    /// 401, 403 or 404 if the route is not for it, 403 if a change by cookie is not proven to be meant, 422 if its route does not take what is asked for, 429, or if the store cannot be
    /// reached.
    pub async fn enter<G: Guards>(
        guards: &G,
        invocation: Invocation,
        token: Option<Shown>,
        door: &Door,
    ) -> Result<Self, Problem> {
        let (token, is_cookie) = match token {
            None => return Err(turned_away(&invocation)),
            Some(Shown::Bearer(token)) => (token, false),
            Some(Shown::Cookie(token)) => (token, true),
        };
        if is_cookie && !door.is_safe && !door.page.means_it(&token) {
            return Err(not_meant(&invocation));
        }
        let Some(access) = &door.access else { return Err(undeclared_access()) };
        let visit = Visit { class: door.class, now: invocation.now() };
        let knock = Knock { token: &token, address: door.address.as_deref(), visit };
        match guards.guard(&knock).await.map_err(|error| Problem::of_store(&error))? {
            Guarded::Admitted(session) if is_cookie && session.login.is_none() => Err(turned_away(&invocation)),
            Guarded::Admitted(session) => {
                invocation.acts_for(&session.user, actor(&session));
                let (class, most) = (door.class, session.requests_max);
                invocation.may_ask(RateLimit { class, most, used: session.counted.at(class, invocation.now()) });
                access.permit(&session)?;
                door.undeclared.clone().map_or(Ok(()), Err)?;
                access.permit_key(&session, door.is_safe)?;
                idempotency::begin(guards, &session.user, door.asked.as_ref(), &invocation).await?;
                Ok(Self { session, invocation })
            }
            Guarded::Unknown => Err(turned_away(&invocation)),
            Guarded::TooMany { retry_after, requests_max: most } => {
                invocation.may_ask(RateLimit { class: door.class, most, used: most });
                Err(too_many(door.class, retry_after))
            }
        }
    }
}

impl<G: Guards> FromRequestParts<G> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let invocation = Invocation::from_request_parts(parts, guards).await?;
        let door = Door::from_request_parts(parts, guards).await?;
        Self::enter(guards, invocation, shown(&parts.headers)?, &door).await
    }
}

fn actor(session: &Session) -> Actor {
    if session.login.is_some() { Actor::Person } else { Actor::Key }
}

/// A defect of ours: without a declaration no token is accepted.
fn undeclared_access() -> Problem {
    Problem::internal("the route does not declare who may call it", &"`needs`, `any_token` or `session` is missing")
}

/// If there is a token it has to be an admin's: one that is wrong is not as good as none.
impl<G: Guards> OptionalFromRequestParts<G> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Option<Self>, Problem> {
        if is_anonymous(&parts.headers) {
            return Ok(None);
        }
        parts.extensions.insert(Access::default().needing(Permission::USERS));
        <Caller as FromRequestParts<G>>::from_request_parts(parts, guards).await.map(|caller| Some(Self(caller)))
    }
}

/// # Errors
/// 403 where the session does not permit it.
pub fn permitted(session: &Session, needed: Permission) -> Result<(), Problem> {
    if session.may(needed) { Ok(()) } else { Err(missing(&[needed])) }
}

/// Whether a request brings nothing that could let it in.
pub fn is_anonymous(headers: &HeaderMap) -> bool {
    !headers.contains_key(AUTHORIZATION) && browser::tokens(headers).next().is_none()
}

/// The token of a request.
///
/// # Errors
/// 400 if there are two: which of them was meant cannot be known.
pub fn shown(headers: &HeaderMap) -> Result<Option<Shown>, Problem> {
    let mut cookies = browser::tokens(headers);
    match (headers.contains_key(AUTHORIZATION), cookies.next(), cookies.next()) {
        (true, None, None) => Ok(bearer(headers).map(Shown::Bearer)),
        (false, cookie, None) => Ok(cookie.map(Shown::Cookie)),
        _ => {
            let allowed = format!("send Authorization or the cookie {}, and one of them once", browser::COOKIE);
            Err(Problem::new(StatusCode::BAD_REQUEST, "cookie_and_bearer", allowed))
        }
    }
}

/// What stands in `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::new(token.to_owned()))
}

/// Strangers leave a metric, and no line that they could fill the log with.
fn turned_away(invocation: &Invocation) -> Problem {
    invocation.measure(Metric::Refusals, 1);
    invocation.keep_silent();
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "a valid bearer token is needed: Authorization: Bearer …")
}

/// Nobody is known yet, so that it leaves a metric and no line.
fn not_meant(invocation: &Invocation) -> Problem {
    invocation.measure(Metric::Refusals, 1);
    invocation.keep_silent();
    let allowed =
        "a change by cookie needs X-CSRF-Token, as GET /api/v1/auth/csrf answers it, and Sec-Fetch-Site: same-origin";
    Problem::new(StatusCode::FORBIDDEN, "csrf", allowed)
}

fn too_many(class: RouteClass, retry_after: Millis) -> Problem {
    let detail = format!("this token has asked too often for routes of the class {class}");
    Problem::too_many(detail, retry_after).with("rate_class", class.as_str())
}

#[cfg(test)]
mod tests;
