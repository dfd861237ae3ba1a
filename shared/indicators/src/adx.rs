use crate::atr::true_range;
use crate::block::Outs;
use crate::period::{BadPeriod, at_least};
use crate::smoothing::Smoothing;
use crate::snapshot::{held, snapshots};
use crate::{Bar, Bars};

/// Average directional movement index of Wilder (New Concepts in Technical Trading Systems, 1978) with both directional indicators. These
/// come with bar `period`, the index itself with bar `2 * period - 1`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Adx {
    before: Option<Prices>,
    plus: Movement,
    minus: Movement,
    range: Movement,
    index: Smoothing,
    /// The index as it was last: it stays where no direction is to be seen.
    last: Option<f64>,
}

/// What stands at one bar, each from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdxValue {
    /// The directional indicator upwards, +DI.
    pub plus: f64,
    /// The directional indicator downwards, -DI.
    pub minus: f64,
    /// The index; none for the first bars.
    pub adx: Option<f64>,
}

/// What the next bar is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Prices {
    high: f64,
    low: f64,
    close: f64,
}

/// A sum from which Wilder takes one of `period` parts before each addition, once it holds `period - 1` values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Movement {
    missing: u32,
    part: f64,
    sum: f64,
}

impl Movement {
    fn new(period: u32) -> Self {
        Self { missing: period - 1, part: 1.0 / f64::from(period), sum: 0.0 }
    }

    #[inline]
    fn push(&mut self, value: f64) -> Option<f64> {
        if self.missing > 0 {
            self.missing -= 1;
            self.sum += value;
            return None;
        }
        self.sum += value - self.sum * self.part;
        Some(self.sum)
    }
}

impl Adx {
    /// Over `period` bars, from 2 on; 14 is usual.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        let movement = Movement::new(at_least(2, period)?);
        let index = Smoothing::wilder(period);
        let [plus, minus, range] = [movement.clone(), movement.clone(), movement];
        Ok(Self { before: None, plus, minus, range, index, last: None })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<AdxValue> {
        let now = Prices { high: bar.high(), low: bar.low(), close: bar.close() };
        let before = self.before.replace(now)?;
        let (up, down) = directions(&before, &now);
        let (plus, minus) = (self.plus.push(up), self.minus.push(down));
        let range = self.range.push(true_range(now.high, now.low, before.close))?;
        let (plus, minus) = (percent(plus?, range), percent(minus?, range));
        // Of its first values all count, later ones only where there is a direction, as TA-Lib has it.
        let both = plus + minus;
        let has_direction = both >= 1e-14;
        if has_direction || self.last.is_none() {
            let index = if has_direction { 100.0 * ((plus - minus).abs() / both) } else { 0.0 };
            self.last = self.index.push(index);
        }
        Some(AdxValue { plus, minus, adx: self.last })
    }

    /// As [`Self::update`], but none where no price has ever moved: its value there is a convention, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, bar: &Bar) -> Option<AdxValue> {
        self.update(bar).filter(|_| self.range.sum > 0.0)
    }

    /// As one update after the other, for a block: +DI, -DI and the index, NaN where there is none yet.
    pub(crate) fn fill(&mut self, bars: Bars<'_>, [plus, minus, index]: Outs<'_, 3>) {
        let mut own = self.clone();
        for (((bar, plus), minus), index) in bars.each().zip(plus).zip(minus).zip(index) {
            let value = own.update(&bar);
            (*plus, *minus) = value.map_or((f64::NAN, f64::NAN), |at| (at.plus, at.minus));
            *index = value.and_then(|at| at.adx).unwrap_or(f64::NAN);
        }
        *self = own;
    }
}

/// How far the range has moved up, and how far down: the further of both alone.
#[inline]
fn directions(before: &Prices, now: &Prices) -> (f64, f64) {
    let (up, down) = (now.high - before.high, before.low - now.low);
    (if up > down && up > 0.0 { up } else { 0.0 }, if down > up && down > 0.0 { down } else { 0.0 })
}

#[inline]
fn percent(movement: f64, range: f64) -> f64 {
    if range > 0.0 { 100.0 * (movement / range) } else { 0.0 }
}

held!(Prices, [], [high, low, close]);
held!(Movement, [part], [missing, sum], where |movement| movement.sum >= 0.0);
snapshots!("adx", Adx, [], [before, plus, minus, range, index, last]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_rises_has_one_direction() {
        let mut adx = Adx::new(2).unwrap();
        let bar = |at: u32| Bar::new(10.0, 11.0 + f64::from(at), 9.0, 10.0, 0.0).unwrap();
        let all: Vec<_> = (0..4).map(|at| adx.update(&bar(at))).collect();
        // Ranges of 3, 4 and 5 are 5.5 and 7.75 of Wilder's sums; movements of 1 are 1.5 and 1.75.
        let value = |plus, adx| Some(AdxValue { plus, minus: 0.0, adx });
        let expected = [None, None, value(100.0 * (1.5 / 5.5), None), value(100.0 * (1.75 / 7.75), Some(100.0))];
        assert_eq!(all, expected);
    }

    #[test]
    fn without_a_direction_it_stays() {
        let mut adx = Adx::new(2).unwrap();
        let flat = Bar::new(1.0, 1.0, 1.0, 1.0, 0.0).unwrap();
        let last = (0..9).map(|_| adx.update(&flat)).last().unwrap();
        assert_eq!(last, Some(AdxValue { plus: 0.0, minus: 0.0, adx: Some(0.0) }));
        assert_eq!(adx.measure(&flat), None, "nor is one measured");
        let tick = Bar::new(1.0, 1.5, 1.0, 1.0, 0.0).unwrap();
        assert_eq!(adx.measure(&tick), Some(AdxValue { plus: 100.0, minus: 0.0, adx: Some(50.0) }));
    }
}
