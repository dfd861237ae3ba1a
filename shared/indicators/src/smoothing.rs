//! Exponential smoothing that begins with a plain mean, for averages and for Wilder's.
use crate::snapshot::held;

/// `average + weight * (value - average)`; the first average is the mean of the first values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Smoothing {
    /// How many of the first values have come, at most all of them.
    seen: u32,
    period: u32,
    weight: f64,
    /// The sum of the first values until there are enough, then the average.
    average: f64,
}

impl Smoothing {
    /// With a weight of 2 / (n + 1).
    pub(crate) fn exponential(period: u32) -> Self {
        Self::of(period, 2.0 / (f64::from(period) + 1.0))
    }

    /// With Wilder's weight of 1 / n.
    pub(crate) fn wilder(period: u32) -> Self {
        Self::of(period, 1.0 / f64::from(period))
    }

    fn of(period: u32, weight: f64) -> Self {
        Self { seen: 0, period, weight, average: 0.0 }
    }

    /// Takes the next value, and says the average once there is one.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        if self.seen == self.period {
            // Equal values leave it as it is, to the bit.
            self.average += self.weight * (value - self.average);
            return Some(self.average);
        }
        self.begin(value)
    }

    /// Whether it may be one of values of which none is negative.
    pub(crate) fn is_no_loss(&self) -> bool {
        self.average >= 0.0
    }

    fn begin(&mut self, value: f64) -> Option<f64> {
        self.seen += 1;
        self.average += value;
        if self.seen < self.period {
            return None;
        }
        self.average /= f64::from(self.period);
        Some(self.average)
    }
}

held!(Smoothing, [period, weight], [seen, average], where |smoothing| smoothing.seen <= smoothing.period);
