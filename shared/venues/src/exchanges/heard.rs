//! What an answer, or none, says of its site.

use super::Wires;
use crate::native::{self, Native, Site, Traffic};
use app::ports::{Clock, Pause, Urgency, VenueError, VenueKey};
use domain::clock::{Millis, Timestamp};
use domain::limits::CLOCK_SKEW;
use std::time::Duration;
use tokio::time::timeout;

/// A time that is on its way for longer says too little (`clocks`). An order may be waiting for it.
const CLOCK_TIMEOUT: Duration = Duration::from_millis(CLOCK_SKEW.get().unsigned_abs().saturating_mul(2));

/// What a call hears of its site, from its beginning on. Its breaker is told when the call is over, or was given up.
pub(super) struct Hearing<'a, C: Clock> {
    traffic: &'a Traffic,
    clock: &'a C,
}

impl<C: Clock> Drop for Hearing<'_, C> {
    fn drop(&mut self) {
        self.traffic.settle(self.clock.now());
    }
}

impl Wires {
    /// A call begins by this, whatever it asks.
    pub(super) fn hearing<'a, C: Clock>(&'a self, clock: &'a C) -> Hearing<'a, C> {
        Hearing { traffic: &self.traffic, clock }
    }

    /// Why nothing may be asked of a site at all.
    pub(super) fn barred(&self, site: &Site, now: Timestamp) -> Option<Pause> {
        self.traffic.paused(site, now).map(asked)
    }

    /// Why nothing may be asked there with this key.
    pub(super) fn barred_one(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Pause> {
        self.traffic.paused_one(site, key, now).map(asked)
    }

    /// Why nothing is asked there now, and nothing sent but what ends orders and positions.
    pub(super) fn full(&self, site: &Site, now: Timestamp) -> Option<Pause> {
        let why = "nearly all that may be asked of it in this minute is used".to_owned();
        self.traffic.full(site, now).map(|until| Pause { code: Pause::FULL, until, why })
    }

    /// Why it is spared what can wait.
    pub(super) fn spared(&self, site: &Site, urgency: Urgency, now: Timestamp) -> Option<Pause> {
        if let Some(full) = self.full(site, now).filter(|_| urgency != Urgency::Exit) {
            return Some(full);
        }
        let (code, until, why) = match urgency {
            Urgency::Entry => {
                (Pause::FAILING, self.traffic.failing(site, now)?, "it has failed several times in a row")
            }
            Urgency::Look => (Pause::BUSY, self.traffic.calm(site, now)?, "most of what may be asked of it is used"),
            Urgency::Exit => return None,
        };
        Some(Pause { code, until, why: why.to_owned() })
    }

    /// Why nothing is entered with this key now: its account has used up what is counted of it.
    pub(super) fn spent(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Pause> {
        let why = "the account has placed, or asked, as much as it may".to_owned();
        self.traffic.entries_wait(site, key, now).map(|until| Pause { code: Pause::FULL, until, why })
    }

    /// Why nothing is asked with this key now, and nothing sent but what ends orders and positions.
    pub(super) fn full_one(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Pause> {
        let why = "as much was asked with the key as may be".to_owned();
        self.traffic.questions_wait(site, key, now).map(|until| Pause { code: Pause::FULL, until, why })
    }

    /// Why looks with this key wait.
    pub(super) fn calm_one(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Pause> {
        let (until, why) = (self.traffic.calm_one(site, key, now)?, "most of what may be asked with the key is used");
        Some(Pause { code: Pause::BUSY, until, why: why.to_owned() })
    }

    /// Reads the site's clock where its offset is doubted, once. What cannot be read now is read before the next request.
    pub(super) async fn set_clock<N: Native, C: Clock>(&self, native: &N, site: &Site, clock: &C) {
        if self.clocks.doubt(site).is_told() {
            // What cannot be read leaves it doubted.
            let _read = timeout(CLOCK_TIMEOUT, self.clock_ahead(native, site, clock)).await;
        }
    }

    /// How far our clock is ahead of the site's, read now. What is signed next is signed by that.
    pub(super) async fn clock_ahead<N: Native, C: Clock>(
        &self,
        native: &N,
        site: &Site,
        clock: &C,
    ) -> Result<Millis, VenueError> {
        let asked_at = clock.now();
        let theirs = native.time(site).await?;
        let before = self.clocks.read(site, theirs, asked_at, clock.now());
        let before = before.ok_or_else(|| VenueError::Unavailable("its time took too long to come".to_owned()))?;
        Ok(Millis::new(before.get().saturating_neg()))
    }
}

fn asked(pause: native::Pause) -> Pause {
    Pause { code: Pause::ASKED, until: pause.until, why: pause.why }
}
