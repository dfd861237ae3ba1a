//! What to try next, from what is known.
//!
//! The best quarter of what is known makes one density, the rest another; of some points drawn from the first, the one at
//! which it exceeds the second by most is proposed. A density is a mean of bells around the known points, one dimension by
//! itself, and of an even share that keeps every value possible.

use super::Point;
use crate::stats::float;

/// Until so many are known they are drawn evenly.
const EVEN_FIRST: usize = 16;
/// One of so many known points is good.
const GOOD_OF: usize = 4;
/// Points that are drawn for one that is proposed.
const DRAWN: usize = 24;

/// How points are drawn, where each known one has its score.
#[derive(Debug)]
pub(super) enum Draw<'a> {
    /// Of so many values each.
    Even(&'a [usize]),
    /// Of what is good and of the rest, each dimension by itself.
    Learnt(Vec<(Density, Density)>),
}

impl<'a> Draw<'a> {
    pub(super) fn of(sizes: &'a [usize], known: &[(Point, f64)]) -> Self {
        if known.len() < EVEN_FIRST {
            return Self::Even(sizes);
        }
        let mut sorted: Vec<&(Point, f64)> = known.iter().collect();
        sorted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let (good, rest) = sorted.split_at_checked(known.len().div_ceil(GOOD_OF)).unwrap_or((&sorted, &[]));
        let dimension = |(at, size): (usize, &usize)| {
            let of = |points: &[&(Point, f64)]| {
                let known: Vec<usize> = points.iter().filter_map(|(point, _)| point.get(at)).copied().collect();
                Density::of(*size, &known)
            };
            (of(good), of(rest))
        };
        Self::Learnt(sizes.iter().enumerate().map(dimension).collect())
    }

    pub(super) fn next(&self, random: &mut fastrand::Rng) -> Point {
        match self {
            Self::Even(sizes) => sizes.iter().map(|size| random.usize(..*size)).collect(),
            Self::Learnt(dimensions) => dimensions.iter().map(|(good, rest)| draw(good, rest, random)).collect(),
        }
    }
}

/// The value at which what is good exceeds the rest by most, of some that were drawn from it.
fn draw(good: &Density, rest: &Density, random: &mut fastrand::Rng) -> usize {
    let ratio = |value: &usize| good.at(*value) / rest.at(*value);
    let drawn = (0..DRAWN).map(|_| good.drawn(random.f64()));
    drawn.max_by(|one, other| ratio(one).total_cmp(&ratio(other))).unwrap_or(0)
}

/// How likely each value of a dimension is.
#[derive(Debug)]
pub(super) struct Density(Vec<f64>);

impl Density {
    fn of(size: usize, known: &[usize]) -> Self {
        let count = float(known.len()).max(1.0);
        // The more are known, the narrower each bell is.
        let width = (float(size) / (1.0 + count.sqrt())).max(0.5);
        let even = 1.0 / float(size);
        let bell = |value: f64, middle: &usize| (-0.5 * ((value - float(*middle)) / width).powi(2)).exp();
        let bells = |value: usize| known.iter().map(|middle| bell(float(value), middle)).sum::<f64>() / count / width;
        let mut density: Vec<f64> = (0..size).map(|value| bells(value) + even).collect();
        let sum: f64 = density.iter().sum();
        density.iter_mut().for_each(|value| *value /= sum);
        Self(density)
    }

    fn at(&self, value: usize) -> f64 {
        self.0.get(value).copied().unwrap_or(0.0)
    }

    /// The value up to which this share of all lies.
    fn drawn(&self, share: f64) -> usize {
        let mut left = share;
        let is_reached = |density: &f64| {
            left -= density;
            left <= 0.0
        };
        self.0.iter().position(is_reached).unwrap_or(self.0.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_is_highest_where_much_is_known_and_nowhere_nothing() {
        let density = Density::of(10, &[3, 3, 4]);
        assert!((density.0.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(density.at(3) > density.at(5) && density.at(5) > density.at(9) && density.at(9) > 0.0);
        assert_eq!([density.drawn(0.0), density.drawn(1.0)], [0, 9]);
    }
}
