use crate::bar::is_usable;
use crate::block::Scratch;
use crate::period::BadPeriod;
use crate::snapshot::snapshots;
use crate::wide::wide;
use crate::window::{Sum, Window};

/// Simple moving average: the mean of the last values. The first comes with value `period - 1`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Sma {
    window: Window<Sum>,
    /// What a sum is multiplied with.
    one_of: f64,
}

impl Sma {
    /// Over `period` values, from 1 on.
    ///
    /// # Errors
    /// A period of none or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { window: Window::new(1, period)?, one_of: 1.0 / f64::from(period) })
    }

    /// Takes the next value. What is not finite changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        if is_usable(value) { self.window.push(value).map(|sum| sum * self.one_of) } else { None }
    }

    /// After so many values that somebody else has gone through, of which these are the last: two windows of them.
    pub(crate) fn go_on(&mut self, count: usize, values: &[f64]) {
        self.window.go_on(count, values);
    }

    /// As one update after the other, NaN where there is none yet.
    pub(crate) fn fill(&mut self, values: &[f64], out: &mut [f64], [one, other, ..]: &mut Scratch) {
        self.window.fill(values, out, [one, other]);
        let one_of = self.one_of;
        wide(
            #[inline(always)]
            || out.iter_mut().for_each(|sum| *sum *= one_of),
        );
    }
}

snapshots!("sma", Sma, [one_of], [window]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_the_last_values() {
        let mut sma = Sma::new(3).unwrap();
        let means: Vec<_> = [1.0, 2.0, 3.0, f64::NAN, 7.0].into_iter().map(|value| sma.update(value)).collect();
        assert_eq!(means, [None, None, Some(2.0), None, Some(4.0)]);
    }

    #[test]
    fn small_prices_after_large_ones_keep_all_their_digits() {
        let mut sma = Sma::new(20).unwrap();
        let large = (0..1_000_000_u32).map(|bar| 1e5 + f64::from(bar % 977) * 123.456_789);
        large.for_each(|price| assert!(sma.update(price).is_none_or(|mean| mean >= 1e5)));
        let small: Vec<_> = (0..40).map(|_| sma.update(1e-8)).collect();
        assert_eq!(small[18..].iter().filter(|mean| (mean.unwrap() - 1e-8).abs() > 1e-22).count(), 1);
    }

    #[test]
    fn a_period_is_from_1_to_its_limit() {
        let told = |period| Sma::new(period).map(|_| ()).map_err(|bad| bad.to_string());
        assert_eq!(told(1), Ok(()));
        assert_eq!(told(100_000), Ok(()));
        let said = Err("the period must be a whole number from 1 to 100000".to_owned());
        assert_eq!((told(0), told(100_001)), (said.clone(), said));
    }
}
