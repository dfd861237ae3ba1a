//! Who asks, and what they may: the bearer token of every API function.
//!
//! Programs have keys, looked up by their hash; people have signed tokens, each for a session. Either is one conditional
//! update of a row that says what may be done.
//!
//! How often it may be asked for depends on the class of the route, which the table of routes says.

use crate::api::undeclared;
use crate::edge::{Problem, SourceIp};
use crate::{Invocation, Metric};
use app::actor::Act;
use app::identity::Knock;
use app::ports::{Guarded, Secret, Session, StoreError, Visit};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::clock::Millis;
use domain::identity::{Permission, RouteClass};
use domain::ids::SessionId;

/// What lets requests in.
pub trait Guards: Clone + Send + Sync + 'static {
    fn guard(&self, knock: &Knock<'_>) -> impl Future<Output = Result<Guarded, StoreError>> + Send;
}

/// A request that was let in: to look, where its method changes nothing, and else to trade.
#[derive(Debug)]
pub struct Caller {
    pub session: Session,
    pub invocation: Invocation,
}

/// A request that changes nothing, whatever its method: it may come from whoever may look.
#[derive(Debug)]
pub struct Reader(pub Caller);

/// A request for what is of the whole deployment. A program's key has to permit looking or trading as well.
#[derive(Debug)]
pub struct Keeper(pub Caller);

/// A request about people: from whoever keeps them. A program's key may look at them and change none: it would become a
/// person, without an end and from anywhere.
#[derive(Debug)]
pub struct Admin(pub Caller);

/// A request that has candles fetched or a strategy tried.
#[derive(Debug)]
pub struct Researcher(pub Caller);

/// A request for which series are fetched: from whoever trades, or does research.
#[derive(Debug)]
pub struct Wisher(pub Caller);

/// A request that changes accounts at venues, their keys, or who may send alerts.
#[derive(Debug)]
pub struct AccountKeeper(pub Caller);

/// One of them from a person, by this log-in: what a program's key gave itself would outlast the key.
#[derive(Debug)]
pub struct AccountPerson(pub Caller, pub SessionId);

/// A request whose word is taken for what happened at a venue, from a person: nobody can look whether it is so.
#[derive(Debug)]
pub struct Witness(pub Caller);

/// A request about whoever asks.
#[derive(Debug)]
pub struct Oneself(pub Caller);

/// A request about whoever asks, from them: whoever has a program's key has not proven to be its person.
#[derive(Debug)]
pub struct Person(pub Caller);

/// Where and from where somebody asks.
#[derive(Debug, Clone, Default)]
pub struct Door {
    class: RouteClass,
    address: Option<String>,
    /// What is asked for that its route does not take: told to whoever is let in.
    undeclared: Option<Problem>,
}

impl<S: Sync> FromRequestParts<S> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let class = parts.extensions.get::<RouteClass>().copied().unwrap_or_default();
        let Ok(SourceIp(address)) = SourceIp::from_request_parts(parts, state).await;
        Ok(Self { class, address, undeclared: undeclared(&parts.extensions) })
    }
}

impl Caller {
    pub fn act(&self) -> Act<'_> {
        let Self { session, invocation } = self;
        let (attempt, now, address) = (invocation.attempt(), invocation.now(), invocation.address());
        Act { user: &session.user, attempt, now, address, in_person: session.login.is_some() }
    }

    /// Whether it may see what is of the whole deployment.
    pub fn runs_the_system(&self) -> bool {
        self.session.may(Permission::SYSTEM)
    }

    async fn admitted<G: Guards>(parts: &mut Parts, guards: &G, needed: &[Permission]) -> Result<Self, Problem> {
        let invocation = Invocation::from_request_parts(parts, guards).await?;
        let door = Door::from_request_parts(parts, guards).await?;
        Self::enter(guards, invocation, bearer(&parts.headers), &door, needed).await
    }

    /// By a token from wherever it stands, that permits one of what is needed.
    ///
    /// # Errors
    /// 401, 403 where it permits none of it, 422 where its route does not take what is asked for, 429, or where the store cannot be
    /// reached.
    pub async fn enter<G: Guards>(
        guards: &G,
        invocation: Invocation,
        token: Option<Secret>,
        door: &Door,
        needed: &[Permission],
    ) -> Result<Self, Problem> {
        let Some(token) = token else { return Err(turned_away(&invocation)) };
        let visit = Visit { class: door.class, now: invocation.now() };
        let knock = Knock { token: &token, address: door.address.as_deref(), visit };
        match guards.guard(&knock).await.map_err(|error| Problem::of_store(&error))? {
            Guarded::Admitted(session) => {
                invocation.acts_for(&session.user);
                permitted_one(&session, needed)?;
                door.undeclared.clone().map_or(Ok(Self { session, invocation }), Err)
            }
            Guarded::Unknown => Err(turned_away(&invocation)),
            Guarded::TooMany { retry_after } => Err(too_many(door.class, retry_after)),
        }
    }
}

