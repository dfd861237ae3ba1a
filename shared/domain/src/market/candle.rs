//! Candles: what the price of a market did in one part of time, and how much was traded.
//!
//! 1. What a venue tells is believed as a whole or not at all where its order is wrong, or most of its candles. One among others that cannot
//!    be, or that does not open on the clock, is left out ([`super::CandleSpan::read`]): it would keep all that come behind it from being known.
//! 2. A candle has closed where its venue has told it after its end. One that goes on is marked.

use super::{Bar, Interval};
use crate::clock::Timestamp;
use crate::money::{MoneyError, Price, Quantity};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candle {
    pub bar: Bar,
    /// Of base; zero where the venue counts none.
    pub volume: Quantity,
    /// Else it goes on: its prices and its volume are those so far.
    pub is_closed: bool,
}

/// A candle as a venue tells it: when it opens; open, high, low and close; base that was traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldCandle {
    pub opens_at: Timestamp,
    pub prices: [Price; 4],
    pub volume: Quantity,
}

/// A candle of an answer, or one that cannot be: a price is none, or it has ended before its end. When it opens is known of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Candle(ToldCandle),
    None(Timestamp),
}

impl From<ToldCandle> for Told {
    fn from(candle: ToldCandle) -> Self {
        Self::Candle(candle)
    }
}

/// Why nothing is believed of candles that were told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCandles {
    #[error("a candle of {interval} does not open {} ms after 1970", at.millis())]
    OffTheClock { interval: Interval, at: Timestamp },
    #[error("the candle at {} ms cannot be: a price is none, or not between its lowest and its highest", .0.millis())]
    Impossible(Timestamp),
    #[error("the candle at {} ms is told twice, or behind a later one", .0.millis())]
    Order(Timestamp),
    #[error("the first candle that is told opens at {} ms, behind all that was asked for", .0.millis())]
    Later(Timestamp),
    #[error(transparent)]
    Volume(#[from] MoneyError),
}

impl Candle {
    /// As it was told `until` then; none where its prices contradict each other.
    pub(super) fn of(interval: Interval, told: &ToldCandle, until: Timestamp) -> Option<Self> {
        let ToldCandle { opens_at, prices: [open, high, low, close], volume } = *told;
        let closes_at = opens_at.plus(interval.length());
        let bar = Bar { opens_at, closes_at, open, high, low, close };
        let candle = Self { bar, volume, is_closed: closes_at <= until };
        (low <= open.min(close) && open.max(close) <= high).then_some(candle)
    }

    /// Of a price that stays until its next point, oldest first, as far as it is known `until` then; nobody counts what is traded.
    /// None where there was no price yet.
    pub fn of_path(
        interval: Interval,
        opens_at: Timestamp,
        path: impl IntoIterator<Item = (Timestamp, Price)>,
        until: Timestamp,
    ) -> Option<Self> {
        let closes_at = opens_at.plus(interval.length());
        let within = path.into_iter().filter(|(at, _)| *at < closes_at && *at <= until && opens_at <= until);
        let [open, high, low, close] = within.fold(None, |so_far: Option<[Price; 4]>, (at, price)| match so_far {
            Some([open, high, low, _]) if at > opens_at => Some([open, high.max(price), low.min(price), price]),
            _ => Some([price; 4]),
        })?;
        let bar = Bar { opens_at, closes_at, open, high, low, close };
        Some(Self { bar, volume: Quantity::ZERO, is_closed: closes_at <= until })
    }

    /// What shorter ones make together, oldest first, as they were told `until` then. Those of a time without trades are missing,
    /// and change nothing.
    ///
    /// # Errors
    /// Where their volume has more digits than can be kept.
    pub fn joined(interval: Interval, shorter: &[Self], until: Timestamp) -> Result<Vec<Self>, BadCandles> {
        let opening = |candle: &Self| interval.opening(candle.bar.opens_at);
        let together = shorter.chunk_by(|one, next| opening(one) == opening(next));
        together
            .filter_map(|parts| parts.split_first())
            .map(|(first, rest)| {
                let mut told = ToldCandle { opens_at: opening(first), ..first.told() };
                for part in rest {
                    told = told.followed_by(&part.told())?;
                }
                Self::of(interval, &told, until).ok_or(BadCandles::Impossible(told.opens_at))
            })
            .collect()
    }

    fn told(&self) -> ToldCandle {
        let Bar { opens_at, open, high, low, close, .. } = self.bar;
        ToldCandle { opens_at, prices: [open, high, low, close], volume: self.volume }
    }
}

impl ToldCandle {
    fn followed_by(self, next: &Self) -> Result<Self, MoneyError> {
        let ([open, high, low, _], [_, next_high, next_low, close]) = (self.prices, next.prices);
        let volume = self.volume.plus(next.volume)?;
        Ok(Self { prices: [open, high.max(next_high), low.min(next_low), close], volume, ..self })
    }
}
