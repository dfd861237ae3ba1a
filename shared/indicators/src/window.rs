//! What the last n values make together: their sum, their highest, their lowest.
//!
//! The values stand in blocks of n. Of the block before, what it makes from each place to its end is kept; of the running block, what it has
//! made so far. A window is the end of the one and the beginning of the other. So nothing is ever taken away from a sum: what left the
//! window leaves no rest behind, whatever its size. (The sliding minimum of van Herk and of Gil and Werman, 1992, with any associative fold.)

use crate::bar::VALUE_MAX;
use crate::block::{BEHIND, BLOCK, Outs, behind, first};
use crate::period::{BadPeriod, at_least};
use crate::snapshot::held;
use crate::wide::wide;
use std::marker::PhantomData;

/// How two parts of a window are put together.
pub(crate) trait Fold {
    /// What nothing makes.
    const NOTHING: f64;
    /// Whether values may come in twice.
    const MAY_OVERLAP: bool;
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
    const MAY_OVERLAP: bool = false;
    #[inline(always)]
    fn fold(older: f64, newer: f64) -> f64 {
        older + newer
    }
}

impl Fold for Highest {
    const NOTHING: f64 = -VALUE_MAX;
    const MAY_OVERLAP: bool = true;
    #[inline(always)]
    fn fold(older: f64, newer: f64) -> f64 {
        if newer > older { newer } else { older }
    }
}

impl Fold for Lowest {
    const NOTHING: f64 = VALUE_MAX;
    const MAY_OVERLAP: bool = true;
    #[inline(always)]
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

    /// What the last values make together, as the last push has said.
    #[inline]
    pub(crate) fn now(&self) -> Option<f64> {
        let before = self.slots.get(self.at).filter(|_| self.is_full)?;
        Some(F::fold(*before, self.running))
    }

    /// As one push after the other, for a block; NaN where there are not enough values yet. Behind the first windows they are made by doubling, and
    /// the last values are gone through once more, for what is kept.
    pub(crate) fn fill(&mut self, values: &[f64], out: &mut [f64], scratch: Outs<'_, 2>) {
        let length = self.slots.len();
        let begin = 2 * length - self.at;
        let whole = values.len().saturating_sub(begin) / length * length;
        if !(4..=BEHIND).contains(&length) || whole == 0 || values.len() > BLOCK {
            return self.fill_runs(values, out);
        }
        let ((early, later), (early_out, later_out)) = (values.split_at(begin), out.split_at_mut(begin));
        self.fill_runs(early, early_out);
        let values = behind(values, begin + 1 - length);
        wide(
            #[inline(always)]
            || fill_windows::<F>(values, length, later_out, scratch),
        );
        let kept = behind(values, whole - 1);
        self.slots.iter_mut().zip(kept).for_each(|(slot, value)| *slot = *value);
        self.turn();
        self.fill_runs(behind(later, whole), later_out.split_at_mut(whole).1);
    }

    /// After so many values that somebody else has gone through, of which these are the last: two windows of them.
    pub(crate) fn go_on(&mut self, count: usize, values: &[f64]) {
        let [before, rest] = last_windows(self.slots.len(), self.at + count, values);
        self.slots.iter_mut().zip(before).for_each(|(slot, value)| *slot = *value);
        self.turn();
        for value in rest {
            self.push(*value);
        }
    }

    fn fill_runs(&mut self, mut values: &[f64], mut out: &mut [f64]) {
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

/// What each window of so many values, at least four, makes, one for each place of `out`. Windows of twice as many values are made of two that
/// follow each other, and one of any length of those of which it consists.
#[inline(always)]
fn fill_windows<F: Fold>(values: &[f64], length: usize, out: &mut [f64], scratch: Outs<'_, 2>) {
    let [mut from, mut to] = scratch.map(|scratch| first(scratch, out.len() + length));
    // How many values are in those of `out` by now, and in those of `from`.
    let (mut made, mut one) = (0, 2);
    if length & 1 > 0 && !F::MAY_OVERLAP {
        out.iter_mut().zip(values).for_each(|(out, value)| *out = *value);
        made = 1;
    }
    fold_all::<F>(values, behind(values, 1), from);
    loop {
        if length & one > 0 && !F::MAY_OVERLAP {
            if made == 0 {
                out.iter_mut().zip(&*from).for_each(|(out, value)| *out = *value);
            } else {
                out.iter_mut().zip(behind(from, made)).for_each(|(out, newer)| *out = F::fold(*out, *newer));
            }
            made += one;
        }
        if 4 * one > length {
            break;
        }
        fold_all::<F>(from, behind(from, one), to);
        (from, to, one) = (to, from, 2 * one);
    }
    if made == 0 {
        let [begins, ends] = [0, length - 2 * one].map(|place| behind(from, place));
        let begins = begins.iter().zip(behind(begins, one));
        return for ((out, begin), end) in out.iter_mut().zip(begins).zip(ends.iter().zip(behind(ends, one))) {
            let [begin, end] = [begin, end].map(|(older, newer)| F::fold(*older, *newer));
            *out = if F::MAY_OVERLAP { F::fold(begin, end) } else { begin };
        };
    }
    for ((out, newer), newest) in out.iter_mut().zip(behind(from, made)).zip(behind(from, made + one)) {
        *out = F::fold(*out, F::fold(*newer, *newest));
    }
}

/// Of the last values the block before, and those of the running one, when so many have come since one began.
pub(crate) fn last_windows(length: usize, since: usize, values: &[f64]) -> [&[f64]; 2] {
    let (before, rest) = values.split_at(values.len().saturating_sub(since % length));
    [behind(before, before.len().saturating_sub(length)), rest]
}

#[inline(always)]
fn fold_all<F: Fold>(older: &[f64], newer: &[f64], out: &mut [f64]) {
    for ((out, older), newer) in out.iter_mut().zip(older).zip(newer) {
        *out = F::fold(*older, *newer);
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
    fn it_says_again_what_it_has_said() {
        let mut window = Window::<Sum>::new(1, 3).unwrap();
        for value in [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0] {
            let said = window.push(value);
            assert_eq!(window.now(), said);
        }
    }

    #[test]
    fn what_has_left_the_window_leaves_nothing_behind() {
        let values = [1e90, 3.0, 1e80, 1.0, 2.0, 4.0];
        assert_eq!(all::<Sum>(2, &values).last(), Some(&Some(6.0)));
    }
}
