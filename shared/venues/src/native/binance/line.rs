//! The way to Binance and back: what is asked, what is answered, and how much may still be asked.
//!
//! Weight is counted per address: each answer tells what of the minute's is used. Orders that nobody fills are counted
//! per account: one that has used them up enters nothing for what is left of their window, and no other waits. Cancels are not
//! counted, and an exit that is too many is refused and then waited for.

use super::super::words;
use super::super::{Answer, Call, Login, Pause, Sent, Site, Traffic, Transport};
use super::ask::Ask;
use super::dialect::{Dialect, Window};
use super::outcome::{Verdict, verdict};
use app::ports::{ProbeError, VenueError};
use domain::clock::{Millis, Timestamp};
use domain::vault::KeyFault;
use serde::de::DeserializeOwned;
use std::sync::Arc;

const USED_WEIGHT: &str = "x-mbx-used-weight-1m";
const NOT_UNDERSTOOD: &str = "an answer that cannot be read";

/// Why nothing could be read.
#[derive(Debug, Clone)]
pub(super) struct Failed {
    /// Binance's own number for it, where it said so.
    pub(super) code: Option<i64>,
    fault: Option<KeyFault>,
    pub(super) why: String,
}

#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) wire: &'static Dialect,
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
}

impl Line {
    pub(super) fn new(wire: &'static Dialect, transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { wire, transport, traffic }
    }

    /// Sends what was signed for `at`, once.
    pub(super) async fn send(&self, login: &Login, ask: &Ask, at: Timestamp) -> Sent {
        let sent = self.tell(&login.site, &ask.signed(login, login.signed_at(at)), Some(login)).await;
        if let Sent::Answered(answer) = &sent
            && !answer.is_success()
        {
            let verdict = verdict(self.wire, answer);
            login.refusals.tell(verdict.fault);
            login.doubt.tell(verdict.refusal.is_some_and(|refusal| refusal.code == words::CLOCK));
        }
        sent
    }

    /// Reads what a key is needed for.
    pub(super) async fn read<T: DeserializeOwned>(&self, login: &Login, ask: &Ask) -> Result<T, Failed> {
        let answer = self.answer(self.send(login, ask, login.now).await)?;
        self.understood(&login.site, &answer)
    }

    /// Reads what anybody may, with the time of the answer.
    pub(super) async fn open<T: DeserializeOwned>(
        &self,
        site: &Site,
        ask: &Ask,
    ) -> Result<(T, Option<Timestamp>), Failed> {
        let answer = self.answer(self.tell(site, &ask.open(site), None).await)?;
        Ok((self.understood(site, &answer)?, answer.date()))
    }

    /// An answer of the site, to whatever it was given, is in no words that can be read.
    pub(super) fn unread(&self, site: &Site) {
        self.traffic.failed(site);
    }

    fn understood<T: DeserializeOwned>(&self, site: &Site, answer: &Answer) -> Result<T, Failed> {
        answer.json().ok_or_else(|| {
            self.unread(site);
            Failed::away(NOT_UNDERSTOOD)
        })
    }

    async fn tell(&self, site: &Site, call: &Call, login: Option<&Login>) -> Sent {
        let sent = self.transport.send(call, self.traffic.asking(site)).await;
        if let Sent::Answered(answer) = &sent
            && let Some(now) = login.map(|login| login.now).or_else(|| answer.date())
        {
            self.heed(site, login, answer, now);
        }
        sent
    }

    fn answer(&self, sent: Sent) -> Result<Answer, Failed> {
        match sent {
            Sent::Answered(answer) if answer.is_success() => Ok(answer),
            Sent::Answered(answer) => Err(Failed::from(verdict(self.wire, &answer))),
            Sent::Not(why) | Sent::Lost(why) => Err(Failed::away(why)),
        }
    }

    fn heed(&self, site: &Site, login: Option<&Login>, answer: &Answer, now: Timestamp) {
        if let Some(used) = answer.number(USED_WEIGHT) {
            self.traffic.used(site, used, self.wire.weight, now);
        }
        let is_full = |window: &&Window| answer.number(window.header).is_some_and(|used| used >= window.of(site.mode));
        if let Some(login) = login {
            let full = self.wire.windows.iter().filter(is_full);
            full.for_each(|window| self.traffic.fill_orders(login, window_end(now, window.length)));
        }
        if answer.is_success() {
            return;
        }
        let verdict = verdict(self.wire, answer);
        if verdict.is_failure() {
            self.traffic.failed(site);
        }
        if let Verdict { wait: Some(wait), why, .. } = &verdict {
            let of_one = login.filter(|_| verdict.is_of_account(answer.status));
            self.rest(site, of_one, Pause { until: now.plus(*wait), why: why.clone() });
        }
    }

    /// Of the one account, where it is about that.
    fn rest(&self, site: &Site, of_one: Option<&Login>, pause: Pause) {
        match of_one {
            Some(login) => self.traffic.pause_one(login, pause),
            None => self.traffic.pause(site, pause),
        }
    }
}

fn window_end(now: Timestamp, length: Millis) -> Timestamp {
    let into = now.millis().rem_euclid(length.get());
    Timestamp::from_millis(now.millis().saturating_sub(into)).plus(length)
}

/// The time in the answer's head, to the second below.
impl Failed {
    pub(super) fn away(why: impl Into<String>) -> Self {
        Self { code: None, fault: None, why: why.into() }
    }

    pub(super) fn says(&self, codes: &[i64]) -> bool {
        self.code.is_some_and(|code| codes.contains(&code))
    }
}

impl From<Verdict> for Failed {
    fn from(verdict: Verdict) -> Self {
        Self { code: verdict.code, fault: verdict.fault, why: verdict.why }
    }
}

impl From<Failed> for VenueError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.why)
    }
}

impl From<Failed> for ProbeError {
    fn from(failed: Failed) -> Self {
        failed.fault.map_or(Self::Away(failed.why), Self::Fault)
    }
}
