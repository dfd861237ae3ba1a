//! What holding contracts costs.

use crate::exact::{Exact, Inexact};
use domain::money::{Amount, Rate};
use std::sync::Arc;

const MINUTE_MS: i64 = 60_000;

/// Rates of funding: what a long pays to a short of what it holds, each time; negative where shorts pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funding(Rates);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rates {
    /// The same every eight hours.
    Same(Amount),
    /// By their times, in milliseconds since 1970, the oldest first.
    Recorded(Arc<[(i64, Amount)]>),
}

/// Rates that cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFunding {
    #[error("must be above -1 and below 1")]
    Rate,
    /// Of the one at this place, counted from 0.
    #[error("must be later than the time before it")]
    Time(usize),
}

impl Funding {
    /// Times of a rate that stays the same are the whole multiples of this, counted from 1970.
    pub const EVERY_MS: i64 = 8 * 3_600_000;

    /// The same rate every eight hours, at 0, 8 and 16 o'clock UTC.
    ///
    /// # Errors
    /// A rate that is all of what is held, or more.
    pub fn same(rate: Amount) -> Result<Self, BadFunding> {
        is_rate(rate).then_some(Self(Rates::Same(rate))).ok_or(BadFunding::Rate)
    }

    /// Rates with the milliseconds since 1970 at which they were paid: those of the minute that has begun. Exchanges record them some
    /// milliseconds late.
    ///
    /// # Errors
    /// The first that is not later than the one before, or a rate that is all of what is held, or more.
    pub fn recorded(rates: Vec<(i64, Amount)>) -> Result<Self, BadFunding> {
        let pairs = rates.iter().zip(rates.iter().skip(1));
        if let Some(place) = pairs.map(|((one, _), (next, _))| one < next).position(|rises| !rises) {
            return Err(BadFunding::Time(place.saturating_add(1)));
        }
        let are_rates = rates.iter().all(|(_, rate)| is_rate(*rate));
        let of_minute = |(at, rate): (i64, Amount)| (at.saturating_sub(at.rem_euclid(MINUTE_MS)), rate);
        let of_minutes = || rates.into_iter().map(of_minute).collect();
        are_rates.then(|| Self(Rates::Recorded(of_minutes()))).ok_or(BadFunding::Rate)
    }

    /// Whether rates are told from one moment to another, to a day: of a time that none are told of holding would cost nothing.
    pub fn reaches(&self, from_ms: i64, to_ms: i64) -> bool {
        const DAY: i64 = 24 * 3_600_000;
        let Rates::Recorded(rates) = &self.0 else { return true };
        let (Some((first, _)), Some((last, _))) = (rates.first(), rates.last()) else { return false };
        *first <= from_ms.saturating_add(DAY) && *last >= to_ms.saturating_sub(DAY)
    }

    /// What is due behind one moment and up to another, in all.
    pub(super) fn due(&self, before_ms: i64, now_ms: i64) -> Result<Exact, Inexact> {
        match &self.0 {
            Rates::Same(rate) => {
                let count = |at: i64| at.div_euclid(Self::EVERY_MS);
                let times = u32::try_from(count(now_ms).saturating_sub(count(before_ms))).unwrap_or(0);
                Exact::from(rate.get()).times(Exact::whole(times))
            }
            Rates::Recorded(rates) => {
                let [from, to] = [before_ms, now_ms].map(|at| rates.partition_point(|(time, _)| *time <= at));
                let due = rates.get(from..to).unwrap_or_default();
                due.iter().try_fold(Exact::ZERO, |sum, (_, rate)| sum.plus(rate.get().into()))
            }
        }
    }
}

/// Whether it is less than all that is held, either way.
fn is_rate(rate: Amount) -> bool {
    let size = if rate.is_negative() { rate.negated() } else { rate };
    Rate::new(size.get()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn due(funding: &Funding, before: i64, now: i64) -> f64 {
        funding.due(before * HOUR, now * HOUR).unwrap().float()
    }

    #[test]
    fn what_is_due_lies_behind_the_moment_before_and_up_to_this_one() {
        let same = Funding::same("0.1".parse().unwrap()).unwrap();
        let told = [(0, 1), (0, 8), (7, 8), (8, 15), (1, 49)].map(|(before, now)| due(&same, before, now));
        assert_eq!(told, [0.0, 0.1, 0.1, 0.0, 0.6]);
        let rates = [(3, "0.01"), (11, "-0.02"), (20, "0.04")];
        let rates = rates.map(|(hour, rate)| (hour * HOUR, rate.parse().unwrap())).into();
        let recorded = Funding::recorded(rates).unwrap();
        let told =
            [(0, 2), (0, 3), (3, 10), (3, 11), (0, 99), (20, 99)].map(|(before, now)| due(&recorded, before, now));
        assert_eq!(told, [0.0, 0.01, 0.0, -0.02, 0.03, 0.0]);
    }

    /// As Binance records them: 1630454400005 for the midnight before it (`fundingTime`; freqtrade takes them for those of the hour,
    /// https://github.com/freqtrade/freqtrade/pull/5779).
    #[test]
    fn what_is_recorded_some_milliseconds_late_is_due_at_its_time() {
        let recorded = |late: i64| {
            let rates = [8, 16].map(|hour| (hour * HOUR + late, "0.01".parse().unwrap())).into();
            Funding::recorded(rates).unwrap()
        };
        for late in [0, 5, 59_999] {
            let told = [(0, 7), (7, 8), (8, 15), (8, 16)].map(|(before, now)| due(&recorded(late), before, now));
            assert_eq!(told, [0.0, 0.01, 0.0, 0.01], "{late}");
        }
        assert_eq!(due(&recorded(60_000), 7, 8), 0.0);
    }

    #[test]
    fn rates_reach_as_far_as_they_are_told_to_a_day() {
        let rates = [(30, "0.01"), (60, "0.01")].map(|(hour, rate)| (hour * HOUR, rate.parse().unwrap())).into();
        let recorded = Funding::recorded(rates).unwrap();
        let told = [(6, 84), (5, 84), (6, 85), (30, 60)].map(|(from, to)| recorded.reaches(from * HOUR, to * HOUR));
        assert_eq!(told, [true, false, false, true]);
        assert!(Funding::same("0.1".parse().unwrap()).unwrap().reaches(0, i64::MAX));
        assert!(!Funding::recorded(Vec::new()).unwrap().reaches(0, 1));
    }

    #[test]
    fn rates_that_cannot_be_paid_are_refused() {
        let rate = |text: &str| text.parse::<Amount>().unwrap();
        assert_eq!(["1", "-1"].map(|text| Funding::same(rate(text))), [Err(BadFunding::Rate), Err(BadFunding::Rate)]);
        assert_eq!(Funding::recorded(vec![(1, rate("0")), (1, rate("0"))]), Err(BadFunding::Time(1)));
        assert_eq!(Funding::recorded(vec![(1, rate("0")), (2, rate("2"))]), Err(BadFunding::Rate));
    }
}
