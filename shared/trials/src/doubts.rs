//! How much of a run was luck, and how far it goes towards what is wanted.

use crate::asked::{Asked, Refused, said};
use backtest::{DRAWS_MAX, Goals, Judged, Month, Run, Shuffled, judged, shuffled};

/// The most that a goal may be.
const GOAL_MAX: f64 = 1e15;

/// What a run is to be held against, each as it was written.
#[derive(Debug, Clone, Default)]
pub struct AskedDoubts {
    pub draws: Option<String>,
    pub monthly_percent: Option<String>,
    pub monthly_income: Option<String>,
    pub portfolio: Option<String>,
}

/// What a run is held against.
#[derive(Debug, Clone, Copy)]
pub struct Doubts {
    draws: u32,
    seed: u64,
    goals: Goals,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Doubted {
    /// None without a trade.
    pub shuffled: Option<Shuffled>,
    pub goals: Goals,
    /// None without a whole month.
    pub judged: Option<Judged>,
}

impl Doubts {
    /// None where nothing is to be drawn.
    ///
    /// # Errors
    /// The option that cannot be used.
    pub fn read(asked: &Asked, wanted: &AskedDoubts) -> Result<Option<Self>, Refused> {
        let seed = seed(asked)?;
        let goals = Goals {
            monthly_percent: goal("monthly_percent", said(wanted.monthly_percent.as_ref(), "10"))?,
            monthly_income: goal("monthly_income", said(wanted.monthly_income.as_ref(), "4000"))?,
            portfolio: goal("portfolio", said(wanted.portfolio.as_ref(), "1000000"))?,
        };
        let Some(draws) = &wanted.draws else { return Ok(None) };
        let draws = draws.parse().ok().filter(|draws| (1..=DRAWS_MAX).contains(draws));
        let wrong = || Refused::rule("draws", format!("must be a whole number from 1 to {DRAWS_MAX}"));
        Ok(Some(Self { draws: draws.ok_or_else(wrong)?, seed, goals }))
    }

    /// Of a run and its months.
    pub fn of(&self, run: &Run, months: &[Month]) -> Doubted {
        let Self { draws, seed, goals } = self;
        let (shuffled, judged) = (shuffled(run, *draws, *seed), judged(months, goals, *draws, *seed));
        Doubted { shuffled, goals: *goals, judged }
    }
}

/// Where draws begin.
///
/// # Errors
/// `seed`.
pub fn seed(asked: &Asked) -> Result<u64, Refused> {
    let wrong = |_| Refused::rule("seed", format!("must be a whole number from 0 to {}", u64::MAX));
    said(asked.seed.as_ref(), "1").parse().map_err(wrong)
}

fn goal(name: &'static str, text: &str) -> Result<f64, Refused> {
    let goal = text.parse().ok().filter(|goal: &f64| *goal > 0.0 && *goal <= GOAL_MAX);
    goal.ok_or_else(|| Refused::rule(name, format!("must be a number above 0, up to {GOAL_MAX}")))
}
