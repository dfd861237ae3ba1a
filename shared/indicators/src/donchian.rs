use crate::block::{Outs, Scratch};
use crate::period::BadPeriod;
use crate::snapshot::snapshots;
use crate::window::{Highest, Lowest, Window};
use crate::{Bands, Bar, Bars};

/// Donchian's channel: the highest and the lowest price of the last `period` bars, this one included, and their mean. The first comes with bar
/// `period - 1`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Donchian {
    highest: Window<Highest>,
    lowest: Window<Lowest>,
}

impl Donchian {
    /// Over `period` bars, from 2 on.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { highest: Window::new(2, period)?, lowest: Window::new(2, period)? })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<Bands> {
        let (upper, lower) = (self.highest.push(bar.high()), self.lowest.push(bar.low()));
        upper.zip(lower).map(|(upper, lower)| Bands { upper, middle: 0.5 * (upper + lower), lower })
    }

    /// As one update after the other, for a block: upper, middle and lower line, NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, [upper, middle, lower]: Outs<'_, 3>, scratch: &mut Scratch) {
        let [one, other, ..] = scratch;
        self.highest.fill(bars.high().values(), upper, [one, other]);
        self.lowest.fill(bars.low().values(), lower, [one, other]);
        for ((upper, middle), lower) in upper.iter().zip(middle).zip(lower) {
            *middle = 0.5 * (*upper + *lower);
        }
    }
}

snapshots!("donchian", Donchian, [], [highest, lowest]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extremes_of_the_last_bars() {
        let mut donchian = Donchian::new(2).unwrap();
        let bar = |high, low| Bar::new(low, high, low, high, 0.0).unwrap();
        let all = [(5.0, 3.0), (4.0, 2.0), (4.5, 3.5)].map(|(high, low)| donchian.update(&bar(high, low)));
        let bands = |upper, middle, lower| Some(Bands { upper, middle, lower });
        assert_eq!(all, [None, bands(5.0, 3.5, 2.0), bands(4.5, 3.25, 2.0)]);
    }
}
