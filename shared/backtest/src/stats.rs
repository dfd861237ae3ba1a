//! What a run came to.
//!
//! Formulas are the usual ones; `r` are simple returns of UTC days, each by its last equity, and `A` days in a year that are
//! traded: 365 where the candles have Saturdays, else 252. Of candles longer than a day `r` are those of candles, and `A` is how many of them
//! a year has: 52 weeks, 12 months. Sharpe's ratio is that of 1994, Sortino's that of Rollinger and Hoffman ("Sortino: A
//! 'Sharper' Ratio"), Calmar's that of Young (1991) over the whole run. So do `empyrical` and, for growth and drawdowns, backtesting.py reckon.

use crate::day::{DAY_MS, day};
use crate::plain::{Run, Trade};
use std::ops::RangeInclusive;
use strategies::Candle;

/// Milliseconds of a year, on average.
const YEAR_MS: f64 = 365.25 * 86_400_000.0;
/// What was made in less is not told as a growth by the year: a few percent of some days are more than anybody has ever made of a year.
const YEARLY_MS_MIN: i64 = 30 * DAY_MS;
/// Days from 1970-01-01, a Thursday, to the first Saturday.
const FIRST_SATURDAY: i64 = 2;
/// Candles are longer than a day where two of them are so many days apart, which neither weekends nor clocks that are put back make of days.
const LONG_DAYS_MIN: f64 = 2.0;
/// Days of a month.
const MONTH_DAYS: RangeInclusive<f64> = 28.0..=31.0;

/// When each bar begins, in milliseconds.
pub(crate) trait Times: DoubleEndedIterator<Item = i64> + ExactSizeIterator + Clone {}

impl<T: DoubleEndedIterator<Item = i64> + ExactSizeIterator + Clone> Times for T {}

/// Figures of a run. None where a figure is not defined: without trades, losses, days or deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stats {
    /// Quote units.
    pub final_equity: f64,
    /// Last equity over first one, less 1.
    pub return_percent: f64,
    /// The same as a growth by the year of 365.25 days; none of less than 30 days.
    pub cagr_percent: Option<f64>,
    /// The deepest fall from a peak before it; zero or negative.
    pub max_drawdown_percent: f64,
    /// The longest time from a peak until equity is there again, or to the end, in milliseconds.
    pub max_drawdown_ms: i64,
    /// Mean of `r` over its sample deviation, times the root of `A`.
    pub sharpe: Option<f64>,
    /// Mean of `r` over the root of the mean square of its losses, times the root of `A`.
    pub sortino: Option<f64>,
    /// Growth by the year over the deepest drawdown.
    pub calmar: Option<f64>,
    /// Trades that were closed.
    pub trades: usize,
    /// Of those, the ones that have gained.
    pub win_rate_percent: Option<f64>,
    /// All that was gained over all that was lost.
    pub profit_factor: Option<f64>,
    /// Mean profit of a trade, in quote.
    pub expectancy: Option<f64>,
    /// Bars from entry to exit, both included, of closed trades.
    pub exposure_percent: f64,
    /// All that were paid, for what is open too, in quote.
    pub fees: f64,
}

impl Stats {
    /// Of a run over these candles.
    pub fn of(candles: &[Candle], run: &Run) -> Self {
        let open_fees = run.open_position.map_or(0.0, |open| open.fees);
        Self::reckoned(&candles.iter().map(|candle| candle.time_ms), &run.equity, &run.trades, open_fees)
    }

