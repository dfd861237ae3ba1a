//! Routes over rows in memory.

mod labels;
mod sources;

use super::*;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use lambda::Invocation;
use serde_json::Value;
use testkit::examples;
use testkit::world::{DEPLOYMENT, World};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);
/// Ends what names an API key, and no log-in.
const KEY: &str = "+key";

/// A deployment in which nothing stands yet, not on this machine.
fn fresh() -> Api {
    Api::new(World::calm_at(AT), Kms::new(true), false, DEPLOYMENT)
}

/// Something done to the rows before a request, or between two.
fn done<T: 'static, F: Future<Output = T> + 'static>(api: &Api, work: impl FnOnce(World) -> F) -> T {
    let done = api.store.sim().block_on("done", work(api.store.clone()));
    assert_eq!(api.store.sim().violations(), Vec::<String>::new());
    done
}

fn token(api: &Api, words: &str) -> String {
    let (user, rights) = (UserId::of(&["ann"]), words.split('+').filter(|word| *word != "key").collect::<Vec<_>>());
    if !words.ends_with(KEY) {
        return api.store.log_in(&user, &rights);
    }
    api.store.let_in(words, &user, &rights);
    words.to_owned()
}

/// The answer to a token with these permissions, or without a token.
fn ask(
    api: &Api,
    (method, path): (&str, &str),
    words: &str,
    headers: &[(&str, &str)],
    body: impl Into<String>,
) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if !words.is_empty() {
        request = request.header("authorization", format!("Bearer {}", token(api, words)));
    }
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Body::from(body.into())).unwrap();
    let api = api.clone();
    let world = api.store.clone();
    world.sim().block_on("asked", oneshot(api, request))
}

async fn oneshot(api: Api, mut request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let invocation = Invocation::begin("test", AT, AT.plus(Millis::seconds(20))).unwrap();
    request.extensions_mut().insert(invocation);
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let answer = lambda::edge::prepare(router(api)).oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    examples::keep(&method, &path, parts.status.as_u16(), &body);
    (parts.status, parts.headers, serde_json::from_slice(&body).unwrap_or_default())
}
