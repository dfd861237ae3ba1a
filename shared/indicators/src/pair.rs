//! Averages that stand two by two in one vector, four values of each, and go on from there as [`crate::smoothing`] says.

use crate::smoothing::{Shares, all_towards};
use fearless_simd::{Simd, SimdBase, SimdCombine, SimdFloat, SimdSplit, f64x4, f64x8};

/// An average as it goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    weight: f64,
    averages: [f64; 4],
    values: [f64; 3],
}

/// Two averages beside each other.
#[derive(Clone, Copy)]
pub(crate) struct Pair<S: Simd> {
    one: f64x8<S>,
    two: f64x8<S>,
    four: f64x8<S>,
    averages: f64x8<S>,
    values: f64x8<S>,
    /// Weighted means of two values.
    before: f64x8<S>,
}

impl Chain {
    pub(crate) fn new(weight: f64) -> Self {
        Self { weight, averages: [0.0; 4], values: [0.0; 3] }
    }

    /// After one value more.
    pub(crate) fn push(&mut self, value: f64, average: f64) {
        let ([_, a, b, c], [_, x, y]) = (self.averages, self.values);
        (self.averages, self.values) = ([a, b, c, average], [x, y, value]);
    }
}

impl<S: Simd> Pair<S> {
    #[inline(always)]
    pub(crate) fn new(simd: S, chains: [Chain; 2]) -> Self {
        let shares = chains.map(|chain| Shares::of(chain.weight));
        let both = |of: [[f64; 4]; 2]| {
            let [one, other] = of.map(|of| f64x4::load_array(simd, of));
            one.combine(other)
        };
        let before = |chain: Chain| {
            let [a, b, c] = chain.values;
            let [older, newer] = all_towards([b, c], [a, b], Shares::of(chain.weight).one);
            [0.0, 0.0, older, newer]
        };
        let values = |chain: Chain| {
            let [a, b, c] = chain.values;
            [0.0, a, b, c]
        };
        Self {
            one: both(shares.map(|shares| [shares.one; 4])),
            two: both(shares.map(|shares| [shares.two; 4])),
            four: both(shares.map(|shares| [shares.four; 4])),
            averages: both(chains.map(|chain| chain.averages)),
            values: both(chains.map(values)),
            before: both(chains.map(before)),
        }
    }

    /// The next four of each, of four values of each.
    #[inline(always)]
    pub(crate) fn next(&mut self, values: f64x8<S>) -> (f64x4<S>, f64x4<S>) {
        let older = slid::<S, 3>(self.values, values);
        self.values = values;
        self.next_less(values, older - values)
    }

    /// The same, of values and of how much less they are than those one before them.
    #[inline(always)]
    pub(crate) fn next_less(&mut self, values: f64x8<S>, less: f64x8<S>) -> (f64x4<S>, f64x4<S>) {
        let now = less.mul_add_precise(self.one, values);
        let before = slid::<S, 2>(self.before, now);
        self.before = now;
        let means = (before - now).mul_add_precise(self.two, now);
        self.averages = (means - self.averages).mul_add_precise(self.four, self.averages);
        self.averages.split()
    }

    /// How both stand.
    #[inline(always)]
    pub(crate) fn ends(&self) -> [f64; 2] {
        let (one, other) = self.averages.split();
        [one, other].map(|of| {
            let [.., newest] = of.to_array();
            newest
        })
    }
}

/// In each half, four from a place on of four values and the next four.
#[inline(always)]
fn slid<S: Simd, const FROM: usize>(older: f64x8<S>, newer: f64x8<S>) -> f64x8<S> {
    let ((a, b), (c, d)) = (older.split(), newer.split());
    a.slide::<FROM>(c).combine(b.slide::<FROM>(d))
}
