//! What came of it, as it is told to programs.

use crate::doubts::Doubted;
use backtest::{Fill, Month, OpenPosition, Spread, Stats, Steps, Tested, Trade, What, joined};
use wire::text::Text;
use wire::view::{
    Played, PlayedDraws, PlayedFill, PlayedFillKind, PlayedGoals, PlayedMonth, PlayedOpen, PlayedShuffled,
    PlayedSpread, PlayedStats, PlayedTrade,
};

/// A run with its figures.
#[derive(Debug, Clone)]
pub struct Report {
    pub run: backtest::Run,
    /// What a ladder was filled with.
    pub steps: Option<Steps>,
    pub stats: Stats,
    pub months: Vec<Month>,
    pub doubted: Option<Doubted>,
}

impl Report {
    /// All of it.
    pub fn told(&self) -> Played {
        let steps = self.steps.as_ref();
        Played {
            trades: self.run.trades.iter().map(trade).collect(),
            open_position: self.run.open_position.as_ref().map(open),
            equity: self.run.equity.clone(),
            stats: stats(&self.stats),
            months: self.months.iter().map(month).collect(),
            fills: steps.map(|steps| steps.fills.iter().map(fill).collect()),
            refused_entries: steps.map(|steps| steps.refused),
            side: steps.map(|steps| Text(steps.side)),
            funding: steps.map(|steps| steps.funding),
            unfollowed: self.run.unfollowed.clone(),
            draws: self.doubted.as_ref().map(draws),
        }
    }
}

/// Every figure by its name.
pub fn stats(stats: &Stats) -> PlayedStats {
    PlayedStats {
        final_equity: stats.final_equity,
        return_percent: stats.return_percent,
        max_drawdown_percent: stats.max_drawdown_percent,
        sharpe: stats.sharpe,
        win_rate_percent: stats.win_rate_percent,
        trades: stats.trades,
        exposure_percent: stats.exposure_percent,
        fees: stats.fees,
        profit_factor: stats.profit_factor,
        cagr_percent: stats.cagr_percent,
        max_drawdown_ms: stats.max_drawdown_ms,
        sortino: stats.sortino,
        calmar: stats.calmar,
        expectancy: stats.expectancy,
    }
}

/// Those of all parts that a walk has tried on, as one curve; none of none.
pub fn together<'a>(parts: impl IntoIterator<Item = &'a Tested>) -> Option<PlayedStats> {
    joined(parts).as_ref().map(stats)
}

/// `2017-11`.
pub fn name(month: &Month) -> String {
    format!("{:04}-{:02}", month.year, month.month)
}

fn trade(trade: &Trade) -> PlayedTrade {
    let Trade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl } = *trade;
    PlayedTrade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl }
}

fn draws(doubted: &Doubted) -> PlayedDraws {
    let shuffled = doubted.shuffled.map(|shuffled| PlayedShuffled {
        return_percent: spread(shuffled.return_percent),
        max_drawdown_percent: spread(shuffled.max_drawdown_percent),
        loss_probability: shuffled.loss_probability,
    });
    let goals = doubted.judged.map(|judged| PlayedGoals {
        months: judged.months,
        monthly_percent: doubted.goals.monthly_percent,
        monthly_probability: spread(judged.monthly_probability),
        monthly_income: doubted.goals.monthly_income,
        mean_income: judged.mean_income,
        income_percent: judged.income_percent,
        portfolio: doubted.goals.portfolio,
        portfolio_probability: judged.portfolio_probability,
        months_to_portfolio: judged.months_to_portfolio.map(spread),
    });
    PlayedDraws { shuffled, goals }
}

fn spread(spread: Spread) -> PlayedSpread {
    PlayedSpread { p5: spread.low, p50: spread.middle, p95: spread.high }
}

fn fill(fill: &Fill) -> PlayedFill {
    let Fill { bar, what, price, size, fee } = *fill;
    let (what, level, step) = match what {
        What::Entry(level) => (PlayedFillKind::Entry, Some(level), None),
        What::TakeProfit(step) => (PlayedFillKind::TakeProfit, None, Some(step)),
        What::TakeProfitOfAll => (PlayedFillKind::TakeProfitOfAll, None, None),
        What::Stop => (PlayedFillKind::Stop, None, None),
        What::Liquidation => (PlayedFillKind::Liquidation, None, None),
        What::Exit => (PlayedFillKind::Exit, None, None),
        What::TimeLimit => (PlayedFillKind::TimeLimit, None, None),
    };
    PlayedFill { bar, what, level, step, price, size, fee }
}

fn open(open: &OpenPosition) -> PlayedOpen {
    let OpenPosition { entry_bar, size, entry_price, .. } = *open;
    PlayedOpen { entry_bar, size, entry_price }
}

fn month(month: &Month) -> PlayedMonth {
    let Month { equity, return_percent, is_whole, .. } = *month;
    PlayedMonth { month: name(month), equity, return_percent, is_whole }
}
