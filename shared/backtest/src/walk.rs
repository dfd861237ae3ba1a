//! Parameters chosen on one part of the candles and tried on the part behind it.
//!
//! 1. What is tried was not looked at when it was chosen. A strategy hears bars before, as many as it does live, and trades on none of
//!    them.
//! 2. A part begins and ends with nothing held: what is held at its last close is left there, with its fee.

use crate::joined::Tested;
use crate::search::on_cores;
use crate::stats::Stats;
use crate::way::{BadPlay, Player};
use domain::bot::bars_before;
use domain::clock::Millis;
use std::num::NonZeroUsize;
use std::ops::Range;
use strategies::{Action, Candle, Signal, Strategy};

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
        let first = hears_from(candles, candidate.strategy.warm_up(), window.test.start);
        let before = window.test.start.saturating_sub(first);
        let with_before = candles.get(first..window.test.end).unwrap_or_default();
        let part = Tested::of(with_before, candidate.hearing(before).play(with_before)?.run, before)?;
        let is_scored = height > f64::NEG_INFINITY;
        steps.push(Step { window, chosen, is_scored, trained, tested: part.stats(), part });
    }
    Ok(steps)
}

/// With which bar a strategy begins to hear that trades from another one on: with the first of a UTC day, as live.
fn hears_from(candles: &[Candle], warm_up: usize, trades_from: usize) -> usize {
    let day = |bar: usize| candles.get(bar).map(|candle| candle.time_ms.div_euclid(Millis::DAY.get()));
    let bars = usize::try_from(bars_before(warm_up)).unwrap_or(usize::MAX);
    let latest = trades_from.saturating_sub(bars);
    (0..latest).rev().find(|bar| day(*bar) != day(latest)).map_or(0, |before| before.saturating_add(1))
}

/// Hears the bars before those that count, and says nothing on them.
#[derive(Debug, Clone)]
struct Hearing<S> {
    strategy: S,
    bars: usize,
}

impl<S: Strategy> Strategy for Hearing<S> {
    fn warm_up(&self) -> usize {
        self.strategy.warm_up()
    }

    fn update(&mut self, candle: &Candle) -> Signal {
        let signal = self.strategy.update(candle);
        let Some(left) = self.bars.checked_sub(1) else { return signal };
        self.bars = left;
        Signal { action: Action::Hold, ..signal }
    }
}

impl<S: Clone> Player<S> {
    fn hearing(&self, bars: usize) -> Player<Hearing<S>> {
        let strategy = Hearing { strategy: self.strategy.clone(), bars };
        Player { strategy, way: self.way.clone(), confidence_min: self.confidence_min }
    }
}

fn played<S: Strategy + Clone>(candles: &[Candle], candidate: &Player<S>) -> Result<Stats, BadPlay> {
    Ok(Stats::of(candles, &candidate.play(candles)?.run))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joined::joined;
    use crate::testing::{Scripted, candles, terms};
    use crate::way::Way;
    use domain::alert::Side;
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

    /// Enters on every bar, so that something is held at each part's end; what it says first on tells what it has heard.
    #[test]
    fn what_is_held_at_a_seam_is_left_there_with_its_fee() {
        let candles = candles(&[100.0; 40]);
        let buys = Player {
            strategy: Scripted::new(&[Action::Enter(Side::Long); 40]),
            way: Way::AllCash(terms("1000", "0.001", "1e-8")),
            confidence_min: None,
        };
        let steps = walk(&candles, windows(40, some(10), some(15)), &[buys], |_| None, some(1)).unwrap();
        assert_eq!(steps.len(), 2);
        for Step { tested, part, .. } in &steps {
            assert_eq!(part.trades.len(), 1, "{part:?}");
            let trade = part.trades[0];
            // Bought at the open behind the first close that counts, and left at the last close, which is one above its open.
            assert_eq!((trade.entry_bar, trade.exit_bar, trade.entry_price, trade.exit_price), (1, 14, 100.0, 101.0));
            assert!((trade.fees - trade.size * 0.001 * 201.0).abs() < 1e-9, "{trade:?}");
            assert!((tested.final_equity - 1000.0 - trade.pnl).abs() < 1e-9 && tested.trades == 1, "{tested:?}");
        }
    }

    #[test]
    fn a_part_begins_with_what_was_heard_before_it_since_a_day_began() {
        let candles = candles(&[100.0; 500]);
        assert_eq!(hears_from(&candles, 14, 100), 0);
        // 300 bars before the four hundredth stands the hundredth, four hours into the fifth day.
        assert_eq!(bars_before(14), 300);
        assert_eq!(hears_from(&candles, 14, 400), 96);
        assert_eq!(hears_from(&candles, 14, 396), 96);
        assert_eq!(hears_from(&[], 14, 0), 0);
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
