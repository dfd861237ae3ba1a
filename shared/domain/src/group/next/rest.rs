//! What should rest at the venue for each slice: its limit, its stop, or both, of which one cancels the other.
//!
//! 1. A stop rests where the market says that its venue keeps such stops, alone or beside a limit, the plan does not say
//!    otherwise, and it waits for a price alone: one that follows or delays is kept by polling.
//! 2. It rests where it would be taken, too: on the bad side of its limit, and of a size that its own price allows.
//! 3. A stop that the venue has refused for its price or size is not sent again at that price and of that size; its limit
//!    rests without it. What was refused for anything else comes again with its stop, later.

use crate::group::Position;
use crate::group::profit::Slice;
use crate::money::{Amount, MoneyError, Price};
use crate::order::{Intent, Order, Purpose};
use crate::preset::OrderKind;

/// One order of ours, as it should be.
#[derive(Debug)]
pub(super) struct Rest {
    slice: Slice,
    kind: OrderKind,
    pub(super) stop: Option<Price>,
}

/// What should rest for these slices. One that trails rests by its stop, or not at all.
pub(super) fn rests(position: &Position, slices: Vec<Slice>) -> Result<Vec<Rest>, MoneyError> {
    let stop = position.stop_at_venue()?;
    let rest = |slice: Slice| {
        let kind = if position.trails(slice.step) { OrderKind::Market } else { OrderKind::Limit(slice.price) };
        let rest = Rest { slice, kind, stop: None };
        let stop = stop.filter(|stop| rest.takes(position, *stop));
        (kind != OrderKind::Market || stop.is_some()).then_some(Rest { stop, ..rest })
    };
    Ok(slices.into_iter().filter_map(rest).collect())
}

pub(super) fn rests_as_wanted(order: &Order, wanted: &[Rest]) -> Result<bool, MoneyError> {
    let Some(rest) = wanted.iter().find(|rest| rest.is_of(order)) else { return Ok(false) };
    Ok(order.remaining()? == rest.slice.quantity && order.kind == rest.kind && order.stop == rest.stop)
}

impl Rest {
    /// Whether the order is the one for this slice.
    pub(super) fn is_of(&self, order: &Order) -> bool {
        let Slice { pyramid, leg, .. } = self.slice;
        (order.pyramid, order.leg, order.purpose) == (pyramid, leg, self.purpose())
    }

    /// The newest order for it.
    pub(super) fn before<'a>(&self, position: &'a Position) -> Option<&'a Order> {
        position.latest_in(self.slice.pyramid, self.slice.leg, self.purpose())
    }

    pub(super) fn intent(&self, position: &Position) -> Intent {
        let Slice { pyramid, leg, quantity, .. } = self.slice;
        let purpose = self.purpose();
        Intent {
            purpose,
            pyramid,
            leg,
            epoch: position.next_epoch_in(pyramid, leg, purpose),
            direction: position.group.side.leaves(),
            kind: self.kind,
            stop: self.stop,
            quantity,
            reserved: Amount::ZERO,
            valid_until: None,
        }
    }

    fn takes(&self, position: &Position, stop: Price) -> bool {
        let refused = |order: &Order| {
            order.is_refused_for_its_stop()
                && order.stop == Some(stop)
                && order.quantity == self.slice.quantity
                && self.is_of(order)
        };
        let kept = position.group.market.stops.may_rest(self.kind != OrderKind::Market);
        let fits = position.group.market.filters.check(self.slice.quantity, stop).is_ok();
        let side = position.group.side;
        let behind = self.kind == OrderKind::Market || !side.has_gained(&stop, &self.slice.price);
        kept && fits && behind && !position.orders.iter().any(refused)
    }

    fn purpose(&self) -> Purpose {
        Purpose::TakeProfit(self.slice.step)
    }
}
