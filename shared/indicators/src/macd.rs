use crate::bar::is_usable;
use crate::block::{Outs, Scratch, behind, first};
use crate::period::{BadPeriod, at_least};
use crate::smoothing::{Smoothing, fill_all};
use crate::snapshot::snapshots;
use crate::wide::wide;

/// Moving average convergence/divergence of Appel, as TA-Lib has it: the fast average less the slow one, an average of that, and the
/// difference. The fast average begins with the mean of the values just before the slow one's first, so that both begin with the same bar.
/// All three lines begin with value `slow + signal - 2`, counted from 0: 33 of 12, 26 and 9.
#[derive(Debug, Clone, PartialEq)]
pub struct Macd {
    /// How many values the fast average still leaves out.
    left_out: u32,
    fast: Smoothing,
    slow: Smoothing,
    signal: Smoothing,
}

/// What stands at one bar, in the unit of the prices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MacdValue {
    /// The fast average less the slow one.
    pub line: f64,
    /// The average of the line.
    pub signal: f64,
    /// The line less its signal.
    pub histogram: f64,
}

impl Macd {
    /// Of averages over `fast` values, from 2 on, and `slow` values, at least as many; the signal is one over `signal` values, from 1 on.
    ///
    /// # Errors
    /// A period that is shorter than that, or above [`crate::PERIOD_MAX`].
    pub fn new(fast: u32, slow: u32, signal: u32) -> Result<Self, BadPeriod> {
        let (fast, signal) = (at_least(2, fast)?, at_least(1, signal)?);
        let slow = at_least(fast, slow)?;
        let [of_fast, of_slow, of_signal] = [fast, slow, signal].map(Smoothing::exponential);
        Ok(Self { left_out: slow - fast, fast: of_fast, slow: of_slow, signal: of_signal })
    }

    /// Takes the next value. What is not finite changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<MacdValue> {
        if !is_usable(value) {
            return None;
        }
        let slow = self.slow.push(value);
        if self.left_out > 0 {
            self.left_out -= 1;
            return None;
        }
        let line = self.fast.push(value)? - slow?;
        let signal = self.signal.push(line)?;
        Some(MacdValue { line, signal, histogram: line - signal })
    }

    /// As one update after the other, for a block: line, signal and histogram, NaN where there is none yet.
    pub(crate) fn fill(&mut self, values: &[f64], out: Outs<'_, 3>, [slow, ..]: &mut Scratch) {
        let mut early = 0;
        let [line, signal, histogram] = out;
        for (((value, line), signal), histogram) in values.iter().zip(&mut *line).zip(&mut *signal).zip(&mut *histogram)
        {
            if self.has_begun() {
                break;
            }
            let at = self.update(*value);
            (*line, *signal, *histogram) =
                at.map_or((f64::NAN, f64::NAN, f64::NAN), |at| (at.line, at.signal, at.histogram));
            early += 1;
        }
        let (values, slow) = (behind(values, early), first(slow, values.len() - early));
        let [line, signal, histogram] = [line, signal, histogram].map(|out| out.split_at_mut(early).1);
        fill_all([&mut self.fast, &mut self.slow], [values; 2], [&mut *line, &mut *slow]);
        take_away(line, slow);
        self.signal.fill(line, signal);
        fill_differences(line, signal, histogram);
    }

    /// The averages of which the line is made, and the signal's.
    pub(crate) fn averages(&mut self) -> [&mut Smoothing; 3] {
        [&mut self.fast, &mut self.slow, &mut self.signal]
    }

    /// Whether all lines have begun.
    pub(crate) fn has_begun(&self) -> bool {
        self.left_out == 0 && [&self.fast, &self.slow, &self.signal].into_iter().all(Smoothing::has_begun)
    }
}

/// Takes values away from those of a line.
pub(crate) fn take_away(line: &mut [f64], values: &[f64]) {
    wide(
        #[inline(always)]
        || line.iter_mut().zip(values).for_each(|(line, value)| *line -= *value),
    );
}

/// Values less others.
pub(crate) fn fill_differences(values: &[f64], others: &[f64], out: &mut [f64]) {
    wide(
        #[inline(always)]
        || {
            for ((out, value), other) in out.iter_mut().zip(values).zip(others) {
                *out = *value - *other;
            }
        },
    );
}

snapshots!("macd", Macd, [], [left_out, fast, slow, signal]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_begin_together() {
        let mut macd = Macd::new(2, 3, 2).unwrap();
        let all: Vec<_> = [1.0, 2.0, 3.0, 7.0].into_iter().map(|value| macd.update(value)).collect();
        // Fast: 2.5, then 5.5; slow: 2, then 4.5.
        assert_eq!(all, [None, None, None, Some(MacdValue { line: 1.0, signal: 0.75, histogram: 0.25 })]);
        let mut usual = Macd::new(12, 26, 9).unwrap();
        assert_eq!((0..99_u32).position(|value| usual.update(f64::from(value)).is_some()), Some(33));
    }

    #[test]
    fn the_slow_period_is_not_the_shorter_one() {
        assert_eq!(Macd::new(26, 12, 9), Err(BadPeriod { period: 12, min: 26 }));
        assert_eq!(Macd::new(1, 12, 9), Err(BadPeriod { period: 1, min: 2 }));
        assert_eq!(Macd::new(12, 26, 0), Err(BadPeriod { period: 0, min: 1 }));
    }
}
