use super::*;
use crate::asking::admitted;
use app::identity::{IdentityError, Knock};
use app::ports::{Guarded, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::clock::Timestamp;
use domain::identity::{PasswordHash, Profile, Role};
use serde_json::{Value, json};
use tower::ServiceExt;

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

impl Guards for Stub {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        admitted(knock)
    }
}

impl Factors for Stub {
    async fn factor(&self, user: &UserId) -> Done<Option<Factor>> {
        let (sealed, made_at) = ("x".to_owned(), Timestamp::default());
        let recovery = vec![Sha::of_bytes(b"x")];
        self.done(Some(Factor {
            user: user.clone(),
            sealed,
            confirmed: true,
            used_step: 1,
            recovery,
            made_at,
            version: 2,
        }))
    }
    async fn begin(&self, session: &Session, _: &Password, _: &FactorSecret, _: Run<'_>) -> Done<User> {
        self.done(User {
            id: session.user.clone(),
            email: "ann+b@example.com".parse().unwrap(),
            username: "ann".parse().unwrap(),
            profile: Profile::default(),
            password: PasswordHash::from_stored("x"),
            role: Role::Viewer.into(),
            plan: domain::identity::PlanName::default(),
            active: true,
            created_at: Timestamp::default(),
            password_at: Timestamp::default(),
            last_login: None,
            version: 1,
        })
    }
    async fn confirm(&self, _: &Session, _: &GivenCode, recovery: Vec<Sha>, _: Run<'_>) -> Done<()> {
        assert_eq!(recovery.len(), 10);
        self.done(())
    }
    async fn disable(&self, _: &Session, _: Both<'_>, _: Run<'_>) -> Done<()> {
        self.done(())
    }
    async fn renew(&self, _: &Session, _: Both<'_>, _: Vec<Sha>, _: Run<'_>) -> Done<()> {
        self.done(())
    }
    async fn take(&self, _: &Session, _: &UserId, _: Run<'_>) -> Done<()> {
        self.done(())
    }
    async fn reseal(&self, after: Option<String>, _: Run<'_>) -> Done<Resealed> {
        self.done(Resealed { moved: 3, after, ..Resealed::default() })
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, method: &str, path: &str, token: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(format!("/api/v1/users/{path}"));
    let request = request.header("authorization", format!("Bearer {token}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request.body(body).unwrap()).await.unwrap().into_parts();
    (parts.status, serde_json::from_slice(&to_bytes(body, 9_999).await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn a_factor_is_a_persons_own_and_an_admin_takes_it_away() {
    let (password, code) = (json!({"password": "Tr4ding!"}), json!({"code": "287 082"}));
    let both = json!({"password": "Tr4ding!", "code": "287082"});
    let other = format!("{}/totp", UserId::of(&["eve"]));
    for (method, path, body, persons, admins) in [
        ("GET", "me/totp", &Value::Null, 200, 200),
        ("POST", "me/totp", &password, 201, 201),
        ("POST", "me/totp/confirm", &code, 200, 200),
        ("POST", "me/totp/disable", &both, 204, 204),
        ("POST", "me/totp/recovery-codes", &both, 200, 200),
        ("DELETE", &*other, &Value::Null, 403, 204),
    ] {
        for (token, told) in [("nobody", 401), ("viewer", persons), ("admin", admins)] {
            assert_eq!(ask(&Stub::default(), method, path, token, body).await.0, told, "{method} {path} {token}");
        }
        let by_key = ask(&Stub::default(), method, path, "key:viewer", body).await.0;
        assert_eq!(by_key, if admins == persons { 404 } else { 403 }, "a program's key is not its person");
    }
    assert_eq!(ask(&Stub::default(), "DELETE", "nobody/totp", "admin", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn what_is_secret_is_handed_out_once_and_in_a_form_that_apps_take() {
    let (_, made) = ask(&Stub::default(), "POST", "me/totp", "viewer", &json!({"password": "Tr4ding!"})).await;
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32);
    let uri = format!(
        "otpauth://totp/Moniqo:ann%2Bb%40example.com?secret={secret}&issuer=Moniqo&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(made["otpauth_uri"], uri.as_str());
    let (_, on) = ask(&Stub::default(), "POST", "me/totp/confirm", "viewer", &json!({"code": "287082"})).await;
    assert_eq!(on["recovery_codes"].as_array().unwrap().len(), 10);
    let (_, state) = ask(&Stub::default(), "GET", "me/totp", "viewer", &Value::Null).await;
    assert_eq!(state, json!({"enabled": true, "recovery_codes_left": 1}));
}

#[tokio::test]
async fn each_refusal_and_each_bad_field_has_its_answer() {
    for (refusal, status, code) in [
        (IdentityError::WrongFactor, 401, "wrong_totp"),
        (IdentityError::FactorNeeded, 401, "totp_required"),
        (IdentityError::FactorOn, 409, "totp_on"),
        (IdentityError::NoFactor, 404, "not_found"),
    ] {
        let stub = Stub { refusal: Some(refusal) };
        let (told, problem) = ask(&stub, "POST", "me/totp/confirm", "viewer", &json!({"code": "287082"})).await;
        assert_eq!((told.as_u16(), &problem["code"]), (status, &json!(code)));
    }
    for (path, body, field) in [
        ("me/totp", json!({}), "password"),
        ("me/totp", json!({"password": "x", "secret": "y"}), "secret"),
        ("me/totp/confirm", json!({"code": "12345"}), "code"),
        ("me/totp/confirm", json!({"code": 123_456}), "code"),
        ("me/totp/disable", json!({"password": "x"}), "code"),
        ("me/totp/recovery-codes", json!({"code": "287082"}), "password"),
    ] {
        let (status, problem) = ask(&Stub::default(), "POST", path, "viewer", &body).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{path} {body}");
    }
}

#[tokio::test]
async fn nobody_but_the_owner_has_secrets_put_under_another_key() {
    for token in ["nobody", "admin"] {
        let path = wire::own::RESEAL;
        let request =
            Request::post(path).header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
        let answer = lambda::edge::prepare(router(Stub::default())).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{token}");
    }
    for (asked, after) in [(json!({}), None), (json!({"after": "usr_1"}), Some("usr_1"))] {
        let event = wire::own::event(wire::own::RESEAL, &asked).to_string();
        let router = lambda::edge::prepare(router(Stub::default()));
        let answer = router.oneshot(lambda::own::request(&event).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let said: Resealed = serde_json::from_slice(&to_bytes(answer.into_body(), 9_999).await.unwrap()).unwrap();
        assert_eq!((said.moved, said.after.as_deref()), (3, after));
    }
}
