//! How long something took, of many times.

/// By nearest rank: each is a time that really was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    pub count: usize,
    pub p50: Option<i64>,
    pub p95: Option<i64>,
    pub p99: Option<i64>,
    pub max: Option<i64>,
}

impl Times {
    pub fn of(mut all: Vec<i64>) -> Self {
        all.sort_unstable();
        let rank = |percent: usize| {
            let rank = all.len().saturating_mul(percent).div_ceil(100);
            all.get(rank.saturating_sub(1)).copied()
        };
        Self { count: all.len(), p50: rank(50), p95: rank(95), p99: rank(99), max: all.last().copied() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let told = |all: Vec<i64>| {
            let Times { p50, p95, p99, max, .. } = Times::of(all);
            [p50, p95, p99, max].map(Option::unwrap_or_default)
        };
        assert_eq!(told((1..=100).rev().collect()), [50, 95, 99, 100]);
        assert_eq!(told(vec![7]), [7; 4]);
        assert_eq!(told(vec![1, 2, 3, 4]), [2, 4, 4, 4]);
        assert_eq!(Times::of(Vec::new()), Times::default());
    }
}
