use crate::bar::is_usable;
use crate::period::{BadPeriod, at_least};
use crate::smoothing::Smoothing;
use crate::snapshot::snapshots;

/// Exponential moving average with the weight 2 / (n + 1), which begins with the mean of its first n values, as TA-Lib's. The first comes
/// with value `period - 1`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Ema {
    average: Smoothing,
}

impl Ema {
    /// Over `period` values, from 1 on.
    ///
    /// # Errors
    /// A period of none or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { average: Smoothing::exponential(at_least(1, period)?) })
    }

    /// Takes the next value. What is not finite changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        if is_usable(value) { self.average.push(value) } else { None }
    }

    pub(crate) fn average(&mut self) -> &mut Smoothing {
        &mut self.average
    }

    /// As one update after the other, NaN where there is none yet.
    pub(crate) fn fill(&mut self, values: &[f64], out: &mut [f64]) {
        self.average.fill(values, out);
    }
}

snapshots!("ema", Ema, [], [average]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_a_mean_and_follows_by_its_weight() {
        let mut ema = Ema::new(3).unwrap();
        let all: Vec<_> = [1.0, 2.0, 6.0, f64::INFINITY, 7.0].into_iter().map(|value| ema.update(value)).collect();
        assert_eq!(all, [None, None, Some(3.0), None, Some(5.0)]);
    }

    #[test]
    fn equal_prices_are_their_own_average() {
        let mut ema = Ema::new(7).unwrap();
        let last = (0..1000).filter_map(|_| ema.update(0.5)).next_back();
        assert_eq!(last, Some(0.5));
    }
}
