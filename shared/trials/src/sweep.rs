//! Many parameters of a strategy, tried on the same candles.

use crate::asked::{Asked, Refused, said};
use crate::carried::{Carried, refused_by};
use crate::chosen::Chosen;
use crate::doubts::seed;
use crate::told;
use crate::values::Values;
use backtest::search::{BadSearch, Method, Point, Proposals, Space, TRIES_MAX, Try};
use backtest::{Candle, Player, Stats, Step, Window, split, walk, windows};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use strategies::{Built, Given};
use wire::view::{PlayedStep, PlayedTry};

/// What tells the best.
pub type Score = fn(&Stats) -> Option<f64>;

const SCORES: [(&str, Score); 5] = [
    ("sharpe", |stats| stats.sharpe),
    ("sortino", |stats| stats.sortino),
    ("calmar", |stats| stats.calmar),
    ("return", |stats| Some(stats.return_percent)),
    ("profit_factor", |stats| stats.profit_factor),
];

/// What is to be tried, and how; each option as it was written.
#[derive(Debug, Clone, Default)]
pub struct AskedSweep {
    pub search: Option<String>,
    pub tries: Option<String>,
    pub by: Option<String>,
    pub walk: Option<String>,
    pub split: Option<String>,
}

/// What is tried, and how.
#[derive(Debug, Clone)]
pub struct Sweep {
    chosen: Chosen,
    fixed: Vec<(String, String)>,
    dimensions: Vec<Values>,
    pub method: Method,
    carried: Carried,
    /// Its name, and what it is.
    pub score: (&'static str, Score),
}

impl Sweep {
    /// `tried` are parameters with their values, as `FROM:TO:STEP` or `A,B`, and each as it is shown where it is wrong.
    ///
    /// # Errors
    /// The option that cannot be used.
    pub fn of(asked: &Asked, wanted: &AskedSweep, tried: &[(&str, &str, &str)]) -> Result<Self, Refused> {
        let chosen = Chosen::of(asked)?;
        let fixed = asked.parameters.clone();
        let given = as_given(&fixed);
        chosen.check(&given, "param")?;
        let values = |(name, text, shown): &(&str, &str, &str)| Values::read(&chosen, &given, name, text, shown);
        let dimensions = tried.iter().map(values).collect::<Result<Vec<_>, _>>()?;
        if dimensions.is_empty() {
            let rule = "must name a parameter and its values: NAME=FROM:TO:STEP or NAME=A,B";
            return Err(Refused::rule("try", rule));
        }
        let by = said(wanted.by.as_ref(), "sharpe");
        let names: Vec<&str> = SCORES.iter().map(|(name, _)| *name).collect();
        let score = SCORES.into_iter().find(|(name, _)| *name == by);
        let score = score.ok_or_else(|| Refused::rule("by", format!("must be {}", names.join(" or "))))?;
        let (method, carried) = (method(asked, wanted)?, Carried::of(asked)?);
        Ok(Self { chosen, fixed, dimensions, method, carried, score })
    }

    /// The names and values of a point.
    pub fn parameters(&self, point: &Point) -> Vec<Given<'_>> {
        let tried = self.dimensions.iter().zip(point);
        let tried = tried.filter_map(|(values, at)| Some((values.name.as_str(), values.values.get(*at)?.as_str())));
        as_given(&self.fixed).into_iter().chain(tried).collect()
    }

    /// # Errors
    /// The option that cannot be used.
    pub fn player(&self, point: &Point) -> Result<Player<Built>, Refused> {
        self.carried.player(&self.chosen, &self.parameters(point), "try")
    }

    /// # Errors
    /// `try`.
    pub fn space(&self) -> Result<Space, Refused> {
        let sizes = self.dimensions.iter().map(|values| values.values.len()).collect();
        Space::new(sizes).map_err(|wrong| Refused::why("try", &wrong))
    }

    /// # Errors
    /// `try`.
    pub fn proposals(&self) -> Result<Proposals, Refused> {
        Proposals::of(self.space()?, self.method).map_err(|wrong| Refused::why("try", &wrong))
    }

