//! AWS on loopback, for one process: queues, bucket and key are answered here; tables by an emulator while an invocation is recorded,
//! and at once, with the recorded answers, while it is measured.
//!
//! 1. A measured invocation makes the calls that were recorded, no more and no others; the first that differs is told.
//! 2. No answer is made up but for a webhook token, which is the recorded one under the hash that was asked for.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::servers::{Servers, Serving};
use super::tables::{Tables, Units};
use super::token;
use super::{queue, storage};
use crate::failure::{Failure, Result};

/// One call and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `DynamoDB_20120810.PutItem`, `AmazonSQS.SendMessage` …
    pub(crate) target: String,
    pub(crate) request: Value,
    pub(crate) units: Units,
    /// When it came.
    pub(crate) at: Instant,
    status: StatusCode,
    answer: Bytes,
}

impl Call {
    /// `PutItem`, `SendMessage` …
    pub(crate) fn operation(&self) -> &str {
        self.target.rsplit('.').next().unwrap_or_default()
    }

    /// Whether tables are asked.
    pub(crate) fn is_of_tables(&self) -> bool {
        self.target.starts_with("DynamoDB")
    }
}

/// Where answers come from.
#[derive(Debug)]
enum Source {
    Emulator(Tables),
    Recording(Vec<Call>),
}

#[derive(Debug)]
struct Desk {
    source: Source,
    calls: Vec<Call>,
    /// What was asked for and not recorded.
    strange: Option<String>,
}

/// Ends when dropped.
#[derive(Debug)]
pub(crate) struct Cloud {
    serving: Serving,
    desk: Arc<Mutex<Desk>>,
}

impl Cloud {
    /// Tables are those of the emulator at this URL.
    pub(crate) fn recording(servers: &Servers, emulator: &str) -> Result<Self> {
        Self::serve(servers, Source::Emulator(Tables { client: reqwest::Client::new(), url: emulator.to_owned() }))
    }

    /// Answers as recorded.
    pub(crate) fn replaying(servers: &Servers, calls: Vec<Call>) -> Result<Self> {
        Self::serve(servers, Source::Recording(calls))
    }

    fn serve(servers: &Servers, source: Source) -> Result<Self> {
        let desk = Arc::new(Mutex::new(Desk { source, calls: Vec::new(), strange: None }));
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        Ok(Self { serving: servers.serve(Ipv4Addr::LOCALHOST, routes)?, desk })
    }

    /// For `AWS_ENDPOINT_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.serving.address)
    }

    /// The calls since this was last asked.
    pub(crate) fn take_calls(&self) -> Result<Vec<Call>> {
        let mut desk = lock(&self.desk);
        match desk.strange.take() {
            None => Ok(std::mem::take(&mut desk.calls)),
            Some(strange) => Err(Failure::new(format!("a measured invocation did what the recorded one did not: {strange}"))
                .next("run it again on a quieter machine; if it stays, the event depends on something that the recording does not hold")),
        }
    }
}

async fn answer(State(desk): State<Arc<Mutex<Desk>>>, method: Method, headers: HeaderMap, body: Bytes) -> Response {
    let at = Instant::now();
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default().to_owned();
    let queued = queue::answer(&target, &request).map(|answer| (StatusCode::OK, answer));
    let (status, answer, units) = match queued.or_else(|| storage::answer(&method, &target, &request)) {
        Some((status, answer)) => (status, answer, Units::default()),
        None => match emulator(&desk) {
            Some(tables) => tables.answer(&headers, &target, &request, body).await,
            None => lock(&desk).recorded(&target, &request),
        },
    };
    lock(&desk).calls.push(Call { target, request, units, at, status, answer: answer.clone() });
    (status, [("content-type", "application/x-amz-json-1.0")], answer).into_response()
}

fn emulator(desk: &Mutex<Desk>) -> Option<Tables> {
    match &lock(desk).source {
        Source::Emulator(tables) => Some(tables.clone()),
        Source::Recording(_) => None,
    }
}

impl Desk {
    /// The next answer to the same request, else to the next of its kind: what is written differs in its stamp.
    fn recorded(&mut self, target: &str, request: &Value) -> (StatusCode, Bytes, Units) {
        let Source::Recording(recorded) = &self.source else {
            return (StatusCode::BAD_GATEWAY, Bytes::new(), Units::default());
        };
        let is_same = |call: &&Call| call.target == target && call.request == *request;
        let is_of_kind = |call: &&Call| call.target == target;
        let made = self.calls.iter();
        let (same, so_far) = (made.clone().filter(is_same).count(), made.filter(is_of_kind).count());
        let found = recorded.iter().filter(is_same).nth(same);
        let found = found.or_else(|| recorded.iter().filter(is_of_kind).nth(so_far));
        match found {
            Some(call) => (call.status, token::renamed(request, &call.request, &call.answer), call.units),
            None => {
                self.strange.get_or_insert_with(|| {
                    format!("{target} of {}", request.get("Key").map_or_else(String::new, Value::to_string))
                });
                (StatusCode::BAD_REQUEST, Bytes::from_static(b"{}"), Units::default())
            }
        }
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}
