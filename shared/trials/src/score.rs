//! What tells the best of many tries.

use crate::asked::Refused;
use backtest::Stats;

/// A figure by which tries are ranked.
#[derive(Debug, Clone, Copy)]
pub struct Score {
    pub name: &'static str,
    of: fn(&Stats) -> Option<f64>,
    /// Whether what has no such figure lacks a loss to divide by, and not a gain.
    has_gained: fn(&Stats) -> bool,
}

const SCORES: [Score; 5] = [
    Score { name: "sharpe", of: |stats| stats.sharpe, has_gained },
    Score { name: "sortino", of: |stats| stats.sortino, has_gained },
    Score { name: "calmar", of: |stats| stats.calmar, has_gained: has_never_fallen },
    Score { name: "return", of: |stats| Some(stats.return_percent), has_gained },
    Score { name: "profit_factor", of: |stats| stats.profit_factor, has_gained: has_won },
];

fn has_gained(stats: &Stats) -> bool {
    stats.return_percent > 0.0
}

/// One of a few days has no figure by the year, whatever it has lost.
fn has_never_fallen(stats: &Stats) -> bool {
    has_gained(stats) && stats.max_drawdown_percent >= 0.0
}

/// It is a ratio of closed trades: what is open alone has neither gained nor lost in it.
fn has_won(stats: &Stats) -> bool {
    has_gained(stats) && stats.win_rate_percent.is_some_and(|won| won > 0.0)
}

impl Score {
    /// # Errors
    /// `by`, with the names that there are.
    pub(crate) fn named(by: &str) -> Result<Self, Refused> {
        let names: Vec<&str> = SCORES.iter().map(|score| score.name).collect();
        let score = SCORES.into_iter().find(|score| score.name == by);
        score.ok_or_else(|| Refused::rule("by", format!("must be {}", names.join(" or "))))
    }

    /// The figure; none where it is not defined.
    pub fn of(&self, stats: &Stats) -> Option<f64> {
        (self.of)(stats)
    }

    /// Where it stands among others: by the figure, and infinitely high where it has gained and there is no loss to divide by. None, which
    /// is below all, where it has not traded, or has lost.
    pub fn rank(&self, stats: &Stats) -> Option<f64> {
        self.of(stats).or_else(|| (self.has_gained)(stats).then_some(f64::INFINITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backtest::{Run, Trade};
    use strategies::{Bar, Candle};

    /// Long enough for figures by the year.
    const STEP_MS: i64 = 20 * 86_400_000;

    /// Of equity by twenty days, and of what trades have made.
    fn stats(equity: &[f64], pnls: &[f64]) -> Stats {
        let bar = Bar::new(1.0, 1.0, 1.0, 1.0, 1.0).unwrap();
        let candles: Vec<Candle> =
            (0..).take(equity.len()).map(|number: i64| Candle { time_ms: number * STEP_MS, bar }).collect();
        let (entry_bar, exit_bar, entry_price, exit_price, size, fees) = (0, 1, 1.0, 1.0, 1.0, 0.0);
        let trade = |pnl: &f64| Trade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl: *pnl };
        let run = Run { trades: pnls.iter().map(trade).collect(), equity: equity.to_vec(), ..Run::default() };
        Stats::of(&candles, &run)
    }

    #[test]
    fn what_has_gained_and_lost_nothing_stands_above_all_and_what_has_not_traded_below() {
        let gained = stats(&[100.0, 100.0, 110.0, 115.0], &[10.0, 5.0]);
        let mixed = stats(&[100.0, 110.0, 105.0, 120.0], &[10.0, -5.0, 15.0]);
        let lost = stats(&[100.0, 95.0, 97.0, 90.0], &[-5.0, 2.0, -7.0]);
        let still = stats(&[100.0; 4], &[]);
        for by in ["sortino", "calmar", "profit_factor"] {
            let score = Score::named(by).unwrap();
            assert_eq!((score.of(&gained), score.rank(&gained)), (None, Some(f64::INFINITY)), "{by}");
            assert_eq!((score.of(&still), score.rank(&still)), (None, None), "{by}");
            for finite in [&mixed, &lost] {
                assert!(score.of(finite).is_some_and(f64::is_finite), "{by}");
                assert_eq!(score.rank(finite), score.of(finite), "{by}");
            }
            assert!(score.rank(&mixed) > score.rank(&lost) && score.rank(&lost) > score.rank(&still), "{by}");
        }
        assert_eq!(Score::named("sharpe").unwrap().rank(&still), None);
        assert_eq!(Score::named("return").unwrap().rank(&still), Some(0.0));
    }

    #[test]
    fn a_profit_factor_is_of_what_was_sold_and_no_paper_loss_is_hidden_by_it() {
        let score = Score::named("profit_factor").unwrap();
        assert_eq!(score.rank(&stats(&[100.0, 120.0], &[])), None, "nothing was sold");
        assert_eq!(score.rank(&stats(&[100.0, 110.0, 60.0], &[10.0])), None, "what it holds has lost more");
        assert_eq!(score.rank(&stats(&[100.0, 100.0], &[0.0])), None, "nothing was gained");
    }
}