impl<G: Guards> FromRequestParts<G> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let needed = of_method(parts);
        Self::admitted(parts, guards, &[needed]).await
    }
}

macro_rules! needing {
    ($($who:ident: $needed:expr),* $(,)?) => {$(
        impl<G: Guards> FromRequestParts<G> for $who {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
                Caller::admitted(parts, guards, $needed).await.map(Self)
            }
        }
    )*};
}

needing!(
    Reader: &[Permission::READ],
    AccountKeeper: &[Permission::ACCOUNTS],
    Researcher: &[Permission::RESEARCH],
    Wisher: &[Permission::WRITE, Permission::RESEARCH],
    Oneself: &[],
);

impl<G: Guards> FromRequestParts<G> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let caller = Caller::admitted(parts, guards, &[Permission::USERS]).await?;
        if caller.session.login.is_none() && !parts.method.is_safe() {
            return Err(no_person("a program's key changes no people: a person does, who has logged in"));
        }
        Ok(Self(caller))
    }
}

impl<G: Guards> FromRequestParts<G> for AccountPerson {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let caller = Caller::admitted(parts, guards, &[Permission::ACCOUNTS]).await?;
        match caller.session.login.clone() {
            Some(login) => Ok(Self(caller, login)),
            None => Err(no_person(NOT_THIS)),
        }
    }
}

impl<G: Guards> FromRequestParts<G> for Witness {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let caller = Caller::admitted(parts, guards, &[Permission::WRITE]).await?;
        if caller.session.login.is_none() { Err(no_person(NOT_THIS)) } else { Ok(Self(caller)) }
    }
}

impl<G: Guards> FromRequestParts<G> for Keeper {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let caller = Caller::admitted(parts, guards, &[Permission::SYSTEM]).await?;
        if caller.session.login.is_none() {
            permitted(&caller.session, of_method(parts))?;
        }
        Ok(Self(caller))
    }
}

impl<G: Guards> FromRequestParts<G> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let caller = Caller::admitted(parts, guards, &[]).await?;
        if caller.session.login.is_none() {
            return Err(Problem::not_found("session"));
        }
        Ok(Self(caller))
    }
}

/// A token that may only look changes nothing.
fn of_method(parts: &Parts) -> Permission {
    if parts.method.is_safe() { Permission::READ } else { Permission::WRITE }
}

/// Where it may be left out; one that is wrong is not as good as none.
impl<G: Guards> OptionalFromRequestParts<G> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Option<Self>, Problem> {
        if parts.headers.contains_key(AUTHORIZATION) {
            return <Self as FromRequestParts<G>>::from_request_parts(parts, guards).await.map(Some);
        }
        Ok(None)
    }
}

/// # Errors
/// 403 where the session does not permit it.
pub fn permitted(session: &Session, needed: Permission) -> Result<(), Problem> {
    permitted_one(session, &[needed])
}

fn permitted_one(session: &Session, needed: &[Permission]) -> Result<(), Problem> {
    if needed.is_empty() || needed.iter().any(|needed| session.may(*needed)) {
        return Ok(());
    }
    let needed: Vec<_> = needed.iter().map(|needed| needed.as_str()).collect();
    let detail = format!("this token's scopes do not include {}", needed.join(" or "));
    Err(Problem::new(StatusCode::FORBIDDEN, "missing_scope", detail))
}

const NOT_THIS: &str = "a program's key does not do this: a person does, who has logged in";

fn no_person(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "missing_scope", detail)
}

/// What stands in `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<Secret> {
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

fn too_many(class: RouteClass, retry_after: Millis) -> Problem {
    let detail = format!("this token has asked too often for routes of the class {class}");
    Problem::too_many(detail, retry_after).with("rate_class", class.as_str())
}

#[cfg(test)]
mod tests;
