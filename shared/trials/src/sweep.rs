//! Many parameters of a strategy, tried on the same candles.

use crate::asked::{Asked, Refused, said};
use crate::carried::{Carried, refused_by};
use crate::chosen::Chosen;
use crate::doubts::seed;
use crate::score::Score;
use crate::told;
use crate::values::Values;
use backtest::search::{BadSearch, Method, Point, Proposals, Space, TRIES_MAX, Try, search};
use backtest::{Candle, Player, Stats, Step, Window, split, walk, windows};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use strategies::{Built, Given};
use wire::view::{PlayedStep, PlayedTry};

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
    pub score: Score,
    /// Nothing of it is proposed yet.
    proposals: Proposals,
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
        chosen.check_each(&given, "param")?;
        let values = |(name, text, shown): &(&str, &str, &str)| Values::read(&chosen, &given, name, text, shown);
        let dimensions = tried.iter().map(values).collect::<Result<Vec<_>, _>>()?;
        if dimensions.is_empty() {
            let rule = "must name a parameter and its values: NAME=FROM:TO:STEP or NAME=A,B";
            return Err(Refused::rule("try", rule));
        }
        let score = Score::named(said(wanted.by.as_ref(), "sharpe"))?;
        let (method, carried) = (method(asked, wanted)?, Carried::of(asked)?);
        let proposals = proposals(&chosen, &fixed, &dimensions, method)?;
        Ok(Self { chosen, fixed, dimensions, method, carried, score, proposals })
    }

    /// The names and values of a point.
    pub fn parameters(&self, point: &Point) -> Vec<Given<'_>> {
        parameters(&self.fixed, &self.dimensions, point)
    }

    /// # Errors
    /// The option that cannot be used.
    pub fn player(&self, point: &Point) -> Result<Player<Built>, Refused> {
        self.carried.player(&self.chosen, &self.parameters(point), "try")
    }

    /// What is tried, from its beginning: [`Self::next_step`] says it.
    pub fn proposals(&self) -> Proposals {
        self.proposals.clone()
    }

    /// The next of them, none of whose parameters contradict each other.
    pub fn next_step(&self, proposals: &mut Proposals) -> Vec<Point> {
        proposals.next_step(|point| self.holds(point))
    }

    /// What comes of all of them, and how many points were skipped since their parameters contradict each other.
    pub fn tries<T: Send>(
        &self,
        cores: NonZeroUsize,
        outcome: impl Fn(&Point) -> T + Sync,
        score: impl Fn(&T) -> Option<f64>,
    ) -> (Vec<Try<T>>, usize) {
        let mut proposals = self.proposals();
        let tries = search(&mut proposals, cores, |point| self.holds(point), outcome, score);
        (tries, proposals.skipped())
    }

    fn holds(&self, point: &Point) -> bool {
        self.chosen.holds(&self.parameters(point))
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
        let height = |one: &Try<Stats>| self.score.rank(&one.outcome).unwrap_or(f64::NEG_INFINITY);
        tries.sort_by(|one, other| height(other).total_cmp(&height(one)));
        tries
    }

    /// All points, of a method that need not know what came of them.
    pub fn points(&self) -> Vec<Point> {
        self.next_step(&mut self.proposals())
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
        walk(candles, windows, &candidates, |stats| self.score.rank(stats), cores).map_err(|wrong| refused_by(&wrong))
    }

    /// A try as it is told.
    pub fn told_try(&self, one: &Try<Stats>) -> PlayedTry {
        let (score, stats) = (self.score.of(&one.outcome), told::stats(&one.outcome));
        PlayedTry { parameters: owned(self.parameters(&one.point)), score, stats }
    }

    /// A step as it is told.
    pub fn told_step(&self, points: &[Point], step: &Step) -> PlayedStep {
        let parameters = points.get(step.chosen).map(|point| self.parameters(point)).unwrap_or_default();
        PlayedStep {
            train: step.window.train.clone(),
            test: step.window.test.clone(),
            parameters: owned(parameters),
            score: self.score.of(&step.trained),
            unscored: !step.is_scored,
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

/// What is proposed first; where all of it contradicts itself, what is wrong with the first.
fn proposals(
    chosen: &Chosen,
    fixed: &[(String, String)],
    dimensions: &[Values],
    method: Method,
) -> Result<Proposals, Refused> {
    let given = |point: &Point| parameters(fixed, dimensions, point);
    let why = |wrong: BadSearch| match wrong {
        BadSearch::Nothing => {
            let first = chosen.check(&given(&vec![0; dimensions.len()]), "try");
            first.err().unwrap_or_else(|| Refused::why("try", &wrong))
        }
        _ => Refused::why("try", &wrong),
    };
    let space = Space::new(dimensions.iter().map(|values| values.values.len()).collect()).map_err(why)?;
    Proposals::of(space, method, |point| chosen.holds(&given(point))).map_err(why)
}

fn parameters<'a>(fixed: &'a [(String, String)], dimensions: &'a [Values], point: &Point) -> Vec<Given<'a>> {
    let tried = dimensions.iter().zip(point);
    let tried = tried.filter_map(|(values, at)| Some((values.name.as_str(), values.values.get(*at)?.as_str())));
    as_given(fixed).into_iter().chain(tried).collect()
}

pub(crate) fn as_given(parameters: &[(String, String)]) -> Vec<Given<'_>> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn owned(parameters: Vec<Given<'_>>) -> BTreeMap<String, String> {
    parameters.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
