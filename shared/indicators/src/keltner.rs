use crate::block::Outs;
use crate::period::{BadPeriod, at_least};
use crate::smoothing::Smoothing;
use crate::snapshot::snapshots;
use crate::{Atr, Bands, Bar, Bars, Width};

/// Keltner's channel as TA-Lib has it: the exponential average of the typical price, (high + low + close) / 3, and as many average true ranges
/// above and below. Each average begins just before the first bar that has both, which is the later of bar `period - 1` and bar `ranges`,
/// counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Keltner {
    middle: Smoothing,
    /// How many bars the average of prices still leaves out.
    prices_left_out: u32,
    atr: Atr,
    /// How many bars the average of ranges still leaves out.
    ranges_left_out: u32,
    width: f64,
}

impl Keltner {
    /// With the average of `period` prices, from 2 on, and of `ranges` true ranges, from 1 on; 20, 10 and [`Width::TWO`] are usual.
    ///
    /// # Errors
    /// A period that is shorter than that, or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32, ranges: u32, width: Width) -> Result<Self, BadPeriod> {
        let middle = Smoothing::exponential(at_least(2, period)?);
        let (atr, prices) = (Atr::new(ranges)?, period - 1);
        let (prices_left_out, ranges_left_out) = (ranges.saturating_sub(prices), prices.saturating_sub(ranges));
        Ok(Self { middle, prices_left_out, atr, ranges_left_out, width: width.get() })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<Bands> {
        let middle = if has_begun(&mut self.prices_left_out) { self.middle.push(bar.typical()) } else { None };
        let range = if has_begun(&mut self.ranges_left_out) { self.atr.update(bar) } else { None };
        let (middle, apart) = (middle?, range? * self.width);
        Some(Bands { upper: middle + apart, middle, lower: middle - apart })
    }

    /// As one update after the other, for a block: upper, middle and lower line, NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, [upper, middle, lower]: Outs<'_, 3>) {
        for (((bar, upper), middle), lower) in bars.each().zip(upper).zip(middle).zip(lower) {
            let value = self.update(&bar);
            (*upper, *middle, *lower) =
                value.map_or((f64::NAN, f64::NAN, f64::NAN), |at| (at.upper, at.middle, at.lower));
        }
    }
}

#[inline]
fn has_begun(left_out: &mut u32) -> bool {
    let has_begun = *left_out == 0;
    *left_out = left_out.saturating_sub(1);
    has_begun
}

snapshots!("keltner", Keltner, [width], [middle, prices_left_out, atr, ranges_left_out]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn average_ranges_about_an_average() {
        let mut keltner = Keltner::new(3, 1, Width::TWO).unwrap();
        let bar = |price: f64| Bar::new(price, price + 1.0, price - 1.0, price, 0.0).unwrap();
        let all = [4.0, 4.0, 7.0].map(|price| keltner.update(&bar(price)));
        assert_eq!(all, [None, None, Some(Bands { upper: 13.0, middle: 5.0, lower: -3.0 })]);
    }
}