    /// Of equity at each of these bars, of trades that were closed and of the fees of what is open.
    pub(crate) fn reckoned(times: &impl Times, equity: &[f64], trades: &[Trade], open_fees: f64) -> Self {
        let (first, last) = (equity.first().copied().unwrap_or(0.0), equity.last().copied().unwrap_or(0.0));
        let returns = Returns::of(times, equity);
        let fall = Fall::of(times.clone(), equity);
        let cagr_percent = yearly(times.clone(), first, last);
        let count = float(trades.len());
        let any = |value: f64| (count > 0.0).then_some(value);
        let wins = trades.iter().filter(|trade| trade.pnl > 0.0).count();
        let total: f64 = trades.iter().map(|trade| trade.pnl).sum();
        Self {
            final_equity: last,
            return_percent: percent(last, first),
            cagr_percent,
            max_drawdown_percent: fall.deepest * 100.0,
            max_drawdown_ms: fall.longest_ms,
            sharpe: returns.sharpe(),
            sortino: returns.sortino(),
            calmar: cagr_percent.map(|cagr| cagr / (-fall.deepest * 100.0)).filter(|calmar| calmar.is_finite()),
            trades: trades.len(),
            win_rate_percent: any(float(wins) / count * 100.0),
            profit_factor: profit_factor(trades),
            expectancy: any(total / count),
            exposure_percent: exposure(times.len(), trades),
            fees: trades.iter().map(|trade| trade.fees).sum::<f64>() + open_fees,
        }
    }
}

fn percent(last: f64, first: f64) -> f64 {
    if first > 0.0 { (last - first) / first * 100.0 } else { 0.0 }
}

/// None where too little time has passed.
fn yearly(mut times: impl Times, first: f64, last: f64) -> Option<f64> {
    let (end, begin) = (times.clone().next_back()?, times.next()?);
    let span = end.saturating_sub(begin);
    let growth = (last / first).powf(YEAR_MS / float_of(span));
    (span >= YEARLY_MS_MIN).then_some((growth - 1.0) * 100.0).filter(|cagr| cagr.is_finite())
}

fn profit_factor(trades: &[Trade]) -> Option<f64> {
    let sum = |of: fn(&f64) -> bool| trades.iter().map(|trade| trade.pnl).filter(of).fold(0.0, |sum, pnl| sum + pnl);
    let (gained, lost) = (sum(|pnl| *pnl > 0.0), sum(|pnl| *pnl < 0.0));
    (lost < 0.0).then(|| gained / -lost)
}

fn exposure(bars: usize, trades: &[Trade]) -> f64 {
    let of_one = |trade: &Trade| trade.exit_bar.saturating_sub(trade.entry_bar).saturating_add(1);
    let within = trades.iter().map(of_one).fold(0, usize::saturating_add);
    if bars == 0 { 0.0 } else { float(within) / float(bars) * 100.0 }
}

/// How deep and how long equity was below its peak.
#[derive(Debug, Default)]
struct Fall {
    /// Zero or negative, as a fraction.
    deepest: f64,
    longest_ms: i64,
}

impl Fall {
    fn of(times: impl Times, equity: &[f64]) -> Self {
        let (mut fall, mut peak, mut since, mut is_below) = (Self::default(), f64::NEG_INFINITY, 0, false);
        for (time_ms, now) in times.zip(equity) {
            let was_below = std::mem::replace(&mut is_below, *now < peak);
            if is_below || was_below {
                fall.longest_ms = fall.longest_ms.max(time_ms.saturating_sub(since));
            }
            if is_below {
                fall.deepest = fall.deepest.min(now / peak - 1.0);
            } else {
                (peak, since) = (*now, time_ms);
            }
        }
        fall
    }
}

/// Returns of days, or of candles that are longer.
#[derive(Debug)]
struct Returns {
    each: Vec<f64>,
    /// How many of them a year has.
    year: f64,
}

impl Returns {
    fn of(times: &impl Times, equity: &[f64]) -> Self {
        let (mut closes, mut next_day, mut has_saturdays) = (Vec::<f64>::new(), i64::MIN, false);
        for (time_ms, equity) in times.clone().zip(equity) {
            // Days are told apart by one comparison a bar: a division takes longer than all else here.
            match closes.last_mut() {
                Some(close) if time_ms < next_day => *close = *equity,
                _ => {
                    let today = day(time_ms);
                    has_saturdays |= today.saturating_sub(FIRST_SATURDAY).rem_euclid(7) == 0;
                    next_day = today.saturating_add(1).saturating_mul(DAY_MS);
                    closes.push(*equity);
                }
            }
        }
        // What shares a day with another is no longer than one.
        let is_long = closes.len() == times.len();
        let days = if has_saturdays { 365.0 } else { 252.0 };
        let year = is_long.then(|| long_candles_a_year(times)).flatten().unwrap_or(days);
        let each = closes.iter().zip(closes.iter().skip(1)).map(|(before, after)| after / before - 1.0).collect();
        Self { each, year }
    }

