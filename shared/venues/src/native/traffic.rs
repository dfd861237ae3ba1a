//! How much may be asked of an exchange now. What it counts, it counts per address or account; each process obeys what
//! it is told, and tells the others by the store.
//!
//! 1. What is counted by address, and what a wall before the exchange says, holds back everybody ([`Traffic::pause`]); what is
//!    counted by account or key holds back that one ([`Traffic::pause_one`]).
//! 2. What is counted of an account alone and has room for what ends orders and positions holds that back no more than it must:
//!    as many orders as may be placed keep entries waiting ([`Traffic::fill_orders`]), as many questions as may be asked keep
//!    questions and entries waiting ([`Traffic::fill_questions`]). Nobody has asked to be left alone.
//! 3. What an exchange counts of a key without telling how much that is, is counted here as well ([`Traffic::count`]).
//! 4. A site fails where a request is lost or given up, where it answers with a failure of its own (5xx, or words for it),
//!    and where its answer cannot be read. A no is an answer, and what is not asked says nothing.

use super::{Asking, Breaker, Login, Site};
use app::ports::VenueKey;
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Above this share of what is allowed in a minute nothing that can wait is asked.
const BACK_OFF_PERCENT: i64 = 60;
/// Above this nothing is asked until the minute is over, and nothing sent but what ends orders and positions: that weighs little,
/// and waits least well when everybody asks much.
const STOP_PERCENT: i64 = 90;
const MINUTE: Millis = Millis::seconds(60);
/// More than one call ever asks before its breaker is told.
const HEARD_MAX: usize = 256;

/// How an exchange counts what is asked with a key: it refuses what does not fit in, and lets the count fall as time goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// In thousandths of a question.
    pub full: i64,
    /// In thousandths of a question, each second.
    pub falls: i64,
}

/// What was asked with a key.
#[derive(Debug, Clone, Copy)]
struct Counted {
    counting: Counting,
    /// In thousandths of a question.
    used: i64,
    at: Timestamp,
}

impl Counted {
    fn of(counting: Counting, at: Timestamp) -> Self {
        Self { counting, used: 0, at }
    }

    fn used_at(&self, now: Timestamp) -> i64 {
        let fallen = now.since(self.at).max(Millis::ZERO).get().saturating_mul(self.counting.falls);
        self.used.saturating_sub(fallen.div_euclid(1_000)).max(0)
    }

    fn plus(self, questions: i64, now: Timestamp) -> Self {
        let used = self.used_at(now).saturating_add(questions.saturating_mul(1_000));
        Self { used: used.min(self.counting.full), at: self.at.max(now), ..self }
    }

    /// Until when more of it is used than is left to what can wait.
    fn calm(&self, now: Timestamp) -> Option<Timestamp> {
        let Counting { full, falls } = self.counting;
        let over = self.used_at(now).saturating_sub(full.saturating_mul(BACK_OFF_PERCENT).div_euclid(100));
        let lasts = over.saturating_mul(1_000).checked_div(falls)?;
        (over > 0).then(|| now.plus(Millis::new(lasts.saturating_add(1))))
    }
}

