//! How fast one sender may send: a bucket that fills with time.

use crate::clock::Timestamp;
use crate::limits;

/// A share of one alert; a millisecond adds [`limits::ALERTS_PER_SECOND_MAX`] of them.
const SHARES: i64 = 1_000;

/// What one sender may still send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    shares: i64,
    at: Timestamp,
}

impl Bucket {
    pub fn full(now: Timestamp) -> Self {
        Self { shares: full(), at: now }
    }

    /// Takes one alert; false where none is left. A clock that goes back adds nothing.
    pub fn take(&mut self, now: Timestamp) -> bool {
        let passed = now.since(self.at).get().max(0);
        let filled = self.shares.saturating_add(passed.saturating_mul(limits::ALERTS_PER_SECOND_MAX)).min(full());
        (self.shares, self.at) = (filled, self.at.max(now));
        if self.shares < SHARES {
            return false;
        }
        self.shares = self.shares.saturating_sub(SHARES);
        true
    }
}

fn full() -> i64 {
    limits::ALERTS_BURST_MAX.saturating_mul(SHARES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a thousand alerts at this moment are let in.
    fn admitted(bucket: &mut Bucket, ms: i64) -> usize {
        (0..1_000).filter(|_| bucket.take(Timestamp::from_millis(ms))).count()
    }

    #[test]
    fn a_burst_is_let_in_and_then_so_many_a_second() {
        let mut bucket = Bucket::full(Timestamp::from_millis(0));
        for (ms, count) in [(0, 60), (50, 0), (100, 1), (1_100, 10), (1_000, 0), (600_000, 60)] {
            assert_eq!(admitted(&mut bucket, ms), count, "{ms} ms");
        }
    }
}