    fn mean(&self) -> f64 {
        self.each.iter().sum::<f64>() / float(self.each.len())
    }

    fn sharpe(&self) -> Option<f64> {
        let mean = self.mean();
        let squares: f64 = self.each.iter().map(|r| (r - mean) * (r - mean)).sum();
        let deviation = (squares / float(self.each.len().checked_sub(1)?)).sqrt();
        self.over(mean, deviation)
    }

    fn sortino(&self) -> Option<f64> {
        let squares: f64 = self.each.iter().map(|r| r.min(0.0) * r.min(0.0)).sum();
        self.over(self.mean(), (squares / float(self.each.len())).sqrt())
    }

    fn over(&self, mean: f64, deviation: f64) -> Option<f64> {
        (deviation > 0.0).then(|| mean / deviation * self.year.sqrt())
    }
}

/// By the distance that half of them have or less; none where they are no longer than a day.
fn long_candles_a_year(times: &impl Times) -> Option<f64> {
    let mut apart: Vec<i64> =
        times.clone().zip(times.clone().skip(1)).map(|(one, next)| next.saturating_sub(one)).collect();
    let middle = apart.len().checked_sub(1)? / 2;
    let (_, apart, _) = apart.select_nth_unstable(middle);
    let days = float_of(*apart) / float_of(DAY_MS);
    let a_year = if MONTH_DAYS.contains(&days) { 12.0 } else { (365.0 / days).round().max(1.0) };
    (days >= LONG_DAYS_MIN).then_some(a_year)
}

/// A count, as a float: those of bars and trades are far below what a float tells apart.
pub(crate) fn float(count: usize) -> f64 {
    num_traits::ToPrimitive::to_f64(&count).unwrap_or(f64::MAX)
}

