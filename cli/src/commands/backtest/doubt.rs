//! How much of a run was luck, and how far it goes towards what is wanted.

use super::seed;
use crate::args::Backtest;
use crate::failure::Failure;
use backtest::{DRAWS_MAX, Goals, Judged, Month, Run, Shuffled, judged, shuffled};

/// The most that a goal may be.
const GOAL_MAX: f64 = 1e15;

/// What a run is held against.
pub(super) struct Doubts {
    draws: u32,
    seed: u64,
    goals: Goals,
}

/// What came of it.
pub(super) struct Doubted {
    /// None without a trade.
    pub(super) shuffled: Option<Shuffled>,
    pub(super) goals: Goals,
    /// None without a whole month.
    pub(super) judged: Option<Judged>,
}

pub(super) fn doubts(wanted: &Backtest) -> Result<Option<Doubts>, Failure> {
    let seed = seed(&wanted.played)?;
    let goals = Goals {
        monthly_percent: goal("--monthly-percent", &wanted.monthly_percent)?,
        monthly_income: goal("--monthly-income", &wanted.monthly_income)?,
        portfolio: goal("--portfolio", &wanted.portfolio)?,
    };
    let Some(draws) = &wanted.draws else { return Ok(None) };
    let draws = draws.parse().ok().filter(|draws| (1..=DRAWS_MAX).contains(draws));
    let wrong = || Failure::input(format!("--draws must be a whole number from 1 to {DRAWS_MAX}"));
    Ok(Some(Doubts { draws: draws.ok_or_else(wrong)?, seed, goals }))
}

fn goal(name: &str, text: &str) -> Result<f64, Failure> {
    let goal = text.parse().ok().filter(|goal: &f64| *goal > 0.0 && *goal <= GOAL_MAX);
    goal.ok_or_else(|| Failure::input(format!("{name} must be a number above 0, up to {GOAL_MAX}")))
}

impl Doubts {
    pub(super) fn of(&self, run: &Run, months: &[Month]) -> Doubted {
        let Self { draws, seed, goals } = self;
        let (shuffled, judged) = (shuffled(run, *draws, *seed), judged(months, goals, *draws, *seed));
        Doubted { shuffled, goals: *goals, judged }
    }
}
