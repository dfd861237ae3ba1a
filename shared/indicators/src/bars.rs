//! Candles as columns that were looked at once.

use crate::block::BLOCK;
use crate::{BadBar, Bar, Series};
use std::error::Error;
use std::fmt;

/// Candles from oldest to newest, each good as a [`Bar`], as columns of the same length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bars<'a> {
    high: Series<'a>,
    low: Series<'a>,
    close: Series<'a>,
    volume: Series<'a>,
}

/// Why columns are no candles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BadBars {
    /// They are not of the same length.
    Lengths,
    /// The first candle that is none, counted from 0.
    Bar(usize, BadBar),
}

impl<'a> Bars<'a> {
    /// # Errors
    /// Columns of different lengths, or a candle that [`Bar::new`] refuses.
    pub fn new(
        open: &[f64],
        high: &'a [f64],
        low: &'a [f64],
        close: &'a [f64],
        volume: &'a [f64],
    ) -> Result<Self, BadBars> {
        if [open, high, low, volume].iter().any(|column| column.len() != close.len()) {
            return Err(BadBars::Lengths);
        }
        let rows = open.iter().zip(high).zip(low).zip(close).zip(volume);
        for (at, ((((open, high), low), close), volume)) in rows.enumerate() {
            Bar::new(*open, *high, *low, *close, *volume).map_err(|bad| BadBars::Bar(at, bad))?;
        }
        let [high, low, close, volume] = [high, low, close, volume].map(Series::trusted);
        Ok(Self { high, low, close, volume })
    }

    #[must_use]
    pub fn len(self) -> usize {
        self.close.values().len()
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.close.values().is_empty()
    }

    #[must_use]
    pub fn high(self) -> Series<'a> {
        self.high
    }

    #[must_use]
    pub fn low(self) -> Series<'a> {
        self.low
    }

    #[must_use]
    pub fn close(self) -> Series<'a> {
        self.close
    }

    #[must_use]
    pub fn volume(self) -> Series<'a> {
        self.volume
    }

    /// From a place on, up to another.
    pub(crate) fn between(self, from: usize, to: usize) -> Self {
        let part = |column: Series<'a>| Series::trusted(column.values().get(from..to).unwrap_or_default());
        Self { high: part(self.high), low: part(self.low), close: part(self.close), volume: part(self.volume) }
    }

    /// So many at a time as are gone through together.
    pub(crate) fn blocks(self) -> impl Iterator<Item = Self> {
        self.parts(BLOCK)
    }

    /// So many at a time, at least one.
    pub fn parts(self, bars: usize) -> impl Iterator<Item = Self> {
        let chunks = |column: Series<'a>| column.values().chunks(bars.max(1)).map(Series::trusted);
        let rows = chunks(self.high).zip(chunks(self.low)).zip(chunks(self.close)).zip(chunks(self.volume));
        rows.map(|(((high, low), close), volume)| Self { high, low, close, volume })
    }

    /// One after the other; of each what indicators look at, which the opening price is not.
    pub(crate) fn each(self) -> impl Iterator<Item = Bar> + 'a {
        let [high, low, close, volume] = [self.high, self.low, self.close, self.volume].map(Series::values);
        let rows = high.iter().zip(low).zip(close).zip(volume);
        rows.map(|(((high, low), close), volume)| Bar::of_columns(*high, *low, *close, *volume))
    }
}

impl fmt::Display for BadBars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lengths => f.write_str("the columns must be of the same length"),
            Self::Bar(at, bad) => write!(f, "bar {at}: {bad}"),
        }
    }
}

impl Error for BadBars {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_candles_or_none() {
        let check = |open: &[f64], close: &[f64], expected: &str| {
            let bars = Bars::new(open, &[3.0, 3.0], &[1.0, 1.0], close, &[0.0, 5.0]);
            assert_eq!(bars.map_or_else(|bad| bad.to_string(), |bars| bars.len().to_string()), expected);
        };
        check(&[2.0, 2.0], &[1.0, 3.0], "2");
        check(&[2.0], &[1.0, 3.0], "the columns must be of the same length");
        check(&[2.0, 2.0], &[1.0, 3.5], "bar 1: high must be at least open, low and close");
        assert!(Bars::new(&[], &[], &[], &[], &[]).unwrap().is_empty());
    }
}
