//! Backtests that somebody asked for, and how far they are.
//!
//! 1. One is played in parts that come to the same however often they are played.
//! 2. All parts are played on the same candles: whoever sees others ends it.
//! 3. One that has ended stays as it ended.

use crate::clock::{Millis, Timestamp};
use crate::ids::{BacktestId, Sha, UserId};
use crate::limits::{
    BACKTEST_GOES_ON_FOR, BACKTEST_READS_FOR, BACKTEST_SILENT_FOR, BACKTEST_SPREAD_GOES_ON_FOR,
    BACKTEST_SPREAD_SILENT_FOR, BACKTEST_TIMEOUT, BACKTESTS_PER_DAY_MAX, BACKTESTS_PER_USER_MAX,
};
use crate::market::CandleSpan;
use crate::series::Series;
use crate::words::words;
use std::collections::{BTreeMap, BTreeSet};

/// One of them. It begins as `Queued`, in version 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backtest {
    pub id: BacktestId,
    pub by: UserId,
    pub version: u64,
    pub series: Series,
    pub since: Timestamp,
    pub until: Timestamp,
    /// Of what was asked for: the same is the same.
    pub asked: Sha,
    pub state: BacktestState,
    /// None until a worker has seen its candles.
    pub plan: Option<BacktestPlan>,
    /// Parts that were played.
    pub played: BTreeSet<u32>,
    /// What came of it in short, as JSON.
    pub figures: Option<String>,
    /// Why it failed.
    pub why: Option<String>,
    pub created_at: Timestamp,
    /// When it last went on, or a worker was last begun.
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BacktestState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// What is played, and on which candles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacktestPlan {
    pub candles: u32,
    /// Of all of them.
    pub digest: Sha,
    /// Tries, or steps of a walk; one where nothing is tried.
    pub items: u32,
    /// Of them in each part; fewer in the last.
    pub items_per_part: u32,
    /// Whether many workers play it.
    pub is_spread: bool,
}

impl BacktestPlan {
    pub fn parts(&self) -> u32 {
        self.items.div_ceil(self.items_per_part.max(1))
    }

    /// The first item of a part, and the first behind it.
    pub fn items_of(&self, part: u32) -> (u32, u32) {
        let begin = part.saturating_mul(self.items_per_part).min(self.items);
        (begin, begin.saturating_add(self.items_per_part).min(self.items))
    }
}

impl Backtest {
    pub fn is_over(&self) -> bool {
        matches!(self.state, BacktestState::Done | BacktestState::Failed | BacktestState::Cancelled)
    }

    /// Items that were played, of all.
    pub fn progress(&self) -> (u32, u32) {
        let Some(plan) = &self.plan else { return (0, 0) };
        let items = |part: &u32| {
            let (begin, end) = plan.items_of(*part);
            end.saturating_sub(begin)
        };
        (self.played.iter().map(items).fold(0, u32::saturating_add), plan.items)
    }

    /// Candles that begin and end in its time: more than there are to play where some are not kept, or nobody has traded.
    pub fn expected(&self) -> u32 {
        CandleSpan::between(self.series.interval, self.since, self.until).count()
    }

    /// Whether so little was heard of its worker that another one is to begin.
    pub fn is_silent(&self, now: Timestamp) -> bool {
        let patience = if self.is_spread() { BACKTEST_SPREAD_SILENT_FOR } else { BACKTEST_SILENT_FOR };
        !self.is_over() && now.since(self.updated_at) > patience
    }

    /// Whether it has gone on for so long that whoever looks ends it, its workers among them: a machine that was stopped by hand is not begun
    /// again, and what ends each of its workers would end the next.
    pub fn is_given_up(&self, now: Timestamp) -> bool {
        !self.is_over() && now.since(self.created_at) > self.patience()
    }

    /// Whether it counts among those that go on at once. One that has ended before it was done does as long as a worker may still play a part of
    /// it, or read its candles.
    pub fn has_its_seat(&self, now: Timestamp) -> bool {
        let ended = now.since(self.updated_at);
        match self.state {
            BacktestState::Queued | BacktestState::Running => {
                now.since(self.created_at) <= self.patience().plus(BACKTEST_TIMEOUT)
            }
            BacktestState::Cancelled if self.plan.is_none() => ended <= BACKTEST_READS_FOR,
            BacktestState::Failed if !self.was_given_up() && !self.is_spread() => false,
            BacktestState::Cancelled | BacktestState::Failed => ended <= BACKTEST_TIMEOUT,
            BacktestState::Done => false,
        }
    }

    /// For how long it may go on.
    fn patience(&self) -> Millis {
        if self.is_spread() { BACKTEST_SPREAD_GOES_ON_FOR } else { BACKTEST_GOES_ON_FOR }
    }