/// What an account has used up: until when its entries wait, and its questions with them or not.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    orders_until: Timestamp,
    questions_until: Timestamp,
}

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
    /// The same, of what it has used up.
    spent: BTreeMap<Sha, Spent>,
    /// The same, of what was asked with it.
    counted: BTreeMap<Sha, Counted>,
    /// Nothing that can wait is asked before this.
    calm_until: Timestamp,
    /// Hardly anything is left of the minute before this.
    full_until: Timestamp,
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

    /// One account has placed as many orders as it may: until then it enters nothing.
    pub fn fill_orders(&self, login: &Login, until: Timestamp) {
        self.spend(login, |spent| spent.orders_until = spent.orders_until.max(until));
    }

    /// With one key as much was asked as may be: until then nothing is asked with it, and nothing entered.
    pub fn fill_questions(&self, login: &Login, until: Timestamp) {
        self.spend(login, |spent| spent.questions_until = spent.questions_until.max(until));
    }

    fn spend(&self, login: &Login, spend: impl FnOnce(&mut Spent)) {
        self.with(&login.site, |told| spend(told.spent.entry(login.key.api_key.hash()).or_default()));
    }

    /// Until when whoever has this key enters nothing.
    pub fn entries_wait(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Timestamp> {
        let spent = self.spent(site, key);
        Some(spent.orders_until.max(spent.questions_until)).filter(|until| now < *until)
    }

    /// Until when whoever has this key asks nothing with it.
    pub fn questions_wait(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Timestamp> {
        Some(self.spent(site, key).questions_until).filter(|until| now < *until)
    }

    fn spent(&self, site: &Site, key: &VenueKey) -> Spent {
        let key = key.api_key.hash();
        self.with(site, |told| told.spent.get(&key).copied().unwrap_or_default())
    }

    /// Counts so many questions of one account, as its exchange does.
    pub fn count(&self, login: &Login, counting: Counting, questions: i64) {
        let (key, now) = (login.key.api_key.hash(), login.now);
        self.with(&login.site, |told| {
            let counted = told.counted.remove(&key).unwrap_or(Counted::of(counting, now));
            told.counted.insert(key, counted.plus(questions, now));
        });
    }

    /// Until when what can wait waits for whoever has this key.
    pub fn calm_one(&self, site: &Site, key: &VenueKey, now: Timestamp) -> Option<Timestamp> {
        let key = key.api_key.hash();
        self.with(site, |told| told.counted.get(&key).and_then(|counted| counted.calm(now)))
    }

    /// What of the minute's allowance is used, by the exchange's own count.
    pub fn used(&self, site: &Site, used: i64, allowed: i64, now: Timestamp) {
        let percent = used.saturating_mul(100).checked_div(allowed).unwrap_or(0);
        let minute_ends =
            Timestamp::from_millis(now.millis().saturating_sub(now.millis().rem_euclid(MINUTE.get()))).plus(MINUTE);
        self.with(site, |told| {
            if percent >= BACK_OFF_PERCENT {
                told.calm_until = told.calm_until.max(minute_ends);
            }
            if percent >= STOP_PERCENT {
                told.full_until = told.full_until.max(minute_ends);
            }
        });
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

    /// Until when nothing is asked, and nothing but exits and cancels sent.
    pub fn full(&self, site: &Site, now: Timestamp) -> Option<Timestamp> {
        Some(self.with(site, |told| told.full_until)).filter(|until| now < *until)
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
    use app::ports::Secret;
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
    fn what_is_asked_with_a_key_falls_as_time_goes_by_and_calms_that_key_alone() {
        let secret = |text: &str| Secret::new(text.to_owned());
        let key = |name: &str| VenueKey { api_key: secret(name), api_secret: secret("s"), passphrase: None };
        let login = |ms: i64| Login::new(site(), key("one"), at(ms));
        let (traffic, counting) = (Traffic::default(), Counting { full: 10_000, falls: 500 });
        let calm = |name: &str, ms: i64| traffic.calm_one(&site(), &key(name), at(ms)).map(|until| until.millis());
        traffic.count(&login(0), counting, 6);
        assert_eq!(calm("one", 0), None, "six of ten");
        traffic.count(&login(0), counting, 1);
        assert_eq!((calm("one", 0), calm("one", 1_999)), (Some(2_001), Some(2_002)));
        assert_eq!((calm("one", 2_000), calm("two", 0)), (None, None));
        traffic.count(&login(2_000), counting, 100);
        assert_eq!((calm("one", 2_000), calm("one", 10_000)), (Some(10_001), None), "it is never more than full");
        traffic.count(&login(30_000), counting, 6);
        assert_eq!(calm("one", 30_000), None, "it never falls below nothing");
    }

    #[test]
    fn the_used_share_of_a_minute_calms_and_then_stops() {
        let check = |used: i64, busy: bool, full: Option<i64>| {
            let traffic = Traffic::default();
            traffic.used(&site(), used, 6_000, at(61_000));
            assert_eq!(traffic.is_busy(&site(), at(119_999)), busy, "{used}");
            assert_eq!(traffic.full(&site(), at(119_999)).map(|until| until.millis()), full, "{used}");
            assert_eq!(traffic.paused(&site(), at(119_999)), None, "the exchange has asked for nothing");
            assert!(!traffic.is_busy(&site(), at(120_000)), "{used}");
        };
        check(3_599, false, None);
        check(3_600, true, None);
        check(5_400, true, Some(120_000));
    }
}
