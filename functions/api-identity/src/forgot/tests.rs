use super::*;
use app::identity::IdentityError;
use app::ports::StoreError;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
}

impl CountsAddresses for Stub {
    async fn count_address(&self, _: Option<&str>, _: Timestamp) -> Result<Option<Millis>, StoreError> {
        Ok(None)
    }
}

impl Forgets for Stub {
    async fn ask_for_reset(&self, _: &Email, _: &Origin, _: Run<'_>) -> Done<()> {
        self.refusal.clone().map_or(Ok(()), Err)
    }
    async fn mail_reset(&self, email: &Email, token: &Secret, _: Run<'_>) -> Done<Option<UserId>> {
        assert!(token.expose().len() > 40);
        Ok((email.as_str() == "ann@example.com").then(|| UserId::of(&["ann"])))
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: Stub, path: &str, body: &Value) -> (StatusCode, String) {
    let request = Request::post(path).body(Body::from(body.to_string())).unwrap();
    let (parts, body) = lambda::edge::prepare(router(stub)).oneshot(request).await.unwrap().into_parts();
    (parts.status, String::from_utf8(to_bytes(body, 9_999).await.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn every_address_is_answered_alike() {
    for path in ["/api/auth/forgot-password", "/api/v1/auth/forgot-password"] {
        for email in ["ann@example.com", "nobody@example.com"] {
            let told = ask(Stub::default(), path, &json!({"email": email})).await;
            assert_eq!(told, (StatusCode::OK, r#"{"success":true}"#.to_owned()), "{path} {email}");
        }
        for body in [json!({}), json!({"email": "ann"}), json!({"email": "a@b.co", "to": "c@d.ef"})] {
            assert_eq!(ask(Stub::default(), path, &body).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        }
        let waits = Stub { refusal: Some(IdentityError::Wait(Millis::seconds(30))) };
        let told = ask(waits, path, &json!({"email": "ann@example.com"})).await;
        assert_eq!(told.0, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn nobody_but_the_function_itself_has_letters_written() {
    let told = ask(Stub::default(), crate::post::LETTERS, &json!({"email": "ann@example.com"})).await;
    assert_eq!(told.0, StatusCode::NOT_FOUND);
    let event = wire::own::event(crate::post::LETTERS, &json!({"email": "ann@example.com"})).to_string();
    let router = lambda::edge::prepare(router(Stub::default()));
    let answer = router.oneshot(lambda::own::request(&event).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
}
