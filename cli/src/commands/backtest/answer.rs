//! A run for programs.

use super::{Doubted, Report};
use crate::failure::Failure;
use backtest::{Fill, Month, OpenPosition, Spread, Stats, Trade, What};
use serde::Serialize;

#[derive(Serialize)]
struct Answer<'a> {
    trades: Vec<TradeView>,
    open_position: Option<OpenView>,
    equity: &'a [f64],
    stats: StatsView,
    months: Vec<MonthView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fills: Option<Vec<FillView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_entries: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'static str>,
    /// Paid for holding contracts.
    #[serde(skip_serializing_if = "Option::is_none")]
    funding: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<DrawsView>,
}

#[derive(Serialize)]
struct DrawsView {
    shuffled: Option<ShuffledView>,
    goals: Option<GoalsView>,
}

#[derive(Serialize)]
struct ShuffledView {
    return_percent: SpreadView,
    max_drawdown_percent: SpreadView,
    loss_probability: f64,
}

#[derive(Serialize)]
struct GoalsView {
    months: usize,
    monthly_percent: f64,
    monthly_probability: SpreadView,
    monthly_income: f64,
    mean_income: f64,
    income_percent: f64,
    portfolio: f64,
    portfolio_probability: f64,
    months_to_portfolio: Option<SpreadView>,
}

#[derive(Serialize)]
struct SpreadView {
    p5: f64,
    p50: f64,
    p95: f64,
}

#[derive(Serialize)]
struct FillView {
    bar: usize,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
    price: f64,
    size: f64,
    fee: f64,
}

#[derive(Serialize)]
struct TradeView {
    entry_bar: usize,
    exit_bar: usize,
    entry_price: f64,
    exit_price: f64,
    size: f64,
    fees: f64,
    pnl: f64,
}

#[derive(Serialize)]
struct OpenView {
    entry_bar: usize,
    size: f64,
    entry_price: f64,
}

#[derive(Serialize)]
pub(in crate::commands) struct StatsView {
    final_equity: f64,
    return_percent: f64,
    max_drawdown_percent: f64,
    sharpe: Option<f64>,
    win_rate_percent: Option<f64>,
    trades: usize,
    exposure_percent: f64,
    fees: f64,
    profit_factor: Option<f64>,
    cagr_percent: Option<f64>,
    max_drawdown_ms: i64,
    sortino: Option<f64>,
    calmar: Option<f64>,
    expectancy: Option<f64>,
}

#[derive(Serialize)]
struct MonthView {
    month: String,
    equity: f64,
    return_percent: f64,
    is_whole: bool,
}

pub(super) fn json(report: &Report<'_>) -> Result<String, Failure> {
    let answer = Answer {
        trades: report.run.trades.iter().map(trade).collect(),
        open_position: report.run.open_position.as_ref().map(open),
        equity: &report.run.equity,
        stats: stats(&report.stats),
        months: report.months.iter().map(month).collect(),
        fills: report.steps.map(|steps| steps.fills.iter().map(fill).collect()),
        refused_entries: report.steps.map(|steps| steps.refused),
        side: report.steps.map(|steps| steps.side.as_str()),
        funding: report.steps.map(|steps| steps.funding),
        draws: report.doubted.as_ref().map(draws),
    };
    serde_json::to_string(&answer).map_err(|error| Failure::refused(format!("the run cannot be written: {error}")))
}

/// Every figure by its name.
pub(in crate::commands) fn stats(stats: &Stats) -> StatsView {
    StatsView {
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

fn trade(trade: &Trade) -> TradeView {
    let Trade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl } = *trade;
    TradeView { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl }
}

fn draws(doubted: &Doubted) -> DrawsView {
    let shuffled = doubted.shuffled.map(|shuffled| ShuffledView {
        return_percent: spread(shuffled.return_percent),
        max_drawdown_percent: spread(shuffled.max_drawdown_percent),
        loss_probability: shuffled.loss_probability,
    });
    let goals = doubted.judged.map(|judged| GoalsView {
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
    DrawsView { shuffled, goals }
}

fn spread(spread: Spread) -> SpreadView {
    SpreadView { p5: spread.low, p50: spread.middle, p95: spread.high }
}

fn fill(fill: &Fill) -> FillView {
    let Fill { bar, what, price, size, fee } = *fill;
    let (what, level, step) = match what {
        What::Entry(level) => ("entry", Some(level), None),
        What::TakeProfit(step) => ("take_profit", None, Some(step)),
        What::TakeProfitOfAll => ("take_profit_of_all", None, None),
        What::Stop => ("stop", None, None),
        What::Liquidation => ("liquidation", None, None),
        What::Exit => ("exit", None, None),
    };
    FillView { bar, what, level, step, price, size, fee }
}

fn open(open: &OpenPosition) -> OpenView {
    let OpenPosition { entry_bar, size, entry_price, .. } = *open;
    OpenView { entry_bar, size, entry_price }
}

fn month(month: &Month) -> MonthView {
    let Month { equity, return_percent, is_whole, .. } = *month;
    MonthView { month: super::text::name(month), equity, return_percent, is_whole }
}
