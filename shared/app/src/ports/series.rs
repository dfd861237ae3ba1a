//! Series of candles as they are kept, and who wants them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::market::CandleSpan;
use domain::series::{KeptCandle, Looks, Series};
use std::fmt;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeriesMark {
    /// All before was asked for, and answered whole.
    pub asked_to: Option<Timestamp>,
    /// Of all before it is known whether there is a candle.
    pub settled_to: Option<Timestamp>,
    /// How often the holes behind that were asked for again, and left out; where nothing is kept yet, how often nothing was told.
    pub looks: Looks,
}

pub trait MarkSeries {
    /// Nothing where nothing was ever remembered.
    async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError>;

    /// In the place of what was there: whoever forgets it asks again.
    async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark) -> Result<(), StoreError>;
}

/// Who wants a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanting {
    /// It stands on this person's list.
    List(UserId),
    /// This person has looked at it.
    Chart(UserId),
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
            Self::List(user) | Self::Chart(user) => user,
        }
    }
}

impl fmt::Display for Wanting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(user) => write!(f, "{user}"),
            Self::Chart(user) => write!(f, "chart:{user}"),
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

pub trait StartIngest {
    /// Has a run begin that nobody waits for.
    async fn start_ingest(&self, work: &Ingest, now: Timestamp) -> Result<(), StoreError>;
}
