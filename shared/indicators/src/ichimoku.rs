use crate::block::{Outs, Scratch, first};
use crate::period::BadPeriod;
use crate::snapshot::{held, snapshots};
use crate::window::{Highest, Lowest, Window};
use crate::{Bar, Bars};

/// Ichimoku Kinko Hyo of Hosoda (StockCharts ChartSchool, "Ichimoku Cloud"): the middles between the highest and the lowest price of the last
/// bars. All four come with bar `leading - 1`, counted from 0. The lagging line is the close, drawn `base` bars back.
#[derive(Debug, Clone, PartialEq)]
pub struct Ichimoku {
    conversion: Middle,
    base: Middle,
    leading: Middle,
}

/// What is made at one bar, in the unit of the prices. The leading lines are drawn `base` bars ahead: the cloud at a bar is what was said so many
/// bars before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IchimokuValue {
    /// Tenkan-sen.
    pub conversion: f64,
    /// Kijun-sen.
    pub base: f64,
    /// Senkou span A: the mean of conversion and base.
    pub leading_a: f64,
    /// Senkou span B.
    pub leading_b: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Middle {
    highest: Window<Highest>,
    lowest: Window<Lowest>,
}

impl Middle {
    fn new(min: u32, period: u32) -> Result<Self, BadPeriod> {
        Ok(Self { highest: Window::new(min, period)?, lowest: Window::new(min, period)? })
    }

    #[inline]
    fn push(&mut self, bar: &Bar) -> Option<f64> {
        let (highest, lowest) = (self.highest.push(bar.high()), self.lowest.push(bar.low()));
        Some(0.5 * (highest? + lowest?))
    }

    fn fill(&mut self, bars: Bars<'_>, out: &mut [f64], [lowest, one, other, ..]: &mut Scratch) {
        let lowest = first(lowest, bars.len());
        self.highest.fill(bars.high().values(), out, [one, other]);
        self.lowest.fill(bars.low().values(), lowest, [one, other]);
        for (out, lowest) in out.iter_mut().zip(lowest) {
            *out = 0.5 * (*out + *lowest);
        }
    }
}

impl Ichimoku {
    /// Over `conversion` bars, from 1 on, `base` bars, at least as many, and `leading` bars, at least as many again; 9, 26 and 52 are usual.
    ///
    /// # Errors
    /// A period that is shorter than that, or above [`crate::PERIOD_MAX`].
    pub fn new(conversion: u32, base: u32, leading: u32) -> Result<Self, BadPeriod> {
        Ok(Self {
            conversion: Middle::new(1, conversion)?,
            base: Middle::new(conversion, base)?,
            leading: Middle::new(base, leading)?,
        })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<IchimokuValue> {
        let [conversion, base, leading] =
            [&mut self.conversion, &mut self.base, &mut self.leading].map(|of| of.push(bar));
        let (conversion, base, leading_b) = (conversion?, base?, leading?);
        Some(IchimokuValue { conversion, base, leading_a: 0.5 * (conversion + base), leading_b })
    }

    /// As one update after the other, for a block: all four lines, NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, out: Outs<'_, 4>, scratch: &mut Scratch) {
        let [conversion, base, leading_a, leading_b] = out;
        self.conversion.fill(bars, conversion, scratch);
        self.base.fill(bars, base, scratch);
        self.leading.fill(bars, leading_b, scratch);
        for (((conversion, base), leading_a), leading_b) in
            conversion.iter_mut().zip(base).zip(leading_a).zip(leading_b)
        {
            *leading_a = 0.5 * (*conversion + *base);
            if leading_b.is_nan() {
                (*conversion, *base, *leading_a) = (f64::NAN, f64::NAN, f64::NAN);
            }
        }
    }
}

held!(Middle, [], [highest, lowest]);
snapshots!("ichimoku", Ichimoku, [], [conversion, base, leading]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_of_three_windows() {
        let mut ichimoku = Ichimoku::new(1, 2, 3).unwrap();
        let bar = |high, low| Bar::new(low, high, low, high, 0.0).unwrap();
        let all = [(9.0, 1.0), (6.0, 4.0), (8.0, 6.0)].map(|(high, low)| ichimoku.update(&bar(high, low)));
        let expected = IchimokuValue { conversion: 7.0, base: 6.0, leading_a: 6.5, leading_b: 5.0 };
        assert_eq!(all, [None, None, Some(expected)]);
        assert_eq!(Ichimoku::new(9, 26, 25), Err(BadPeriod { period: 25, min: 26 }));
    }
}
