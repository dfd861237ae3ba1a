use crate::bar::is_usable;
use crate::block::{Scratch, first};
use crate::period::BadPeriod;
use crate::rsi::{changes, split};
use crate::snapshot::snapshots;
use crate::wide::wide;
use crate::window::{Sum, Window};

/// Relative strength index over plain means, as the specification's RSI Cross strategy has it (`spec/003`): 100 - 100 / (1 + mean gain / mean
/// loss) of the last `period` changes, and 100 where nothing was lost, flat prices included. The first comes with value `period`,
/// counted from 0; the specification's neutral 50 before that is left to whoever asks.
#[derive(Debug, Clone, PartialEq)]
pub struct SimpleRsi {
    before: Option<f64>,
    gain: Window<Sum>,
    loss: Window<Sum>,
}

impl SimpleRsi {
    /// Over `period` changes, from 1 on.
    ///
    /// # Errors
    /// A period of none or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        let window = Window::new(1, period)?;
        Ok(Self { before: None, gain: window.clone(), loss: window })
    }

    /// Takes the next value, a close for most. What is not finite changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        if !is_usable(value) {
            return None;
        }
        let change = value - self.before.replace(value)?;
        let (gain, loss) = split(change);
        let (gain, loss) = (self.gain.push(gain), self.loss.push(loss));
        Some(strength(gain?, loss?))
    }

    /// As [`Self::update`], but none where nothing was gained or lost in the window: its value there is a convention, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, value: f64) -> Option<f64> {
        self.update(value).filter(|_| self.gain.now() > Some(0.0) || self.loss.now() > Some(0.0))
    }

    /// As one update after the other, for a block; NaN where there is none yet.
    pub(crate) fn fill(&mut self, values: &[f64], out: &mut [f64], scratch: &mut Scratch) {
        let [gains, losses, gain, loss, one, other] = scratch;
        let bars = changes(&mut self.before, values, [gains, losses]);
        let [gains, losses, gain, loss] = [gains, losses, gain, loss].map(|of| first(of, bars));
        self.gain.fill(gains, gain, [one, other]);
        self.loss.fill(losses, loss, [one, other]);
        let (none, out) = out.split_at_mut(out.len() - bars);
        none.fill(f64::NAN);
        fill_strengths(gain, loss, out);
    }
}

/// [`strength`] of each.
fn fill_strengths(gains: &[f64], losses: &[f64], out: &mut [f64]) {
    wide(
        #[inline(always)]
        || {
            for ((out, gain), loss) in out.iter_mut().zip(gains).zip(losses) {
                *out = strength(*gain, *loss);
            }
        },
    );
}

/// 100 - 100 / (1 + gain / loss) with one division. Of sums as of means: what they are divided by is the same.
#[inline(always)]
fn strength(gain: f64, loss: f64) -> f64 {
    let share = 100.0 * (gain / (gain + loss));
    if loss == 0.0 { 100.0 } else { share }
}

snapshots!("simple_rsi", SimpleRsi, [], [before, gain, loss]);

#[cfg(test)]
mod tests {
    use super::*;

    fn last(values: impl IntoIterator<Item = f64>) -> Option<f64> {
        let mut rsi = SimpleRsi::new(2).unwrap();
        values.into_iter().map(|value| rsi.update(value)).last().unwrap()
    }

    #[test]
    fn only_the_last_changes_count() {
        assert_eq!(last([1.0, 2.0]), None);
        assert_eq!(last([9.0, 1.0, 2.0, 1.0]), Some(50.0));
        assert_eq!(last([9.0, 5.0, 6.0, 3.0]), Some(25.0));
        assert_eq!(last([3.0, 2.0, 1.0]), Some(0.0));
    }

    #[test]
    fn where_nothing_has_moved_nothing_is_measured() {
        let mut rsi = SimpleRsi::new(2).unwrap();
        let measured = [5.0, 1.0, 1.0, 1.0, 2.0, 1.0].map(|value| rsi.measure(value));
        assert_eq!(measured, [None, None, Some(0.0), None, Some(100.0), Some(50.0)]);
    }

    #[test]
    fn without_a_loss_it_is_100() {
        assert_eq!(last([1.0, 2.0, 3.0]), Some(100.0));
        assert_eq!(last([5.0, 1.0, 1.0, 1.0]), Some(100.0));
    }
}
