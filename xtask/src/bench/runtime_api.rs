//! The Runtime API of Lambda on loopback: hands one process its events and takes the answers, with the time of each.
//!
//! Header and body leave in one piece and nothing waits for an acknowledgement (`TCP_NODELAY`): what is measured is
//! the function.

use std::net::Ipv4Addr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::servers::{Servers, Serving};
use crate::failure::{Failure, Result};
use crate::interrupt;
use crate::stage::now;

/// Far above what any function takes here, far below what a person waits for.
const ANSWER_MAX: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(100);
/// What an invocation may take, as its deadline tells it: enough for `key-check` to begin a list of markets.
const LIFE_MS: i64 = 60_000;

/// What the process did, and when.
#[derive(Debug)]
enum Seen {
    /// It is ready for work.
    Asked(Instant),
    /// An event has left for it.
    Given(Instant),
    Answered(Instant, Bytes),
    Failed(Bytes),
}

/// One invocation, from the event's leaving to the answer's arrival.
#[derive(Debug)]
pub(crate) struct Invoked {
    pub(crate) given: Instant,
    pub(crate) took: Duration,
    pub(crate) answer: Bytes,
}

/// Serves one process; ends when dropped.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    serving: Serving,
    events: UnboundedSender<Bytes>,
    seen: Receiver<Seen>,
}

impl RuntimeApi {
    pub(crate) fn serve(servers: &Servers) -> Result<Self> {
        let (events, waiting) = unbounded_channel();
        let (tell, seen) = channel();
        let desk = Arc::new(Desk { waiting: waiting.into(), tell: Mutex::new(tell) });
        let serving = servers.serve(Ipv4Addr::LOCALHOST, routes().with_state(desk))?;
        Ok(Self { serving, events, seen })
    }

    /// For `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> String {
        self.serving.address.to_string()
    }

    /// When the process asked for its next event.
    pub(crate) fn asked(&self) -> Result<Instant> {
        match self.next()? {
            Seen::Asked(at) => Ok(at),
            other => Err(Failure::new(format!("the function did something else than ask for work: {other:?}"))),
        }
    }

    /// Gives an event to a process that has asked, and waits for its answer.
    pub(crate) fn invoke(&self, event: Bytes) -> Result<Invoked> {
        self.events.send(event).map_err(|_| Failure::new("the runtime API has ended"))?;
        let Seen::Given(given) = self.next()? else {
            return Err(Failure::new("the function did not take its event"));
        };
        match self.next()? {
            Seen::Answered(at, answer) => Ok(Invoked { given, took: at.saturating_duration_since(given), answer }),
            Seen::Failed(why) => Err(Failure::new(format!("the function failed: {}", String::from_utf8_lossy(&why)))),
            other => Err(Failure::new(format!("the function did not answer: {other:?}"))),
        }
    }

    fn next(&self) -> Result<Seen> {
        let until = Instant::now() + ANSWER_MAX;
        loop {
            match self.seen.recv_timeout(LOOK) {
                Ok(Seen::Failed(why)) if why.is_empty() => return Err(Failure::new("the function failed")),
                Ok(seen) => return Ok(seen),
                Err(_) if interrupt::came() => return Err(Failure::interrupted()),
                Err(RecvTimeoutError::Timeout) if Instant::now() < until => {}
                Err(_) => return Err(Failure::new(format!("nothing came for {} s", ANSWER_MAX.as_secs()))),
            }
        }
    }
}

#[derive(Debug)]
struct Desk {
    waiting: tokio::sync::Mutex<UnboundedReceiver<Bytes>>,
    tell: Mutex<Sender<Seen>>,
}

impl Desk {
    fn tell(&self, seen: Seen) {
        // Nobody listens any more when the measuring has ended.
        let _ = self.tell.lock().unwrap_or_else(PoisonError::into_inner).send(seen);
    }
}

fn routes() -> Router<Arc<Desk>> {
    let invocation = "/2018-06-01/runtime/invocation";
    Router::new()
        .route(&format!("{invocation}/next"), get(next))
        .route(&format!("{invocation}/{{id}}/response"), post(response))
        .route(&format!("{invocation}/{{id}}/error"), post(error))
        .route("/2018-06-01/runtime/init/error", post(error))
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    desk.tell(Seen::Asked(Instant::now()));
    let Some(event) = desk.waiting.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", now().millis().saturating_add(LIFE_MS).to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:000000000000:function:bench".to_owned()),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    desk.tell(Seen::Given(Instant::now()));
    (headers, event).into_response()
}

async fn response(State(desk): State<Arc<Desk>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    desk.tell(Seen::Answered(Instant::now(), body));
    StatusCode::ACCEPTED
}

async fn error(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    desk.tell(Seen::Failed(body));
    StatusCode::ACCEPTED
}
