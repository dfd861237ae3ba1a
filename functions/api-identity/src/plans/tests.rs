use super::*;
use crate::asking::admitted;
use app::identity::{IdentityError, Knock};
use app::ports::{Guarded, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use domain::clock::Timestamp;
use domain::identity::{Limits, PasswordHash, Role, RouteClass};
use serde_json::{Value, json};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// Whoever has a token that names a role.
#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
}

impl Stub {
    fn done<T>(&self, done: T) -> Done<T> {
        self.refusal.clone().map_or(Ok(done), Err)
    }
}

fn eve() -> User {
    User {
        id: UserId::of(&["eve"]),
        email: "eve@example.com".parse().unwrap(),
        username: "eve".parse().unwrap(),
        password: PasswordHash::nobodys(),
        role: Role::Trader.into(),
        plan: "small".parse().unwrap(),
        profile: Default::default(),
        active: true,
        created_at: AT,
        password_at: AT,
        last_login: None,
        version: 4,
    }
}

impl Guards for Stub {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        Ok(match admitted(knock)? {
            Guarded::Admitted(session) => {
                let window = |class: RouteClass, requests| (class, (class.number_at(knock.visit.now), requests));
                let counted = [window(RouteClass::Api, 7), (RouteClass::Wallets, (1, 9))].into_iter().collect();
                Guarded::Admitted(Session { counted, ..session })
            }
            refused => refused,
        })
    }
}

impl Planners for Stub {
    async fn planned(&self, _: &PageRequest) -> Done<Page<User>> {
        self.done(Page { items: vec![eve()], next: None })
    }
    async fn user(&self, _: &Session, _: &UserId) -> Done<User> {
        self.done(eve())
    }
    async fn give(
        &self,
        _: &Session,
        user: &UserId,
        (plan, give): (&PlanName, Give),
        seen: Option<u64>,
        _: Run<'_>,
    ) -> Done<User> {
        assert_eq!((user, plan.is_default()), (&eve().id, give == Give::None));
        assert_eq!(seen, (give != Give::First).then_some(3));
        self.done(eve())
    }
    async fn usage(&self, session: &Session, user: &UserId) -> Done<Usage> {
        assert!(*user == session.user || *user == eve().id);
        let limits = Limits { positions: Some(3), ..Limits::default() };
        let rates = vec![(RouteClass::Api, 60), (RouteClass::Wallets, 50)];
        self.done(Usage { user: user.clone(), plan: eve().plan, limits, positions: 2, bots: 0, rates })
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, method: &str, path: &str, token: &str, body: &Value) -> (u16, Option<String>, Value) {
    let mut request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    if method != "POST" {
        request = request.header("if-match", "\"3\"");
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = request.header("authorization", format!("Bearer {token}")).body(body).unwrap();
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 99_999).await.unwrap();
    let tag = parts.headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
    (parts.status.as_u16(), tag, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn plans_are_given_by_admins_and_use_is_seen_by_whoever_uses() {
    let one = format!("user-plans/{}", eve().id);
    let (new, other) = (json!({"user_id": eve().id.as_str(), "plan": "small"}), json!({"plan": "small"}));
    for (method, path, body, own, admins) in [
        ("GET", "user-plans", &Value::Null, 403, 200),
        ("POST", "user-plans", &new, 403, 201),
        ("GET", &*one, &Value::Null, 403, 200),
        ("PUT", &*one, &other, 403, 200),
        ("PATCH", &*one, &other, 403, 200),
        ("DELETE", &*one, &Value::Null, 403, 204),
        ("GET", "usage", &Value::Null, 200, 200),
    ] {
        for (token, told) in [("nobody", 401), ("trader", own), ("admin", admins)] {
            assert_eq!(ask(&Stub::default(), method, path, token, body).await.0, told, "{token}: {method} {path}");
        }
    }
    let (_, tag, shown) = ask(&Stub::default(), "PUT", &one, "admin", &other).await;
    assert_eq!((tag.as_deref(), &shown["plan"]), (Some("\"4\""), &json!("small")));
    let path = format!("usage?user_id={}", eve().id);
    let (_, _, used) = ask(&Stub::default(), "GET", &path, "admin", &Value::Null).await;
    assert_eq!((&used["positions"], &used["limits"]["positions"]), (&json!(2), &json!(3)));
    assert_eq!((&used["requests_max"]["api"], &used["bots"]), (&json!(60), &json!(0)));
    assert_eq!(used["requests"], Value::Null, "what somebody else's sessions have asked is not hers");
}

#[tokio::test]
async fn whoever_asks_sees_how_often_they_have_and_when_it_begins_anew() {
    let (_, _, used) = ask(&Stub::default(), "GET", "usage", "trader", &Value::Null).await;
    let requests = used["requests"].as_object().unwrap();
    assert_eq!(requests.len(), RouteClass::ALL.len(), "{used}");
    assert_eq!(
        [&requests["api"]["used"], &requests["wallets"]["used"]],
        [&json!(7), &json!(0)],
        "a window that is over"
    );
    for (class, end) in [("api", ":00Z"), ("ai", ":00:00Z")] {
        assert!(requests[class]["until"].as_str().unwrap().ends_with(end), "{class}: {used}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let id = eve().id.to_string();
    for (body, field) in [
        (json!({"plan": "small"}), "user_id"),
        (json!({"user_id": "eve", "plan": "small"}), "user_id"),
        (json!({"user_id": id}), "plan"),
        (json!({"user_id": id, "plan": "No plan"}), "plan"),
        (json!({"user_id": id, "plan": "small", "limits": {}}), "limits"),
    ] {
        let (status, _, problem) = ask(&Stub::default(), "POST", "user-plans", "admin", &body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
    for path in ["user-plans/eve", "usage?user_id=eve"] {
        assert_eq!(ask(&Stub::default(), "GET", path, "admin", &Value::Null).await.0, 404, "{path}");
    }
    for (refusal, status, code) in [
        (IdentityError::NoPlan, 422, "invalid_field"),
        (IdentityError::PlanInactive, 409, "plan_inactive"),
        (IdentityError::DuplicateUserPlan, 400, "DUPLICATE_USER_PLAN"),
        (IdentityError::NoUserPlan, 404, "not_found"),
        (IdentityError::Oneself, 409, "oneself"),
    ] {
        let stub = Stub { refusal: Some(refusal) };
        let path = format!("user-plans/{id}");
        let (told, _, problem) = ask(&stub, "PUT", &path, "admin", &json!({"plan": "small"})).await;
        assert_eq!((told, &problem["code"]), (status, &json!(code)));
    }
    let stub = Stub { refusal: Some(IdentityError::NoUser) };
    let (told, _, problem) = ask(&stub, "POST", "user-plans", "admin", &json!({"user_id": id, "plan": "small"})).await;
    assert_eq!((told, &problem["code"]), (404, &json!("not_found")));
}
