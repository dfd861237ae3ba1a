//! A run for people.

use super::Shown;
use crate::table::{facts, gain, number, plain, table, time};
use backtest::{Candle, Month, Spread, Stats, Steps, Trade, What};
use comfy_table::{Cell, CellAlignment};
use domain::alert::Side;
use domain::clock::Timestamp;
use std::io::{IsTerminal, stdout};
use trials::{Doubted, name};
use wire::view;

/// Trades that are shown, the newest.
const TRADES_SHOWN: usize = 10;
/// Columns of the line of blocks.
const SPARK_COLUMNS: usize = 72;
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn report(report: &Shown<'_>) -> String {
    let parts = [
        spark(report),
        Some(trades(report)),
        Some(months(report)),
        Some(summary(report)),
        report.report.doubted.as_ref().map(doubted),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn spark(report: &Shown<'_>) -> Option<String> {
    stdout().is_terminal().then(|| sparkline(&report.report.run.equity))
}

/// The last equity of each column, as a block between the lowest and the highest.
fn sparkline(equity: &[f64]) -> String {
    let per_column = equity.len().div_ceil(SPARK_COLUMNS).max(1);
    let columns: Vec<f64> = equity.chunks(per_column).filter_map(|column| column.last().copied()).collect();
    let (low, high) = columns.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), now| (low.min(*now), high.max(*now)));
    let eighth = (high - low) / 8.0;
    let block = |now: &f64| {
        let levels = BLOCKS.iter().zip(1_i32..).filter(|(_, level)| *now > low + eighth * f64::from(level - 1));
        levels.last().map_or(BLOCKS.first(), |(block, _)| Some(block)).copied().unwrap_or(' ')
    };
    columns.iter().map(block).collect()
}

fn trades(report: &Shown<'_>) -> String {
    let trades = &report.report.run.trades;
    let earlier = trades.len().saturating_sub(TRADES_SHOWN);
    let rows = trades.iter().skip(earlier).map(|trade| row(report.candles, trade)).collect();
    let is_short = report.report.steps.as_ref().is_some_and(|steps| steps.side == Side::Short);
    let (entered, left) = if is_short { ("sold", "bought") } else { ("bought", "sold") };
    let header = [entered, "at", left, "at", "size", "fees", "profit"];
    let shown = table(&header, rows, "nothing was bought and sold").to_string();
    if earlier == 0 { shown } else { format!("{shown}\n… and {earlier} before these") }
}

fn row(candles: &[Candle], trade: &Trade) -> Vec<Cell> {
    let at = |bar| plain(moment(candles, bar));
    let price = |price: f64| right(number(price));
    vec![
        at(trade.entry_bar),
        price(trade.entry_price),
        at(trade.exit_bar),
        price(trade.exit_price),
        right(number(trade.size)),
        right(money(trade.fees)),
        gain(Some(&money(trade.pnl))).set_alignment(CellAlignment::Right),
    ]
}

/// Signals, by what stood in the way.
fn unfollowed(signals: &backtest::Unfollowed) -> Option<String> {
    let of_each: Vec<_> = signals.iter().map(|(why, count)| format!("{count} {why}")).collect();
    (!of_each.is_empty()).then(|| of_each.join(", "))
}

fn months(report: &Shown<'_>) -> String {
    let row = |month: &Month| {
        let whole = if month.is_whole { "" } else { "in part" };
        let brought = gain(Some(&format!("{:.2}", month.return_percent)));
        vec![plain(name(month)), right(money(month.equity)), brought.set_alignment(CellAlignment::Right), plain(whole)]
    };
    let header = ["month", "equity", "return %", ""];
    table(&header, report.report.months.iter().map(row).collect(), "no month").to_string()
}

fn summary(report: &Shown<'_>) -> String {
    let open = report.report.run.open_position.map(|open| {
        let since = moment(report.candles, open.entry_bar);
        format!("{} at {} since {since}", number(open.size), number(open.entry_price))
    });
    let more = [
        (
            "funding",
            report.report.steps.as_ref().filter(|steps| steps.funding != 0.0).map(|steps| money(steps.funding)),
        ),
        ("margins lost", report.report.steps.as_ref().and_then(lost)),
        ("still open", open),
        (
            "refused",
            report.report.steps.as_ref().map(|steps| format!("{} entries, not paid for or too little", steps.refused)),
        ),
        ("not followed", unfollowed(&report.report.run.unfollowed)),
    ];
    let candles = [("candles", Some(span(report.candles)))];
    facts(candles.into_iter().chain(figures(&report.report.stats)).chain(more))
}

