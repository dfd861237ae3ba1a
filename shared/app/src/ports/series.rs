//! Series of candles as they are kept, and who wants them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::{BackfillId, RunId, UserId};
use domain::market::CandleSpan;
use domain::series::{Backfill, KeptCandle, Looks, Series, Settled};
use std::fmt;
use wire::candle::CandleClosed;
use wire::ingest::Ingest;

pub trait ReadCandles {
    /// Those that are kept of a span, oldest first.
    async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError>;

    /// When the oldest one opens that is kept.
    async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError>;

    /// The newest ones, oldest first: [`domain::limits::CANDLES_PER_ROW`] at least, where so many are kept in a row.
    async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError>;
}

pub trait KeepCandles {
    /// Keeps candles, oldest first, each in the place of what was known of it. Where it fails the first of them may be kept, and none
    /// behind one that is not.
    async fn keep_candles(&self, series: &Series, candles: &[KeptCandle]) -> Result<(), StoreError>;
}

/// What is remembered of a series beside its candles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeriesMark {
    /// How often what is settled was changed, `older` with it: whoever has not seen the newest takes none of it back.
    pub version: u64,
    /// All before was asked for, and answered whole, but for what is `older`.
    pub asked_to: Option<Timestamp>,
    /// Of all before it is known whether there is a candle.
    pub settled_to: Option<Timestamp>,
    /// How often the holes behind that were asked for again, and left out; where nothing is kept yet, how often nothing was told.
    pub looks: Looks,
    /// What a backfill has brought before all that was settled by then, or a series that was left alone for long has not caught up with: it
    /// is settled by itself, and keeps nothing newer waiting.
    pub older: Option<Older>,
    /// That it is asked for in vain.
    pub failing: Option<Failing>,
}

/// A part of a series that ends before what was settled else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Older {
    pub settled_to: Timestamp,
    pub to: Timestamp,
    pub looks: Looks,
}

/// Since when a series is asked for in vain, and what was said of it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    pub since: Timestamp,
    pub detail: String,
}

impl SeriesMark {
    /// Of which time it is known whether there is a candle.
    pub fn settled(&self) -> Settled {
        Settled { to: self.settled_to, but: self.older.map(|older| (older.settled_to, older.to)) }
    }

    /// The same of a series that goes on `from` there: what lies between that and what was `known` is brought by itself.
    #[must_use]
    pub fn anew(self, known: Timestamp, from: Timestamp) -> Self {
        let settled_to = self.older.map_or(self.settled_to, |older| Some(older.settled_to));
        let looks = Looks::default();
        let older = Older { settled_to: settled_to.map_or(known, |settled| settled.min(known)), to: from, looks };
        Self { asked_to: Some(from), settled_to: Some(from), older: Some(older), looks, ..self }.changed()
    }

    /// With another word on what is settled.
    #[must_use]
    pub fn changed(self) -> Self {
        Self { version: self.version.saturating_add(1), ..self }
    }
}

pub trait MarkSeries {
    /// Nothing where nothing was ever remembered.
    async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError>;

    /// In the place of what was there, where its version is the one `seen`; whether it was. What is not remembered is asked for again.
    async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark, seen: u64) -> Result<bool, StoreError>;
}

pub trait KeepBackfill {
    /// All of them, those too that have ended, the oldest first.
    async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError>;

    async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError>;

    /// How many were ever begun.
    async fn backfills_begun(&self) -> Result<u64, StoreError>;

    /// Keeps one that begins, where none of its id is there and no other has begun since that many had; whether nobody was first.
    async fn begin_backfill(&self, backfill: &Backfill, begun: u64) -> Result<bool, StoreError>;

    /// Keeps one in the place of the version `seen`; whether nobody was first.
    async fn keep_backfill(&self, backfill: &Backfill, seen: u64) -> Result<bool, StoreError>;
}

/// Who wants a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanting {
    /// It stands on this person's list.
    List(UserId),
    /// This person has looked at it.
    Chart(UserId),
    /// A run of a bot of this person's hears it.
    Bot(UserId, RunId),
}

/// That a series is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub series: Series,
    pub by: Wanting,
    pub since: Timestamp,
    /// It holds no longer; none is until it is taken back.
    pub until: Option<Timestamp>,
}

impl Wish {
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

impl Wanting {
    /// Whose wish it is.
    pub fn user(&self) -> &UserId {
        match self {
            Self::List(user) | Self::Chart(user) | Self::Bot(user, _) => user,
        }
    }

    /// Whether it acts on candles as they close, and so is told of them.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Bot(..))
    }
}

impl fmt::Display for Wanting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(user) => write!(f, "{user}"),
            Self::Chart(user) => write!(f, "chart:{user}"),
            Self::Bot(_, run) => write!(f, "{run}"),
        }
    }
}

pub trait ListWishes {
    /// All of them, those too that hold no longer, in the order of their series.
    async fn list_wishes(&self) -> Result<Vec<Wish>, StoreError>;
}

pub trait KeepWish {
    /// In the place of the same one's wish for the same series.
    async fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError>;

    /// What is not there is success.
    async fn drop_wish(&self, series: &Series, by: &Wanting) -> Result<(), StoreError>;
}

pub trait MarkTold {
    /// When the newest candle opens that was told of this series; none where none ever was.
    async fn series_told(&self, series: &Series) -> Result<Option<Timestamp>, StoreError>;

    /// In the place of what was there: whoever forgets it tells again.
    async fn keep_series_told(&self, series: &Series, opens_at: Timestamp) -> Result<(), StoreError>;
}

pub trait TellCandle {
    /// Puts it on the bus, at least once where it succeeds.
    async fn tell_candle(&self, closed: &CandleClosed, now: Timestamp) -> Result<(), StoreError>;
}

pub trait StartIngest {
    /// Has a run begin that nobody waits for.
    async fn start_ingest(&self, work: &Ingest, now: Timestamp) -> Result<(), StoreError>;
}
