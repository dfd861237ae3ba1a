use crate::bar::is_usable;
use crate::block::{Outs, Scratch, first};
use crate::period::BadPeriod;
use crate::snapshot::snapshots;
use crate::spread::Spread;
use crate::wide::wide;
use crate::{Bands, Width};

/// Bollinger's bands: the mean of the last values, and as many of their population deviations above and below. The first come with value
/// `period - 1`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Bollinger {
    spread: Spread,
    width: f64,
}

impl Bollinger {
    /// Over `period` values, from 2 on; 20 and [`Width::TWO`] are usual.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32, width: Width) -> Result<Self, BadPeriod> {
        Ok(Self { spread: Spread::new(period)?, width: width.get() })
    }

    /// Takes the next value. What is not finite changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<Bands> {
        if !is_usable(value) {
            return None;
        }
        let (middle, variance) = self.spread.push(value)?;
        let apart = variance.sqrt() * self.width;
        Some(Bands { upper: middle + apart, middle, lower: middle - apart })
    }

    /// After so many values that somebody else has gone through, of which these are the last: two windows of them.
    pub(crate) fn go_on(&mut self, count: usize, values: &[f64]) {
        self.spread.go_on(count, values);
    }

    /// As one update after the other, for a block: upper, middle and lower line, NaN where there is none yet.
    pub(crate) fn fill(&mut self, values: &[f64], [upper, middle, lower]: Outs<'_, 3>, scratch: &mut Scratch) {
        let [a, b, c, d, variance, ..] = scratch;
        let variance = first(variance, values.len());
        self.spread.fill(values, [middle, variance], [a, b, c, d]);
        wide(
            #[inline(always)]
            || {
                for (((upper, middle), lower), variance) in upper.iter_mut().zip(middle).zip(lower).zip(variance) {
                    let apart = variance.sqrt() * self.width;
                    (*upper, *lower) = (*middle + apart, *middle - apart);
                }
            },
        );
    }
}

snapshots!("bollinger", Bollinger, [width], [spread]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_population_deviations_to_each_side() {
        let mut bollinger = Bollinger::new(2, Width::TWO).unwrap();
        let all = [1.0, 3.0, 3.0].map(|value| bollinger.update(value));
        let bands = |upper, middle, lower| Some(Bands { upper, middle, lower });
        assert_eq!(all, [None, bands(4.0, 2.0, 0.0), bands(3.0, 3.0, 3.0)]);
        assert_eq!(Bollinger::new(1, Width::TWO).map(|_| ()), Err(BadPeriod { period: 1, min: 2 }));
    }
}
