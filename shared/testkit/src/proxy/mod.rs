//! A proxy before the endpoint of AWS that fails by plan: a throttled table, a table that fails, answers that are lost.
//!
//! 1. It listens on this machine only, on a free port, and ends with its value.
//! 2. What it hands on keeps its headers, `Host` included, and its bytes: signatures hold.
//! 3. What has begun to be handed on arrives, even where the caller has given up meanwhile: a late write is a write.

mod call;
mod plan;
mod refusal;
mod serve;
#[cfg(test)]
mod tests;

pub use call::Call;
pub use plan::{Fault, Rule};
pub use refusal::Refusal;

use plan::Plan;
use serve::serve;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How often an operation was called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// All calls, whatever became of them.
    pub called: u32,
    /// Those that a fault struck.
    pub struck: u32,
}

/// One call as it went: what was asked, and what the service answered, if it was asked at all. The caller may have
/// heard something else.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    pub call: &'a Call,
    /// Status and body.
    pub answer: Option<(u16, &'a [u8])>,
    pub fault: Option<&'a Fault>,
}

type Observer = Box<dyn Fn(&Exchange<'_>) + Send + Sync>;

/// What all connections look at.
struct Shared {
    /// Scheme, host and port.
    upstream: String,
    plan: Mutex<Plan>,
    counts: Mutex<BTreeMap<String, Count>>,
    observer: Option<Observer>,
}

impl Proxy {
    /// Before this endpoint (`http://127.0.0.1:4566`), with nothing planned.
    pub fn before(upstream: &str) -> Self {
        Self::begin(upstream, None)
    }

    /// The same, showing every call once it is over.
    pub fn watched(upstream: &str, observer: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        Self::begin(upstream, Some(Box::new(observer)))
    }

    fn begin(upstream: &str, observer: Option<Observer>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: upstream.trim_end_matches('/').to_owned(),
            plan: Mutex::default(),
            counts: Mutex::default(),
            observer,
        });
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        // A thread of its own: a test may block its runtime, or end it.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(serve(listener, serving, stopped));
        });
        Self { address, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// What goes into `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on these rules hold, and no others; the first that meets a call strikes it. One seed strikes alike.
    pub fn plan(&self, seed: u64, rules: impl IntoIterator<Item = Rule>) {
        *lock(&self.shared.plan) = Plan::new(seed, rules);
    }

    /// From now on nothing fails.
    pub fn heal(&self) {
        self.plan(0, []);
    }

    /// Calls by operation (`dynamodb:PutItem`) since the proxy began.
    pub fn counts(&self) -> BTreeMap<String, Count> {
        lock(&self.shared.counts).clone()
    }

    /// Calls that a fault has struck since the proxy began.
    pub fn struck(&self) -> u32 {
        lock(&self.shared.counts).values().map(|count| count.struck).sum()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ended_by_itself = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

impl Shared {
    /// What becomes of this call; it is counted.
    fn strike(&self, call: &Call) -> Option<Fault> {
        let fault = lock(&self.plan).strike(call);
        let mut counts = lock(&self.counts);
        let count = counts.entry(call.operation.clone()).or_default();
        count.called += 1;
        count.struck += u32::from(fault.is_some());
        fault
    }

    fn show(&self, call: &Call, answer: Option<(u16, &[u8])>, fault: Option<&Fault>) {
        if let Some(observer) = &self.observer {
            observer(&Exchange { call, answer, fault });
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("upstream", &self.upstream).field("plan", &self.plan).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
