use crate::block::{Scratch, first};
use crate::period::BadPeriod;
use crate::rsi::share;
use crate::snapshot::snapshots;
use crate::stochastic::is_flat;
use crate::window::{Sum, Window};
use crate::{Bar, Bars};

/// Money flow index of Quong and Soudack: of what was paid for in the last bars, typical price times volume, the part that was paid while the
/// typical price rose, from 0 to 100. It is 0 where nothing was, as TA-Lib's. The first comes with bar `period`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Mfi {
    before: Option<f64>,
    risen: Window<Sum>,
    fallen: Window<Sum>,
}

impl Mfi {
    /// Over `period` changes, from 2 on; 14 is usual.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { before: None, risen: Window::new(2, period)?, fallen: Window::new(2, period)? })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<f64> {
        let typical = bar.typical();
        let before = self.before.replace(typical)?;
        let (risen, fallen) = flow(before, typical, bar.volume());
        let (risen, fallen) = (self.risen.push(risen), self.fallen.push(fallen));
        Some(share(risen?, fallen?))
    }

    /// As [`Self::update`], but none where nothing was paid in the window while the price moved: its value there is a convention, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, bar: &Bar) -> Option<f64> {
        self.update(bar).filter(|_| self.risen.now() > Some(0.0) || self.fallen.now() > Some(0.0))
    }

    /// As one update after the other, for a block; NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, out: &mut [f64], scratch: &mut Scratch) {
        let [risen, fallen, up, down, one, other] = scratch;
        let mut count = 0;
        for ((bar, risen), fallen) in bars.each().zip(&mut *risen).zip(&mut *fallen) {
            let typical = bar.typical();
            let Some(before) = self.before.replace(typical) else { continue };
            (*risen, *fallen) = flow(before, typical, bar.volume());
            count += 1;
        }
        // With the very first bar there is no change.
        let none = bars.len() - count;
        let [up, down] = [up, down].map(|scratch| first(scratch, count));
        self.risen.fill(risen.get(none..bars.len()).unwrap_or_default(), up, [one, other]);
        self.fallen.fill(fallen.get(none..bars.len()).unwrap_or_default(), down, [one, other]);
        let (none, out) = out.split_at_mut(none);
        none.fill(f64::NAN);
        for ((out, up), down) in out.iter_mut().zip(up).zip(down) {
            *out = share(*up, *down);
        }
    }
}

/// What was paid while the price rose, and while it fell; without a branch, since neither can be foreseen.
#[inline]
pub(crate) fn flow(before: f64, typical: f64, volume: f64) -> (f64, f64) {
    let paid = if is_flat(before, typical) { 0.0 } else { typical * volume };
    let risen = paid * f64::from(u8::from(typical > before));
    (risen, paid - risen)
}

snapshots!("mfi", Mfi, [], [before, risen, fallen]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_paid_while_prices_rose() {
        let mut mfi = Mfi::new(2).unwrap();
        let bar = |price, volume| Bar::new(price, price, price, price, volume).unwrap();
        let bars = [bar(2.0, 9.0), bar(3.0, 1.0), bar(1.0, 9.0), bar(1.0, 5.0), bar(1.0, 5.0), bar(2.0, 3.0)];
        let expected = [None, None, Some(25.0), Some(0.0), Some(0.0), Some(100.0)];
        assert_eq!(bars.map(|bar| mfi.update(&bar)), expected);
    }

    #[test]
    fn where_nothing_was_paid_nothing_is_measured() {
        let mut mfi = Mfi::new(2).unwrap();
        let bar = |price, volume| Bar::new(price, price, price, price, volume).unwrap();
        let bars = [bar(1.0, 9.0), bar(1.0, 9.0), bar(2.0, 0.0), bar(3.0, 1.0), bar(3.0, 1.0), bar(3.0, 1.0)];
        assert_eq!(bars.map(|bar| mfi.measure(&bar)), [None, None, None, Some(100.0), Some(100.0), None]);
    }
}
