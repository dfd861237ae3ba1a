use crate::bar::is_usable;
use crate::period::{BadPeriod, at_least};
use crate::smoothing::Smoothing;
use crate::snapshot::snapshots;

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
}

/// A change as what was gained and what was lost.
#[inline]
pub(crate) fn split(change: f64) -> (f64, f64) {
    let gain = if change > 0.0 { change } else { 0.0 };
    (gain, gain - change)
}

/// The gain in a hundred of both.
#[inline]
pub(crate) fn share(gain: f64, loss: f64) -> f64 {
    let both = gain + loss;
    if both > 0.0 { 100.0 * (gain / both) } else { 0.0 }
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
