//! Orders that their venue does not show, though it had accepted them or may have: a person should look at them.

use super::Position;
use crate::clock::Timestamp;
use crate::order::Order;

/// What a mark begins with.
const MARK: &str = "the venue does not show";

impl Position {
    /// The same position with its mark for a person while an order has not been shown for long, and without it once every
    /// order is shown again or has ended.
    #[must_use]
    pub fn marked_unshown(&self, now: Timestamp) -> Self {
        let mut position = self.clone();
        match self.long_unshown(now) {
            Some(order) => {
                let had = if order.unshown_since().is_some() {
                    "which it had accepted"
                } else {
                    "and has not said whether it has it"
                };
                position.group.attention = Some(format!("{MARK} order {}, {had}", order.id));
            }
            None if self.is_marked_unshown() => position.group.attention = None,
            None => {}
        }
        position
    }

    pub fn is_marked_unshown(&self) -> bool {
        self.group.attention.as_ref().is_some_and(|told| told.starts_with(MARK))
    }

    /// The first order that its venue has not shown for long.
    pub fn long_unshown(&self, now: Timestamp) -> Option<&Order> {
        self.orders.iter().find(|order| order.told_unshown_at().is_some_and(|at| at <= now))
    }
}
