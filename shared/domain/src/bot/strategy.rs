//! Strategies as bots know them: a name, parameters, and whoever knows what they mean.

use super::Said;
use crate::alert::Side;
use crate::clock::{Millis, Timestamp};
use crate::limits::{BOT_BARS_LEAST, BOT_BARS_PER_WARM_UP, BOT_BARS_SAME_FOR, BOT_EXITS_FOUND_IN, SERIES_BEGIN_WITH};
use crate::market::{Candle, Interval};
use crate::preset::PlanParts;
use std::collections::BTreeMap;

/// What rules are called that somebody has written, where strategies are named.
pub const RULES: &str = "RULES";

/// A strategy by its name with every parameter that it has, or rules that somebody has written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strategy {
    /// As bots name it: `RSI_CROSS`; [`RULES`] where there are rules.
    pub name: String,
    /// Of rules, what stands in place of the numbers and words at its paths.
    pub parameters: BTreeMap<String, String>,
    /// In their one written form.
    pub rules: Option<String>,
}

/// A term of a bot that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {allowed}")]
pub struct BadTerm {
    pub field: String,
    /// What it must be.
    pub allowed: String,
}

/// What knows the strategies that there are. What one says follows from its candles and from nothing else.
pub trait Strategies {
    /// The strategy that is meant, by the name that bots know it by, with the defaults of the parameters that are not given.
    ///
    /// # Errors
    /// `strategy`, the parameter that is wrong or not known, or the member of the rules by its path.
    fn read(&self, meant: &Strategy) -> Result<Strategy, BadTerm>;

    /// The side that it enters.
    ///
    /// # Errors
    /// Where it is none that was read.
    fn side(&self, strategy: &Strategy) -> Result<Side, BadTerm>;

    /// When it enters and when it leaves, in plain sentences with their numbers.
    ///
    /// # Errors
    /// Where it is none that was read.
    fn explain(&self, strategy: &Strategy) -> Result<Vec<String>, BadTerm>;

    /// What its entries say of their plan themselves, where it brings a ladder: it follows from the parameters alone.
    ///
    /// # Errors
    /// Where it is none that was read.
    fn ladder(&self, strategy: &Strategy) -> Result<Option<PlanParts>, BadTerm>;

    /// How many candles it hears before it can say more than to hold.
    ///
    /// # Errors
    /// Where it is none that was read.
    fn warm_up(&self, strategy: &Strategy) -> Result<usize, BadTerm>;

    /// What it says to each of these candles, oldest first.
    ///
    /// # Errors
    /// Where it is none that was read.
    fn replay(&self, strategy: &Strategy, candles: &[Candle]) -> Result<Vec<Said>, BadTerm>;
}

/// Candles that a strategy hears at the least before the first one that it decides on. What goes back for ever by its definition has by then
/// forgotten where it began: of its first value an average of n bars keeps (1 − 2/(n+1))^(19·n), Wilder's (1 − 1/n)^(19·n), which is
/// less than 10⁻⁸; where that is more than is kept of a series, an average of 200 keeps less than 10⁻⁷.
pub fn bars_before(warm_up: usize) -> u32 {
    let warm_up = u32::try_from(warm_up).unwrap_or(u32::MAX).saturating_add(1);
    warm_up.saturating_mul(BOT_BARS_PER_WARM_UP).clamp(BOT_BARS_LEAST, SERIES_BEGIN_WITH)
}

/// With which candle a strategy begins to hear that has decided on all before `decided_to`: with the first of a UTC day, since some go by
/// days, and for a day at least with the same one. Two decisions in a row so hear the same candles, and one more: what the first has seen
/// above a level the second does not find below it, and a crossing is not lost between them. Of some candles before the next one it is believed
/// what is said to them now, whenever that is: an exit that was missed is found there.
pub fn hears_from(interval: Interval, warm_up: usize, decided_to: Timestamp) -> Timestamp {
    let before = bars_before(warm_up).saturating_add(BOT_EXITS_FOUND_IN);
    let latest = interval.opening(decided_to).minus(interval.times(before)).max(Timestamp::from_millis(0));
    let days = interval.times(BOT_BARS_SAME_FOR).get().max(1).saturating_sub(1).div_euclid(Millis::DAY.get());
    let same_for = days.saturating_add(1).saturating_mul(Millis::DAY.get());
    latest.minus(Millis::new(latest.millis().rem_euclid(same_for)))
}

/// From which candle on that it hears a strategy has forgotten where it began: what it says to those before is not believed.
pub fn settled_from(interval: Interval, warm_up: usize, decided_to: Timestamp) -> Timestamp {
    hears_from(interval, warm_up, decided_to).plus(interval.times(bars_before(warm_up)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_of_a_day_begin_with_the_same_candle_and_that_is_a_day_s_first() {
        let at = |text: i64| Timestamp::from_millis(1_700_006_400_000).plus(Millis::seconds(text));
        let day = 86_400;
        for (interval, days) in [
            (Interval::OneMinute, 1),
            (Interval::FiveMinutes, 1),
            (Interval::FifteenMinutes, 1),
            (Interval::TwentyMinutes, 2),
            (Interval::FortyFiveMinutes, 3),
            (Interval::OneHour, 4),
            (Interval::FourHours, 16),
            (Interval::OneDay, 96),
        ] {
            let mut begins: Vec<_> =
                (0..days * 4 * 24).map(|hour| hears_from(interval, 14, at(hour * 3_600))).collect();
            assert!(begins.iter().all(|begins| begins.millis() % (days * day * 1_000) == 0), "{interval}");
            begins.dedup();
            assert!(begins.len() <= 5, "{interval}: {} of four such times", begins.len());
            let long = at(0).since(hears_from(interval, 14, at(0)));
            assert!(long >= interval.times(bars_before(14)), "{interval}");
            for hour in 0..days * 24 {
                let (decided_to, found_in) = (at(hour * 3_600), interval.times(BOT_EXITS_FOUND_IN));
                assert!(
                    settled_from(interval, 14, decided_to) <= interval.opening(decided_to).minus(found_in),
                    "{interval} {hour}"
                );
            }
        }
    }

    #[test]
    fn more_is_heard_before_what_remembers_longer_and_no_more_than_is_kept() {
        assert_eq!([0, 14, 49, 199, usize::MAX].map(bars_before), [200, 300, 1_000, 2_000, 2_000]);
    }
}
