use crate::block::{Scratch, first};
use crate::period::BadPeriod;
use crate::snapshot::snapshots;
use crate::stochastic::is_flat;
use crate::wide::wide;
use crate::window::{Highest, Lowest, Window};
use crate::{Bar, Bars};

/// Williams' %R: how far the close is below the highest price of the last bars, in percent of their range, from -100 to 0. It is 0 where they
/// have none, as TA-Lib's. The first comes with bar `period - 1`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct WilliamsR {
    highest: Window<Highest>,
    lowest: Window<Lowest>,
}

impl WilliamsR {
    /// Of the last `period` bars, from 2 on.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { highest: Window::new(2, period)?, lowest: Window::new(2, period)? })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<f64> {
        let (highest, lowest) = (self.highest.push(bar.high()), self.lowest.push(bar.low()));
        Some(below(highest?, lowest?, bar.close()))
    }

    /// As [`Self::update`], but none where prices have no range: its value there is a convention, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, bar: &Bar) -> Option<f64> {
        let value = self.update(bar)?;
        (!is_flat(self.highest.now()?, self.lowest.now()?)).then_some(value)
    }

    /// As one update after the other, for a block; NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, out: &mut [f64], scratch: &mut Scratch) {
        let [lowest, one, other, ..] = scratch;
        let lowest = first(lowest, bars.len());
        self.highest.fill(bars.high().values(), out, [one, other]);
        self.lowest.fill(bars.low().values(), lowest, [one, other]);
        wide(
            #[inline(always)]
            || {
                for ((out, lowest), close) in out.iter_mut().zip(lowest).zip(bars.close().values()) {
                    *out = below(*out, *lowest, *close);
                }
            },
        );
    }
}

#[inline(always)]
pub(crate) fn below(highest: f64, lowest: f64, close: f64) -> f64 {
    let below = (highest - close) / (highest - lowest) * -100.0;
    if is_flat(highest, lowest) { 0.0 } else { below }
}

snapshots!("williams_r", WilliamsR, [], [highest, lowest]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_the_close_is_below_the_highest_price() {
        let mut williams = WilliamsR::new(2).unwrap();
        let bar = |high, low, close| Bar::new(close, high, low, close, 0.0).unwrap();
        let bars = [bar(3.0, 1.0, 2.0), bar(5.0, 2.0, 4.0), bar(5.0, 5.0, 5.0), bar(5.0, 5.0, 5.0)];
        assert_eq!(bars.map(|bar| williams.update(&bar)), [None, Some(-25.0), Some(0.0), Some(0.0)]);
        let after = [bar(5.0, 5.0, 5.0), bar(6.0, 5.0, 5.5)].map(|bar| williams.measure(&bar));
        assert_eq!(after, [None, Some(-50.0)], "without a range there is no place in it");
    }
}