    fn was_given_up(&self) -> bool {
        self.updated_at.since(self.created_at) > self.patience()
    }

    fn is_spread(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.is_spread)
    }

    /// It goes on by this plan.
    #[must_use]
    pub fn planned(self, plan: BacktestPlan, now: Timestamp) -> Self {
        Self { state: BacktestState::Running, plan: Some(plan), ..self }.next(now)
    }

    /// With a part that was played.
    #[must_use]
    pub fn having_played(mut self, part: u32, now: Timestamp) -> Self {
        self.played.insert(part);
        self.next(now)
    }

    /// Another worker is about to begin.
    #[must_use]
    pub fn begun_again(self, now: Timestamp) -> Self {
        self.next(now)
    }

    #[must_use]
    pub fn done(self, figures: String, now: Timestamp) -> Self {
        Self { state: BacktestState::Done, figures: Some(figures), ..self }.next(now)
    }

    #[must_use]
    pub fn failed(self, why: String, now: Timestamp) -> Self {
        Self { state: BacktestState::Failed, why: Some(why), ..self }.next(now)
    }

    #[must_use]
    pub fn cancelled(self, now: Timestamp) -> Self {
        Self { state: BacktestState::Cancelled, ..self }.next(now)
    }

    fn next(self, now: Timestamp) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now, ..self }
    }
}

/// Which of somebody's may go on, and how many were begun within a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    pub by: UserId,
    /// 0 where nothing was ever begun.
    pub version: u64,
    pub ids: BTreeSet<BacktestId>,
    /// The day, in days since 1970, and how many were begun on it.
    pub day: i64,
    pub today: u32,
}

/// Why no other one is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMore {
    #[error(
        "you have {BACKTESTS_PER_USER_MAX} that go on: wait for one; one that was called off counts until its worker has left, 15 minutes at the most"
    )]
    AtOnce,
    #[error("you have begun {BACKTESTS_PER_DAY_MAX} today: come again tomorrow")]
    Today,
    #[error("{0} go on in this deployment, yours or others': wait for one")]
    AmongAll(usize),
}

impl Going {
    pub fn none(by: UserId) -> Self {
        Self { by, version: 0, ids: BTreeSet::new(), day: 0, today: 0 }
    }

    /// With one more, and without those that have ended.
    ///
    /// # Errors
    /// Where so many go on, or were begun today, that it is not begun.
    pub fn with(self, id: BacktestId, ended: &BTreeSet<BacktestId>, now: Timestamp) -> Result<Self, NoMore> {
        let day = now.millis().div_euclid(Millis::DAY.get());
        let before = if self.day == day { self.today } else { 0 };
        let mut ids: BTreeSet<_> = self.ids.difference(ended).cloned().collect();
        if ids.len() >= BACKTESTS_PER_USER_MAX {
            return Err(NoMore::AtOnce);
        }
        if before >= BACKTESTS_PER_DAY_MAX {
            return Err(NoMore::Today);
        }
        ids.insert(id);
        Ok(Self { by: self.by, version: self.version.saturating_add(1), ids, day, today: before.saturating_add(1) })
    }
}

/// Which of everybody's may go on: what all of them play at once leaves room for orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoingOfAll {
    /// 0 where nothing was ever begun.
    pub version: u64,
    pub ids: BTreeMap<BacktestId, UserId>,
}

impl GoingOfAll {
    /// With one more, where that leaves no more than `most`, and without those that have ended.
    ///
    /// # Errors
    /// Where so many go on that it is not begun.
    pub fn with(self, one: (BacktestId, UserId), ended: &BTreeSet<BacktestId>, most: usize) -> Result<Self, NoMore> {
        let mut ids = self.ids;
        ids.retain(|id, _| !ended.contains(id));
        if ids.len() >= most {
            return Err(NoMore::AmongAll(most));
        }
        ids.extend([one]);
        Ok(Self { version: self.version.saturating_add(1), ids })
    }
}

