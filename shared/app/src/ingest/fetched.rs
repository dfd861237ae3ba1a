//! What a run has done.

use super::Unfetched;
use super::ask::Told;
use domain::clock::Millis;
use domain::series::Series;

/// What a run has done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Series that are up to date.
    pub series: u32,
    /// Candles that were kept, holes that were mended with them, and candles that said something else than before.
    pub candles: u32,
    pub mended: u32,
    pub corrected: u32,
    /// Of each series of which a candle had closed: how long after its end the newest new one was kept; where none came, how long ago the
    /// newest one closed that is kept. One that begins, or catches up with a long time, has none.
    pub ages: Vec<(Series, Millis)>,
    pub failed: Vec<(Series, Unfetched)>,
    /// Series for which there was no time, or whose exchange had failed again and again.
    pub left: u32,
}

impl Fetched {
    /// The series whose newest candle is the latest.
    pub fn oldest(&self) -> Option<&(Series, Millis)> {
        self.ages.iter().max_by_key(|(_, age)| *age)
    }

    /// With what another part of the run has done.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.series = self.series.saturating_add(other.series);
        self.candles = self.candles.saturating_add(other.candles);
        self.mended = self.mended.saturating_add(other.mended);
        self.corrected = self.corrected.saturating_add(other.corrected);
        self.ages.extend(other.ages);
        self.failed.extend(other.failed);
        self.left = self.left.saturating_add(other.left);
        self
    }

    pub(super) fn count(&mut self, told: Told) {
        self.candles = self.candles.saturating_add(told.new);
        self.corrected = self.corrected.saturating_add(told.corrected);
    }

    pub(super) fn count_mended(&mut self, told: Told) {
        self.mended = self.mended.saturating_add(told.new);
        self.corrected = self.corrected.saturating_add(told.corrected);
    }
}
