//! A run held against what its owner wants.

use crate::month::Month;
use crate::random::{Spread, drawn, mean};
use crate::stats::float;
use fastrand::Rng;

/// Months after which a target counts as not reached: a hundred years.
pub const MONTHS_MAX: u32 = 1_200;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goals {
    /// Return of a month.
    pub monthly_percent: f64,
    /// Quote units by the month.
    pub monthly_income: f64,
    /// Quote units in the end.
    pub portfolio: f64,
}

/// How far a run goes towards it, by months that candles cover whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Whole months.
    pub months: usize,
    /// How likely a month is to reach its return, from 0 to 1, as it is in draws of as many months.
    pub monthly_probability: Spread,
    /// Mean of what a month has brought, in quote.
    pub mean_income: f64,
    /// Of what is wanted.
    pub income_percent: f64,
    /// Months from the last equity to the portfolio, where draws reach it.
    pub months_to_portfolio: Option<Spread>,
    /// How many draws reach it within [`MONTHS_MAX`], from 0 to 1.
    pub portfolio_probability: f64,
}

/// Judges by so many draws of the months. The same seed draws the same. None without a whole month or a draw.
pub fn judged(months: &[Month], goals: &Goals, draws: u32, seed: u64) -> Option<Judged> {
    let before = std::iter::once(None).chain(months.iter().map(|month| Some(month.equity)));
    let whole = months.iter().zip(before).filter(|(month, _)| month.is_whole);
    let of = |(month, before): (&Month, Option<f64>)| {
        let factor = 1.0 + month.return_percent / 100.0;
        // The first month begins with what its own return says.
        (factor, month.equity - before.unwrap_or(month.equity / factor))
    };
    let (factors, incomes): (Vec<f64>, Vec<f64>) = whole.map(of).unzip();
    let mean_income = mean(&incomes)?;
    let mut random = Rng::with_seed(seed);
    let is_reached = |factor: &f64| (factor - 1.0) * 100.0 >= goals.monthly_percent;
    let share = |random: &mut Rng| float(drawn(&factors, random).filter(is_reached).count()) / float(factors.len());
    let monthly_probability = Spread::of((0..draws).map(|_| share(&mut random)).collect())?;
    let begin = months.last().map_or(0.0, |month| month.equity);
    let times: Vec<f64> = (0..draws).filter_map(|_| time_to(goals.portfolio, begin, &factors, &mut random)).collect();
    Some(Judged {
        months: factors.len(),
        monthly_probability,
        mean_income,
        income_percent: mean_income / goals.monthly_income * 100.0,
        portfolio_probability: float(times.len()) / f64::from(draws),
        months_to_portfolio: Spread::of(times),
    })
}

/// Months until a draw has come to the target.
fn time_to(target: f64, begin: f64, factors: &[f64], random: &mut Rng) -> Option<f64> {
    let mut equity = begin;
    for month in 0..=MONTHS_MAX {
        if equity >= target {
            return Some(f64::from(month));
        }
        equity *= factors.get(random.usize(..factors.len()))?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(returns: &[(f64, bool)]) -> Vec<Month> {
        let mut equity = 1_000.0;
        let month = |((return_percent, is_whole), month): (&(f64, bool), i8)| {
            equity *= 1.0 + return_percent / 100.0;
            Month { year: 2026, month, equity, return_percent: *return_percent, is_whole: *is_whole }
        };
        returns.iter().zip(1..).map(month).collect()
    }

    fn goals() -> Goals {
        Goals { monthly_percent: 10.0, monthly_income: 100.0, portfolio: 2_000.0 }
    }

    #[test]
    fn steady_months_reach_what_they_can() {
        let judged = judged(&months(&[(10.0, true), (10.0, true)]), &goals(), 100, 1).unwrap();
        assert_eq!((judged.months, judged.monthly_probability.low, judged.portfolio_probability), (2, 1.0, 1.0));
        assert!((judged.mean_income - 105.0).abs() < 1e-9 && (judged.income_percent - 105.0).abs() < 1e-9);
        // 1,210 and six months of a tenth each are 2,143.
        assert_eq!(judged.months_to_portfolio.map(|spread| (spread.low, spread.high)), Some((6.0, 6.0)));
    }

    #[test]
    fn months_that_are_covered_in_part_are_not_judged() {
        let part = months(&[(50.0, false), (-10.0, true), (90.0, false)]);
        let judged = judged(&part, &goals(), 100, 1).unwrap();
        assert_eq!((judged.months, judged.mean_income), (1, -150.0));
        assert_eq!((judged.months_to_portfolio.is_some(), judged.monthly_probability.high), (true, 0.0));
        assert_eq!(super::judged(&months(&[(5.0, false)]), &goals(), 100, 1), None);
    }

    #[test]
    fn what_only_loses_never_gets_there() {
        let judged = judged(&months(&[(-1.0, true)]), &goals(), 10, 1).unwrap();
        assert_eq!((judged.months_to_portfolio, judged.portfolio_probability), (None, 0.0));
    }
}
