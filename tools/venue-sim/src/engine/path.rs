//! The way a price goes by itself: scripted, or replayed.

use super::{Candle, Millis};
use domain::money::Price;
use std::collections::VecDeque;

/// Prices to come, with the time of each.
#[derive(Debug, Default)]
pub struct Path(VecDeque<(Millis, Price)>);

impl Path {
    /// Each price so many milliseconds after `start`.
    pub fn scripted(start: Millis, steps: &[(Millis, Price)]) -> Self {
        let mut steps: Vec<_> = steps.iter().map(|(after, price)| (start.saturating_add(*after), *price)).collect();
        steps.sort_by_key(|(at, _)| *at);
        Self(steps.into())
    }

    /// Each candle in `length` milliseconds from `start` on: open, the nearer extreme, the other one, close.
    pub fn replayed(start: Millis, length: Millis, candles: &[Candle]) -> Self {
        let quarter = length.checked_div(4).unwrap_or(0);
        let mut at = start;
        let mut steps = VecDeque::new();
        for candle in candles {
            for price in candle.way() {
                steps.push_back((at, price));
                at = at.saturating_add(quarter);
            }
        }
        Self(steps)
    }

    /// The next price whose time has come.
    pub(super) fn due(&mut self, now: Millis) -> Option<(Millis, Price)> {
        self.0.front().filter(|(at, _)| *at <= now)?;
        self.0.pop_front()
    }

    pub fn steps_left(&self) -> usize {
        self.0.len()
    }
}
