//! Routes over rows in memory.

mod auth;
mod bodies;
mod browsers;
mod definitions;
mod factor;
mod forgot;
mod health;
mod inbox;
mod logs;
mod noted;
mod oauth;
mod oneself;
pub(crate) mod outside;
mod people;
mod plans;
mod problem;
mod programs;
mod refreshed;
mod rows;
mod settings;

use super::*;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::identity::{PlanName, Profile, Role, User};
use domain::ids::UserId;
use lambda::Invocation;
use serde_json::Value;
use testkit::examples;
use testkit::world::{DEPLOYMENT, World};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const GOOD: &str = "Tr4ding!";

/// A deployment without users, in which registration is open.
fn fresh() -> Api {
    with(Registration::Open)
}

fn with(registration: Registration) -> Api {
    Api::new(World::calm_at(AT), parts(registration))
}

/// What such a deployment is put together from.
fn parts(registration: Registration) -> Parts {
    Parts {
        secret: DeploymentKey,
        passwords: Passwords,
        factors: Factors::default(),
        audits: Audits::default(),
        post: Post::default(),
        sights: Sights { now: AT, ..Sights::default() },
        objects: Objects::default(),
        deployment: DEPLOYMENT.to_owned(),
        registration,
        auth_per_minute: 1_000.try_into().unwrap(),
        verifier: credentials::Verifier::new(DEPLOYMENT),
        signer: KnownSigner::default(),
    }
}

/// Where these people are known, each by the name of their role: the password of each is [`GOOD`].
fn town(people: &[Role]) -> Api {
    let api = fresh();
    people.iter().for_each(|role| known(&api, &person(role.as_str(), *role)));
    api
}

fn person(name: &str, role: Role) -> User {
    User {
        id: UserId::of(&[name]),
        email: format!("{name}@example.com").parse().unwrap(),
        username: name.parse().unwrap(),
        profile: Profile::default(),
        password: Passwords::hash(GOOD),
        role: role.into(),
        plan: PlanName::default(),
        active: true,
        created_at: AT,
        password_at: AT,
        last_login: None,
        version: 3,
    }
}

/// Creates a user, with the rows of their e-mail and their name.
fn known(api: &Api, user: &User) {
    api.store.put_person(user);
}

/// Something done to the rows before a request, or between two.
fn done<T: 'static, F: Future<Output = T> + 'static>(api: &Api, work: impl FnOnce(World) -> F) -> T {
    let done = api.store.sim().block_on("done", work(api.store.clone()));
    assert_eq!(api.store.sim().violations(), Vec::<String>::new());
    done
}

/// The token of the user named like this role; after `key:` an API key of theirs with the same permissions.
fn token(api: &Api, word: &str) -> String {
    let (is_key, name) = word.strip_prefix("key:").map_or((false, word), |name| (true, name));
    let Ok(role) = name.parse::<Role>() else { return word.to_owned() };
    let user = UserId::of(&[name]);
    if !is_key {
        return api.store.log_in_as(&user, role);
    }
    let rights: Vec<_> = role.permissions().iter().map(|may| may.as_str()).collect();
    api.store.let_in(word, &user, &rights);
    word.to_owned()
}

/// What a request of that moment goes by.
fn begun(now: Timestamp) -> Invocation {
    Invocation::begin("test", now, now.plus(Millis::seconds(20))).unwrap()
}

/// At [`AT`], where the request brings no other moment as an extension.
async fn oneshot(api: Api, mut request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    request.extensions_mut().get_or_insert_with(|| begun(AT));
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let (parts, body) = lambda::edge::prepare(router(api)).oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    examples::keep(&method, &path, parts.status.as_u16(), &body);
    (parts.status, parts.headers, body)
}

/// What is answered to a request as it stands.
fn answered(api: &Api, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let world = api.store.clone();
    let answer = world.sim().block_on("request", oneshot(api.clone(), request));
    assert_eq!(world.sim().violations(), Vec::<String>::new());
    answer
}

/// The answer to a user with this role, to an API key of theirs, or without a token.
fn sent(api: &Api, request: Builder, word: &str, body: &str) -> (StatusCode, HeaderMap, Value) {
    let mut request = request.header("host", "api.example.com");
    if !word.is_empty() {
        request = request.header("authorization", format!("Bearer {}", token(api, word)));
    }
    let (status, headers, body) = answered(api, request.body(Body::from(body.to_owned())).unwrap());
    let text = String::from_utf8_lossy(&body);
    assert!(!text.contains("hash of") && !text.contains(GOOD), "it tells a secret: {text}");
    (status, headers, serde_json::from_slice(&body).unwrap_or_default())
}

fn ask(api: &Api, method: &str, path: &str, word: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    sent(api, Request::builder().method(method).uri(path), word, &body)
}