/// Every figure by its name.
pub(in crate::commands) fn figures(stats: &Stats) -> [(&'static str, Option<String>); 13] {
    let ratio = |value: Option<f64>| Some(value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}")));
    let percent = |value: Option<f64>| Some(value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2} %")));
    [
        ("equity", Some(money(stats.final_equity))),
        ("return", percent(Some(stats.return_percent))),
        ("by the year", percent(stats.cagr_percent)),
        ("drawdown", Some(format!("{:.2} %, {} at most", stats.max_drawdown_percent, lasting(stats.max_drawdown_ms)))),
        ("sharpe", ratio(stats.sharpe)),
        ("sortino", ratio(stats.sortino)),
        ("calmar", ratio(stats.calmar)),
        ("trades", Some(stats.trades.to_string())),
        ("won", percent(stats.win_rate_percent)),
        ("profit factor", ratio(stats.profit_factor)),
        ("mean profit", Some(stats.expectancy.map_or_else(|| "-".to_owned(), money))),
        ("in the market", percent(Some(stats.exposure_percent))),
        ("fees", Some(money(stats.fees))),
    ]
}

/// How many positions have lost their margin, where one has.
fn lost(steps: &Steps) -> Option<String> {
    let count = steps.fills.iter().filter(|fill| fill.what == What::Liquidation).count();
    (count > 0).then(|| count.to_string())
}

/// What other choices of the same trades and months would have come to.
fn doubted(doubted: &Doubted) -> String {
    let spread = |spread: Spread, unit: &str| {
        format!("{:.2}{unit}, nine of ten from {:.2} to {:.2}", spread.middle, spread.low, spread.high)
    };
    let Doubted { shuffled, goals, judged } = doubted;
    let reached = judged.and_then(|judged| Some(format!("{} months", spread(judged.months_to_portfolio?, ""))));
    facts([
        ("drawn anew", shuffled.map(|of| spread(of.return_percent, " %"))),
        ("its drawdown", shuffled.map(|of| spread(of.max_drawdown_percent, " %"))),
        ("a loss", shuffled.map(|of| format!("{:.1} % of draws", of.loss_probability * 100.0))),
        ("whole months", Some(judged.map_or(0, |of| of.months).to_string())),
        (
            "goal: a month",
            judged.map(|of| {
                format!("{} % with a chance of {}", goals.monthly_percent, spread(of.monthly_probability, ""))
            }),
        ),
        (
            "goal: income",
            judged.map(|of| format!("{} of {} by the month", money(of.mean_income), goals.monthly_income)),
        ),
        (
            "goal: portfolio",
            judged.map(|of| format!("{} in {:.1} % of draws", goals.portfolio, of.portfolio_probability * 100.0)),
        ),
        ("it takes", reached),
    ])
}

fn span(candles: &[Candle]) -> String {
    let (first, last) = ends(candles);
    format!("{}, {first} to {last}", candles.len())
}

/// When the first candle begins, and the last.
pub(super) fn ends(candles: &[Candle]) -> (String, String) {
    (moment(candles, 0), moment(candles, candles.len().saturating_sub(1)))
}

fn moment(candles: &[Candle], bar: usize) -> String {
    let at = candles.get(bar).map(|candle| view::time(Timestamp::from_millis(candle.time_ms)));
    at.map_or_else(|| "-".to_owned(), time)
}

fn lasting(span_ms: i64) -> String {
    let minutes = span_ms.div_euclid(60_000);
    match minutes.div_euclid(60) {
        0 => format!("{minutes} min"),
        hours @ 1..48 => format!("{hours} h"),
        hours => format!("{} days", hours.div_euclid(24)),
    }
}

fn money(amount: f64) -> String {
    format!("{amount:.2}")
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_goes_from_the_lowest_to_the_highest() {
        assert_eq!(sparkline(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&[7.0; 3]), "▁▁▁");
        assert_eq!(sparkline(&[]), "");
        assert_eq!(sparkline(&[1.0; 20_000]).chars().count(), 72);
    }

    #[test]
    fn a_span_is_told_in_minutes_hours_or_days() {
        let spans = [0, 59 * 60_000, 47 * 3_600_000, 49 * 3_600_000];
        assert_eq!(spans.map(lasting), ["0 min", "59 min", "47 h", "2 days"]);
    }
}
