//! Whose trading is looked at: one's own, or by `?user_id=` somebody else's, for whoever may look at everybody's.
//!
//! 1. To whoever may not, somebody else is not there; nor is what can be no id.
//! 2. It is for looking alone: whatever changes something acts for whoever asks, and takes no `user_id`.

use crate::edge::Problem;
use crate::guard::{Caller, Guards};
use app::actor::Act;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use domain::identity::Permission;
use domain::ids::UserId;
use serde::Deserialize;

/// A request to look at trading.
#[derive(Debug)]
pub struct Looker {
    pub caller: Caller,
    /// Whose it is.
    pub owner: UserId,
}

/// `?user_id=`, as it was given.
#[derive(Debug, Deserialize)]
struct Asked {
    user_id: Option<String>,
}

impl Looker {
    /// As its owner would look.
    pub fn act(&self) -> Act<'_> {
        Act { user: &self.owner, ..self.caller.act() }
    }

    pub fn is_own(&self) -> bool {
        self.owner == self.caller.session.user
    }
}

impl<G: Guards> FromRequestParts<G> for Looker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, guards: &G) -> Result<Self, Problem> {
        let caller = <Caller as FromRequestParts<G>>::from_request_parts(parts, guards).await?;
        let owner = match named(parts)? {
            None => caller.session.user.clone(),
            Some(owner) if owner == caller.session.user => owner,
            Some(owner) if caller.session.may(Permission::READ_ALL) => {
                caller.invocation.touched(&owner);
                owner
            }
            Some(_) => return Err(unknown()),
        };
        Ok(Self { caller, owner })
    }
}

fn named(parts: &Parts) -> Result<Option<UserId>, Problem> {
    let asked = Query::<Asked>::try_from_uri(&parts.uri);
    let Query(Asked { user_id }) = asked.map_err(|_| Problem::field("user_id", "user_id is given once, as text"))?;
    user_id.map(|id| UserId::parse(&id).map_err(|_| unknown())).transpose()
}

fn unknown() -> Problem {
    Problem::not_found("user")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Served, Table};
    use crate::edge::prepare;
    use app::identity::Knock;
    use app::ports::{Guarded, Session, StoreError};
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::http::header::AUTHORIZATION;
    use serde_json::Value;
    use tower::ServiceExt;

    /// Ann, with whatever her token names.
    #[derive(Clone)]
    struct Ann;

    impl Guards for Ann {
        no_rows!();

        async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
            let scopes = token.expose().split('+').map(str::to_owned).collect();
            Ok(Guarded::Admitted(Session::new(UserId::of(&["ann"]), scopes, None)))
        }
    }

    async fn ask(scopes: &str, query: &str) -> (u16, String) {
        let look = async |looker: Looker| format!("{} {}", looker.act().user, looker.is_own());
        let routes = |table: Served<Ann>| table.get("/orders", look, |of| of.needs(Permission::READ).of_others());
        let router = Served::router(routes).with_state(Ann);
        let request = Request::builder().uri(format!("/orders{query}"));
        let request = request.header(AUTHORIZATION, format!("Bearer {scopes}")).body(Body::empty()).unwrap();
        let (parts, body) = prepare(router).oneshot(request).await.unwrap().into_parts();
        let text = to_bytes(body, 9_999).await.unwrap().to_vec();
        (parts.status.as_u16(), String::from_utf8(text).unwrap())
    }

    #[tokio::test]
    async fn somebody_elses_trading_is_there_for_whoever_may_look_at_everybodys() {
        let (ann, eve) = (UserId::of(&["ann"]), UserId::of(&["eve"]));
        let (own, all) = ("trading:read", "trading:read+trading:read-all");
        let (hers, theirs) = (format!("?user_id={ann}"), format!("?user_id={eve}"));
        for (scopes, query, status, told) in [
            (own, "", 200, format!("{ann} true")),
            (own, &*hers, 200, format!("{ann} true")),
            (all, "", 200, format!("{ann} true")),
            (all, &*theirs, 200, format!("{eve} false")),
            ("trading:read-all", &*theirs, 403, String::new()),
            ("trading:read-all", "", 403, String::new()),
        ] {
            let (answered, text) = ask(scopes, query).await;
            assert_eq!(answered, status, "{scopes} {query}: {text}");
            assert!(status != 200 || text == told, "{scopes} {query}: {text}");
        }
        let unnamed = async |scopes, query: &str| {
            let (status, text) = ask(scopes, query).await;
            let mut problem: Value = serde_json::from_str(&text).unwrap();
            assert!(problem.as_object_mut().unwrap().remove("request_id").is_some());
            (status, problem)
        };
        let hidden = unnamed(own, &theirs).await;
        for (scopes, query) in [(own, "?user_id=eve"), (all, "?user_id=eve"), (all, "?user_id=")] {
            assert_eq!(unnamed(scopes, query).await, hidden, "{scopes} {query}");
        }
        assert_eq!(hidden.0, 404);
        let (status, problem) = ask(all, &format!("{theirs}&user_id={ann}")).await;
        assert!(status == 422 && problem.contains(r#""field":"user_id""#), "{problem}");
    }
}
