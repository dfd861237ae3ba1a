//! Parameters chosen on one part of the candles and tried on the part behind it.
//!
//! 1. What is tried was not looked at when it was chosen. A strategy may warm up on bars before, and trades on none of them.

use crate::joined::Tested;
use crate::search::on_cores;
use crate::stats::Stats;
use crate::way::{BadPlay, Player};
use std::num::NonZeroUsize;
use std::ops::Range;
use strategies::{Candle, Strategy};

/// Bars that are chosen on, and those right behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub train: Range<usize>,
    pub test: Range<usize>,
}

/// What was chosen, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub window: Window,
    /// Index of the candidate that was the best in training.
    pub chosen: usize,
    /// Whether any candidate had a score in training; where none had, the first was taken.
    pub is_scored: bool,
    pub trained: Stats,
    pub tested: Stats,
    /// What `tested` was reckoned of.
    pub part: Tested,
}

/// Windows one behind the other, so that each bar behind the first training is tried once; the last may be shorter.
pub fn windows(bars: usize, train: NonZeroUsize, test: NonZeroUsize) -> Vec<Window> {
    let begins = (0..bars.saturating_sub(train.get())).step_by(test.get());
    let window = |begin: usize| {
        let middle = begin.saturating_add(train.get());
        Window { train: begin..middle, test: middle..middle.saturating_add(test.get()).min(bars) }
    };
    begins.map(window).collect()
}

/// One window: the first `percent` of the candles are chosen on, the rest is tried. None where either part has no bar.
pub fn split(bars: usize, percent: u32) -> Option<Window> {
    let share = usize::try_from(percent).ok()?;
    let middle = bars.saturating_mul(share).checked_div(100)?;
    (middle > 0 && middle < bars).then_some(Window { train: 0..middle, test: middle..bars })
}

/// Chooses in each window the candidate with the highest score, and tries it. Where none has a score, the first is taken, and the step says so.
///
/// # Errors
/// The bar, counted in its part, at which something cannot be reckoned with exactly.
pub fn walk<S: Strategy + Clone + Sync>(
    candles: &[Candle],
    windows: Vec<Window>,
    candidates: &[Player<S>],
    score: impl Fn(&Stats) -> Option<f64>,
    cores: NonZeroUsize,
) -> Result<Vec<Step>, BadPlay> {
    let mut steps = Vec::with_capacity(windows.len());
    for window in windows {
        let train = candles.get(window.train.clone()).unwrap_or_default();
        let tried = on_cores(candidates, cores, |candidate| played(train, candidate));
        let mut best: Option<(usize, f64, Stats)> = None;
        for (index, stats) in tried.into_iter().enumerate() {
            let stats = stats?;
            let height = score(&stats).unwrap_or(f64::NEG_INFINITY);
            if best.as_ref().is_none_or(|(_, highest, _)| height > *highest) {
                best = Some((index, height, stats));
            }
        }
        let Some((chosen, height, trained)) = best else { break };
        let Some(candidate) = candidates.get(chosen) else { break };
        // So many bars before, that it can say something on the first that counts; on them nothing is traded, as it is not warm.
        let before = candidate.strategy.warm_up().saturating_add(1).min(window.test.start);
        let with_before = window.test.start.saturating_sub(before)..window.test.end;
        let with_before = candles.get(with_before).unwrap_or_default();
        let part = Tested::of(with_before, candidate.play(with_before)?.run, before);
        let is_scored = height > f64::NEG_INFINITY;
        steps.push(Step { window, chosen, is_scored, trained, tested: part.stats(), part });
    }
    Ok(steps)
}

