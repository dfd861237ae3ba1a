mod logs;
mod noted;

use super::*;
use crate::desk::Done;
use app::identity::{
    Credentials, IdentityError, Invited, Knock, LoggedIn, Registered, Registration, Run, Sought, Standing,
};
use app::ports::{Guarded, Login, Origin, Page, PageRequest, Reset, Secret, Session, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Password, PasswordHash, PlanName, Profile, Role, User};
use domain::ids::{SessionId, UserId};
use domain::logs::Note;
use lambda::api::CountsAddresses;
use lambda::guard::Guards;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const GOOD: &str = "Tr4ding!";
/// What stands in no answer but to whom it is handed.
const HASH: &str = "$2b$12$hash";

/// Ann, who is in; whoever has her token is her, with the rights of an admin where it says so.
#[derive(Clone, Default)]
struct Stub {
    open: bool,
    /// How long whoever has no token waits.
    wait: Option<Millis>,
    /// What everything is refused with.
    refusal: Option<IdentityError>,
    /// Who was looked for last.
    sought: Arc<Mutex<Sought>>,
    noted: Arc<Mutex<Vec<Note>>>,
    /// What was put on record of exports.
    exported: Arc<Mutex<Vec<String>>>,
    /// Whose changes were asked for last.
    whose: Arc<Mutex<Option<Option<UserId>>>>,
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
        profile: Profile::default(),
        password: PasswordHash::from_stored(HASH),
        role: Role::Trader.into(),
        plan: PlanName::default(),
        active: true,
        created_at: AT,
        password_at: AT,
        last_login: None,
        version: 3,
    }
}

fn login() -> Login {
    let origin = Origin { address: Some("192.0.2.1".to_owned()), user_agent: None };
    let (id, user) = (SessionId::of(&["one"]), ann().id);
    let expires_at = AT.plus(Millis::seconds(86_400));
    Login { id, user, grant: Role::Trader.into(), origin, created_at: AT, expires_at, seen_at: AT }
}

fn logged_in() -> LoggedIn {
    LoggedIn { user: ann(), login: login(), token: Secret::new("a.b.c".to_owned()) }
}

impl Guards for Stub {
    async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        let of = |role: Role, login: Option<SessionId>| {
            let scopes = role.permissions().iter().map(|may| may.as_str().to_owned()).collect();
            Guarded::Admitted(Session::new(ann().id, scopes, login))
        };
        Ok(match token.expose() {
            "a.b.c" => of(Role::Trader, Some(login().id)),
            "a.b.admin" => of(Role::Admin, Some(login().id)),
            "mqs_key" => of(Role::Trader, None),
            _ => Guarded::Unknown,
        })
    }
}

impl CountsAddresses for Stub {
    async fn count_address(&self, _: Option<&str>, _: Timestamp) -> Result<Option<Millis>, StoreError> {
        Ok(self.wait)
    }
}

