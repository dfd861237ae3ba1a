//! Many parameters of a strategy, tried on recorded candles.

mod show;
mod values;

use super::backtest::{Carried, Chosen, given, read, refused, refused_by, seed};
use crate::args::Sweep;
use crate::failure::Failure;
use crate::screen;
use backtest::search::{BadSearch, Method, Point, Space, TRIES_MAX, Try, search};
use backtest::{Candle, Player, Stats, Step, Window, split, walk, windows};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use strategies::{Built, Given};
use values::{Values, values};

/// What tells the best.
type Score = fn(&Stats) -> Option<f64>;

const SCORES: [(&str, Score); 5] = [
    ("sharpe", |stats| stats.sharpe),
    ("sortino", |stats| stats.sortino),
    ("calmar", |stats| stats.calmar),
    ("return", |stats| Some(stats.return_percent)),
    ("profit_factor", |stats| stats.profit_factor),
];

/// What is tried, and how.
struct Asked<'a> {
    chosen: Chosen,
    fixed: Vec<Given<'a>>,
    dimensions: Vec<Values<'a>>,
    method: Method,
    carried: Carried,
    score: (&'static str, Score),
    cores: NonZeroUsize,
}

pub(super) fn run(wanted: &Sweep, json: bool) -> Result<(), Failure> {
    let asked = asked(wanted)?;
    let candles = read(wanted.played.candles.as_deref())?;
    match parts(wanted, candles.len())? {
        None => {
            let tries = asked.tried(&candles)?;
            screen::show(
                false,
                || if json { show::tries_json(&asked, &tries) } else { Ok(show::tries(&asked, &tries)) },
            )
        }
        Some(windows) => {
            let (points, steps) = asked.walked(&candles, windows)?;
            let text = || show::steps(&asked, &candles, &points, &steps);
            screen::show(false, || if json { show::steps_json(&asked, &points, &steps) } else { Ok(text()) })
        }
    }
}

fn asked(wanted: &Sweep) -> Result<Asked<'_>, Failure> {
    let played = &wanted.played;
    let chosen = Chosen::of(played)?;
    let fixed = given(&played.parameters)?;
    chosen.check(&fixed, "--param")?;
    let dimensions = wanted.tried.iter().map(|text| values(&chosen, &fixed, text)).collect::<Result<Vec<_>, _>>()?;
    if dimensions.is_empty() {
        return Err(Failure::input("--try must name a parameter and its values: NAME=FROM:TO:STEP or NAME=A,B"));
    }
    let names: Vec<&str> = SCORES.iter().map(|(name, _)| *name).collect();
    let score = SCORES.into_iter().find(|(name, _)| *name == wanted.by);
    let score = score.ok_or_else(|| Failure::input(format!("--by must be {}", names.join(" or "))))?;
    let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Ok(Asked { chosen, fixed, dimensions, method: method(wanted)?, carried: Carried::of(played)?, score, cores })
}

fn method(wanted: &Sweep) -> Result<Method, Failure> {
    let tries = wanted.tries.parse().ok().filter(|tries| (1..=TRIES_MAX).contains(tries));
    let tries = tries.ok_or_else(|| Failure::input(format!("--tries {}", BadSearch::Tries)))?;
    let seed = seed(&wanted.played)?;
    match wanted.search.as_str() {
        "grid" => Ok(Method::Grid),
        "random" => Ok(Method::Random { tries, seed }),
        "tpe" if wanted.walk.is_none() && wanted.split.is_none() => Ok(Method::Tpe { tries, seed }),
        "tpe" => Err(Failure::input("--search must be grid or random where --walk or --split is given")),
        _ => Err(Failure::input("--search must be grid or random or tpe")),
    }
}

/// Which candles are chosen on, and which tried.
fn parts(wanted: &Sweep, bars: usize) -> Result<Option<Vec<Window>>, Failure> {
    if let Some(text) = &wanted.walk {
        let wrong = || {
            Failure::input(format!(
                "--walk must be TRAIN:TEST, both bars above 0, and TRAIN below the {bars} there are"
            ))
        };
        let (train, test) =
            text.split_once(':').and_then(|(a, b)| a.parse().ok().zip(b.parse().ok())).ok_or_else(wrong)?;
        let windows = windows(bars, train, test);
        return if windows.is_empty() { Err(wrong()) } else { Ok(Some(windows)) };
    }
    let Some(text) = &wanted.split else { return Ok(None) };
    let window = text.parse().ok().and_then(|percent| split(bars, percent));
    let wrong = || Failure::input("--split must be a whole number from 1 to 99 that leaves candles on both sides");
    window.map(|window| Some(vec![window])).ok_or_else(wrong)
}

impl Asked<'_> {
    /// The names and values of a point.
    fn parameters(&self, point: &Point) -> Vec<Given<'_>> {
        let tried = self.dimensions.iter().zip(point);
        let tried = tried.filter_map(|(values, at)| Some((values.name, values.values.get(*at)?.as_str())));
        self.fixed.iter().copied().chain(tried).collect()
    }

    fn player(&self, point: &Point) -> Result<Player<Built>, Failure> {
        self.carried.player(&self.chosen, &self.parameters(point), "--try")
    }

    fn space(&self) -> Result<Space, Failure> {
        let sizes = self.dimensions.iter().map(|values| values.values.len()).collect();
        Space::new(sizes).map_err(|wrong| refused("--try", &wrong))
    }

    /// Every try with its figures, the best first.
    fn tried(&self, candles: &[Candle]) -> Result<Vec<Try<Stats>>, Failure> {
        let (_, score) = self.score;
        let outcome = |point: &Point| {
            let played = self.player(point)?.play(candles);
            Ok(Stats::of(candles, &played.map_err(|wrong| refused_by(&wrong))?.run))
        };
        let of = |stats: &Result<Stats, Failure>| stats.as_ref().ok().and_then(score);
        let tries =
            search(&self.space()?, self.method, self.cores, outcome, of).map_err(|wrong| refused("--try", &wrong))?;
        let whole = |one: Try<Result<Stats, Failure>>| one.outcome.map(|outcome| Try { point: one.point, outcome });
        let mut tries: Vec<Try<Stats>> = tries.into_iter().map(whole).collect::<Result<_, _>>()?;
        let height = |one: &Try<Stats>| score(&one.outcome).unwrap_or(f64::NEG_INFINITY);
        tries.sort_by(|one, other| height(other).total_cmp(&height(one)));
        Ok(tries)
    }

    fn walked(&self, candles: &[Candle], windows: Vec<Window>) -> Result<(Vec<Point>, Vec<Step>), Failure> {
        let points = search(&self.space()?, self.method, NonZeroUsize::MIN, Point::clone, |_| None);
        let points = points.map_err(|wrong| refused("--try", &wrong))?;
        let points: Vec<Point> = points.into_iter().map(|one| one.point).collect();
        let candidates = points.iter().map(|point| self.player(point)).collect::<Result<Vec<_>, _>>()?;
        let steps = walk(candles, windows, &candidates, self.score.1, self.cores);
        Ok((points, steps.map_err(|wrong| refused_by(&wrong))?))
    }
}
