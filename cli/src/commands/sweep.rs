//! Many parameters of a strategy, tried on recorded candles.

mod show;

use super::backtest::{asked, candles, lacking, named};
use crate::args;
use crate::failure::Failure;
use crate::screen;
use backtest::search::{Point, Try};
use backtest::{Candle, Stats, Step, Window};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use trials::{Asked, AskedDoubts, AskedSweep, Doubts, Refused, Sweep, parts};

pub(super) fn run(wanted: &args::Sweep, json: bool) -> Result<(), Failure> {
    let played = &wanted.played;
    let wrong = |wrong: Refused| named(played, &wrong);
    Doubts::none_beside_many(&doubts(&wanted.of_one_run)).map_err(wrong)?;
    let options = options(wanted);
    let asked = asked(played)?;
    let sweep = sweep(wanted, &asked, &options)?;
    let candles = candles(played, &asked)?;
    let holes = lacking(&candles);
    let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    match parts(&options, candles.len()).map_err(wrong)? {
        None => {
            let (tries, skipped) = tried(&sweep, &candles, cores).map_err(wrong)?;
            let text = || show::tries(&sweep, &tries, skipped);
            screen::show(false, || if json { show::tries_json(&sweep, &tries, skipped, &holes) } else { Ok(text()) })
        }
        Some(windows) => {
            let (points, steps) = walked(&sweep, &candles, windows, cores).map_err(wrong)?;
            let text = || show::steps(&sweep, &candles, &points, &steps);
            screen::show(false, || if json { show::steps_json(&sweep, &points, &steps, &holes) } else { Ok(text()) })
        }
    }
}

fn doubts(wanted: &args::OfOneRun) -> AskedDoubts {
    AskedDoubts {
        draws: wanted.draws.clone(),
        monthly_percent: wanted.monthly_percent.clone(),
        monthly_income: wanted.monthly_income.clone(),
        portfolio: wanted.portfolio.clone(),
    }
}

fn options(wanted: &args::Sweep) -> AskedSweep {
    AskedSweep {
        search: Some(wanted.search.clone()),
        tries: Some(wanted.tries.clone()),
        by: Some(wanted.by.clone()),
        walk: wanted.walk.clone(),
        split: wanted.split.clone(),
    }
}

fn sweep(wanted: &args::Sweep, asked: &Asked, options: &AskedSweep) -> Result<Sweep, Failure> {
    let unsplit = |text: &str| {
        let allowed = "must be NAME=FROM:TO:STEP, with a step above 0 and at most 10000 values, or NAME=A,B";
        Failure::input(format!("--try {} {allowed}", text.escape_debug()))
    };
    let pair = |text: &'_ String| {
        let (name, values) = text.split_once('=').ok_or_else(|| unsplit(text))?;
        Ok::<_, Failure>((name.to_owned(), values.to_owned(), text.clone()))
    };
    let tried = wanted.tried.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let tried: Vec<_> =
        tried.iter().map(|(name, values, text)| (name.as_str(), values.as_str(), text.as_str())).collect();
    Sweep::of(asked, options, &tried).map_err(|wrong| named(&wanted.played, &wrong))
}

/// Every try with its figures, the best first, and how many points were skipped.
fn tried(sweep: &Sweep, candles: &[Candle], cores: NonZeroUsize) -> Result<(Vec<Try<Stats>>, usize), Refused> {
    let of = |stats: &Result<Stats, Refused>| stats.as_ref().ok().and_then(|stats| sweep.score.rank(stats));
    let (tries, skipped) = sweep.tries(cores, |point| sweep.outcome(point, candles), of);
    let whole = |one: Try<Result<Stats, Refused>>| one.outcome.map(|outcome| Try { point: one.point, outcome });
    Ok((sweep.ranked(tries.into_iter().map(whole).collect::<Result<_, _>>()?), skipped))
}

fn walked(
    sweep: &Sweep,
    candles: &[Candle],
    windows: Vec<Window>,
    cores: NonZeroUsize,
) -> Result<(Vec<Point>, Vec<Step>), Refused> {
    let points = sweep.points();
    let steps = sweep.walked(candles, &points, windows, cores)?;
    Ok((points, steps))
}
