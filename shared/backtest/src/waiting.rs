//! What was said and is not yet carried out.

use std::collections::VecDeque;
use strategies::Action;

/// Orders on their way, the oldest first.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// Bars from the close at which it was said to the open at which it is carried out.
    bars: usize,
    orders: VecDeque<(usize, Action)>,
}

impl Waiting {
    pub(crate) fn new(latency: u32) -> Self {
        let bars = usize::try_from(latency).unwrap_or(usize::MAX).saturating_add(1);
        Self { bars, orders: VecDeque::new() }
    }

    /// At the close of this bar.
    pub(crate) fn say(&mut self, bar: usize, action: Action) {
        if action != Action::Hold {
            self.orders.push_back((bar.saturating_add(self.bars), action));
        }
    }

    /// What is carried out at the open of this bar.
    pub(crate) fn due(&mut self, bar: usize) -> Option<Action> {
        let (_, action) = *self.orders.front().filter(|(due, _)| *due == bar)?;
        self.orders.pop_front();
        Some(action)
    }
}
