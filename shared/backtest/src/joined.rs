//! Parts that were tried one behind the other, as one curve.

use crate::plain::{BadRun, Run, Trade};
use crate::stats::Stats;
use strategies::Candle;

/// A part that was tried: what its figures are reckoned of, and those of several together. At its end nothing is held: what was has been
/// left at its last close, and is a trade.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tested {
    /// When each bar begins.
    pub times_ms: Vec<i64>,
    /// At each bar's close, in quote units.
    pub equity: Vec<f64>,
    /// Bars are counted from the part's first.
    pub trades: Vec<Trade>,
}

impl Tested {
    /// What a run over these candles has made from the bar `from` on; before that nothing was traded.
    ///
    /// # Errors
    /// The last bar, where what is left there cannot be reckoned with exactly.
    pub(crate) fn of(candles: &[Candle], mut run: Run, from: usize) -> Result<Self, BadRun> {
        let last = run.equity.len().saturating_sub(1);
        if let (Some(left), Some(equity)) = (run.if_left, run.equity.last_mut()) {
            let left = left.map_err(|source| BadRun { bar: last, source })?;
            run.trades.push(left.trade);
            *equity = left.equity;
        }
        let counted = |trade: Trade| Trade {
            entry_bar: trade.entry_bar.saturating_sub(from),
            exit_bar: trade.exit_bar.saturating_sub(from),
            ..trade
        };
        Ok(Self {
            times_ms: candles.iter().skip(from).map(|candle| candle.time_ms).collect(),
            equity: run.equity.into_iter().skip(from).collect(),
            trades: run.trades.into_iter().map(counted).collect(),
        })
    }

    pub fn stats(&self) -> Stats {
        Stats::reckoned(&self.times_ms.iter().copied(), &self.equity, &self.trades, 0.0)
    }

    /// With the next part behind it, in proportion: as if that had begun with what is left here.
    fn go_on(&mut self, next: &Self) {
        let bars = self.times_ms.len();
        let share = match (self.equity.last(), next.equity.first()) {
            (Some(left), Some(begun)) if *begun > 0.0 => left / begun,
            _ => 1.0,
        };
        let scaled = |trade: &Trade| Trade {
            entry_bar: trade.entry_bar.saturating_add(bars),
            exit_bar: trade.exit_bar.saturating_add(bars),
            size: trade.size * share,
            fees: trade.fees * share,
            pnl: trade.pnl * share,
            ..*trade
        };
        self.times_ms.extend(&next.times_ms);
        self.equity.extend(next.equity.iter().map(|equity| equity * share));
        self.trades.extend(next.trades.iter().map(scaled));
    }
}

/// Figures of all parts together, in their order. Each has begun with all cash: it goes on, in proportion, with what the one before has left.
/// None of no bar.
pub fn joined<'a>(parts: impl IntoIterator<Item = &'a Tested>) -> Option<Stats> {
    let mut all = Tested::default();
    for part in parts {
        all.go_on(part);
    }
    (!all.equity.is_empty()).then(|| all.stats())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::trade;

    const HOUR_MS: i64 = 3_600_000;

    /// Hours from the given one on.
    fn part(first: i64, equity: &[f64], pnls: &[f64]) -> Tested {
        let times_ms = (first..).map(|hour| hour * HOUR_MS).take(equity.len()).collect();
        Tested { times_ms, equity: equity.to_vec(), trades: pnls.iter().map(|pnl| trade(*pnl, 0.5)).collect() }
    }

    #[test]
    fn one_part_is_what_it_is_alone() {
        let alone = part(0, &[1000.0, 1033.3, 900.1, 1111.7], &[3.3, -4.7]);
        assert_eq!(joined([&alone]), Some(alone.stats()));
        assert_eq!(joined([]), None);
        assert_eq!(joined([&Tested::default()]), None);
    }

    #[test]
    fn what_is_joined_has_grown_by_the_product_of_its_parts() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..200 {
            let mut first = 0;
            let parts: Vec<Tested> = (0..random.usize(1..9))
                .map(|_| {
                    let equity: Vec<f64> = (0..random.usize(1..60)).map(|_| 500.0 + 1000.0 * random.f64()).collect();
                    let part = part(first, &equity, &[1.0]);
                    first += i64::try_from(equity.len()).unwrap();
                    part
                })
                .collect();
            let growth = |stats: &Stats| 1.0 + stats.return_percent / 100.0;
            let product: f64 = parts.iter().map(|part| growth(&part.stats())).product();
            let together = joined(&parts).unwrap();
            assert!((growth(&together) / product - 1.0).abs() < 1e-9, "{together:?} {product}");
            assert_eq!(together.trades, parts.len());
        }
    }

    #[test]
    fn a_fall_goes_on_over_the_seam_and_trades_count_by_what_they_were_of() {
        // Up by a tenth and down again by a tenth of that, and then down by a half.
        let parts = [part(0, &[100.0, 110.0, 99.0], &[-1.0]), part(3, &[100.0, 50.0], &[2.0])];
        let together = joined(&parts).unwrap();
        assert!((together.max_drawdown_percent + 55.0).abs() < 1e-9, "{together:?}");
        assert_eq!(together.max_drawdown_ms, 3 * HOUR_MS);
        assert!((together.final_equity - 49.5).abs() < 1e-9 && (together.return_percent + 50.5).abs() < 1e-9);
        assert_eq!((together.trades, together.win_rate_percent), (2, Some(50.0)));
        assert!((together.profit_factor.unwrap() - 2.0 * 0.99).abs() < 1e-9);
        assert!((together.fees - 0.5 * 1.99).abs() < 1e-9, "{together:?}");
        assert_eq!(together.exposure_percent, 80.0);
    }
}
