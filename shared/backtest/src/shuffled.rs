//! Trades drawn anew: how much of a result was their order and luck.

use crate::plain::Run;
use crate::random::{Spread, drawn};
use crate::stats::float;
use fastrand::Rng;

/// What other choices of the same trades would have come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shuffled {
    pub return_percent: Spread,
    /// Zero or negative; between trades alone, since what lies within one is not drawn.
    pub max_drawdown_percent: Spread,
    /// How likely a loss is, from 0 to 1.
    pub loss_probability: f64,
}

/// Draws as many trades as there were, each from all of them, so many times. Each takes its share of the equity that it
/// began with. The same seed draws the same. None without a trade or a draw.
pub fn shuffled(run: &Run, draws: u32, seed: u64) -> Option<Shuffled> {
    let mut equity = run.equity.first().copied()?;
    let mut factor = |pnl: f64| {
        let before = equity;
        equity += pnl;
        if before > 0.0 { equity / before } else { 1.0 }
    };
    let factors: Vec<f64> = run.trades.iter().map(|trade| factor(trade.pnl)).collect();
    if factors.is_empty() {
        return None;
    }
    let mut random = Rng::with_seed(seed);
    let paths: Vec<Path> = (0..draws).map(|_| Path::of(drawn(&factors, &mut random))).collect();
    let losses = paths.iter().filter(|path| path.end < 1.0).count();
    Some(Shuffled {
        return_percent: Spread::of(paths.iter().map(|path| (path.end - 1.0) * 100.0).collect())?,
        max_drawdown_percent: Spread::of(paths.iter().map(|path| path.fall * 100.0).collect())?,
        loss_probability: float(losses) / float(paths.len()),
    })
}

struct Path {
    end: f64,
    fall: f64,
}

impl Path {
    fn of(factors: impl Iterator<Item = f64>) -> Self {
        let (mut now, mut peak, mut fall) = (1.0_f64, 1.0_f64, 0.0_f64);
        for factor in factors {
            now *= factor;
            peak = peak.max(now);
            fall = fall.min(now / peak - 1.0);
        }
        Self { end: now, fall }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::trade;

    fn run(pnls: &[f64]) -> Run {
        Run { trades: pnls.iter().map(|pnl| trade(*pnl, 0.0)).collect(), equity: vec![100.0], ..Run::default() }
    }

    #[test]
    fn trades_that_are_all_alike_come_to_the_same() {
        let shuffled = shuffled(&run(&[10.0, 11.0]), 50, 1).unwrap();
        assert!(
            (shuffled.return_percent.low - 21.0).abs() < 1e-9 && (shuffled.return_percent.high - 21.0).abs() < 1e-9
        );
        assert_eq!((shuffled.max_drawdown_percent.low, shuffled.loss_probability), (0.0, 0.0));
    }

    #[test]
    fn a_coin_loses_about_half_of_the_time_and_the_seed_says_which() {
        // Ten per cent up or down, in turns.
        let mut equity = 100.0;
        let pnls: Vec<f64> = (0..21)
            .map(|i| {
                let pnl = equity * if i % 2 == 0 { 0.1 } else { -0.1 };
                equity += pnl;
                pnl
            })
            .collect();
        let of = |seed| shuffled(&run(&pnls), 4_000, seed).unwrap();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert!((0.4..0.6).contains(&of(7).loss_probability), "{:?}", of(7));
        assert!(of(7).max_drawdown_percent.middle < -10.0);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(shuffled(&run(&[]), 10, 1), None);
        assert_eq!(shuffled(&run(&[1.0]), 0, 1), None);
    }
}
