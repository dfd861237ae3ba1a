//! What the price of an asset has done after an alert, beside what it does from the same hour of other days on.

use crate::clock::{Millis, Timestamp};
use crate::market::Bar;
use crate::money::{Decimal, Price};
use crate::words::words;
use std::collections::BTreeMap;

/// How long after the alert's block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum After {
    Hour,
    Day,
}

words! {
    After { Hour = "1h", Day = "24h" }
}

/// Days before the alert, each with one change of the same length from the same hour on.
const DAYS: i64 = 30;
const DAYS_MIN: u32 = 10;
const HOUR: Millis = Millis::seconds(3_600);
const DAY: Millis = Millis::seconds(86_400);
/// Of percentages.
const DIGITS: u32 = 4;
/// In percent: a price that was multiplied by ten thousand is another asset's.
const CHANGE_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
/// Percentiles.
const LOW: usize = 10;
const HIGH: usize = 90;

/// Of one alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    pub price: Price,
    /// From the price at the time of the block, in percent.
    pub change: Decimal,
    /// None where no candles of these days are stored.
    pub base: Option<BaseRate>,
}

/// What a price usually does: changes in percent over so long, from one hour of the day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseRate {
    /// How many were seen.
    pub count: u32,
    pub mean: Decimal,
    /// The tenth and the ninetieth percentile, each of them one of the changes (by the nearest rank: of n sorted ones the ⌈p·n/100⌉th;
    /// en.wikipedia.org/wiki/Percentile, read 2026-12-01).
    pub low: Decimal,
    pub high: Decimal,
}

impl After {
    pub fn length(self) -> Millis {
        match self {
            Self::Hour => HOUR,
            Self::Day => DAY,
        }
    }
}

impl Impact {
    /// None where a price is beyond what can be counted.
    pub fn of(before: Price, price: Price, base: Option<BaseRate>) -> Option<Self> {
        Some(Self { price, change: change(before, price)?, base })
    }

    /// Whether the price has moved further than on the days between both percentiles: of 30 days, as by chance 7 changes of 31 do. None where
    /// too few days are known.
    pub fn is_unusual(&self) -> Option<bool> {
        let base = self.base.filter(BaseRate::is_known);
        base.map(|base| self.change < base.low || self.change > base.high)
    }
}

impl BaseRate {
    /// What a price usually does is not known from fewer days.
    pub fn is_known(&self) -> bool {
        self.count >= DAYS_MIN
    }

    /// From this hour on, of the days before: nothing that came after it is known. None without candles.
    pub fn of(at: Timestamp, after: After, hours: &[Bar]) -> Option<Self> {
        let opens: BTreeMap<_, _> = hours.iter().map(|bar| (bar.opens_at, bar.open)).collect();
        let closes: BTreeMap<_, _> = hours.iter().map(|bar| (bar.closes_at, bar.close)).collect();
        let over = |days: i64| {
            let begin = hour_of(at).minus(Millis::new(DAY.get().saturating_mul(days)));
            change(*opens.get(&begin)?, *closes.get(&begin.plus(after.length()))?)
        };
        Self::of_changes((1..=DAYS).filter_map(over).collect())
    }

    /// From when to when its candles open and close.
    pub fn span(at: Timestamp) -> (Timestamp, Timestamp) {
        (hour_of(at).minus(Millis::new(DAY.get().saturating_mul(DAYS))), hour_of(at))
    }

    fn of_changes(mut changes: Vec<Decimal>) -> Option<Self> {
        changes.sort_unstable();
        let count = changes.len();
        let rank = |percent: usize| count.checked_mul(percent)?.div_ceil(100).checked_sub(1);
        let sum = changes.iter().try_fold(Decimal::ZERO, |sum, change| sum.checked_add(*change))?;
        Some(Self {
            count: u32::try_from(count).ok()?,
            mean: sum.checked_div(Decimal::from(count))?.round_dp(DIGITS).normalize(),
            low: *changes.get(rank(LOW)?)?,
            high: *changes.get(rank(HIGH)?)?,
        })
    }
}

fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis().saturating_sub(at.millis().rem_euclid(HOUR.get())))
}

/// In percent; none of what no price does.
fn change(from: Price, to: Price) -> Option<Decimal> {
    let by = to.get().checked_div(from.get())?.checked_sub(Decimal::ONE)?;
    Some(by.checked_mul(Decimal::ONE_HUNDRED)?.round_dp(DIGITS).normalize()).filter(|change| *change <= CHANGE_MAX)
}

/// Of a percentage of ours, which are cut to so much.
pub fn ten_thousandths(percent: Decimal) -> i64 {
    let whole = percent.checked_mul(Decimal::from(10_000)).unwrap_or_default().trunc().normalize();
    i64::try_from(whole.mantissa()).ok().filter(|_| whole.scale() == 0).unwrap_or_default()
}
