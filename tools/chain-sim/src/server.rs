//! Two endpoints of one chain on a port of this machine: `/a`, which knows everything, and `/b`, which may be behind.

use crate::chain::Chain;
use crate::{Kind, esplora, evm};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const BODY_BYTES_MAX: usize = 1 << 20;

/// What goes wrong.
#[derive(Debug, Clone)]
pub struct Faults {
    /// So many of the next requests are answered with 429.
    pub busy: usize,
    /// So many of the next answers end in their middle.
    pub cut: usize,
    /// So many of the next requests are answered with 500.
    pub broken: usize,
    /// Logs of more blocks than this at once are too many, and these are the words for it.
    pub range_max: u64,
    pub range_words: String,
    /// More calls than this in one request are refused, and these are the words for it.
    pub batch_max: usize,
    pub batch_words: String,
    /// More calls than this in one request are never answered.
    pub answered_max: usize,
    /// Pages of transactions begin with the last one of the page before.
    pub pages_overlap: bool,
    /// Pages of transactions end one too early.
    pub pages_are_short: bool,
    /// So many blocks `/b` is behind.
    pub b_is_behind: u64,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            busy: 0,
            cut: 0,
            broken: 0,
            range_max: u64::MAX,
            range_words: "block range too large".to_owned(),
            batch_max: usize::MAX,
            batch_words: "batch refused".to_owned(),
            answered_max: usize::MAX,
            pages_overlap: false,
            pages_are_short: false,
            b_is_behind: 0,
        }
    }
}

#[derive(Debug)]
struct State {
    chain: Chain,
    /// What `/b` answers from, where it is on a fork of its own.
    other: Option<Chain>,
    faults: Faults,
    asked: usize,
}

/// Serves for as long as it is held.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl Server {
    /// # Errors
    /// Where no port of this machine is free.
    pub async fn start(chain: Chain) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State { chain, other: None, faults: Faults::default(), asked: 0 }));
        let serving = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, serving })
    }

    /// Of the endpoint `a` or `b`.
    pub fn url(&self, endpoint: &str) -> String {
        format!("http://{}/{endpoint}", self.address)
    }

    /// Changes the chain.
    pub fn chain<T>(&self, change: impl FnOnce(&mut Chain) -> T) -> T {
        change(&mut locked(&self.state).chain)
    }

    pub fn faults(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut locked(&self.state).faults);
    }

    /// Has `/b` answer from another chain, or from the same again.
    pub fn put_other(&self, other: Option<Chain>) {
        locked(&self.state).other = other;
    }

    /// How many requests have come.
    pub fn asked(&self) -> usize {
        locked(&self.state).asked
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no holder has panicked")
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&state)));
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { answer(request, &state).await }
    });
    // A connection that breaks is the client's to notice.
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, state: &Mutex<State>) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(io::Error::other)?.to_bytes();
    let told = told(&mut locked(state), parts.uri.path(), &String::from_utf8_lossy(&body));
    match told {
        Some((status, said)) => response(status, said),
        None => pending().await,
    }
}

/// A status and a body, or no answer at all.
fn told(state: &mut State, path: &str, body: &str) -> Option<(u16, String)> {
    state.asked += 1;
    if take(&mut state.faults.busy) {
        return Some((429, "slow down".to_owned()));
    }
    if take(&mut state.faults.broken) {
        return Some((500, "internal error".to_owned()));
    }
    let (status, mut said) = said(state, path, body);
    if take(&mut state.faults.cut) {
        said.truncate(said.len() / 2);
    }
    (evm::calls(body) <= state.faults.answered_max).then_some((status, said))
}

fn said(state: &State, path: &str, body: &str) -> (u16, String) {
    let Some((is_b, path)) =
        path.strip_prefix("/a").map(|path| (false, path)).or(path.strip_prefix("/b").map(|path| (true, path)))
    else {
        return (404, "no endpoint has this path".to_owned());
    };
    let chain = state.other.as_ref().filter(|_| is_b).unwrap_or(&state.chain);
    let newest = chain.newest().number.saturating_sub(if is_b { state.faults.b_is_behind } else { 0 });
    match chain.kind {
        Kind::Evm(_) => (200, evm::answer(chain, newest, &state.faults, body).to_string()),
        Kind::Utxo => esplora::answer(chain, newest, &state.faults, path),
    }
}

fn take(left: &mut usize) -> bool {
    let is_due = *left > 0;
    *left = left.saturating_sub(1);
    is_due
}

fn response(status: u16, said: String) -> io::Result<Response<Full<Bytes>>> {
    Response::builder().status(status).body(Full::new(Bytes::from(said))).map_err(io::Error::other)
}
