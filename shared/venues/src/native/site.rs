//! Where an exchange is asked, and as whom.

use app::ports::VenueKey;
use domain::clock::{Millis, Timestamp};
use domain::vault::Mode;

/// Where an exchange is asked: its own servers, those it keeps for tests, or one of this machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub mode: Mode,
    /// Scheme and host, with a port where it names one: `https://api.binance.com`. No path, no slash at its end.
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
}

impl Login {
    /// A moment of ours as the exchange counts it: what an order is signed with is its persisted `sent_at`.
    pub fn signed_at(&self, ours: Timestamp) -> Timestamp {
        ours.plus(self.offset)
    }
}
