//! The last n values' mean, and how far they are spread about it: their population variance.
//!
//! As in [`crate::window`], a window is the end of one block and the beginning of the next. Each part keeps its mean and its squares about that
//! mean, reckoned from differences with one of its own values, and two parts are put together as Chan, Golub and LeVeque (1979) do. So nothing
//! is lost where values are large and lie close together, and equal values have no spread at all.

use crate::block::{BEHIND, BLOCK, Outs, behind, first};
use crate::period::{BadPeriod, at_least};
use crate::snapshot::held;
use crate::wide::wide;
use crate::window::last_windows;

/// Values at a time.
const RUN: usize = 32;

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
    /// What the block before is from each place to its end, from `at` on: means of differences, and squares about the means.
    offsets: Vec<f64>,
    squares: Vec<f64>,
    /// The value that the block before has its differences with: its last.
    last: f64,
    at: usize,
    running: Run,
    is_full: bool,
    /// For as many values as the place says and one: by what a sum becomes a mean.
    ones_of: Vec<f64>,
    /// And which share of all they are.
    shares: Vec<f64>,
    /// And what the distance of two parts' means weighs.
    weights: Vec<f64>,
    one_of: f64,
}

impl Run {
    #[inline]
    fn push(&mut self, value: f64) {
        let distance = value - self.first;
        self.sum += distance;
        self.squares += distance * distance;
    }
}

impl Spread {
    /// Of `period` values, from 2 on.
    pub(crate) fn new(period: u32) -> Result<Self, BadPeriod> {
        let all = f64::from(at_least(2, period)?);
        let counts = || (1..=period).map(f64::from);
        let ones_of: Vec<_> = counts().map(|newer| 1.0 / newer).collect();
        let shares = counts().map(|newer| newer / all).collect();
        let weights = counts().map(|newer| newer * (all - newer) / all).collect();
        let [values, offsets, squares] = [(); 3].map(|()| vec![0.0; ones_of.len()]);
        let (last, running, one_of) = (0.0, Run::default(), 1.0 / all);
        Ok(Self { values, offsets, squares, last, at: 0, running, is_full: false, ones_of, shares, weights, one_of })
    }