words! {
    BacktestState { Queued = "queued", Running = "running", Done = "done", Failed = "failed", Cancelled = "cancelled" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Interval, MarketKey};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + second * 1_000)
    }

    fn queued() -> Backtest {
        let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
        Backtest {
            id: BacktestId::at(at(0), &["one"]),
            by: UserId::of(&["ann"]),
            version: 1,
            series: Series { market, interval: Interval::OneHour },
            since: at(-36_000),
            until: at(0),
            asked: Sha::of_bytes(b"{}"),
            state: BacktestState::Queued,
            plan: None,
            played: BTreeSet::new(),
            figures: None,
            why: None,
            created_at: at(0),
            updated_at: at(0),
        }
    }

    fn plan(is_spread: bool) -> BacktestPlan {
        BacktestPlan { candles: 10, digest: Sha::of_bytes(b"x"), items: 25, items_per_part: 10, is_spread }
    }

    #[test]
    fn a_part_counts_once_and_the_last_is_shorter() {
        assert_eq!((plan(false).parts(), plan(false).items_of(2), plan(false).items_of(9)), (3, (20, 25), (25, 25)));
        assert_eq!(queued().progress(), (0, 0));
        let run = queued().planned(plan(false), at(1)).having_played(2, at(2)).having_played(2, at(3));
        assert_eq!((run.progress(), run.state, run.version), ((5, 25), BacktestState::Running, 4));
        assert_eq!(run.having_played(0, at(4)).progress(), (15, 25));
    }

    #[test]
    fn candles_that_are_cut_by_an_end_are_not_expected() {
        assert_eq!((queued().expected(), Backtest { until: at(-36_000), ..queued() }.expected()), (9, 0));
    }

    #[test]
    fn a_worker_is_dead_once_it_was_silent_and_of_many_later() {
        let alone = queued().planned(plan(false), at(0));
        assert!(!alone.is_silent(at(930)) && alone.is_silent(at(931)));
        assert!(!alone.clone().begun_again(at(931)).is_silent(at(1_000)));
        let spread = queued().planned(plan(true), at(0));
        assert!(!spread.is_silent(at(1_200)) && spread.is_silent(at(1_201)));
        assert!(!alone.clone().cancelled(at(1)).is_silent(at(5_000)));
        assert!(!spread.is_given_up(at(21_600)) && spread.begun_again(at(21_599)).is_given_up(at(21_601)));
        assert!(!alone.is_given_up(at(3_600)) && alone.is_given_up(at(3_601)));
        assert!(!alone.cancelled(at(1)).is_given_up(at(99_999)));
    }

    #[test]
    fn a_seat_is_kept_as_long_as_a_worker_may_be_at_it() {
        let (alone, spread) = (queued().planned(plan(false), at(0)), queued().planned(plan(true), at(0)));
        let keeps = |backtest: &Backtest, last: i64| {
            assert!(backtest.has_its_seat(at(last)) && !backtest.has_its_seat(at(last + 1)), "{backtest:?}, {last}");
        };
        let ended = || "it was not done".to_owned();
        keeps(&alone, 4_500);
        keeps(&spread, 22_500);
        keeps(&alone.clone().cancelled(at(10)), 910);
        keeps(&alone.clone().failed(ended(), at(3_700)), 4_600);
        keeps(&spread.clone().failed(ended(), at(10)), 910);
        keeps(&queued().cancelled(at(10)), 130);
        assert!(!alone.failed(ended(), at(10)).has_its_seat(at(10)), "its worker has said so");
        assert!(!spread.done("{}".to_owned(), at(10)).has_its_seat(at(10)));
    }

    #[test]
    fn so_many_go_on_at_once_and_so_many_begin_in_a_day() {
        let id = |number: u32| BacktestId::at(at(0), &[&number.to_string()]);
        let none = BTreeSet::new();
        let two = (0..2)
            .fold(Going::none(UserId::of(&["ann"])), |going, number| going.with(id(number), &none, at(0)).unwrap());
        assert_eq!(two.clone().with(id(3), &none, at(0)), Err(NoMore::AtOnce));
        let after = two.clone().with(id(3), &BTreeSet::from([id(0)]), at(0)).unwrap();
        assert_eq!((after.ids.len(), after.version, after.today), (2, 3, 3));
        let ended: BTreeSet<_> = two.ids.clone();
        let full = Going { today: BACKTESTS_PER_DAY_MAX, ..two };
        assert_eq!(full.clone().with(id(9), &ended, at(0)), Err(NoMore::Today));
        assert_eq!(full.with(id(9), &ended, at(86_400)).unwrap().today, 1);
    }

    #[test]
    fn of_everybodys_so_many_go_on_at_once_whoever_has_begun_them() {
        let one = |name: &str| (BacktestId::at(at(0), &[name]), UserId::of(&[name]));
        let with = |going: GoingOfAll, name: &str, ended: &[&str]| {
            going.with(one(name), &ended.iter().map(|name| one(name).0).collect(), 2)
        };
        let two = with(with(GoingOfAll::default(), "ann", &[]).unwrap(), "eve", &[]).unwrap();
        assert_eq!((two.version, two.ids.len()), (2, 2));
        assert_eq!(with(two.clone(), "joe", &[]), Err(NoMore::AmongAll(2)));
        let after = with(two, "joe", &["ann", "nobody"]).unwrap();
        assert_eq!((after.version, after.ids), (3, [one("eve"), one("joe")].into()));
    }
}
