//! What else might have come of the same trades and months, in another order and choice.

use crate::stats::float;
use fastrand::Rng;

/// How often something is drawn anew, at most.
pub const DRAWS_MAX: u32 = 1_000_000;

/// What lies below the 5th, 50th and 95th of a hundred draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

impl Spread {
    /// Of so many values; none of none.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        // The nearest rank, from 0.
        let rank = |percent: usize| last.saturating_mul(percent).saturating_add(50).checked_div(100);
        let at = |percent| values.get(rank(percent)?).copied();
        Some(Self { low: at(5)?, middle: at(50)?, high: at(95)? })
    }
}

/// As many as there are, each drawn from all of them.
pub(crate) fn drawn<'a>(values: &'a [f64], random: &'a mut Rng) -> impl Iterator<Item = f64> + 'a {
    (0..values.len()).filter_map(|_| values.get(random.usize(..values.len())).copied())
}

pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / float(values.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_holds_nine_of_ten() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(Spread::of(values), Some(Spread { low: 5.0, middle: 50.0, high: 95.0 }));
        assert_eq!(Spread::of(vec![7.0]), Some(Spread { low: 7.0, middle: 7.0, high: 7.0 }));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