fn float_of(span: i64) -> f64 {
    num_traits::ToPrimitive::to_f64(&span).unwrap_or(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{candles, trade};

    const HOUR_MS: i64 = 3_600_000;

    fn stats(equity: &[f64], pnls: &[f64]) -> Stats {
        let run = Run {
            trades: pnls.iter().map(|pnl| trade(*pnl, 0.5)).collect(),
            equity: equity.to_vec(),
            ..Run::default()
        };
        Stats::of(&candles(&vec![1.0; equity.len()]), &run)
    }

    /// Equity of a day each, as so many hours of it.
    fn days(equity: &[f64]) -> Vec<f64> {
        equity.iter().flat_map(|equity| [*equity; 24]).collect()
    }

    #[test]
    fn a_drawdown_is_measured_from_the_peak_before_it() {
        let fallen = stats(&[100.0, 120.0, 90.0, 110.0, 130.0, 117.0, 125.0], &[]);
        assert_eq!(fallen.max_drawdown_percent, -25.0);
        assert_eq!(fallen.max_drawdown_ms, 3 * HOUR_MS);
        let to_the_end = stats(&[100.0, 120.0, 90.0, 120.0, 110.0, 115.0, 119.0], &[]);
        assert_eq!(to_the_end.max_drawdown_ms, 3 * HOUR_MS);
        let risen = stats(&[100.0, 100.0, 101.0], &[]);
        assert_eq!((risen.max_drawdown_percent, risen.max_drawdown_ms, risen.calmar), (0.0, 0, None));
    }

    #[test]
    fn trades_are_counted_by_what_they_gained() {
        let of = stats(&[100.0; 8], &[3.0, -1.0, 0.0, -0.5]);
        assert_eq!((of.trades, of.win_rate_percent), (4, Some(25.0)));
        assert_eq!((of.profit_factor, of.expectancy), (Some(2.0), Some(0.375)));
        assert_eq!((of.exposure_percent, of.fees), (100.0, 2.0));
        let none = stats(&[100.0; 8], &[]);
        assert_eq!((none.win_rate_percent, none.profit_factor, none.expectancy), (None, None, None));
        assert_eq!(stats(&[100.0; 8], &[1.0]).profit_factor, None);
        let lost = stats(&[100.0; 8], &[-1.0]).profit_factor.unwrap();
        assert_eq!(lost.to_string(), "0", "and not less than that");
    }

    #[test]
    fn risk_is_that_of_days() {
        // +10 %, -5 %, +10 %: mean 0.05, sample deviation 0.0866.
        let of = stats(&days(&[100.0, 110.0, 104.5, 114.95]), &[]);
        let root = 365.0_f64.sqrt();
        assert!((of.sharpe.unwrap() - 0.05 / 0.0075_f64.sqrt() * root).abs() < 1e-9, "{of:?}");
        assert!((of.sortino.unwrap() - 0.05 / (0.0025_f64 / 3.0).sqrt() * root).abs() < 1e-9, "{of:?}");
        for still in [vec![], vec![1.0], days(&[1.0]), days(&[1.0, 2.0]), days(&[7.0; 5])] {
            assert_eq!(stats(&still, &[]).sharpe, None, "{still:?}");
        }
    }

    #[test]
    fn a_year_without_weekends_has_252_days() {
        let hours = days(&[100.0, 110.0, 104.5, 114.95]);
        let mut later = candles(&vec![1.0; hours.len()]);
        for candle in &mut later {
            candle.time_ms += 2 * DAY_MS;
        }
        let run = Run { equity: hours.clone(), ..Run::default() };
        let ratio = stats(&hours, &[]).sharpe.unwrap() / Stats::of(&later, &run).sharpe.unwrap();
        assert!((ratio - (365.0_f64 / 252.0).sqrt()).abs() < 1e-12);
    }

    /// Returns that a year has of bars that begin so many hours after a Saturday's midnight.
    fn year(hours: impl IntoIterator<Item = i64>) -> f64 {
        let times: Vec<i64> = hours.into_iter().map(|hour| 1_498_867_200_000 + hour * HOUR_MS).collect();
        Returns::of(&times.iter().copied(), &vec![1.0; times.len()]).year
    }

    #[test]
    fn a_market_that_opens_on_sunday_evening_has_252_days_as_well() {
        let week = |from: i64| from + 46..from + 46 + 5 * 24;
        assert_eq!(year(week(0).chain(week(7 * 24))), 252.0);
        assert_eq!(year(week(0).chain([6 * 24 + 23, 7 * 24])), 365.0);
    }

    #[test]
    fn of_candles_longer_than_a_day_a_year_has_fewer() {
        let every = |days: i64| year((0..40).map(|at| at * days * 24));
        assert_eq!([1, 2, 3, 7, 91, 365, 3_650].map(every), [365.0, 183.0, 122.0, 52.0, 4.0, 1.0, 1.0]);
        let months =
            [31, 31, 30, 31, 30, 31, 31, 28, 31].iter().scan(0, |at, days| Some(std::mem::replace(at, *at + days)));
        assert_eq!(year(months.map(|day: i64| day * 24)), 12.0);
        assert_eq!(year([0, 28 * 24]), 12.0);
        let weekdays = (2..40).filter(|day| day % 7 > 1);
        assert_eq!(year(weekdays.map(|day| day * 24)), 252.0);
        assert_eq!((year([]), year([0])), (252.0, 365.0));
    }

    #[test]
    fn growth_is_by_the_year() {
        let of = stats(&days(&[100.0; 366]), &[]);
        assert!(of.cagr_percent.unwrap().abs() < 1e-12);
        let mut equity = vec![100.0; 8_767];
        equity[8_766] = 121.0;
        let of = stats(&equity, &[]);
        assert!((of.cagr_percent.unwrap() - 21.0).abs() < 1e-9, "{of:?}");
        assert_eq!(stats(&[100.0], &[]).cagr_percent, None);
    }

    #[test]
    fn of_a_few_days_no_growth_by_the_year_is_told() {
        let of = |bars: usize| {
            let mut equity = vec![100.0; bars];
            equity[1] = 90.0;
            equity[bars - 1] = 150.0;
            let of = stats(&equity, &[]);
            (of.return_percent, of.cagr_percent.is_some(), of.calmar.is_some())
        };
        assert_eq!(of(30 * 24), (50.0, false, false));
        assert_eq!(of(30 * 24 + 1), (50.0, true, true));
    }
}