    /// Takes the next value, and says mean and variance once there are enough.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<(f64, f64)> {
        let [mut mean, mut variance] = [[f64::NAN]; 2];
        self.fill_run(&[value], [&mut mean, &mut variance], [&mut [0.0], &mut [0.0]]);
        let ([mean], [variance]) = (mean, variance);
        self.is_full.then_some((mean, variance))
    }

    /// As one push after the other, for a block: means and variances, NaN where there are not enough values yet. Behind the first windows they are
    /// made by doubling, and the last values are gone through once more, for what is kept.
    pub(crate) fn fill(&mut self, values: &[f64], [means, variances]: Outs<'_, 2>, scratch: Outs<'_, 4>) {
        let length = self.values.len();
        let begin = 2 * length - self.at;
        let whole = values.len().saturating_sub(begin) / length * length;
        if !(4..=BEHIND).contains(&length) || whole == 0 || values.len() > BLOCK {
            return self.fill_runs(values, [means, variances]);
        }
        let ((early, later), (early_means, means)) = (values.split_at(begin), means.split_at_mut(begin));
        let (early_variances, variances) = variances.split_at_mut(begin);
        self.fill_runs(early, [early_means, early_variances]);
        let values = behind(values, begin + 1 - length);
        wide(
            #[inline(always)]
            || fill_windows(values, length, (&mut *means, &mut *variances), scratch),
        );
        let kept = behind(values, whole - 1);
        self.values.iter_mut().zip(kept).for_each(|(slot, value)| *slot = *value);
        self.turn();
        self.fill_runs(behind(later, whole), [means.split_at_mut(whole).1, variances.split_at_mut(whole).1]);
    }

    /// After so many values that somebody else has gone through, of which these are the last: two windows of them.
    pub(crate) fn go_on(&mut self, count: usize, values: &[f64]) {
        let [before, rest] = last_windows(self.values.len(), self.at + count, values);
        self.values.iter_mut().zip(before).for_each(|(slot, value)| *slot = *value);
        self.turn();
        for value in rest {
            self.push(*value);
        }
    }

    fn fill_runs(&mut self, mut values: &[f64], [mut means, mut variances]: Outs<'_, 2>) {
        let [mut sums, mut squared] = [[0.0; RUN]; 2];
        while !values.is_empty() {
            let run = values.len().min(self.values.len() - self.at).min(RUN);
            let (now, later) = values.split_at(run);
            let (now_means, later_means) = means.split_at_mut(run);
            let (now_variances, later_variances) = variances.split_at_mut(run);
            self.fill_run(now, [now_means, now_variances], [&mut sums, &mut squared]);
            (values, means, variances) = (later, later_means, later_variances);
        }
    }

    /// No further than to the end of the block, and no more than [`RUN`].
    #[inline]
    fn fill_run(&mut self, values: &[f64], out: [&mut [f64]; 2], [sums, squared]: [&mut [f64]; 2]) {
        let (at, end) = (self.at, self.at + values.len());
        if at == 0 {
            self.running = Run { first: values.first().copied().unwrap_or_default(), ..Run::default() };
        }
        let mut running = self.running;
        for ((sum, squared), value) in sums.iter_mut().zip(&mut *squared).zip(values) {
            running.push(*value);
            (*sum, *squared) = (running.sum, running.squares);
        }
        self.running = running;
        let [means, variances] = out;
        self.put_together([sums, squared], [means, variances]);
        if !self.is_full {
            means.fill(f64::NAN);
            variances.fill(f64::NAN);
        }
        if let Some(kept) = self.values.get_mut(at..end) {
            kept.copy_from_slice(values);
        }
        self.at = end;
        if end == self.values.len()
            && let (Some(mean), Some(variance)) = (means.last_mut(), variances.last_mut())
        {
            (*mean, *variance) = self.turn();
        }
    }

    /// The ends of the block before with what the running one has made.
    #[inline]
    fn put_together(&self, [sums, squared]: [&[f64]; 2], [means, variances]: [&mut [f64]; 2]) {
        let (at, blocks_apart) = (self.at, self.running.first - self.last);
        let newer = sums.iter().zip(squared).zip(behind(&self.ones_of, at));
        let older = behind(&self.offsets, at + 1).iter().zip(behind(&self.squares, at + 1));
        let weights = behind(&self.shares, at).iter().zip(behind(&self.weights, at));
        let rows = means.iter_mut().zip(variances).zip(newer).zip(older).zip(weights);
        for ((((mean, variance), ((sum, squared), one_of)), (offset, squares)), (share, weight)) in rows {
            let newer = sum * one_of;
            let apart = blocks_apart + (newer - offset);
            let squared = positive(*squared - sum * newer);
            *mean = self.last + (offset + apart * share);
            *variance = (squares + squared + apart * apart * weight) * self.one_of;
        }
    }

    fn is_sound(&self) -> bool {
        self.at < self.values.len() && self.squares.iter().all(|squares| *squares >= 0.0)
    }

    /// The running block is whole, and becomes the one before. Says its mean and variance.
    fn turn(&mut self) -> (f64, f64) {
        let mut run = Run { first: self.values.last().copied().unwrap_or_default(), ..Run::default() };
        let slots = self.offsets.iter_mut().zip(&mut self.squares).zip(&self.values).rev();
        for ((offset, squares), value) in slots {
            run.push(*value);
            (*offset, *squares) = (run.sum, run.squares);
        }
        let slots = self.offsets.iter_mut().zip(&mut self.squares).zip(self.ones_of.iter().rev());
        for ((offset, squares), one_of) in slots {
            let mean = *offset * one_of;
            (*offset, *squares) = (mean, positive(*squares - *offset * mean));
        }
        (self.at, self.last, self.is_full) = (0, run.first, true);
        let [offset, squares] =
            [&self.offsets, &self.squares].map(|column| column.first().copied().unwrap_or_default());
        (self.last + offset, squares * self.one_of)
    }
}

