//! Routes over a desk by hand.

mod accounts;
mod addresses;
mod backfills;
mod backtests;
mod candles;
mod keys;
mod lists;
mod market_data;
mod noted;
mod others;
mod routing;
mod strategies;
mod tokens;
mod wallets;

use super::*;
use app::accounts::AccountError;
use app::identity::Knock;
use app::ports::{Guarded, Session, StoreError};
use app::tokens::TokenError;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::logs::Note;
use lambda::guard::Guards;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// Ann's, with whatever rights her token names.
#[derive(Clone, Default)]
struct Stub {
    /// What everything about tokens is refused with.
    token_refusal: Option<TokenError>,
    /// What everything about accounts is refused with.
    account_refusal: Option<AccountError>,
    /// The keys that were to be saved: exchange, label, key, secret, passphrase, and whether its owner insists.
    keys: Arc<Mutex<Vec<String>>>,
    /// Whether a person has asked, of what takes it.
    asked: Arc<Mutex<Vec<bool>>>,
    /// The secrets that were made.
    secrets: Arc<Mutex<Vec<String>>>,
    /// What is kept of a backtest that is done, where it is not the usual.
    result: Option<Vec<u8>>,
    /// What was put into the system log.
    notes: Arc<Mutex<Vec<Note>>>,
}

fn ann() -> UserId {
    UserId::of(&["ann"])
}

impl Guards for Stub {
    async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        // A program's token says so.
        let is_key = token.expose().ends_with(KEY);
        let login = (!is_key).then(|| domain::ids::SessionId::of(&["ann"]));
        let scopes: Vec<_> = token.expose().split('+').map(str::to_owned).collect();
        let user = if scopes.iter().any(|scope| scope == EVES) { UserId::of(&["eve"]) } else { ann() };
        Ok(Guarded::Admitted(Session::new(user, scopes, login)))
    }
}

impl lambda::noted::Notes for Stub {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        self.notes.lock().unwrap().push(note.clone());
        Ok(())
    }
}

impl Desk for Stub {
    fn calls(&self) -> u32 {
        0
    }

    fn is_local(&self) -> bool {
        false
    }
}

const KEY: &str = "+key";
/// Among the words of a token that is not Ann's.
const EVES: &str = "eve";

/// May look and change.
const ALL: &str = "trading:read+accounts:write";

async fn ask(
    stub: &Stub,
    method: &str,
    path: &str,
    token: &str,
    body: impl Into<String>,
) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = ask_for(stub, method, path, token, body).await;
    (status, headers, serde_json::from_str(&body).unwrap_or_default())
}

/// Whatever kind the answer is of.
async fn ask_for(
    stub: &Stub,
    method: &str,
    path: &str,
    token: &str,
    body: impl Into<String>,
) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::builder().method(method).uri(path).header("host", "api.example.com");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let router = lambda::edge::prepare(router(stub.clone()));
    let answer = router.oneshot(request.body(Body::from(body.into())).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

/// What whoever takes gzip is answered where it is packed, as it comes.
async fn packed(path: &str, token: &str) -> (HeaderMap, Vec<u8>) {
    let (headers, body) = taking_gzip(&Stub::default(), path, token).await;
    assert_eq!(headers["content-encoding"], "gzip");
    (headers, body)
}

async fn taking_gzip(stub: &Stub, path: &str, token: &str) -> (HeaderMap, Vec<u8>) {
    let request = Request::builder().uri(path).header("host", "api.example.com").header("accept-encoding", "br, gzip");
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    let answer = lambda::edge::prepare(router(stub.clone())).oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    (parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}
