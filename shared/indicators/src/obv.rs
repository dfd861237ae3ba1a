use crate::snapshot::snapshots;
use crate::{Bar, Bars};

/// On-balance volume of Granville: the volume of bars that closed higher less that of bars that closed lower, in base. It begins with the first
/// bar's own, as TA-Lib's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Obv {
    close_before: Option<f64>,
    balance: f64,
}

impl Obv {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bar. There is a value from the first on; `None` is never said.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<f64> {
        let close = bar.close();
        let before = self.close_before.replace(close);
        // The very first bar counts as one that has risen: prices are above nothing.
        self.balance += change(before.unwrap_or(0.0), close, bar.volume());
        Some(self.balance)
    }

    /// As one update after the other.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, out: &mut [f64]) {
        let (close, volume) = (bars.close().values(), bars.volume().values());
        let mut before = self.close_before.unwrap_or(0.0);
        let mut balance = self.balance;
        for ((out, close), volume) in out.iter_mut().zip(close).zip(volume) {
            balance += change(before, *close, *volume);
            *out = balance;
            before = *close;
        }
        (self.close_before, self.balance) = (close.last().copied().or(self.close_before), balance);
    }
}

/// The volume as it counts, without a branch: which way a price goes cannot be foreseen.
#[inline]
fn change(before: f64, close: f64, volume: f64) -> f64 {
    f64::from(i8::from(close > before) - i8::from(close < before)) * volume
}

snapshots!("obv", Obv, [], [close_before, balance]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volume_counts_with_the_direction_of_the_close() {
        let mut obv = Obv::new();
        let bar = |close, volume| Bar::new(close, close, close, close, volume).unwrap();
        let bars = [bar(1.0, 5.0), bar(2.0, 3.0), bar(2.0, 9.0), bar(1.0, 4.0)];
        assert_eq!(bars.map(|bar| obv.update(&bar)), [5.0, 8.0, 8.0, 4.0].map(Some));
    }
}
