use crate::Bar;
use crate::snapshot::snapshots;

const DAY_MS: i64 = 86_400_000;

/// Volume-weighted average price of the UTC day: the mean of the typical prices, (high + low + close) / 3, of its bars so far, each weighted
/// with its volume. It begins anew with the first bar that opens on another day (StockCharts ChartSchool, "VWAP Intraday"; a market that
/// never closes has its session from midnight to midnight, UTC).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vwap {
    /// Days since 1970.
    day: Option<i64>,
    paid: f64,
    traded: f64,
}

impl Vwap {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bar, which opens at `time_ms`, in milliseconds since 1970. None while nothing was traded on the day.
    #[inline]
    pub fn update(&mut self, time_ms: i64, bar: &Bar) -> Option<f64> {
        let day = time_ms.div_euclid(DAY_MS);
        if self.day.replace(day) != Some(day) {
            (self.paid, self.traded) = (0.0, 0.0);
        }
        self.paid += bar.typical() * bar.volume();
        self.traded += bar.volume();
        (self.traded > 0.0).then(|| self.paid / self.traded)
    }
}

snapshots!("vwap", Vwap, [], [day, paid, traded]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_is_weighed_by_itself() {
        let mut vwap = Vwap::new();
        let bar = |price, volume| Bar::new(price, price, price, price, volume).unwrap();
        assert_eq!(vwap.update(0, &bar(3.0, 0.0)), None);
        assert_eq!(vwap.update(1, &bar(3.0, 1.0)), Some(3.0));
        assert_eq!(vwap.update(DAY_MS - 1, &bar(6.0, 2.0)), Some(5.0));
        assert_eq!(vwap.update(DAY_MS, &bar(7.0, 1.0)), Some(7.0));
        assert_eq!(vwap.update(3 * DAY_MS, &bar(7.0, 0.0)), None);
        assert_eq!(Vwap::new().update(-1, &bar(7.0, 1.0)), Some(7.0));
    }
}
