//! When an exchange last answered, as rounds of checks have found it: on each of its sides by itself.

use super::Mode;
use crate::clock::{Millis, Timestamp};
use crate::market::Exchange;

/// Two rounds in vain are further apart than this, and one that is made twice is not.
const ROUNDS_APART: Millis = Millis::seconds(150);

/// One side of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueAnswers {
    pub exchange: Exchange,
    pub mode: Mode,
    pub answered_at: Option<Timestamp>,
    /// The last round in which it answered for nobody.
    pub failed_at: Option<Timestamp>,
    /// The first of them since it last answered.
    pub failing_since: Option<Timestamp>,
}

impl VenueAnswers {
    /// Nothing is known yet.
    pub fn of(exchange: Exchange, mode: Mode) -> Self {
        Self { exchange, mode, answered_at: None, failed_at: None, failing_since: None }
    }

    /// After a round in which it has answered for somebody, or for nobody of those whose keys were to be checked.
    #[must_use]
    pub fn after(self, answered: bool, now: Timestamp) -> Self {
        if answered {
            Self { answered_at: Some(now), failing_since: None, ..self }
        } else {
            Self { failed_at: Some(now), failing_since: self.failing_since.or(Some(now)), ..self }
        }
    }

    /// Two rounds in vain, with none between that it has answered in.
    pub fn is_failing(&self) -> bool {
        self.failing_since.zip(self.failed_at).is_some_and(|(first, last)| last.since(first) >= ROUNDS_APART)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rounds: &[(i64, bool)], failing: bool) {
        let at = |minute: i64| Timestamp::from_millis(1_763_628_660_000).plus(Millis::seconds(60 * minute));
        let none = VenueAnswers::of("BINANCE".parse().unwrap(), Mode::Live);
        let after = rounds.iter().fold(none, |answers, (minute, answered)| answers.after(*answered, at(*minute)));
        assert_eq!(after.is_failing(), failing, "{rounds:?}");
    }

    #[test]
    fn two_rounds_in_vain_are_a_failure() {
        check(&[], false);
        check(&[(0, true), (5, false)], false);
        check(&[(0, true), (5, false), (10, false)], true);
        check(&[(0, false), (5, false), (10, true)], false);
        check(&[(0, false), (5, true), (10, false)], false);
        check(&[(0, false), (1, false)], false);
    }
}
