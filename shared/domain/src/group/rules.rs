//! The rules of a group's market: those that it was opened under, and once its venue refuses by others the stricter of both.

use super::Position;
use crate::market::Filters;
use crate::order::Order;

impl Position {
    /// Whether the venue has refused, last of all, to sell something in its size or at its price: its rules may be others by
    /// now.
    pub fn is_refused_by_rules(&self) -> bool {
        let leaves = self.group.side.leaves();
        let is_last =
            |order: &&Order| self.latest_in(order.pyramid, order.leg, order.purpose).is_some_and(|last| last == *order);
        let refused = self.orders.iter().filter(|order| order.direction == leaves && order.is_refused_by_rules());
        !self.group.is_settled() && refused.filter(is_last).count() > 0
    }

    /// The same position under rules that its market has now, where they are stricter: none becomes laxer by them.
    #[must_use]
    pub fn under_rules(&self, now: Filters) -> Self {
        let mut position = self.clone();
        position.group.market.filters = self.group.market.filters.stricter(now);
        position.with(position.orders.clone())
    }
}
