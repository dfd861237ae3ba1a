//! What an answer, or none, says of its site.

use super::Wires;
use crate::native::{Native, Site, words};
use app::ports::{Cancelled, Clock, Outcome, Pause, Unprepared, Urgency, VenueError};
use domain::clock::{Millis, Timestamp};

impl Wires {
    /// Why nothing may be asked of a site at all.
    pub(super) fn barred(&self, site: &Site, now: Timestamp) -> Option<Pause> {
        let pause = self.traffic.paused(site, now)?;
        Some(Pause { code: Pause::ASKED, until: pause.until, why: pause.why })
    }

    /// Why it is spared what can wait.
    pub(super) fn spared(&self, site: &Site, urgency: Urgency, now: Timestamp) -> Option<Pause> {
        let until = self.traffic.failing(site, now).filter(|_| urgency == Urgency::Entry)?;
        Some(Pause { code: Pause::FAILING, until, why: "it has failed several times in a row".to_owned() })
    }

    /// After a venue was told what comes before a first order. What could not be told may have been refused for its time, and no
    /// order comes to tell that as long as this does not go through: the clock is read before it is told again.
    pub(super) fn prepared(&self, site: &Site, prepared: &Result<(), Unprepared>, now: Timestamp) {
        let is_away = matches!(prepared, Err(Unprepared::Away(_)));
        self.traffic.heard(site, !is_away, now);
        if is_away {
            self.clocks.doubt(site);
        }
    }

    /// After an order was sent, or could not be.
    pub(super) fn submitted<T>(&self, site: &Site, outcome: &Outcome<T>, now: Timestamp) {
        let answered = matches!(outcome, Outcome::Accepted(_) | Outcome::Rejected(_));
        self.traffic.heard(site, answered, now);
        if let Outcome::Rejected(refusal) = outcome
            && refusal.code == words::CLOCK
        {
            self.clocks.doubt(site);
        }
    }

    pub(super) fn cancelled(&self, site: &Site, cancelled: &Cancelled, now: Timestamp) {
        self.traffic.heard(site, !matches!(cancelled, Cancelled::Unknown(_)), now);
    }

    pub(super) fn read<T>(&self, site: &Site, read: &Result<T, VenueError>, now: Timestamp) {
        self.traffic.heard(site, read.is_ok(), now);
    }

    /// Reads the site's clock where its offset is doubted. What cannot be read now is read before the order after.
    pub(super) async fn set_clock<N: Native, C: Clock>(&self, native: &N, site: &Site, clock: &C) {
        if self.clocks.is_doubted(site) {
            // What cannot be read leaves it doubted.
            let _read = self.clock_ahead(native, site, clock).await;
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
