//! How far the last n values are spread: their population variance.
//!
//! As in [`crate::window`], a window is the end of one block and the beginning of the next. Each part keeps its mean and its squares about that
//! mean, reckoned from differences with one of its own values, and two parts are put together as Chan, Golub and LeVeque (1979) do. So nothing
//! is lost where values are large and lie close together, and equal values have no spread at all.

use crate::period::{BadPeriod, at_least};
use crate::snapshot::held;

/// Some values: the mean of their differences with one of them, and the sum of their squared distances from their mean.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Part {
    offset: f64,
    squares: f64,
}

/// Values as they come, as differences with the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Run {
    first: f64,
    sum: f64,
    squares: f64,
}

/// The population variance of the last values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread {
    /// The running block's values, up to `at`.
    values: Vec<f64>,
    /// What the block before is from each place to its end, from `at` on.
    parts: Vec<Part>,
    /// The value that the block before has its differences with: its last.
    last: f64,
    at: usize,
    running: Run,
    is_full: bool,
    /// For as many values as the place says and one: by what a sum becomes a mean, and what the distance of two parts' means weighs.
    weights: Vec<(f64, f64)>,
    period: f64,
}

impl Run {
    #[inline]
    fn push(&mut self, value: f64, is_first: bool) {
        if is_first {
            *self = Self { first: value, ..Self::default() };
        }
        let distance = value - self.first;
        self.sum += distance;
        self.squares += distance * distance;
    }

    #[inline]
    fn part(&self, one_of: f64) -> Part {
        let offset = self.sum * one_of;
        Part { offset, squares: (self.squares - self.sum * offset).max(0.0) }
    }
}

impl Spread {
    /// Of `period` values, from 2 on.
    pub(crate) fn new(period: u32) -> Result<Self, BadPeriod> {
        let all = f64::from(at_least(2, period)?);
        let weights: Vec<_> =
            (1..=period).map(f64::from).map(|newer| (1.0 / newer, newer * (all - newer) / all)).collect();
        let (values, parts) = (vec![0.0; weights.len()], vec![Part::default(); weights.len()]);
        let (last, running) = (0.0, Run::default());
        Ok(Self { values, parts, last, at: 0, running, is_full: false, weights, period: all })
    }

    /// Takes the next value, and says the variance once there are enough.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        let at = self.at;
        if let Some(slot) = self.values.get_mut(at) {
            *slot = value;
        }
        self.running.push(value, at == 0);
        self.at += 1;
        let (Some(older), Some((one_of, weight))) = (self.parts.get(self.at), self.weights.get(at)) else {
            return Some(self.turn() / self.period);
        };
        if !self.is_full {
            return None;
        }
        let newer = self.running.part(*one_of);
        let apart = (self.running.first - self.last) + (newer.offset - older.offset);
        Some((older.squares + newer.squares + apart * apart * weight) / self.period)
    }

    /// The running block is whole, and becomes the one before.
    fn turn(&mut self) -> f64 {
        let mut run = Run::default();
        let backwards = self.parts.iter_mut().zip(&self.values).rev();
        for (count, ((part, value), (one_of, _))) in backwards.zip(&self.weights).enumerate() {
            run.push(*value, count == 0);
            *part = run.part(*one_of);
        }
        (self.at, self.last, self.is_full) = (0, run.first, true);
        self.parts.first().map_or(0.0, |all| all.squares)
    }
}

held!(Part, [], [offset, squares], where |part| part.squares >= 0.0);
held!(Run, [], [first, sum, squares], where |run| run.squares >= 0.0);
held!(Spread, [period], [values, parts, last, at, running, is_full], where |spread| spread.at < spread.values.len());

#[cfg(test)]
mod tests {
    use super::*;

    fn all(period: u32, values: &[f64]) -> Vec<Option<f64>> {
        let mut spread = Spread::new(period).unwrap();
        values.iter().map(|value| spread.push(*value)).collect()
    }

    #[test]
    fn the_variance_of_the_last_values() {
        let found = all(2, &[1.0, 3.0, 3.0, 7.0, 6.0]);
        assert_eq!(found, [None, Some(1.0), Some(0.0), Some(4.0), Some(0.25)]);
    }

    #[test]
    fn equal_values_have_none() {
        assert!(all(7, &[100.1; 40]).into_iter().flatten().all(|variance| variance == 0.0));
    }

    #[test]
    fn large_values_close_together_keep_theirs() {
        let values: Vec<f64> = (0..50_u32).map(|bar| 1e12 + f64::from(bar % 2) * 0.5).collect();
        assert!(all(4, &values).into_iter().flatten().all(|variance| variance == 0.0625));
    }

    #[test]
    fn small_values_after_large_ones_keep_theirs() {
        let large = (0..1000_u32).map(|bar| 1e9 + f64::from(bar));
        let small = (0..30_u32).map(|bar| 1e-8 * f64::from(1 + bar % 2));
        let values: Vec<f64> = large.chain(small).collect();
        let found = all(10, &values);
        assert!(
            found[1010..].iter().all(|variance| (variance.unwrap() - 2.5e-17).abs() < 1e-29),
            "{:?}",
            &found[1010..]
        );
    }
}
