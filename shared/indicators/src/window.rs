//! What the last n values make together: their sum, their highest, their lowest.
//!
//! The values stand in blocks of n. Of the block before, what it makes from each place to its end is kept; of the running block, what it has
//! made so far. A window is the end of the one and the beginning of the other. So nothing is ever taken away from a sum: what left the
//! window leaves no rest behind, whatever its size. (The sliding minimum of van Herk and of Gil and Werman, 1992, with any associative fold.)

use crate::bar::VALUE_MAX;
use crate::period::{BadPeriod, at_least};
use crate::snapshot::held;
use std::marker::PhantomData;

/// How two parts of a window are put together.
pub(crate) trait Fold {
    /// What nothing makes.
    const NOTHING: f64;
    fn fold(older: f64, newer: f64) -> f64;
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sum;
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Highest;
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lowest;

impl Fold for Sum {
    const NOTHING: f64 = 0.0;
    fn fold(older: f64, newer: f64) -> f64 {
        older + newer
    }
}

impl Fold for Highest {
    const NOTHING: f64 = -VALUE_MAX;
    fn fold(older: f64, newer: f64) -> f64 {
        if newer > older { newer } else { older }
    }
}

impl Fold for Lowest {
    const NOTHING: f64 = VALUE_MAX;
    fn fold(older: f64, newer: f64) -> f64 {
        if newer < older { newer } else { older }
    }
}

/// A window over the last values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window<F> {
    /// Before `at` the running block's values; from there on what the block before makes from each place to its end.
    slots: Vec<f64>,
    at: usize,
    /// What the running block has made so far.
    running: f64,
    /// Whether there was a block before.
    is_full: bool,
    fold: PhantomData<F>,
}

impl<F: Fold> Window<F> {
    /// Of `period` values, at least `min`.
    pub(crate) fn new(min: u32, period: u32) -> Result<Self, BadPeriod> {
        let length = usize::try_from(at_least(min, period)?).unwrap_or(usize::MAX);
        Ok(Self { slots: vec![F::NOTHING; length], at: 0, running: F::NOTHING, is_full: false, fold: PhantomData })
    }

    /// Takes the next value, and says what the last ones make together once there are enough.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        if let Some(slot) = self.slots.get_mut(self.at) {
            *slot = value;
        }
        self.running = F::fold(self.running, value);
        self.at += 1;
        match self.slots.get(self.at) {
            Some(before) => self.is_full.then(|| F::fold(*before, self.running)),
            None => self.turn(),
        }
    }

    /// As one push after the other, NaN where there are not enough values yet.
    pub(crate) fn fill(&mut self, mut values: &[f64], mut out: &mut [f64]) {
        while !values.is_empty() {
            let run = values.len().min(self.slots.len() - self.at);
            let (now, later) = values.split_at(run);
            let (now_out, later_out) = out.split_at_mut(run);
            self.fill_run(now, now_out);
            (values, out) = (later, later_out);
        }
    }

    /// No further than to the end of the block.
    fn fill_run(&mut self, values: &[f64], out: &mut [f64]) {
        let (at, end) = (self.at, self.at + values.len());
        let older = self.slots.get(at + 1..).unwrap_or_default();
        for ((out, value), older) in out.iter_mut().zip(values).zip(older) {
            self.running = F::fold(self.running, *value);
            *out = F::fold(*older, self.running);
        }
        if !self.is_full {
            out.fill(f64::NAN);
        }
        if let Some(slots) = self.slots.get_mut(at..end) {
            slots.copy_from_slice(values);
        }
        self.at = end;
        if end == self.slots.len()
            && let (Some(last), Some(all)) = (out.last_mut(), self.turn())
        {
            *last = all;
        }
    }

    /// The running block is whole, and becomes the one before.
    fn turn(&mut self) -> Option<f64> {
        let mut from_here = F::NOTHING;
        for slot in self.slots.iter_mut().rev() {
            from_here = F::fold(*slot, from_here);
            *slot = from_here;
        }
        (self.at, self.running, self.is_full) = (0, F::NOTHING, true);
        Some(from_here)
    }
}

held!(Window<F: Fold>, [], [slots, at, running, is_full], where |window| window.at < window.slots.len());

#[cfg(test)]
mod tests {
    use super::*;

    fn all<F: Fold>(period: u32, values: &[f64]) -> Vec<Option<f64>> {
        let mut window = Window::<F>::new(1, period).unwrap();
        values.iter().map(|value| window.push(*value)).collect()
    }

    #[test]
    fn a_window_makes_what_its_values_make() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let sums = [None, None, Some(8.0), Some(6.0), Some(10.0), Some(15.0), Some(16.0), Some(17.0)];
        assert_eq!(all::<Sum>(3, &values), sums);
        let highest = [None, None, Some(4.0), Some(4.0), Some(5.0), Some(9.0), Some(9.0), Some(9.0)];
        assert_eq!(all::<Highest>(3, &values), highest);
        let lowest = [None, None, Some(1.0), Some(1.0), Some(1.0), Some(1.0), Some(2.0), Some(2.0)];
        assert_eq!(all::<Lowest>(3, &values), lowest);
        assert_eq!(all::<Sum>(1, &values), values.map(Some));
    }

    #[test]
    fn what_has_left_the_window_leaves_nothing_behind() {
        let values = [1e90, 3.0, 1e80, 1.0, 2.0, 4.0];
        assert_eq!(all::<Sum>(2, &values).last(), Some(&Some(6.0)));
    }
}
