//! Tokens that nobody was given, signed with the key that really counts and without it.

use super::{assert_refused, get, post};
use crate::support::people::{admin, enter, somebody};
use crate::support::unique::now;
use crate::support::{Caller, Stack};
use app::ports::{Claims, Secret, SignToken};
use credentials::Signer;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::clock::{Millis, Timestamp};
use domain::ids::{SessionId, UserId};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const HOUR: Millis = Millis::seconds(3_600);
/// A function of each crate that has a guard.
const GUARDED: [&str; 3] = ["/api/v1/users/me", "/api/v1/halt", "/api/v1/user-wallets"];

/// The deployment's own secret, which whoever attacks has not.
async fn secret() -> Secret {
    let asked = json!({"SecretId": Stack::get().name("DeploymentSecret")});
    let told = Caller::root().ask("secretsmanager:GetSecretValue", &asked).await;
    Secret::new(told["SecretString"].as_str().unwrap().to_owned())
}

async fn signed(deployment: &str, claims: &Claims) -> String {
    Signer::of(&secret().await, deployment).unwrap().sign_token(claims).await.unwrap().expose().to_owned()
}

/// Of the session that this token is of.
fn claims(token: &str, issued_at: Timestamp, expires_at: Timestamp) -> Claims {
    let body: Value = serde_json::from_slice(&decoded(token, 1)).unwrap();
    let text = |name: &str| body[name].as_str().unwrap();
    let (user, session) = (UserId::parse(text("sub")).unwrap(), SessionId::parse(text("sid")).unwrap());
    Claims { user, session, issued_at, expires_at }
}

fn decoded(token: &str, part: usize) -> Vec<u8> {
    BASE64URL_NOPAD.decode(token.split('.').nth(part).unwrap().as_bytes()).unwrap()
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

async fn assert_shut(token: &str, tried: &str) {
    for path in GUARDED {
        assert_refused(&get(path, token).await, 401, "unauthorized", &format!("{tried}: {path}"));
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_deployment_its_time_and_its_session_alone() {
    let someone = somebody(&admin().await, "trader").await;
    let deployment = Stack::get().deployment();
    let good = claims(&someone.token, now(), now().plus(HOUR));
    let again = signed(deployment, &good).await;
    for path in GUARDED {
        assert_eq!(get(path, &again).await.status, 200, "signed here as there: {path}");
    }
    let expired = claims(&someone.token, now().minus(HOUR), now().minus(Millis::seconds(1)));
    assert_shut(&signed(deployment, &expired).await, "expired").await;
    assert_shut(&signed(&format!("{deployment}-test"), &good).await, "another deployment's").await;
    let other = Claims { user: UserId::of(&["it", "nobody"]), ..good.clone() };
    assert_shut(&signed(deployment, &other).await, "somebody else's name on it").await;
    let unknown = Claims { session: SessionId::of(&["it", "none"]), ..good };
    assert_shut(&signed(deployment, &unknown).await, "a session that is not there").await;
}

#[tokio::test]
async fn what_is_unsigned_or_signed_otherwise_is_refused_whatever_it_says_of_itself() {
    let someone = somebody(&admin().await, "trader").await;
    let signer = Signer::of(&secret().await, Stack::get().deployment()).unwrap();
    let key = signer.public();
    let (head, rest) = someone.token.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let named = |alg: &str, kid: &str| part(&json!({"typ": "JWT", "alg": alg, "kid": kid}));
    assert_eq!(serde_json::from_slice::<Value>(&decoded(head, 0)).unwrap()["kid"], key.id.as_str());
    for alg in ["none", "None", "HS256", "RS256"] {
        assert_shut(&format!("{}.{body}.{signature}", named(alg, &key.id)), alg).await;
        assert_shut(&format!("{}.{body}.", named(alg, &key.id)), alg).await;
    }
    for kid in ["", "0000000000000000", "../../dev/null", "' OR '1'='1", "http://example.com/keys"] {
        assert_shut(&format!("{}.{body}.{signature}", named("EdDSA", kid)), kid).await;
    }
    let brought =
        json!({"typ": "JWT", "alg": "EdDSA", "kid": key.id, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": key.public}});
    assert_shut(&format!("{}.{body}.{signature}", part(&brought)), "a key of its own").await;
    let raw = BASE64URL_NOPAD.decode(key.public.as_bytes()).unwrap();
    for secret in [raw.as_slice(), key.public.as_bytes()] {
        for alg in ["HS256", "EdDSA"] {
            assert_shut(&symmetric(&named(alg, &key.id), body, secret), "signed with the public key").await;
        }
    }
    assert_shut(&format!("{head}.{}.{signature}", part(&json!({"iss": "moniqo"}))), "another body").await;
    assert_shut(&HEXLOWER.encode(key.public.as_bytes()), "the public key itself").await;
}

/// By a key of which everybody knows both halves.
fn symmetric(head: &str, body: &str, secret: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{head}.{body}").as_bytes());
    format!("{head}.{body}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_session_that_was_revoked_is_over_everywhere_and_the_others_go_on() {
    let first = somebody(&admin().await, "viewer").await;
    let second = enter(&first.email).await;
    let sessions = get("/api/v1/sessions", &second.token).await.json();
    let of_first = sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/api/v1/sessions/{}", of_first["id"].as_str().unwrap());
    let revoked = crate::support::http::ask(reqwest::Method::DELETE, &path, Some(&second.token), "").await;
    assert_eq!(revoked.status, 204, "{revoked:?}");
    assert_shut(&first.token, "revoked").await;
    assert_eq!(get("/api/v1/halt", &second.token).await.status, 200);
    assert_eq!(post("/api/auth/logout", Some(&second.token), &json!({})).await.status, 200);
    assert_shut(&second.token, "logged out").await;
}
