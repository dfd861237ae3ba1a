use crate::bar::is_usable;
use crate::block::{Outs, Scratch, first};
use crate::period::{BadPeriod, at_least};
use crate::smoothing::{Smoothing, fill_all};
use crate::snapshot::snapshots;
use crate::wide::wide;

/// Relative strength index of Wilder (New Concepts in Technical Trading Systems, 1978): 100 · gain / (gain + loss) of smoothed changes, from
/// 0 to 100. It is 0 where no price has ever moved, as TA-Lib's. The first comes with value `period`, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Rsi {
    before: Option<f64>,
    gain: Smoothing,
    loss: Smoothing,
}

impl Rsi {
    /// Over `period` changes, from 2 on.
    ///
    /// # Errors
    /// A period below 2 or above [`crate::PERIOD_MAX`].
    pub fn new(period: u32) -> Result<Self, BadPeriod> {
        let smoothing = Smoothing::wilder(at_least(2, period)?);
        Ok(Self { before: None, gain: smoothing.clone(), loss: smoothing })
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
        Some(share(gain?, loss?))
    }

    /// As [`Self::update`], but none where nothing has ever been gained or lost: its value there is a convention, and no line that anything crosses.
    #[inline]
    pub fn measure(&mut self, value: f64) -> Option<f64> {
        self.update(value).filter(|_| self.gain.now() + self.loss.now() > 0.0)
    }

    /// The last value, and the averages of gains and losses.
    pub(crate) fn parts(&mut self) -> (&mut Option<f64>, [&mut Smoothing; 2]) {
        (&mut self.before, [&mut self.gain, &mut self.loss])
    }

    /// As one update after the other, for a block; NaN where there is none yet.
    pub(crate) fn fill(&mut self, values: &[f64], out: &mut [f64], scratch: &mut Scratch) {
        let [gains, losses, gain, loss, ..] = scratch;
        let bars = changes(&mut self.before, values, [gains, losses]);
        let [gains, losses, gain, loss] = [gains, losses, gain, loss].map(|of| first(of, bars));
        fill_all([&mut self.gain, &mut self.loss], [gains, losses], [gain, loss]);
        let (none, out) = out.split_at_mut(out.len() - bars);
        none.fill(f64::NAN);
        fill_shares(gain, loss, out);
    }
}

/// The gain in a hundred of both, of each.
pub(crate) fn fill_shares(gains: &[f64], losses: &[f64], out: &mut [f64]) {
    wide(
        #[inline(always)]
        || {
            for ((out, gain), loss) in out.iter_mut().zip(gains).zip(losses) {
                *out = share(*gain, *loss);
            }
        },
    );
}

/// A change as what was gained and what was lost.
#[inline(always)]
pub(crate) fn split(change: f64) -> (f64, f64) {
    let gain = if change > 0.0 { change } else { 0.0 };
    (gain, gain - change)
}

/// What was gained and lost with each value; with the very first there is no change. Says how many changes there are.
pub(crate) fn changes(before: &mut Option<f64>, values: &[f64], [gains, losses]: Outs<'_, 2>) -> usize {
    let (Some(one), Some(last)) = (values.first(), values.last()) else { return 0 };
    let first = before.replace(*last).map(|before| split(one - before));
    let known = usize::from(first.is_some());
    let ((first_gain, gains), (first_loss, losses)) = (gains.split_at_mut(known), losses.split_at_mut(known));
    let (gain, loss) = first.unwrap_or_default();
    first_gain.fill(gain);
    first_loss.fill(loss);
    let later = values.get(1..).unwrap_or_default();
    wide(
        #[inline(always)]
        || {
            for (((value, before), gain), loss) in later.iter().zip(values).zip(gains).zip(losses) {
                (*gain, *loss) = split(value - before);
            }
        },
    );
    later.len() + known
}

/// The gain in a hundred of both.
#[inline(always)]
pub(crate) fn share(gain: f64, loss: f64) -> f64 {
    let both = gain + loss;
    let share = 100.0 * (gain / both);
    if both == 0.0 { 0.0 } else { share }
}

snapshots!("rsi", Rsi, [], [before, gain, loss], where |rsi| rsi.gain.is_no_loss() && rsi.loss.is_no_loss());

#[cfg(test)]
mod tests {
    use super::*;

    fn last(values: impl IntoIterator<Item = f64>) -> Option<f64> {
        let mut rsi = Rsi::new(2).unwrap();
        values.into_iter().map(|value| rsi.update(value)).last().unwrap()
    }

    #[test]
    fn gains_in_a_hundred_of_what_moved() {
        assert_eq!(last([1.0, 2.0]), None);
        assert_eq!(last([1.0, 2.0, 1.0]), Some(50.0));
        assert_eq!(last([1.0, 2.0, 1.0, 2.5]), Some(80.0));
        assert_eq!(last([3.0, 2.0, 1.0]), Some(0.0));
        assert_eq!(last([1.0, 2.0, 3.0]), Some(100.0));
        assert_eq!(last([1.0; 9]), Some(0.0));
    }

    #[test]
    fn where_nothing_has_moved_nothing_is_measured() {
        let mut rsi = Rsi::new(2).unwrap();
        let measured = [1.0, 1.0, 1.0, 1.0, 1.5, 1.5, 1.0].map(|value| rsi.measure(value));
        assert_eq!(measured, [None, None, None, None, Some(100.0), Some(100.0), Some(20.0)]);
    }

    #[test]
    fn what_is_no_number_changes_nothing() {
        let mut rsi = Rsi::new(2).unwrap();
        for value in [1.0, 2.0, 1.0] {
            rsi.update(value);
        }
        let before = rsi.clone();
        assert_eq!((rsi.update(f64::NAN), rsi.update(f64::NEG_INFINITY)), (None, None));
        assert_eq!(rsi, before);
    }
}
