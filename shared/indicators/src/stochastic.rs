use crate::block::Outs;
use crate::period::{BadPeriod, at_least};
use crate::snapshot::snapshots;
use crate::window::{Highest, Lowest, Window};
use crate::{Bar, Bars, Sma};

/// Stochastic oscillator of Lane, the slow one, as TA-Lib has it with plain means: where the close stands between the lowest and the highest
/// price of the last bars, in percent, smoothed once for K and once more for D. The first come with bar `period + k + d - 3`,
/// counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Stochastic {
    highest: Window<Highest>,
    lowest: Window<Lowest>,
    k: Sma,
    d: Sma,
    /// Over how many values K and D are smoothed.
    smoothed: [u32; 2],
    /// Bars since prices had no range, in which the close would have a place.
    since_flat: u32,
}

/// What stands at one bar, each from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StochasticValue {
    /// The place of the close, smoothed.
    pub k: f64,
    /// K, smoothed.
    pub d: f64,
}

impl Stochastic {
    /// Of the last `period` bars, smoothed over `k` and `d` values, each from 1 on; 14, 3 and 3 are usual.
    ///
    /// # Errors
    /// A period of none or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32, k: u32, d: u32) -> Result<Self, BadPeriod> {
        let period = at_least(1, period)?;
        let (highest, lowest) = (Window::new(1, period)?, Window::new(1, period)?);
        Ok(Self { highest, lowest, k: Sma::new(k)?, d: Sma::new(d)?, smoothed: [k, d], since_flat: u32::MAX })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<StochasticValue> {
        let (highest, lowest) = (self.highest.push(bar.high()), self.lowest.push(bar.low()));
        let (highest, lowest) = (highest?, lowest?);
        self.since_flat = if is_flat(highest, lowest) { 0 } else { self.since_flat.saturating_add(1) };
        let k = self.k.update(place(highest, lowest, bar.close()))?;
        Some(StochasticValue { k, d: self.d.update(k)? })
    }

    /// As [`Self::update`], K and D, but none where prices had no range in any window that is smoothed: the place in it is a convention
    /// there, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, bar: &Bar) -> [Option<f64>; 2] {
        let Some(StochasticValue { k, d }) = self.update(bar) else { return [None; 2] };
        let [of_k, of_d] = self.smoothed;
        let is_measured = |values: u32| self.since_flat >= values;
        [is_measured(of_k).then_some(k), is_measured(of_k + of_d - 1).then_some(d)]
    }

    /// As one update after the other, for a block: K and D, NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, [k, d]: Outs<'_, 2>) {
        for ((bar, k), d) in bars.each().zip(k).zip(d) {
            (*k, *d) = self.update(&bar).map_or((f64::NAN, f64::NAN), |at| (at.k, at.d));
        }
    }
}

/// Where the close is between both, in percent.
#[inline]
fn place(highest: f64, lowest: f64, close: f64) -> f64 {
    if is_flat(highest, lowest) { 0.0 } else { (close - lowest) / (highest - lowest) * 100.0 }
}

/// Whether prices, which are positive, are apart by no more than their last digits are unsure, as TA-Lib asks.
#[inline(always)]
pub(crate) fn is_flat(highest: f64, lowest: f64) -> bool {
    (highest - lowest).abs() <= 1e-14 * (highest + lowest)
}

snapshots!("stochastic", Stochastic, [], [highest, lowest, k, d, since_flat]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_close_between_the_extremes() {
        let mut stochastic = Stochastic::new(2, 1, 2).unwrap();
        let bar = |high, low, close| Bar::new(close, high, low, close, 0.0).unwrap();
        let bars = [bar(3.0, 1.0, 2.0), bar(5.0, 2.0, 4.0), bar(5.0, 3.0, 5.0), bar(5.0, 5.0, 5.0)];
        let value = |k, d| Some(StochasticValue { k, d });
        assert_eq!(bars.map(|bar| stochastic.update(&bar)), [None, None, value(100.0, 87.5), value(100.0, 100.0)]);
        assert_eq!(stochastic.update(&bar(5.0, 5.0, 5.0)), value(0.0, 50.0));
    }

    #[test]
    fn without_a_range_there_is_no_place_in_it() {
        let mut stochastic = Stochastic::new(1, 2, 2).unwrap();
        let (flat, moved) = (Bar::new(1.0, 1.0, 1.0, 1.0, 0.0).unwrap(), Bar::new(1.0, 2.0, 1.0, 2.0, 0.0).unwrap());
        let measured = [flat, flat, flat, moved, moved, moved, flat].map(|bar| stochastic.measure(&bar));
        let none = [None; 2];
        assert_eq!(measured, [none, none, none, none, [Some(100.0), None], [Some(100.0); 2], none]);
    }
}
