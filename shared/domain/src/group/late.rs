//! What comes late: an order that had ended for its group, and that its venue shows after all.

use super::Position;
use crate::clock::Timestamp;
use crate::ids::OrderId;
use crate::order::{Command, Fact, Order};

impl Position {
    /// The same position with what its venue shows of an order that had ended here; none where no more is shown than is
    /// known, and where the group is settled.
    ///
    /// What the order has traded is the group's, so that stop and take-profit are of it as well. The group has decided without
    /// it: what still rests of it is ended.
    #[must_use]
    pub fn come_late(&self, id: &OrderId, fact: &Fact, now: Timestamp) -> Option<Self> {
        let before = self.order(id).filter(|order| order.status.is_final() && !self.group.is_settled())?;
        let mut position = self.observe(id, fact);
        if position.order(id).is_none_or(|after| tells_no_more(before, after)) {
            return None;
        }
        position.group.attention = Some(format!("order {id} was {} and came late", before.status.as_str()));
        // One that is over stays so.
        Some(position.command(id, &Command::Cancel(now)).unwrap_or(position))
    }

    /// Whether an earlier order for the same entry, that came late, has bought: then this one is wanted no more.
    pub(super) fn is_bought_already(&self, order: &Order) -> bool {
        let is_earlier =
            |other: &&Order| (other.pyramid, other.leg) == (order.pyramid, order.leg) && other.epoch < order.epoch;
        self.entries().filter(is_earlier).any(Order::has_bought)
    }
}

/// One that is over and rests there as well has neither ended nor traded by that: it is told of where it rests.
fn tells_no_more(before: &Order, after: &Order) -> bool {
    let told = |order: &Order| (order.status, order.cumulative, order.triggered);
    told(before) == told(after) && before.fills == after.fills
}