fn played<S: Strategy + Clone>(candles: &[Candle], candidate: &Player<S>) -> Result<Stats, BadPlay> {
    Ok(Stats::of(candles, &candidate.play(candles)?.run))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joined::joined;
    use crate::testing::{candles, terms};
    use crate::way::Way;
    use strategies::{Built, find};

    fn some(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    fn candidates() -> Vec<Player<Built>> {
        let definition = find("ema_cross").unwrap();
        let way = || Way::AllCash(terms("1000", "0.001", "1e-8"));
        let built = |(fast, slow)| {
            let parameters = definition.read(&[("fast", fast), ("slow", slow)]).unwrap();
            Player { strategy: definition.build(&parameters).unwrap(), way: way(), confidence_min: None }
        };
        [("2", "5"), ("5", "20"), ("40", "60")].map(built).into()
    }

    fn waves() -> Vec<Candle> {
        let price = |bar: u32| ((100.0 + 20.0 * (f64::from(bar) / 9.0).sin()) * 100.0).round() / 100.0;
        candles(&(0..600).map(price).collect::<Vec<_>>())
    }

    #[test]
    fn each_bar_behind_the_first_training_is_tried_once() {
        let windows = windows(25, some(10), some(6));
        let spans: Vec<_> = windows.iter().map(|window| (window.train.clone(), window.test.clone())).collect();
        assert_eq!(spans, [(0..10, 10..16), (6..16, 16..22), (12..22, 22..25)]);
        assert_eq!(super::windows(10, some(10), some(6)), []);
        assert_eq!(split(10, 70), Some(Window { train: 0..7, test: 7..10 }));
        assert_eq!([split(10, 0), split(10, 100), split(0, 50)], [None, None, None]);
    }

    #[test]
    fn the_best_of_training_is_tried_on_what_follows() {
        let candles = waves();
        let windows = windows(candles.len(), some(300), some(100));
        let steps = walk(&candles, windows, &candidates(), |stats| stats.sharpe, some(2)).unwrap();
        assert_eq!(steps.len(), 3);
        for step in &steps {
            assert_eq!(step.chosen, 0, "{step:?}");
            assert!(step.tested.return_percent > 0.0 && step.trained.return_percent > 0.0);
        }
    }

    #[test]
    fn what_has_lost_nothing_is_chosen_and_where_none_has_a_score_the_step_says_so() {
        let candles = waves();
        let window = || vec![Window { train: 0..300, test: 300..600 }];
        let chosen = |score: &dyn Fn(&Stats) -> Option<f64>| {
            let steps = walk(&candles, window(), &candidates(), score, some(2)).unwrap();
            (steps[0].chosen, steps[0].is_scored)
        };
        let last = walk(&candles, window(), &candidates()[2..], |_| None, some(1)).unwrap()[0].trained;
        assert_eq!(chosen(&|stats| Some(if *stats == last { f64::INFINITY } else { 1e9 })), (2, true));
        assert_eq!(chosen(&|stats| (*stats == last).then_some(-1e9)), (2, true));
        assert_eq!(chosen(&|_| None), (0, false));
    }

    #[test]
    fn parts_join_into_one_curve() {
        let candles = waves();
        let joint = |train, test| {
            let windows = windows(candles.len(), some(train), some(test));
            let steps = walk(&candles, windows, &candidates(), |stats| stats.sharpe, some(2)).unwrap();
            let together = joined(steps.iter().map(|step| &step.part)).unwrap();
            let growth = |stats: &Stats| 1.0 + stats.return_percent / 100.0;
            let product: f64 = steps.iter().map(|step| growth(&step.tested)).product();
            assert!((growth(&together) / product - 1.0).abs() < 1e-9, "{together:?}");
            assert_eq!(together.trades, steps.iter().map(|step| step.tested.trades).sum::<usize>());
            assert_eq!(steps.iter().map(|step| step.part.equity.len()).sum::<usize>(), candles.len() - train);
            (steps, together)
        };
        joint(300, 70);
        let (steps, together) = joint(300, 300);
        assert_eq!((steps.len(), steps[0].tested), (1, together));
    }

    #[test]
    fn what_is_chosen_does_not_depend_on_what_it_is_tried_on() {
        let candles = waves();
        let other: Vec<Candle> = candles
            .iter()
            .take(300)
            .chain(waves()[..300].iter().rev())
            .zip(&candles)
            .map(|(candle, at)| Candle { time_ms: at.time_ms, ..*candle })
            .collect();
        let chosen = |candles: &[Candle]| {
            let window = Window { train: 0..300, test: 300..600 };
            let steps = walk(candles, vec![window], &candidates(), |stats| stats.sharpe, some(1)).unwrap();
            (steps[0].chosen, steps[0].trained)
        };
        assert_eq!(chosen(&candles), chosen(&other));
    }
}
