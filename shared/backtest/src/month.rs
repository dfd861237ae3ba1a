//! Returns by the month.

use crate::day::{DAY_MS, day};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use strategies::Candle;

/// What one month has brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    pub year: i16,
    /// From 1.
    pub month: i8,
    /// Quote units at its end.
    pub equity: f64,
    /// By the equity at the end of the month before; of the first one, by the first equity.
    pub return_percent: f64,
    /// Whether candles cover it from its first day to its last one.
    pub is_whole: bool,
}

/// Each month of the candles, in UTC; candles whose time is beyond the calendar belong to none.
pub fn months(candles: &[Candle], equity: &[f64]) -> Vec<Month> {
    let mut ends = Vec::<(Date, Date, f64)>::new();
    let mut next_day = i64::MIN;
    for (candle, equity) in candles.iter().zip(equity) {
        match ends.last_mut() {
            Some((_, _, last)) if candle.time_ms < next_day => *last = *equity,
            last => {
                let Some(date) = date(candle) else { continue };
                next_day = day(candle.time_ms).saturating_add(1).saturating_mul(DAY_MS);
                match last {
                    Some((_, end, last)) if end.first_of_month() == date.first_of_month() => {
                        (*end, *last) = (date, *equity);
                    }
                    _ => ends.push((date, date, *equity)),
                }
            }
        }
    }
    let mut before = equity.first().copied().unwrap_or(0.0);
    let month = |(begin, end, equity): (Date, Date, f64)| {
        let return_percent = if before > 0.0 { (equity / before - 1.0) * 100.0 } else { 0.0 };
        before = equity;
        let is_whole = begin == begin.first_of_month() && end == end.last_of_month();
        Month { year: begin.year(), month: begin.month(), equity, return_percent, is_whole }
    };
    ends.into_iter().map(month).collect()
}

fn date(candle: &Candle) -> Option<Date> {
    let at = jiff::Timestamp::from_millisecond(candle.time_ms).ok()?;
    Some(at.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::candles;

    #[test]
    fn each_month_is_measured_from_the_end_of_the_one_before() {
        // From 2017-07-01 on, a day a bar.
        let mut days = candles(&[1.0; 93]);
        for (day, candle) in (0_i64..).zip(&mut days) {
            candle.time_ms = 1_498_867_200_000 + day * DAY_MS;
        }
        let equity: Vec<f64> = (0..93)
            .map(|day| {
                if day < 31 {
                    110.0
                } else if day < 62 {
                    99.0
                } else {
                    198.0
                }
            })
            .collect();
        let told: Vec<_> = months(&days, &equity)
            .into_iter()
            .map(|m| (m.year, m.month, m.return_percent.round(), m.is_whole))
            .collect();
        let expected = [(2017, 7, 0.0, true), (2017, 8, -10.0, true), (2017, 9, 100.0, true), (2017, 10, 0.0, false)];
        assert_eq!(told, expected);
        assert_eq!(months(&[], &[]), []);
    }
}