impl Desk for Stub {
    fn is_open(&self) -> bool {
        self.open
    }
    async fn log_in(&self, credentials: Credentials, _: Run<'_>) -> Done<LoggedIn> {
        assert_eq!(credentials.origin.user_agent.as_deref().map(|agent| agent.chars().count()), Some(500));
        self.done(logged_in())
    }
    async fn register(&self, _: Registration, invited: Invited<'_>, _: Run<'_>) -> Done<Registered> {
        match invited {
            Invited::By(_) => self.done(Registered::Made(Box::new(ann()))),
            Invited::Oneself { is_open: false } => Err(IdentityError::Closed),
            _ => self.done(Registered::In(Box::new(logged_in()))),
        }
    }
    async fn refresh(&self, _: &UserId, _: &SessionId, _: Run<'_>) -> Done<LoggedIn> {
        self.done(logged_in())
    }
    async fn sessions(&self, _: &UserId, _: Run<'_>) -> Done<Vec<Login>> {
        self.done(vec![login(), Login { id: SessionId::of(&["other"]), created_at: Timestamp::default(), ..login() }])
    }
    async fn end(&self, user: &UserId, of: &SessionId) -> Done<()> {
        assert_eq!((user, of), (&ann().id, &login().id));
        self.done(())
    }
    async fn change_password(&self, _: &Session, _: &Password, _: &Password, _: Run<'_>) -> Done<()> {
        self.done(())
    }
    async fn hand_reset(&self, _: &Session, user: &UserId, token: &Secret, _: Run<'_>) -> Done<Reset> {
        let expires_at = AT.plus(Millis::seconds(1_800));
        self.done(Reset { hash: token.hash(), user: user.clone(), password_at: AT, expires_at })
    }
    async fn reset_password(&self, _: &Secret, _: &Password, _: &Origin, _: Run<'_>) -> Done<()> {
        self.done(())
    }
    async fn users(&self, _: &PageRequest, sought: &Sought) -> Done<Page<User>> {
        *self.sought.lock().unwrap() = sought.clone();
        self.done(Page { items: vec![ann()], next: Some("usr_1".to_owned()) })
    }
    async fn user(&self, _: &Session, _: &UserId) -> Done<User> {
        self.done(ann())
    }
    async fn last_seen(&self, user: &User, _: Run<'_>) -> Done<Option<Timestamp>> {
        self.done(user.last_login.or(Some(AT)))
    }
    async fn stand(&self, _: &Session, _: &UserId, standing: Standing, seen: Option<u64>, _: Run<'_>) -> Done<User> {
        assert_eq!((standing.role, standing.active, seen), (Some(Role::Viewer.into()), Some(false), Some(3)));
        assert_eq!(standing.preferences.map(|kept| kept.to_string()).as_deref(), Some(r#"{"theme":"dark"}"#));
        self.done(User { role: Role::Viewer.into(), active: false, version: 4, ..ann() })
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, method: &str, path: &str, token: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(path).header("user-agent", "x".repeat(501));
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if method == "PATCH" || method == "PUT" {
        request = request.header("if-match", "\"3\"");
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request.body(body).unwrap()).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&body);
    assert!(!text.contains(HASH) && !text.contains(GOOD), "{method} {path} tells a secret: {text}");
    assert!(path.contains("nothing") || parts.headers["cache-control"] == "no-store", "{method} {path}");
    (parts.status, parts.headers, serde_json::from_slice(&body).unwrap_or_default())
}

fn credentials() -> Value {
    json!({"email": "ann@example.com", "password": GOOD})
}

fn registration() -> Value {
    json!({"email": "ann@example.com", "username": "ann", "password": GOOD, "role": "viewer"})
}

#[tokio::test]
async fn whoever_logs_in_is_told_who_they_are_and_given_a_token() {
    for path in ["/api/auth/login", "/api/v1/auth/login"] {
        let (status, _, told) = ask(&Stub::default(), "POST", path, "", &credentials()).await;
        assert_eq!((status, &told["token"]), (StatusCode::OK, &json!("a.b.c")), "{path}");
        assert_eq!(told["user"]["role"], "trader");
        assert_eq!(told["user"]["permissions"], json!(["accounts:write", "trading:read", "trading:write"]));
        assert_eq!(told["expires_at"], "2025-11-21T08:51:00Z");
    }
}

#[tokio::test]
async fn each_refusal_has_its_answer() {
    let (unauthorized, conflict) = (StatusCode::UNAUTHORIZED, StatusCode::CONFLICT);
    for (refusal, status, code) in [
        (IdentityError::WrongCredentials, unauthorized, "wrong_credentials"),
        (IdentityError::Wait(Millis::new(29_001)), StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        (IdentityError::Closed, StatusCode::FORBIDDEN, "registration_closed"),
        (IdentityError::WrongCode, StatusCode::FORBIDDEN, "wrong_code"),
        (IdentityError::RoleNotYours, StatusCode::FORBIDDEN, "role_not_yours"),
        (IdentityError::DuplicateEmail, StatusCode::BAD_REQUEST, "DUPLICATE_EMAIL"),
        (IdentityError::DuplicateUsername, StatusCode::BAD_REQUEST, "DUPLICATE_USERNAME"),
        (IdentityError::WrongReset, unauthorized, "wrong_token"),
        (IdentityError::TooEarly, conflict, "too_early"),
        (IdentityError::NoUser, StatusCode::NOT_FOUND, "not_found"),
        (IdentityError::Oneself, conflict, "oneself"),
        (IdentityError::VersionConflict(2), conflict, "version_conflict"),
        (IdentityError::Contended, StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    ] {
        let stub = Stub { refusal: Some(refusal), open: true, ..Stub::default() };
        let (told, headers, problem) = ask(&stub, "POST", "/api/auth/login", "", &credentials()).await;
        assert_eq!((told, &problem["code"]), (status, &json!(code)));
        if code == "too_many_requests" {
            assert_eq!(headers["retry-after"], "30");
        }
    }
}

#[tokio::test]
async fn whoever_has_no_token_is_counted_by_address_before_anything_is_looked_at() {
    let stub = Stub { wait: Some(Millis::seconds(9)), open: true, ..Stub::default() };
    for path in ["login", "register", "reset-password"] {
        for under in ["/api/auth", "/api/v1/auth"] {
            let (status, headers, problem) = ask(&stub, "POST", &format!("{under}/{path}"), "", &json!({})).await;
            assert_eq!((status.as_u16(), &headers["retry-after"]), (429, &"9".parse().unwrap()), "{under}/{path}");
            assert_eq!(problem["rate_class"], "auth");
        }
    }
    let me = ask(&stub, "GET", "/api/v1/users/me", "a.b.c", &Value::Null).await;
    assert_eq!(me.0, StatusCode::OK, "whoever has one is counted by it");
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named_and_no_other_is_taken() {
    let with = |name: &str, value: Value| {
        let mut body = registration();
        body[name] = value;
        body
    };
    for (body, field) in [
        (with("email", json!("ann")), "email"),
        (with("username", json!("a b")), "username"),
        (with("password", json!("Short1")), "password"),
        (with("password", json!("Password1")), "password"),
        (with("password", json!(12_345_678)), "password"),
        (with("role", json!("Root!")), "role"),
        (with("is_admin", json!(true)), "is_admin"),
        (with("id", json!("usr_1")), "id"),
        (with("email", Value::Null), "email"),
    ] {
        let stub = Stub { open: true, ..Stub::default() };
        let (status, _, problem) = ask(&stub, "POST", "/api/auth/register", "", &body).await;
        assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{problem}");
        assert!(!problem.to_string().contains("12345678"), "{problem}");
    }
}

#[tokio::test]
async fn registering_is_for_those_whom_somebody_lets() {
    let register = async |open: bool, token: &str, body: &Value| {
        ask(&Stub { open, ..Stub::default() }, "POST", "/api/auth/register", token, body).await
    };
    let (status, _, problem) = register(false, "", &registration()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("registration_closed")));
    let (status, _, told) = register(true, "", &registration()).await;
    assert_eq!((status, &told["token"]), (StatusCode::CREATED, &json!("a.b.c")));
    let mut by_code = registration();
    by_code["bootstrap_code"] = json!("mqs_first");
    assert_eq!(register(false, "", &by_code).await.0, StatusCode::CREATED);
    let (status, _, made) = register(false, "a.b.admin", &registration()).await;
    assert_eq!((status, &made["token"]), (StatusCode::CREATED, &Value::Null), "it is nobody's but theirs");
    assert_eq!(register(true, "a.b.c", &registration()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(register(true, "a.b.wrong", &registration()).await.0, StatusCode::UNAUTHORIZED, "not as good as none");
}

#[tokio::test]
async fn a_session_ends_and_goes_on_by_its_token_in_the_header_or_the_body() {
    let in_body = json!({"token": "a.b.c"});
    for (token, body) in [("a.b.c", &Value::Null), ("", &in_body)] {
        let (status, _, told) = ask(&Stub::default(), "POST", "/api/auth/logout", token, body).await;
        assert_eq!((status, told), (StatusCode::OK, json!({"success": true})));
        let (status, _, told) = ask(&Stub::default(), "POST", "/api/auth/refresh", token, body).await;
        assert_eq!((status, &told["new_token"]), (StatusCode::OK, &json!("a.b.c")));
    }
    for path in ["/api/auth/logout", "/api/auth/refresh"] {
        for (token, status) in
            [("", StatusCode::UNAUTHORIZED), ("a.b.x", StatusCode::UNAUTHORIZED), ("mqs_key", StatusCode::NOT_FOUND)]
        {
            assert_eq!(ask(&Stub::default(), "POST", path, token, &Value::Null).await.0, status, "{path} {token}");
        }
    }
}

#[tokio::test]
async fn somebody_sees_where_they_are_logged_in_and_ends_it() {
    let (_, _, list) = ask(&Stub::default(), "GET", "/api/v1/sessions", "a.b.c", &Value::Null).await;
    for (query, field) in [("limit=0", "limit"), ("cursor=forged", "cursor")] {
        let path = format!("/api/v1/sessions?{query}");
        let (status, _, problem) = ask(&Stub::default(), "GET", &path, "a.b.c", &Value::Null).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{query}");
    }
    assert_eq!((&list["items"][0]["current"], &list["items"][1]["current"]), (&json!(true), &json!(false)));
    assert_eq!(list["items"][0]["ip_address"], "192.0.2.1");
    let path = format!("/api/v1/sessions/{}", login().id);
    for (method, path) in [("GET", "/api/v1/sessions"), ("DELETE", &*path)] {
        let by_key = ask(&Stub::default(), method, path, "mqs_key", &Value::Null).await;
        assert_eq!(by_key.0, StatusCode::NOT_FOUND, "a program's key is not its person: {method}");
    }
    assert_eq!(ask(&Stub::default(), "DELETE", &path, "a.b.c", &Value::Null).await.0, StatusCode::NO_CONTENT);
    assert_eq!(
        ask(&Stub::default(), "DELETE", "/api/v1/sessions/x", "a.b.c", &Value::Null).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn people_are_an_admins_and_each_their_own() {
    let stub = Stub::default();
    let one = format!("/api/v1/users/{}", ann().id);
    let reset = format!("{one}/reset-password");
    let standing = json!({"role": "viewer", "is_active": false, "preferences": {"theme": "dark"}});
    let change = json!({"old_password": GOOD, "new_password": "N3wpass!"});
    for (method, path, body, own, admins) in [
        ("GET", "/api/v1/users/me", &Value::Null, 200, 200),
        ("POST", "/api/v1/users/me/password", &change, 204, 204),
        ("GET", &*one, &Value::Null, 200, 200),
        ("GET", "/api/v1/users", &Value::Null, 403, 200),
        ("POST", "/api/v1/users", &registration(), 403, 201),
        ("PUT", &*one, &standing, 403, 200),
        ("PATCH", &*one, &standing, 403, 200),
        ("POST", &*reset, &Value::Null, 403, 201),
    ] {
        for (token, told) in [("", 401), ("a.b.c", own), ("a.b.admin", admins)] {
            let (status, ..) = ask(&stub, method, path, token, body).await;
            assert_eq!(status.as_u16(), told, "{method} {path} {token}");
        }
    }
    let (_, headers, me) = ask(&stub, "GET", "/api/v1/users/me", "a.b.c", &Value::Null).await;
    assert_eq!((&headers["etag"], &me["email"]), (&"\"3\"".parse().unwrap(), &json!("ann@example.com")));
    let (_, _, list) = ask(&stub, "GET", "/api/v1/users", "a.b.admin", &Value::Null).await;
    assert_eq!((&list["items"][0]["preferences"], &list["items"][0]["last_seen"]), (&json!({}), &Value::Null));
    let by_key = ask(&stub, "POST", "/api/v1/users/me/password", "mqs_key", &change).await;
    assert_eq!(by_key.0, StatusCode::NOT_FOUND, "a program's key is not its person");
    let (_, _, handed) = ask(&stub, "POST", &reset, "a.b.admin", &Value::Null).await;
    let (_, _, again) = ask(&stub, "POST", &reset, "a.b.admin", &Value::Null).await;
    assert!(handed["reset_token"].as_str().unwrap().len() > 40 && handed != again);
}
