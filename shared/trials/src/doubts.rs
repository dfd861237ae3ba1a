//! How much of a run was luck, and how far it goes towards what is wanted.

use crate::asked::{Asked, Refused, said};
use backtest::{DRAWS_MAX, Goals, Judged, Month, Run, Shuffled, judged, shuffled};

/// The most that a goal may be.
const GOAL_MAX: f64 = 1e15;

/// Draws where goals are named and no number of draws is.
pub const DRAWS: u32 = 10_000;

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

impl AskedDoubts {
    /// The first goal that is named.
    fn goal(&self) -> Option<&'static str> {
        let Self { monthly_percent, monthly_income, portfolio, .. } = self;
        let goals =
            [("monthly_percent", monthly_percent), ("monthly_income", monthly_income), ("portfolio", portfolio)];
        goals.into_iter().find(|(_, goal)| goal.is_some()).map(|(name, _)| name)
    }
}

impl Doubts {
    /// None where nothing is to be drawn: neither draws nor a goal are asked for.
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
        let draws = match &wanted.draws {
            Some(draws) => draws.parse().ok().filter(|draws| (1..=DRAWS_MAX).contains(draws)),
            None if wanted.goal().is_some() => Some(DRAWS),
            None => return Ok(None),
        };
        let wrong = || Refused::rule("draws", format!("must be a whole number from 1 to {DRAWS_MAX}"));
        Ok(Some(Self { draws: draws.ok_or_else(wrong)?, seed, goals }))
    }

    /// Beside many parameters nothing is drawn: each try would have its own.
    ///
    /// # Errors
    /// The first of it that is asked for.
    pub fn none_beside_many(wanted: &AskedDoubts) -> Result<(), Refused> {
        let asked = wanted.draws.as_ref().map(|_| "draws").or_else(|| wanted.goal());
        let why = "must not stand beside a sweep: one run is drawn anew and held against goals, not many";
        asked.map_or(Ok(()), |name| Err(Refused::rule(name, why)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn read(wanted: &AskedDoubts) -> Result<Option<u32>, &'static str> {
        let read = Doubts::read(&Asked::default(), wanted);
        read.map(|doubts| doubts.map(|doubts| doubts.draws)).map_err(|wrong| wrong.option)
    }

    #[test]
    fn whoever_names_a_goal_is_told_how_far_it_is() {
        assert_eq!(read(&AskedDoubts::default()), Ok(None));
        for wanted in [
            AskedDoubts { monthly_percent: text("5"), ..AskedDoubts::default() },
            AskedDoubts { monthly_income: text("100"), ..AskedDoubts::default() },
            AskedDoubts { portfolio: text("50000"), ..AskedDoubts::default() },
        ] {
            assert_eq!(read(&wanted), Ok(Some(DRAWS)), "{wanted:?}");
            let named = AskedDoubts { draws: text("7"), ..wanted.clone() };
            assert_eq!(read(&named), Ok(Some(7)), "{wanted:?}");
            let none = AskedDoubts { draws: text("0"), ..wanted };
            assert_eq!(read(&none), Err("draws"), "{none:?}");
        }
        let goal = AskedDoubts { portfolio: text("-1"), ..AskedDoubts::default() };
        assert_eq!(read(&goal), Err("portfolio"));
    }

    #[test]
    fn beside_many_parameters_nothing_is_drawn() {
        let refused = |wanted: &AskedDoubts| Doubts::none_beside_many(wanted).err().map(|wrong| wrong.option);
        assert_eq!(refused(&AskedDoubts::default()), None);
        assert_eq!(refused(&AskedDoubts { draws: text("5"), ..AskedDoubts::default() }), Some("draws"));
        assert_eq!(
            refused(&AskedDoubts { monthly_income: text("5"), ..AskedDoubts::default() }),
            Some("monthly_income")
        );
    }
}
