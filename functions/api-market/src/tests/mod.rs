//! Routes over rows in memory.

mod backfills;
mod backtests;
mod candles;
mod fetched;
mod market_data;
mod sentiment;
mod series;
mod strategies;
mod whales;

use super::*;
use app::ports::{AskKeyCheck, Audit, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use lambda::Invocation;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use testkit::examples;
use testkit::world::{DEPLOYMENT, World};
use tower::ServiceExt;
use wire::key_check::{KeyCheck, KeyChecked};

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// A double of `key-check`: its answer, or no answer.
#[derive(Clone, Default, Debug)]
pub struct Checks {
    says: Arc<Mutex<Option<KeyChecked>>>,
    /// What it was asked.
    asked: Arc<Mutex<Vec<KeyCheck>>>,
}

impl Checks {
    fn say(&self, said: KeyChecked) {
        *self.says.lock().unwrap() = Some(said);
    }

    fn asked(&self) -> Vec<KeyCheck> {
        self.asked.lock().unwrap().clone()
    }
}

impl AskKeyCheck for Checks {
    async fn ask_key_check(&self, question: &KeyCheck, _: Timestamp) -> Result<KeyChecked, StoreError> {
        self.asked.lock().unwrap().push(question.clone());
        let said = self.says.lock().unwrap().clone();
        said.ok_or_else(|| StoreError::Unavailable("nobody answers".to_owned()))
    }

    async fn ask_key_check_later(&self, question: &KeyCheck, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("nothing is left to it: {question:?}")
    }
}

/// A deployment in which nothing stands yet.
fn fresh() -> Api {
    let world = World::calm_at(AT);
    let played = (world.clone(), world.clone(), 3);
    Api::new(world, Checks::default(), played, DEPLOYMENT)
}

/// Something done to the rows before a request, or between two.
fn done<T: 'static, F: Future<Output = T> + 'static>(api: &Api, work: impl FnOnce(World) -> F) -> T {
    let done = api.store.sim().block_on("done", work(api.store.clone()));
    assert_eq!(api.store.sim().violations(), Vec::<String>::new());
    done
}

/// The audit record of a seeded row.
fn on_record(user: &UserId, what: &str) -> Audit {
    let (action, resource, attempt) = ("seed".to_owned(), what.to_owned(), AttemptId::new(format!("seed-{what}")));
    let (reason, before, after, address) = ("a test".to_owned(), None, None, None);
    Audit { user: user.clone(), action, resource, reason, before, after, at: AT, attempt, address, actor: None }
}

fn ann() -> UserId {
    UserId::of(&["ann"])
}

fn eve() -> UserId {
    UserId::of(&["eve"])
}

const KEY: &str = "+key";
/// Among the words of a token that is not Ann's.
const EVES: &str = "eve";

/// A token of Ann, or of Eve if the words say so: an API key if they end with [`KEY`], else a log-in.
fn token(api: &Api, words: &str) -> String {
    let rights: Vec<_> = words.split('+').filter(|word| !["key", EVES].contains(word)).collect();
    let user = if words.split('+').any(|word| word == EVES) { eve() } else { ann() };
    if !words.ends_with(KEY) {
        return api.store.log_in(&user, &rights);
    }
    api.store.let_in(words, &user, &rights);
    words.to_owned()
}

async fn oneshot(api: Api, at: Timestamp, mut request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let invocation = Invocation::begin("test", at, at.plus(Millis::seconds(20))).unwrap();
    request.extensions_mut().insert(invocation);
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let answer = lambda::edge::prepare(router(api)).oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    examples::keep(&method, &path, parts.status.as_u16(), &body);
    (parts.status, parts.headers, body)
}

/// The answer to a token with these permissions, or without a token.
fn ask(api: &Api, method: &str, path: &str, words: &str, body: impl Into<String>) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = ask_for(api, method, path, words, body);
    (status, headers, serde_json::from_str(&body).unwrap_or_default())
}

/// Whatever kind the answer is of.
fn ask_for(
    api: &Api,
    method: &str,
    path: &str,
    words: &str,
    body: impl Into<String>,
) -> (StatusCode, HeaderMap, String) {
    let (status, headers, body) = sent(api, Request::builder().method(method).uri(path), words, body.into());
    (status, headers, String::from_utf8(body).unwrap())
}

/// The same with headers of its own.
fn sent(
    api: &Api,
    request: axum::http::request::Builder,
    words: &str,
    body: String,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    sent_at(api, AT, request, words, body)
}

/// The same at a moment of its own.
fn sent_at(
    api: &Api,
    at: Timestamp,
    request: axum::http::request::Builder,
    words: &str,
    body: String,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = request.header("host", "api.example.com");
    if !words.is_empty() {
        request = request.header("authorization", format!("Bearer {}", token(api, words)));
    }
    let (request, world) = (request.body(Body::from(body)).unwrap(), api.store.clone());
    let answer = world.sim().block_on("request", oneshot(api.clone(), at, request));
    assert_eq!(world.sim().violations(), Vec::<String>::new());
    answer
}

/// The answer to a request that accepts gzip, as it comes.
fn packed(api: &Api, path: &str, words: &str) -> (HeaderMap, Vec<u8>) {
    let (headers, body) = taking_gzip(api, path, words);
    assert_eq!(headers["content-encoding"], "gzip");
    (headers, body)
}

fn taking_gzip(api: &Api, path: &str, words: &str) -> (HeaderMap, Vec<u8>) {
    let request = Request::builder().uri(path).header("accept-encoding", "br, gzip");
    let (_, headers, body) = sent(api, request, words, String::new());
    (headers, body)
}
