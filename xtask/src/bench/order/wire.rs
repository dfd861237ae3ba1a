//! An exchange on loopback, with the moment at which each request came: it is handed on to the simulator, or answered at
//! once as it was answered before.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::bench::servers::{Servers, Serving};
use crate::failure::Result;

/// A request, when it came, and what it was answered.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// `POST /api/v3/order` …
    pub(super) route: String,
    pub(super) at: Instant,
    status: StatusCode,
    answer: Bytes,
}

#[derive(Debug, Clone)]
enum Source {
    Simulator(reqwest::Client, String),
    Heard(Arc<[Asked]>),
}

#[derive(Debug)]
struct Desk {
    source: Source,
    asked: Mutex<Vec<Asked>>,
}

/// Ends when dropped.
#[derive(Debug)]
pub(super) struct Wire {
    serving: Serving,
    desk: Arc<Desk>,
}

impl Wire {
    /// What is asked here is asked at this URL.
    pub(super) fn to(servers: &Servers, simulator: &str) -> Result<Self> {
        Self::serve(servers, Source::Simulator(reqwest::Client::new(), simulator.to_owned()))
    }

    /// Each request gets what the same was answered before.
    pub(super) fn replaying(servers: &Servers, heard: Vec<Asked>) -> Result<Self> {
        Self::serve(servers, Source::Heard(heard.into()))
    }

    fn serve(servers: &Servers, source: Source) -> Result<Self> {
        let desk = Arc::new(Desk { source, asked: Mutex::default() });
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        Ok(Self { serving: servers.serve(Ipv4Addr::LOCALHOST, routes)?, desk })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.serving.address)
    }

    /// The requests since this was last asked, in their order.
    pub(super) fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.desk.asked())
    }
}

impl Desk {
    fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(State(desk): State<Arc<Desk>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (at, route) = (Instant::now(), format!("{method} {}", uri.path()));
    let (status, answer) = match &desk.source {
        Source::Heard(heard) => replayed(heard, &desk.asked(), &route),
        Source::Simulator(client, url) => ask(client, url, method, &uri, &headers, body).await,
    };
    desk.asked().push(Asked { route, at, status, answer: answer.clone() });
    (status, [("content-type", "application/json")], answer).into_response()
}

/// As often as a route is asked in an invocation, so often it was recorded.
fn replayed(heard: &[Asked], asked: &[Asked], route: &str) -> (StatusCode, Bytes) {
    let is_meant = |one: &&Asked| one.route == route;
    let before = asked.iter().filter(is_meant).count();
    let found = heard.iter().filter(is_meant).nth(before);
    found.map_or((StatusCode::NOT_FOUND, Bytes::new()), |found| (found.status, found.answer.clone()))
}

async fn ask(
    client: &reqwest::Client,
    url: &str,
    method: Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Bytes,
) -> (StatusCode, Bytes) {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = client.request(method, format!("{url}{path}")).body(body);
    for name in ["x-mbx-apikey", "content-type"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    match request.send().await {
        Ok(told) => (told.status(), told.bytes().await.unwrap_or_default()),
        Err(_) => (StatusCode::BAD_GATEWAY, Bytes::new()),
    }
}
