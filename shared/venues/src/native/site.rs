//! Where an exchange is asked, and as whom.

use super::TRADES_FOR;
use app::ports::VenueKey;
use domain::clock::{Millis, Timestamp};
use domain::vault::{KeyFault, Mode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where an exchange is asked: its own servers, those it keeps for tests, or one of this machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub mode: Mode,
    /// Scheme and host, with a port where it names one: `https://api.binance.com`. No path, no slash at its end. For an
    /// exchange that the library speaks for `ccxt:` and its name there: the servers that the library knows.
    pub url: String,
}

/// A site with the key that is used there, and the time.
#[derive(Debug, Clone)]
pub struct Login {
    pub site: Site,
    pub key: VenueKey,
    /// Our time.
    pub now: Timestamp,
    /// How far the exchange's clock is before ours.
    pub offset: Millis,
    /// What is told of the key by whatever is asked with it.
    pub refusals: Refusals,
    /// What is told of the clock by whatever was signed by it.
    pub doubt: Doubt,
    /// For how long one look goes on asking for the trades of one order ([`TRADES_FOR`] where money is at stake).
    pub trades_for: Duration,
}

/// Why an exchange does not take a key any more. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Mutex<Option<KeyFault>>>);

/// Whether an exchange has refused a request for its time: what is signed next is signed by a clock that was read anew. Clones
/// are the same one.
#[derive(Debug, Clone, Default)]
pub struct Doubt(Arc<AtomicBool>);

impl Login {
    /// By a clock that is not off, as far as is known; nothing has been told of the key yet.
    pub fn new(site: Site, key: VenueKey, now: Timestamp) -> Self {
        let (refusals, doubt) = (Refusals::default(), Doubt::default());
        Self { site, key, now, offset: Millis::ZERO, refusals, doubt, trades_for: TRADES_FOR }
    }

    /// A moment of ours as the exchange counts it: what an order is signed with is its persisted `sent_at`.
    pub fn signed_at(&self, ours: Timestamp) -> Timestamp {
        ours.plus(self.offset)
    }
}

impl Doubt {
    /// Whatever is refused for anything else says nothing of the clock.
    pub(crate) fn tell(&self, for_its_time: bool) {
        self.0.fetch_or(for_its_time, Ordering::Relaxed);
    }

    pub(crate) fn end(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Refusals {
    /// The first that is told counts.
    pub(crate) fn tell(&self, fault: Option<KeyFault>) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *told = told.or(fault);
    }

    /// What was told since this was last asked.
    pub fn take(&self) -> Option<KeyFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
