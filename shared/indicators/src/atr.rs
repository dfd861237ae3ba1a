use crate::block::{Scratch, first};
use crate::period::{BadPeriod, at_least};
use crate::smoothing::Smoothing;
use crate::snapshot::snapshots;
use crate::wide::wide;
use crate::{Bar, Bars, Series};

/// Average true range of Wilder (New Concepts in Technical Trading Systems, 1978), in the unit of the prices. True ranges begin with the second
/// bar, so that the first average comes with bar `period`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Atr {
    close_before: Option<f64>,
    average: Smoothing,
}

impl Atr {
    /// Over `period` true ranges, from 1 on.
    ///
    /// # Errors
    /// A period of none or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { close_before: None, average: Smoothing::wilder(at_least(1, period)?) })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<f64> {
        let before = self.close_before.replace(bar.close())?;
        self.average.push(true_range(bar.high(), bar.low(), before))
    }

    /// The last close, and the average.
    pub(crate) fn parts(&mut self) -> (&mut Option<f64>, &mut Smoothing) {
        (&mut self.close_before, &mut self.average)
    }

    /// As one update after the other, for a block; NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, out: &mut [f64], [ranges, ..]: &mut Scratch) {
        let count = true_ranges(&mut self.close_before, bars, ranges);
        let (none, later) = out.split_at_mut(bars.len() - count);
        none.fill(f64::NAN);
        self.average.fill(first(ranges, count), later);
    }
}

/// The true range of each bar; the very first has none. Says how many there are.
pub(crate) fn true_ranges(close_before: &mut Option<f64>, bars: Bars<'_>, ranges: &mut [f64]) -> usize {
    let [high, low, close] = [bars.high(), bars.low(), bars.close()].map(Series::values);
    let (Some(first_high), Some(first_low), Some(last)) = (high.first(), low.first(), close.last()) else { return 0 };
    let before = close_before.replace(*last);
    let (head, rest) = ranges.split_at_mut(usize::from(before.is_some()));
    head.fill(before.map_or(0.0, |before| true_range(*first_high, *first_low, before)));
    let [high, low] = [high, low].map(|column| column.get(1..).unwrap_or_default());
    wide(
        #[inline(always)]
        || {
            for (((high, low), before), range) in high.iter().zip(low).zip(close).zip(rest) {
                *range = true_range(*high, *low, *before);
            }
        },
    );
    close.len() - usize::from(before.is_none())
}

/// From the lower of the lowest price and the close before to the higher of the highest and that close.
#[inline(always)]
pub(crate) fn true_range(high: f64, low: f64, close_before: f64) -> f64 {
    let from = if close_before < low { close_before } else { low };
    let to = if close_before > high { close_before } else { high };
    to - from
}

snapshots!("atr", Atr, [], [close_before, average]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_reach_to_the_close_before() {
        let mut atr = Atr::new(2).unwrap();
        let bar = |high, low, close| Bar::new(close, high, low, close, 0.0).unwrap();
        let bars = [bar(9.0, 1.0, 5.0), bar(6.0, 4.0, 4.0), bar(9.0, 8.0, 8.5), bar(6.0, 5.0, 5.5)];
        // Ranges of 2, 9 - 4 and 8.5 - 5.
        assert_eq!(bars.map(|bar| atr.update(&bar)), [None, None, Some(3.5), Some(3.5)]);
    }
}
