use crate::Bar;
use crate::period::{BadPeriod, at_least};
use crate::snapshot::snapshots;

/// What Lambert scales with, so that most values are between -100 and 100.
const SCALE: f64 = 0.015;

/// Commodity channel index of Lambert: how far the typical price, (high + low + close) / 3, is from its mean over the last bars, in mean
/// absolute deviations. It is 0 where they have none, as TA-Lib's. The first comes with bar `period - 1`, counted from 0.
///
/// A mean deviation from a mean that moves cannot be brought up to date: an update takes time by its period, as TA-Lib's does.
#[derive(Debug, Clone, PartialEq)]
pub struct Cci {
    /// Twice the window, one copy behind the other: so that the last values always stand in order somewhere.
    typical: Vec<f64>,
    at: usize,
    is_full: bool,
    period: f64,
}

impl Cci {
    /// Of the last `period` bars, from 2 on; 20 is usual.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        let typical = (0..2 * at_least(2, period)?).map(|_| 0.0).collect();
        Ok(Self { typical, at: 0, is_full: false, period: f64::from(period) })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<f64> {
        let period = self.period;
        self.push(bar).map(|window| index(window, period))
    }

    /// As [`Self::update`], but none where prices have no deviation: its value there is a convention, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, bar: &Bar) -> Option<f64> {
        let period = self.period;
        let window = self.push(bar)?;
        let [_, deviation, flat] = deviations(window, period);
        (deviation > flat).then(|| index(window, period))
    }

    /// The typical prices of the window, oldest first, once there are enough.
    #[inline]
    fn push(&mut self, bar: &Bar) -> Option<&[f64]> {
        let (typical, length) = (bar.typical(), self.typical.len() / 2);
        for at in [self.at, self.at + length] {
            if let Some(slot) = self.typical.get_mut(at) {
                *slot = typical;
            }
        }
        self.at += 1;
        let window = self.typical.get(self.at..self.at + length)?;
        if self.at == length {
            (self.at, self.is_full) = (0, true);
        }
        self.is_full.then_some(window)
    }
}

/// Of typical prices, oldest first.
#[inline]
pub(crate) fn index(window: &[f64], period: f64) -> f64 {
    let [apart, deviation, flat] = deviations(window, period);
    if apart.abs() <= flat || deviation <= flat { 0.0 } else { apart / (SCALE * deviation) }
}

/// How far the last is from the mean, how far they are on average, and what of that may be their last digits alone.
#[inline]
fn deviations(window: &[f64], period: f64) -> [f64; 3] {
    let mean = sum(window, |value| value) / period;
    let deviation = sum(window, |value| (value - mean).abs()) / period;
    [window.last().map_or(0.0, |typical| typical - mean), deviation, 1e-14 * mean.abs()]
}

/// Four sums beside each other, which wait less for each other than one.
#[inline]
fn sum(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let (fours, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        sums.iter_mut().zip(four).for_each(|(sum, value)| *sum += of(*value));
    }
    let [a, b, c, d] = sums;
    rest.iter().fold((a + b) + (c + d), |sum, value| sum + of(*value))
}

snapshots!("cci", Cci, [period], [typical, at, is_full], where |cci| cci.at < cci.typical.len() / 2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_mean_deviations_the_price_is_from_its_mean() {
        let mut cci = Cci::new(3).unwrap();
        let bar = |price| Bar::new(price, price, price, price, 0.0).unwrap();
        let all = [1.0, 2.0, 6.0, 6.0, 6.0].map(|price| cci.update(&bar(price)));
        // Means of 3 and 14/3; deviations of 2 and 16/9.
        let expected = [None, None, Some(3.0 / 0.03), Some(4.0 / 3.0 / (0.015 * 16.0 / 9.0)), Some(0.0)];
        for (found, expected) in all.into_iter().zip(expected) {
            assert_eq!(found.is_some(), expected.is_some());
            assert!((found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12, "{found:?} for {expected:?}");
        }
        assert_eq!(cci.measure(&bar(6.0)), None, "nothing deviates");
        assert!((cci.measure(&bar(9.0)).unwrap() - 100.0).abs() < 1e-9);
    }
}