held!(Run, [], [first, sum, squares], where |run| run.squares >= 0.0);
held!(Spread, [one_of], [values, offsets, squares, last, at, running, is_full], where |spread| spread.is_sound());

/// Rounding takes it below nothing where there is nothing.
#[inline]
fn positive(squares: f64) -> f64 {
    if squares > 0.0 { squares } else { 0.0 }
}

/// Means, and squares about them, of windows.
type Parts<'a> = (&'a mut [f64], &'a mut [f64]);

/// The mean of each window of so many values, at least four, and its variance, one for each place of `out`. Windows of twice as many values
/// are made of two that follow each other, and one of any length of those of which it consists.
#[inline(always)]
fn fill_windows(values: &[f64], length: usize, mut out: Parts<'_>, scratch: Outs<'_, 4>) {
    let [from_means, from_squares, to_means, to_squares] = scratch.map(|scratch| first(scratch, out.0.len() + length));
    let (mut from, mut to) = ((from_means, from_squares), (to_means, to_squares));
    // How many values are in those of `out` by now, and in those of `from`.
    let (mut made, mut one) = (0, 2);
    if length & 1 > 0 {
        out.0.iter_mut().zip(values).for_each(|(mean, value)| *mean = *value);
        out.1.fill(0.0);
        made = 1;
    }
    let pairs = from.0.iter_mut().zip(&mut *from.1).zip(values).zip(behind(values, 1));
    pairs.for_each(|(((mean, squares), older), newer)| {
        (*mean, *squares) = together((*older, 0.0), (*newer, 0.0), (1, 1));
    });
    loop {
        if length & one > 0 {
            put_behind(&mut out, made, &from, one);
            made += one;
        }
        if 4 * one > length {
            break;
        }
        let older = from.0.iter().zip(&*from.1);
        let newer = behind(from.0, one).iter().zip(behind(from.1, one));
        for (((mean, squares), older), newer) in to.0.iter_mut().zip(&mut *to.1).zip(older).zip(newer) {
            (*mean, *squares) = together((*older.0, *older.1), (*newer.0, *newer.1), (one, one));
        }
        (from, to, one) = (to, from, 2 * one);
    }
    let [newer, newest] = [made, made + one].map(|at| behind(from.0, at).iter().zip(behind(from.1, at)));
    let one_of = 1.0 / counted(length);
    for (((mean, squares), newer), newest) in out.0.iter_mut().zip(&mut *out.1).zip(newer).zip(newest) {
        let newer = together((*newer.0, *newer.1), (*newest.0, *newest.1), (one, one));
        let all = if made == 0 { newer } else { together((*mean, *squares), newer, (made, 2 * one)) };
        (*mean, *squares) = (all.0, all.1 * one_of);
    }
}

/// Windows of `made` values, and of `one` behind them.
#[inline(always)]
fn put_behind(out: &mut Parts<'_>, made: usize, from: &Parts<'_>, one: usize) {
    let newer = behind(from.0, made).iter().zip(behind(from.1, made));
    let parts = out.0.iter_mut().zip(&mut *out.1).zip(newer);
    if made == 0 {
        return parts.for_each(|((mean, squares), newer)| (*mean, *squares) = (*newer.0, *newer.1));
    }
    parts.for_each(|((mean, squares), newer)| {
        (*mean, *squares) = together((*mean, *squares), (*newer.0, *newer.1), (made, one));
    });
}

#[inline(always)]
fn counted(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Mean and squares of two parts, by how many values each has, as Chan, Golub and LeVeque put them together.
#[inline(always)]
fn together(older: (f64, f64), newer: (f64, f64), counts: (usize, usize)) -> (f64, f64) {
    let (before, behind) = (counted(counts.0), counted(counts.1));
    let (share, apart) = (behind / (before + behind), newer.0 - older.0);
    (older.0 + apart * share, older.1 + newer.1 + apart * apart * (before * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(period: u32, values: &[f64]) -> Vec<Option<f64>> {
        let mut spread = Spread::new(period).unwrap();
        values.iter().map(|value| spread.push(*value).map(|(_, variance)| variance)).collect()
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
