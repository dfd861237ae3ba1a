use super::*;
use app::identity::IdentityError;
use app::ports::{KeyClaims, Secret, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use data_encoding::BASE64;
use domain::clock::{Millis, Timestamp};
use domain::identity::Scope;
use domain::ids::UserId;
use serde_json::{Value, json};
use tower::ServiceExt;

/// One key with the right to look.
#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
    /// Of whoever asks from this address.
    waits: Option<Millis>,
}

impl CountsAddresses for Stub {
    async fn count_address(&self, _: Option<&str>, _: Timestamp) -> Result<Option<Millis>, StoreError> {
        Ok(self.waits)
    }
}

impl Tokens for Stub {
    async fn client_token(&self, asked: ClientCredentials, run: Run<'_>) -> Done<ClientToken> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone());
        }
        if (asked.id.as_str(), asked.secret.expose()) != ("key_a", "mqk_s") {
            return Err(IdentityError::WrongClient);
        }
        let read: Scope = "trading:read".parse().unwrap();
        let scopes = asked.scopes.unwrap_or_else(|| [read.clone()].into_iter().collect());
        if scopes.iter().any(|scope| *scope != read) {
            return Err(IdentityError::ScopeNotOfKey);
        }
        let (user, secret) = (UserId::of(&["ann"]), asked.secret.hash());
        let claims = KeyClaims { user, key: asked.id, secret, scopes, issued_at: run.now, expires_at: run.now };
        Ok(ClientToken { claims, token: Secret::new("a.b.c".to_owned()) })
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, basic: Option<&str>, body: &str) -> (u16, HeaderMap, Value) {
    ask_at("/oauth2/token", stub, basic, body).await
}

async fn ask_at(path: &str, stub: &Stub, basic: Option<&str>, body: &str) -> (u16, HeaderMap, Value) {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let request = match basic {
        Some(said) => request.header("authorization", format!("Basic {}", BASE64.encode(said.as_bytes()))),
        None => request,
    };
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let (parts, body) = lambda::edge::prepare(router(stub.clone())).oneshot(request).await.unwrap().into_parts();
    assert_eq!(parts.headers["cache-control"], "no-store");
    let body = to_bytes(body, 9_999).await.unwrap();
    (parts.status.as_u16(), parts.headers, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_client_says_who_it_is_by_basic_or_in_the_body() {
    let answer = json!({"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 3_600, "scope": "trading:read"});
    for (basic, body) in [
        (Some("key_a:mqk_s"), "grant_type=client_credentials"),
        (Some("key%5Fa:mqk%5Fs"), "grant_type=client_credentials&scope=trading%3Aread"),
        (Some("key_a:mqk_s"), "grant_type=client_credentials&client_id=key_a"),
        (None, "client_id=key_a&client_secret=mqk_s&grant_type=client_credentials&resource=x&resource=y"),
        (None, "client_id=key_a&client_secret=mqk_s&grant_type=client_credentials&scope="),
    ] {
        let (status, headers, told) = ask(&Stub::default(), basic, body).await;
        assert_eq!((status, &told), (200, &answer), "{basic:?} {body}");
        assert_eq!(headers["pragma"], "no-cache");
    }
}

#[tokio::test]
async fn what_stands_in_the_query_means_nothing() {
    let body = "client_id=key_a&client_secret=mqk_s&grant_type=client_credentials";
    assert_eq!(ask_at("/oauth2/token?resource=x&client_id=key_b", &Stub::default(), None, body).await.0, 200);
    let named = "/oauth2/token?client_id=key_a&client_secret=mqk_s";
    assert_eq!(ask_at(named, &Stub::default(), None, "grant_type=client_credentials").await.0, 401);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_words_of_the_standard() {
    let good = "grant_type=client_credentials&client_id=key_a&client_secret=mqk_s";
    let twice = format!("{good}&client_id=key_a");
    let beyond = format!("{good}&scope=trading:read%20users:write");
    let nonsense = format!("{good}&scope=trading:read%20%20x");
    for (basic, body, status, error) in [
        (None, "", 400, "invalid_request"),
        (None, "{\"grant_type\":\"client_credentials\"}", 400, "invalid_request"),
        (None, "grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        (None, &*twice, 400, "invalid_request"),
        (Some("key_a:mqk_s"), good, 400, "invalid_request"),
        (Some("key_a:mqk_s"), "grant_type=client_credentials&client_id=key_b", 400, "invalid_request"),
        (None, &*beyond, 400, "invalid_scope"),
        (None, &*nonsense, 400, "invalid_scope"),
        (None, "grant_type=client_credentials", 401, "invalid_client"),
        (None, "grant_type=client_credentials&client_id=key_a", 401, "invalid_client"),
        (None, "grant_type=client_credentials&client_id=key_a&client_secret=mqk_x", 401, "invalid_client"),
        (None, "grant_type=client_credentials&client_id=usr_a&client_secret=mqk_s", 401, "invalid_client"),
        (Some("key_a"), "grant_type=client_credentials", 401, "invalid_client"),
        (Some("key_b:mqk_s"), "grant_type=client_credentials", 401, "invalid_client"),
    ] {
        let (told, headers, refusal) = ask(&Stub::default(), basic, body).await;
        assert_eq!((told, &refusal["error"]), (status, &json!(error)), "{basic:?} {body}");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401, "{body}");
        assert!(!refusal.to_string().contains("mqk_"));
    }
    let waits = Stub { refusal: Some(IdentityError::Wait(Millis::seconds(30))), ..Stub::default() };
    let (status, headers, _) = ask(&waits, None, good).await;
    assert_eq!((status, &headers["retry-after"]), (429, &"30".parse().unwrap()));
}

#[tokio::test]
async fn whoever_asks_too_often_from_an_address_is_refused_before_their_secret_is_looked_at() {
    let often = Stub { waits: Some(Millis::seconds(9)), refusal: Some(IdentityError::WrongClient) };
    let (status, headers, problem) =
        ask(&often, None, "grant_type=client_credentials&client_id=key_a&client_secret=mqk_s").await;
    assert_eq!((status, &headers["retry-after"]), (429, &"9".parse().unwrap()));
    assert_eq!((&problem["code"], &problem["rate_class"]), (&json!("too_many_requests"), &json!("auth")));
}
