use crate::block::Outs;
use crate::period::{BadPeriod, at_least};
use crate::snapshot::{held, snapshots};
use crate::{Atr, Bar, Bars, Width};

/// Supertrend of Seban, as TA-Lib has it: a band of average true ranges about the middle of each bar that moves only towards the price, until a
/// close beyond it turns the trend. It begins upwards, with bar `period`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Supertrend {
    atr: Atr,
    width: f64,
    trend: Option<Trend>,
}

/// What stands at one bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SupertrendValue {
    /// The lower band while the trend is up, the upper one while it is down, in the unit of the prices.
    pub line: f64,
    pub is_up: bool,
}

/// Where the bands are, and what the next bar is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Trend {
    upper: f64,
    lower: f64,
    close: f64,
    is_up: bool,
}

impl Supertrend {
    /// With the average of `period` true ranges, from 2 on; 10 and [`Width::THREE`] are usual.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32, width: Width) -> Result<Self, BadPeriod> {
        Ok(Self { atr: Atr::new(at_least(2, period)?)?, width: width.get(), trend: None })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<SupertrendValue> {
        let apart = self.width * self.atr.update(bar)?;
        let middle = 0.5 * (bar.high() + bar.low());
        let trend = next(self.trend.as_ref(), middle + apart, middle - apart, bar.close());
        self.trend = Some(trend);
        Some(SupertrendValue { line: if trend.is_up { trend.lower } else { trend.upper }, is_up: trend.is_up })
    }

    /// As one update after the other, for a block: the line, NaN where there is none yet, and 1 while the trend is up.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, [line, direction]: Outs<'_, 2>) {
        let mut own = self.clone();
        for ((bar, line), direction) in bars.each().zip(line).zip(direction) {
            let value = own.update(&bar);
            (*line, *direction) = value.map_or((f64::NAN, 0.0), |at| (at.line, if at.is_up { 1.0 } else { 0.0 }));
        }
        *self = own;
    }
}

#[inline]
fn next(before: Option<&Trend>, upper: f64, lower: f64, close: f64) -> Trend {
    let Some(before) = before else { return Trend { upper, lower, close, is_up: true } };
    // Without a branch where none can be foreseen.
    let upper = if (upper < before.upper) | (before.close > before.upper) { upper } else { before.upper };
    let lower = if (lower > before.lower) | (before.close < before.lower) { lower } else { before.lower };
    let is_up = (before.is_up & (close >= lower)) | (!before.is_up & (close > upper));
    Trend { upper, lower, close, is_up }
}

held!(Trend, [], [upper, lower, close, is_up]);
snapshots!("supertrend", Supertrend, [width], [atr, trend]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_beyond_the_band_turns_the_trend() {
        let mut supertrend = Supertrend::new(2, Width::new(1.0).unwrap()).unwrap();
        let bar = |price: f64| Bar::new(price, price + 1.0, price - 1.0, price, 0.0).unwrap();
        let up: Vec<_> = [10.0, 10.0, 10.0, 11.0, 5.0, 4.0, 12.0].map(|price| supertrend.update(&bar(price))).into();
        let trend: Vec<_> = up.iter().map(|value| value.map(|value| value.is_up)).collect();
        let expected = [None, None, Some(true), Some(true), Some(false), Some(false), Some(true)];
        assert_eq!(trend, expected, "{up:?}");
        assert_eq!((up[2].unwrap().line, up[3].unwrap().line), (8.0, 9.0));
    }
}
