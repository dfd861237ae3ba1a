//! What should rest at the venue for each slice: its limit, its stop, or both, of which one cancels the other.
//!
//! 1. A stop rests where the market says that its venue keeps such stops, alone or beside a limit, the plan does not say
//!    otherwise, and it waits for a price alone: one that follows or delays is kept by polling.
//! 2. It rests where it would be taken, too: on the bad side of its limit, and of a size that its own price allows.
//! 3. What is larger than one limit order may be rests in portions, one after another; what a stop would sell at the market in
//!    more than one order waits at no venue: it is kept by polling, and its limit rests without it.
//! 4. A stop that the venue has refused for its price or size is not sent again at that price and of that size; its limit
//!    rests without it. What was refused for anything else comes again with its stop, later.

use crate::group::Position;
use crate::group::profit::Slice;
use crate::money::{Amount, MoneyError, Price, Quantity};
use crate::order::{Intent, Order, Purpose};
use crate::preset::OrderKind;

/// One order of ours, as it should be.
#[derive(Debug)]
pub(super) struct Rest {
    /// All that is to be sold so.
    slice: Slice,
    /// What one order sells of it.
    quantity: Quantity,
    kind: OrderKind,
    pub(super) stop: Option<Price>,
}

/// What should rest for these slices. One that trails rests by its stop, or not at all.
pub(super) fn rests(position: &Position, slices: Vec<Slice>) -> Result<Vec<Rest>, MoneyError> {
    let stop = position.stop_at_venue()?;
    let rest = |slice: Slice| {
        let kind = if position.trails(slice.step) { OrderKind::Market } else { OrderKind::Limit(slice.price) };
        let quantity = position.group.market.filters.portion(slice.quantity, kind)?;
        let rest = Rest { slice, quantity, kind, stop: None };
        let stop = stop.filter(|stop| rest.takes(position, *stop));
        Ok(Rest { stop, ..rest })
    };
    let rests = slices.into_iter().map(rest).collect::<Result<Vec<_>, _>>()?;
    Ok(rests.into_iter().filter(|rest| rest.kind != OrderKind::Market || rest.stop.is_some()).collect())
}

/// One that has sold a part of its own is as it was: it goes on as the portion that it was of more.
pub(super) fn rests_as_wanted(position: &Position, order: &Order, wanted: &[Rest]) -> Result<bool, MoneyError> {
    let Some(rest) = wanted.iter().find(|rest| rest.is_of(order)) else { return Ok(false) };
    let whole = rest.slice.quantity.plus(order.filled()?)?;
    let quantity = position.group.market.filters.portion(whole, rest.kind)?;
    Ok(order.quantity == quantity && order.kind == rest.kind && order.stop == rest.stop)
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
        let Slice { pyramid, leg, .. } = self.slice;
        let purpose = self.purpose();
        Intent {
            purpose,
            pyramid,
            leg,
            epoch: position.next_epoch_in(pyramid, leg, purpose),
            direction: position.group.side.leaves(),
            kind: self.kind,
            stop: self.stop,
            quantity: self.quantity,
            reserved: Amount::ZERO,
            valid_until: None,
        }
    }

    fn takes(&self, position: &Position, stop: Price) -> bool {
        let refused = |order: &Order| {
            order.is_refused_for_its_stop()
                && order.stop == Some(stop)
                && order.quantity == self.quantity
                && self.is_of(order)
        };
        let kept = position.group.market.stops.may_rest(self.kind != OrderKind::Market);
        let filters = &position.group.market.filters;
        let fits = filters.check(self.quantity, stop).is_ok() && filters.check_most(self.quantity, stop, true).is_ok();
        let side = position.group.side;
        let behind = self.kind == OrderKind::Market || !side.has_gained(&stop, &self.slice.price);
        let whole = self.kind != OrderKind::Market || self.quantity == self.slice.quantity;
        kept && whole && fits && behind && !position.orders.iter().any(refused)
    }

    fn purpose(&self) -> Purpose {
        Purpose::TakeProfit(self.slice.step)
    }
}
