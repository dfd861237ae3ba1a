//! The strategies, one file each: its lines, its levels and its parameters.

mod ema_cross;
mod rsi_cross;

use crate::Bar;
use crate::crossing::Both;
use crate::registry::Definition;
use ema_cross::EmaCross;
use rsi_cross::RsiCross;

/// In the order in which they are offered.
pub(crate) const ALL: &[Definition] = &[rsi_cross::DEFINITION, ema_cross::DEFINITION];

/// The most bars that a period may have.
pub(crate) const PERIOD_MAX: u32 = indicators::PERIOD_MAX;

/// A line whose level is a price is far from it at this share of the level.
const FAR: f64 = 0.05;

/// What a strategy reckons from bars.
#[derive(Debug, Clone)]
pub(crate) enum Lines {
    RsiCross(RsiCross),
    EmaCross(EmaCross),
}

impl Lines {
    /// What the entry and the exit look at on this bar; none before all of it is defined.
    #[inline]
    pub(crate) fn update(&mut self, bar: &Bar) -> Option<Both> {
        match self {
            Self::RsiCross(lines) => lines.update(bar),
            Self::EmaCross(lines) => lines.update(bar),
        }
    }
}

/// The index of the bar on which the first value of a window of so many bars stands.
fn last_of(period: u32) -> usize {
    usize::try_from(period.saturating_sub(1)).unwrap_or(usize::MAX)
}
