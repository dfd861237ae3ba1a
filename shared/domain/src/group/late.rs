//! What comes late: an order that had ended for its group, and that its venue shows after all.

use super::Position;
use crate::clock::Timestamp;
use crate::ids::OrderId;
use crate::order::{Command, Fact, Order};

impl Position {
    /// The same position with what its venue shows of an order that had ended here; none where no more is shown than is
    /// known, and where the group is settled. `shown_before` is whether a look that is as far back as its reads lag has shown it, too.
    ///
    /// What the order has traded is the group's, so that stop and take-profit are of it as well. The group has decided without
    /// it: what still rests of it is ended, also where it was over by the venue's own word.
    #[must_use]
    pub fn come_late(&self, id: &OrderId, fact: &Fact, shown_before: bool, now: Timestamp) -> Option<Self> {
        let before = self.order(id).filter(|order| order.status.is_final() && !self.group.is_settled())?;
        let mut position = match before.found_resting(fact, shown_before) {
            Some(there) => self.with_order(&there),
            None => self.observe(id, fact),
        };
        if position.order(id).is_none_or(|after| tells_no_more(before, after)) {
            return None;
        }
        position.group.attention = Some(format!("order {id} was {} and came late", before.status.as_str()));
        // One that is over stays so.
        Some(position.command(id, &Command::Cancel(now)).unwrap_or(position))
    }

    /// An order that had ended before, and rests at the venue after all: it is being cancelled.
    pub fn surplus_since<'a>(&'a self, before: &Self) -> Option<&'a Order> {
        let was_over = |order: &Order| before.order(&order.id).is_some_and(|was| was.status.is_final());
        self.orders.iter().find(|order| order.status.is_resting() && order.cancel_wanted.is_some() && was_over(order))
    }

    fn with_order(&self, order: &Order) -> Self {
        let one = |known: &Order| if known.id == order.id { order.clone() } else { known.clone() };
        self.with(self.orders.iter().map(one).collect())
    }

    /// Whether an earlier order for the same entry, that came late, has bought: then this one is wanted no more.
    pub(super) fn is_bought_already(&self, order: &Order) -> bool {
        let is_earlier =
            |other: &&Order| (other.pyramid, other.leg) == (order.pyramid, order.leg) && other.epoch < order.epoch;
        self.entries().filter(is_earlier).any(Order::has_bought)
    }
}

/// One that is over and is shown as resting in one list alone has neither ended nor traded by that: the list may be late.
fn tells_no_more(before: &Order, after: &Order) -> bool {
    let told = |order: &Order| (order.status, order.cumulative, order.triggered);
    told(before) == told(after) && before.fills == after.fills
}