    /// Figures of one try.
    ///
    /// # Errors
    /// What it was refused for.
    pub fn outcome(&self, point: &Point, candles: &[Candle]) -> Result<Stats, Refused> {
        let played = self.player(point)?.play(candles);
        Ok(Stats::of(candles, &played.map_err(|wrong| refused_by(&wrong))?.run))
    }

    /// The best first; of those that are as good, the one that was tried first.
    pub fn ranked(&self, mut tries: Vec<Try<Stats>>) -> Vec<Try<Stats>> {
        let (_, score) = self.score;
        let height = |one: &Try<Stats>| score(&one.outcome).unwrap_or(f64::NEG_INFINITY);
        tries.sort_by(|one, other| height(other).total_cmp(&height(one)));
        tries
    }

    /// All points, of a method that need not know what came of them.
    ///
    /// # Errors
    /// `try`.
    pub fn points(&self) -> Result<Vec<Point>, Refused> {
        Ok(self.proposals()?.next_step())
    }

    /// What was the best of all points in each window, and what came of it behind.
    ///
    /// # Errors
    /// What one was refused for.
    pub fn walked(
        &self,
        candles: &[Candle],
        points: &[Point],
        windows: Vec<Window>,
        cores: NonZeroUsize,
    ) -> Result<Vec<Step>, Refused> {
        let candidates = points.iter().map(|point| self.player(point)).collect::<Result<Vec<_>, _>>()?;
        walk(candles, windows, &candidates, self.score.1, cores).map_err(|wrong| refused_by(&wrong))
    }

    /// A try as it is told.
    pub fn told_try(&self, one: &Try<Stats>) -> PlayedTry {
        let (score, stats) = ((self.score.1)(&one.outcome), told::stats(&one.outcome));
        PlayedTry { parameters: owned(self.parameters(&one.point)), score, stats }
    }

    /// A step as it is told.
    pub fn told_step(&self, points: &[Point], step: &Step) -> PlayedStep {
        let parameters = points.get(step.chosen).map(|point| self.parameters(point)).unwrap_or_default();
        PlayedStep {
            train: step.window.train.clone(),
            test: step.window.test.clone(),
            parameters: owned(parameters),
            trained: told::stats(&step.trained),
            tested: told::stats(&step.tested),
        }
    }
}

/// Which candles are chosen on, and which tried; none where all are tried at once.
///
/// # Errors
/// `walk` or `split`.
pub fn parts(wanted: &AskedSweep, bars: usize) -> Result<Option<Vec<Window>>, Refused> {
    if let Some(text) = &wanted.walk {
        let rule = || format!("must be TRAIN:TEST, both bars above 0, and TRAIN below the {bars} there are");
        let wrong = || Refused::rule("walk", rule());
        let (train, test) =
            text.split_once(':').and_then(|(a, b)| a.parse().ok().zip(b.parse().ok())).ok_or_else(wrong)?;
        let windows = windows(bars, train, test);
        return if windows.is_empty() { Err(wrong()) } else { Ok(Some(windows)) };
    }
    let Some(text) = &wanted.split else { return Ok(None) };
    let window = text.parse().ok().and_then(|percent| split(bars, percent));
    let rule = "must be a whole number from 1 to 99 that leaves candles on both sides";
    window.map(|window| Some(vec![window])).ok_or_else(|| Refused::rule("split", rule))
}

fn method(asked: &Asked, wanted: &AskedSweep) -> Result<Method, Refused> {
    let tries = said(wanted.tries.as_ref(), "200").parse().ok().filter(|tries| (1..=TRIES_MAX).contains(tries));
    let tries = tries.ok_or_else(|| Refused::rule("tries", BadSearch::Tries))?;
    let seed = seed(asked)?;
    match said(wanted.search.as_ref(), "grid") {
        "grid" => Ok(Method::Grid),
        "random" => Ok(Method::Random { tries, seed }),
        "tpe" if wanted.walk.is_none() && wanted.split.is_none() => Ok(Method::Tpe { tries, seed }),
        "tpe" => Err(Refused::rule("search", "must be grid or random where --walk or --split is given")),
        _ => Err(Refused::rule("search", "must be grid or random or tpe")),
    }
}

pub(crate) fn as_given(parameters: &[(String, String)]) -> Vec<Given<'_>> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn owned(parameters: Vec<Given<'_>>) -> BTreeMap<String, String> {
    parameters.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
