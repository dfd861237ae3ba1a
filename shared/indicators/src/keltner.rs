use crate::block::{BLOCK, Outs, first};
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
    pub(crate) fn fill(&mut self, bars: Bars<'_>, out: Outs<'_, 3>) {
        let ([mut typical, mut range], count) = ([[0.0; BLOCK]; 2], bars.len());
        for (typical, bar) in typical.iter_mut().zip(bars.each()) {
            *typical = bar.typical();
        }
        let [typical, range] = [&mut typical, &mut range].map(|scratch| first(scratch, count));
        let [upper, middle, lower] = out.map(|out| first(out, count));
        let (none, later) = middle.split_at_mut(left_out(&mut self.prices_left_out, count));
        self.middle.fill(typical.get(none.len()..).unwrap_or_default(), later);
        none.fill(f64::NAN);
        let (none, later) = range.split_at_mut(left_out(&mut self.ranges_left_out, count));
        self.atr.fill(bars.from(none.len()), later);
        none.fill(f64::NAN);
        for (((upper, middle), lower), range) in upper.iter_mut().zip(middle).zip(lower).zip(range) {
            let apart = *range * self.width;
            (*upper, *lower) = (*middle + apart, *middle - apart);
            *middle = if apart.is_nan() { f64::NAN } else { *middle };
        }
    }
}

/// How many of the next bars are left out.
fn left_out(still: &mut u32, bars: usize) -> usize {
    let now = usize::try_from(*still).unwrap_or(usize::MAX).min(bars);
    *still -= u32::try_from(now).unwrap_or(*still);
    now
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
