use super::*;
use crate::asking::admitted;
use app::identity::{IdentityError, Knock};
use app::ports::{Guarded, Login, Origin, StoreError, Wanting, Wish};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use domain::identity::{GivenCode, PasswordHash, PlanName, Profile, Role};
use domain::ids::SessionId;
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use serde_json::{Value, json};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const HASH: &str = "$2b$12$hash";

/// What answers behind the routes.
#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
}

impl Stub {
    fn done<T>(&self, done: T) -> Done<T> {
        self.refusal.clone().map_or(Ok(done), Err)
    }
}

fn ann() -> User {
    User {
        id: UserId::of(&["ann"]),
        email: "ann@example.com".parse().unwrap(),
        username: "ann".parse().unwrap(),
        profile: Profile { name: "Ann Lee".parse().ok(), preferences: r#"{"theme":"dark"}"#.parse().unwrap() },
        password: PasswordHash::from_stored(HASH),
        role: Role::Trader.into(),
        plan: PlanName::default(),
        active: true,
        created_at: AT,
        password_at: AT,
        last_login: Some(AT),
        version: 3,
    }
}

impl Guards for Stub {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        admitted(knock)
    }
}

impl Selves for Stub {
    async fn change_oneself(
        &self,
        _: &Session,
        wished: Wished,
        seen: Option<u64>,
        _: Run<'_>,
    ) -> Done<(User, Option<Timestamp>)> {
        assert_eq!(seen, Some(3));
        assert!(wished.name.is_none_or(|name| name.is_none_or(|name| name.as_str() == "Ann Lee")));
        self.done((ann(), Some(AT)))
    }
    async fn personal(&self, user: &UserId, _: Run<'_>) -> Done<Personal> {
        assert_eq!(*user, ann().id);
        let login = Login {
            id: SessionId::of(&["s"]),
            user: user.clone(),
            grant: Role::Trader.into(),
            origin: Origin { address: Some("192.0.2.1".to_owned()), user_agent: Some("curl".to_owned()) },
            created_at: AT,
            expires_at: AT,
            seen_at: AT,
        };
        self.done(Personal {
            user: ann(),
            last_seen: Some(AT),
            logins: vec![login],
            factor: None,
            accounts: Vec::new(),
            tokens: Vec::new(),
            keys: Vec::new(),
            presets: Vec::new(),
            bots: Vec::new(),
            runs: Vec::new(),
            more_runs: false,
            wishes: vec![wish(user)],
            backfills: Vec::new(),
            backtests: Vec::new(),
            notices: Vec::new(),
            more_notices: false,
            changes: Vec::new(),
            more_changes: false,
            notes: Vec::new(),
        })
    }
    async fn erase(
        &self,
        _: &Session,
        user: &UserId,
        (password, code): (Option<&Password>, Option<&GivenCode>),
        _: Run<'_>,
    ) -> Done<()> {
        assert!(code.is_none());
        assert!(*user == ann().id && password.is_none_or(|given| given.expose() == "Tr4ding!"));
        self.done(())
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, method: Method, path: &str, token: &str, body: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/api/v1/users/{path}")).header("if-match", "\"3\"");
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::from(body.to_owned()));
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request.unwrap()).await.unwrap().into_parts();
    let body = to_bytes(body, 99_999).await.unwrap();
    assert!(!String::from_utf8_lossy(&body).contains(HASH), "no answer has a hash");
    (parts.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
}

fn wish(user: &UserId) -> Wish {
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let series = Series { market, interval: Interval::OneHour };
    Wish { series, by: Wanting::List(user.clone()), since: AT, until: None }
}

fn erasure() -> String {
    format!("{}/erase", ann().id)
}

#[tokio::test]
async fn each_of_these_is_a_persons_own_and_no_programs() {
    let erasure = erasure();
    for (method, path, body, told) in [
        (Method::PUT, "me", r#"{"name": "Ann Lee"}"#, 200),
        (Method::PATCH, "me", r#"{"name": null, "preferences": null}"#, 200),
        (Method::GET, "me/export", "", 200),
        (Method::POST, &*erasure, "{}", 204),
    ] {
        for (token, status) in [("viewer", told), ("admin", told), ("nobody", 401), ("key:trader", 404)] {
            let asked = ask(&Stub::default(), method.clone(), path, token, body).await;
            assert_eq!(asked.0, status, "{method} {path} {token}: {}", asked.1);
        }
    }
}

#[tokio::test]
async fn what_one_tells_of_oneself_is_shown_and_a_wrong_member_is_named() {
    let change = async |body: Value| ask(&Stub::default(), Method::PATCH, "me", "trader", &body.to_string()).await;
    let (_, told) = change(json!({"preferences": {"theme": "dark"}})).await;
    assert_eq!((&told["name"], &told["preferences"]), (&json!("Ann Lee"), &json!({"theme": "dark"})));
    assert_eq!(told["last_seen"], "2025-11-20T08:51:00Z");
    for (body, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": 7}), "name"),
        (json!({"username": "a b"}), "username"),
        (json!({"email": "ann"}), "email"),
        (json!({"email": "ann@example.org"}), "password"),
        (json!({"preferences": "dark"}), "preferences"),
        (json!({"preferences": {"a": "x".repeat(5_000)}}), "preferences"),
        (json!({"role": "admin"}), "role"),
        (json!({"is_active": true}), "is_active"),
    ] {
        let (status, problem) = change(body.clone()).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{body}");
    }
}

#[tokio::test]
async fn all_that_is_kept_is_told_without_a_secret() {
    let (_, told) = ask(&Stub::default(), Method::GET, "me/export", "trader", "").await;
    assert_eq!((&told["profile"]["email"], &told["more_changes"]), (&json!("ann@example.com"), &json!(false)));
    let session = &told["sessions"][0];
    let series = json!({"exchange": "BINANCE", "symbol": "BTC/USDT", "timeframe": "1h", "why": "list",
                        "since": "2025-11-20T08:51:00Z", "until": null});
    assert_eq!(told["series"], json!([series]));
    assert_eq!((&session["user_agent"], &session["current"]), (&json!("curl"), &json!(true)));
    for part in ["accounts", "balances", "webhook_tokens", "api_keys", "presets", "notifications", "changes", "log"] {
        assert_eq!(told[part], json!([]), "{part}");
    }
}

#[tokio::test]
async fn erasing_takes_a_password_or_none_and_says_why_not() {
    let erasure = erasure();
    let erase = async |refusal: Option<IdentityError>, body: &str| {
        ask(&Stub { refusal }, Method::POST, &erasure, "trader", body).await
    };
    for body in [r#"{"password": null}"#, r#"{"password": "Tr4ding!"}"#] {
        assert_eq!(erase(None, body).await.0, 204, "{body}");
    }
    for (body, field) in [(r#"{"password": 8}"#, "password"), (r#"{"why": "x"}"#, "why")] {
        let (status, problem) = erase(None, body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{body}");
    }
    for (refusal, status, code) in [
        (IdentityError::WrongCredentials, 401, "wrong_credentials"),
        (IdentityError::LastAdmin, 409, "last_admin"),
        (IdentityError::GroupsOpen(2), 409, "groups_open"),
        (IdentityError::NoUser, 404, "not_found"),
    ] {
        let (told, problem) = erase(Some(refusal), "{}").await;
        assert_eq!((told, &problem["code"]), (status, &json!(code)));
    }
    assert_eq!(ask(&Stub::default(), Method::POST, "ann/erase", "trader", "{}").await.0, 404, "what can be no id");
}
