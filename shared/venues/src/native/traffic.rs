//! How much may be asked of an exchange now. What it counts, it counts per address or account; each process obeys what
//! it is told, and tells the others by the store.
//!
//! 1. What is counted by address, and what a wall before the exchange says, holds back everybody ([`Traffic::pause`]); what is
//!    counted by account or key holds back that one ([`Traffic::pause_one`]).
//! 2. A site fails where a request is lost or given up, where it answers with a failure of its own (5xx, or words for it),
//!    and where its answer cannot be read. A no is an answer, and what is not asked says nothing.

use super::{Asking, Breaker, Login, Site};
use app::ports::VenueKey;
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Above this share of what is allowed in a minute nothing that can wait is asked.
const BACK_OFF_PERCENT: i64 = 60;
/// Above this nothing is asked until the minute is over.
const STOP_PERCENT: i64 = 90;
const MINUTE: Millis = Millis::seconds(60);
/// More than one call ever asks before its breaker is told.
const HEARD_MAX: usize = 256;

/// Until when an exchange is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    pub until: Timestamp,
    pub why: String,
}

impl Pause {
    fn longer(self, held: Option<Self>) -> Self {
        held.filter(|held| held.until >= self.until).unwrap_or(self)
    }
}

/// What this process has been told by each site.
#[derive(Debug, Default)]
pub struct Traffic(Mutex<BTreeMap<Site, Told>>);

#[derive(Debug, Default, Clone)]
struct Told {
    pause: Option<Pause>,
    /// Of one key alone, which is known here by its hash.
    pauses: BTreeMap<Sha, Pause>,
    /// Nothing that can wait is asked before this.
    calm_until: Timestamp,
    breaker: Breaker,
    /// Whether requests were answered, oldest first, as far as the breaker was not told yet.
    heard: Vec<bool>,
}

impl Traffic {
    /// Keeps a pause, unless a longer one holds.
    pub fn pause(&self, site: &Site, pause: Pause) {
        self.with(site, |told| told.pause = Some(pause.longer(told.pause.take())));
    }

    /// The same for one account: what it has used up says nothing of the others'.
    pub fn pause_one(&self, login: &Login, pause: Pause) {
        let key = login.key.api_key.hash();
        self.with(&login.site, |told| {
            let pause = pause.longer(told.pauses.remove(&key));
            told.pauses.insert(key, pause);
        });
    }

    /// What of the minute's allowance is used, by the exchange's own count.
    pub fn used(&self, site: &Site, used: i64, allowed: i64, now: Timestamp) {
        let percent = used.saturating_mul(100).checked_div(allowed).unwrap_or(0);
        let minute_ends =
            Timestamp::from_millis(now.millis().saturating_sub(now.millis().rem_euclid(MINUTE.get()))).plus(MINUTE);
        if percent >= STOP_PERCENT {
            let why = format!("{percent} % of the exchange's allowance of this minute are used");
            self.pause(site, Pause { until: minute_ends, why });
        } else if percent >= BACK_OFF_PERCENT {
            self.with(site, |told| told.calm_until = told.calm_until.max(minute_ends));
        }
    }

    /// The pause that holds now.
    pub fn paused(&self, site: &Site, now: Timestamp) -> Option<Pause> {
        self.with(site, |told| told.pause.clone()).filter(|pause| now < pause.until)
    }

    /// The pause that holds now for whoever has this key.
    pub fn paused_one(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Pause> {
        let key = key.api_key.hash();
        self.with(site, |told| told.pauses.get(&key).cloned()).filter(|pause| now < pause.until)
    }

    /// Whether what can wait should wait.
    pub fn is_busy(&self, site: &Site, now: Timestamp) -> bool {
        self.calm(site, now).is_some() || self.paused(site, now).is_some()
    }

    /// Until when what can wait waits.
    pub fn calm(&self, site: &Site, now: Timestamp) -> Option<Timestamp> {
        Some(self.with(site, |told| told.calm_until)).filter(|until| now < *until)
    }

    /// A request to the site begins.
    pub fn asking<'a>(&'a self, site: &'a Site) -> Asking<'a> {
        Asking::new(self, site)
    }

    /// A request was answered, or was not.
    pub(super) fn hear(&self, site: &Site, answered: bool) {
        self.with(site, |told| {
            if told.heard.len() >= HEARD_MAX {
                told.heard.remove(0);
            }
            told.heard.push(answered);
        });
    }

    /// The newest answer is worth none: it cannot be read, or is about a failure inside the exchange.
    pub fn failed(&self, site: &Site) {
        self.with(site, |told| {
            told.heard.pop();
            told.heard.push(false);
        });
    }

    /// Tells breakers what was heard since they were last told. Where requests are sent nobody knows the time.
    pub fn settle(&self, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for told in all.values_mut() {
            let heard = std::mem::take(&mut told.heard);
            told.breaker = heard.into_iter().fold(told.breaker, |breaker, answered| breaker.after(answered, now));
        }
    }

    /// Until when it is spared since it fails.
    pub fn failing(&self, site: &Site, now: Timestamp) -> Option<Timestamp> {
        self.with(site, |told| told.breaker.open_until(now))
    }

    fn with<T>(&self, site: &Site, act: impl FnOnce(&mut Told) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(all.entry(site.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::vault::Mode;

    fn site() -> Site {
        Site { mode: Mode::Testnet, url: "https://testnet.example.org".to_owned() }
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn the_longer_pause_holds() {
        let traffic = Traffic::default();
        let pause = |until| traffic.pause(&site(), Pause { until: at(until), why: String::new() });
        pause(100);
        pause(50);
        assert_eq!(traffic.paused(&site(), at(99)).map(|pause| pause.until), Some(at(100)));
        assert_eq!(traffic.paused(&site(), at(100)), None);
        let live = Site { mode: Mode::Live, ..site() };
        assert_eq!(traffic.paused(&live, at(1)), None, "another site's");
    }

    #[test]
    fn the_used_share_of_a_minute_calms_and_then_stops() {
        let check = |used: i64, busy: bool, paused: Option<i64>| {
            let traffic = Traffic::default();
            traffic.used(&site(), used, 6_000, at(61_000));
            assert_eq!(traffic.is_busy(&site(), at(119_999)), busy, "{used}");
            assert_eq!(traffic.paused(&site(), at(119_999)).map(|pause| pause.until.millis()), paused, "{used}");
            assert!(!traffic.is_busy(&site(), at(120_000)), "{used}");
        };
        check(3_599, false, None);
        check(3_600, true, None);
        check(5_400, true, Some(120_000));
    }
}
