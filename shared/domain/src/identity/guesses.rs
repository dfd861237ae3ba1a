//! Guessing is slowed down: after some attempts each one has to wait, longer each time.
//!
//! 1. An attempt is counted before it is compared, so that many at once are no way around it.
//! 2. Whoever waits is told for how long, and an attempt that is refused counts for nothing: nobody can be kept out for
//!    longer than the longest wait.

use crate::clock::{Millis, Timestamp};
use crate::limits;

/// Attempts on one thing: an account, or from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guesses {
    pub attempts: u32,
    pub last_at: Timestamp,
}

impl Guesses {
    /// One of them was no guess.
    #[must_use]
    pub fn given_back(self) -> Self {
        Self { attempts: self.attempts.saturating_sub(1), ..self }
    }
}

/// How hard guessing is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// Attempts that do not wait.
    free: u32,
    /// After these; doubled with each further one.
    wait: Millis,
    wait_max: Millis,
    /// With no attempt for as long, it begins anew.
    forgotten_after: Millis,
}

impl Lock {
    /// A good password ends it.
    pub const ACCOUNT: Self = Self {
        free: limits::GUESSES_FREE,
        wait: limits::GUESS_WAIT,
        wait_max: limits::GUESS_WAIT_MAX,
        forgotten_after: limits::GUESSES_FORGOTTEN_AFTER,
    };

    /// Many people may share one, and whoever has an account of their own may try others' from it: a good password gives
    /// its own attempt back, and no other.
    pub const ADDRESS: Self = Self {
        free: limits::ADDRESS_GUESSES_FREE,
        wait: limits::GUESS_WAIT,
        wait_max: limits::GUESS_WAIT_MAX,
        forgotten_after: limits::ADDRESS_GUESSES_FORGOTTEN_AFTER,
    };

    /// One more attempt.
    ///
    /// # Errors
    /// How long it has to wait.
    pub fn attempt(self, before: Guesses, now: Timestamp) -> Result<Guesses, Millis> {
        let since = now.since(before.last_at);
        if since >= self.forgotten_after {
            return Ok(Guesses { attempts: 1, last_at: now });
        }
        let wait = self.wait_after(before.attempts);
        if since < wait {
            return Err(Millis::new(wait.get().saturating_sub(since.get())));
        }
        Ok(Guesses { attempts: before.attempts.saturating_add(1), last_at: now })
    }

    /// When nothing of it needs to be kept any more.
    pub fn forgotten_at(self, guesses: Guesses) -> Timestamp {
        guesses.last_at.plus(self.forgotten_after)
    }

    fn wait_after(self, attempts: u32) -> Millis {
        let Some(doublings) = attempts.checked_sub(self.free) else { return Millis::ZERO };
        let factor = 1_i64.checked_shl(doublings).filter(|factor| *factor > 0).unwrap_or(i64::MAX);
        Millis::new(self.wait.get().saturating_mul(factor).min(self.wait_max.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(attempts: u32, seconds: i64) -> Result<u32, i64> {
        let before = Guesses { attempts, last_at: Timestamp::from_millis(1_000_000) };
        let attempted = Lock::ACCOUNT.attempt(before, before.last_at.plus(Millis::seconds(seconds)));
        attempted.map(|after| after.attempts).map_err(|wait| wait.get() / 1_000)
    }

    #[test]
    fn the_first_attempts_are_free_and_each_further_one_waits_twice_as_long() {
        for (attempts, seconds, told) in [
            (0, 0, Ok(1)),
            (4, 0, Ok(5)),
            (5, 0, Err(30)),
            (5, 29, Err(1)),
            (5, 30, Ok(6)),
            (6, 59, Err(1)),
            (6, 60, Ok(7)),
            (8, 0, Err(240)),
            (10, 899, Err(1)),
            (10, 900, Ok(11)),
            (70, 900, Ok(71)),
            (u32::MAX, 899, Err(1)),
        ] {
            assert_eq!(after(attempts, seconds), told, "{attempts} attempts, {seconds} s ago");
        }
    }

    #[test]
    fn a_long_rest_forgets_all_of_it() {
        let rest = limits::GUESSES_FORGOTTEN_AFTER.get() / 1_000;
        assert_eq!(after(70, rest - 1), Ok(71));
        assert_eq!(after(70, rest), Ok(1));
    }

    #[test]
    fn a_refused_attempt_changes_nothing_and_a_clock_that_goes_back_lets_nobody_in() {
        assert_eq!(after(5, -10), Err(40));
        assert_eq!(after(4, -10), Err(10), "not even a free one");
    }
}
