//! All venues as one: each call goes to the exchange that it is about, as the account that it is for.
//!
//! 1. The paper venue is asked at once; for any other the account's side and key are read, once in a run (`access`).
//! 2. A site that has asked to be left alone is asked nothing at all; one that fails is spared entries (`heard`).
//! 3. What says no for its clock, to an order, a cancel or a question, has its clock read anew before anything else is signed
//!    for it: before the next order is committed to, and before any other request (`clocks`).

mod access;
mod books;
mod candles;
mod clocks;
mod heard;
mod sites;
mod venue;
mod wanted;

pub use books::Books;
pub use sites::Sites;
pub use wanted::Wanted;

use crate::breadth::Breadth;
use crate::native::{Binance, Coinbase, Kraken, Traffic, Transport};
use access::Known;
use app::ports::Lease;
use clocks::Clocks;
use domain::ids::AttemptId;
use std::sync::Arc;

/// Every venue, behind one port.
///
/// `P` is the paper venue, `D` where accounts and their keys stand, `S` the vault that opens them.
#[derive(Debug)]
pub struct Exchanges<P, D, S> {
    paper: P,
    deps: D,
    vault: Arc<S>,
    wires: Arc<Wires>,
    lease: Lease,
    known: Known,
    wanted: Wanted,
}

/// The wires of one process, with what they have been told.
#[derive(Debug)]
struct Wires {
    sites: Sites,
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
    clocks: Clocks,
    binance: Binance,
    binance_futures: Binance,
    coinbase: Coinbase,
    kraken: Kraken,
    breadth: Breadth,
}

impl Wires {
    fn new(sites: Sites) -> Self {
        let (transport, traffic) = (Arc::new(Transport::new(sites.are_local())), Arc::new(Traffic::default()));
        Self {
            sites,
            clocks: Clocks::default(),
            binance: Binance::new(transport.clone(), traffic.clone()),
            binance_futures: Binance::futures(transport.clone(), traffic.clone()),
            coinbase: Coinbase::new(transport.clone(), traffic.clone()),
            kraken: Kraken::new(transport.clone(), traffic.clone()),
            breadth: Breadth::new(transport.clone(), traffic.clone()),
            transport,
            traffic,
        }
    }
}

impl<P, D, S> Exchanges<P, D, S> {
    /// Keys are opened by this function; on record it stands with the run that has opened them, and with its reason.
    pub fn new(paper: P, deps: D, vault: Arc<S>, sites: Sites, function: &str) -> Self {
        let (function, why, attempt) = (function.to_owned(), String::new(), AttemptId::new(""));
        let (wires, lease) = (Arc::new(Wires::new(sites)), Lease { function, why, attempt });
        Self { paper, deps, vault, wires, lease, known: Known::default(), wanted: Wanted::default() }
    }

    /// The same, of which these exchanges' markets are wanted whether or not somebody has an account there.
    #[must_use]
    pub fn wanting(self, wanted: Wanted) -> Self {
        Self { wanted, ..self }
    }
}

impl<P: Clone, D: Clone, S> Exchanges<P, D, S> {
    /// The same, for one run and why it opens keys: what it reads of accounts and keys it reads anew.
    #[must_use]
    pub fn in_run(&self, attempt: &AttemptId, why: &str) -> Self {
        let lease = Lease { attempt: attempt.clone(), why: why.to_owned(), ..self.lease.clone() };
        let (paper, deps) = (self.paper.clone(), self.deps.clone());
        let (vault, wires, wanted) = (self.vault.clone(), self.wires.clone(), self.wanted.clone());
        Self { paper, deps, vault, wires, lease, known: Known::default(), wanted }
    }
}
