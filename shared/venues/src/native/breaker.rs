//! The circuit breaker of one site: what fails again and again is spared for a while.
//!
//! Closed, until [`FAILURES_MAX`] calls in a row have failed; then open for [`OPEN_FOR`]; then half open: of the next
//! [`PROBES`] calls [`PROBES_GOOD`] must succeed to close it, and it opens anew as soon as they cannot any more.

use domain::clock::{Millis, Timestamp};

const FAILURES_MAX: u32 = 5;
const OPEN_FOR: Millis = Millis::seconds(300);
const PROBES: u32 = 3;
const PROBES_GOOD: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    Closed { failures: u32 },
    Open { since: Timestamp },
    HalfOpen { good: u32, bad: u32 },
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// Until when it is open, where it is.
    pub fn open_until(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Open { since } => Some(since.plus(OPEN_FOR)).filter(|until| now < *until),
            Self::Closed { .. } | Self::HalfOpen { .. } => None,
        }
    }

    /// After a call that was answered, or was not.
    #[must_use]
    pub fn after(self, answered: bool, now: Timestamp) -> Self {
        match (self.at(now), answered) {
            (Self::Closed { .. }, true) => Self::default(),
            (Self::Closed { failures }, false) => {
                let failures = failures.saturating_add(1);
                if failures >= FAILURES_MAX { Self::Open { since: now } } else { Self::Closed { failures } }
            }
            // What is urgent is asked all the same: it says nothing before the time is over.
            (open @ Self::Open { .. }, _) => open,
            (Self::HalfOpen { good, .. }, true) if good.saturating_add(1) >= PROBES_GOOD => Self::default(),
            (Self::HalfOpen { good, bad }, true) => Self::HalfOpen { good: good.saturating_add(1), bad },
            (Self::HalfOpen { bad, .. }, false) if bad.saturating_add(1) > PROBES.saturating_sub(PROBES_GOOD) => {
                Self::Open { since: now }
            }
            (Self::HalfOpen { good, bad }, false) => Self::HalfOpen { good, bad: bad.saturating_add(1) },
        }
    }

    /// An open one is half open once its time is over.
    fn at(self, now: Timestamp) -> Self {
        match self {
            Self::Open { .. } if self.open_until(now).is_none() => Self::HalfOpen { good: 0, bad: 0 },
            state => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls as seconds and whether they were answered; then whether it is open.
    fn check(calls: &[(i64, bool)], open: bool) {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let (mut breaker, mut last) = (Breaker::default(), 0);
        for (seconds, answered) in calls {
            breaker = breaker.after(*answered, at(*seconds));
            last = *seconds;
        }
        assert_eq!(breaker.open_until(at(last)).is_some(), open, "{calls:?}: {breaker:?}");
    }

    const FIVE: [(i64, bool); 5] = [(0, false), (1, false), (2, false), (3, false), (4, false)];

    #[test]
    fn five_failures_in_a_row_open_it_for_300_seconds() {
        check(&FIVE[..4], false);
        check(&FIVE, true);
        check(&[&FIVE[..4], &[(4, true), (5, false)]].concat(), false);
        check(&[&FIVE[..], &[(303, true), (303, true)]].concat(), true);
    }

    #[test]
    fn two_of_three_after_that_close_it() {
        let then = |calls: &[(i64, bool)]| [&FIVE[..], calls].concat();
        check(&then(&[(304, true), (305, true), (306, false)]), false);
        check(&then(&[(304, true), (305, false), (306, true), (307, false)]), false);
        check(&then(&[(304, false), (305, false)]), true);
        check(&then(&[(304, true), (305, false), (306, false)]), true);
    }
}
