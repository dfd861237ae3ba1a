//! How much of what is to be sold one order at the market sells.

use super::Position;
use crate::market::{Filters, Maxima};
use crate::money::{Fraction, MoneyError, Quantity};
use crate::order::Order;
use crate::preset::OrderKind;

impl Position {
    /// As much as the market takes at once, and no more than half of what the venue has refused as too much: a group keeps
    /// the market that it was opened on, whose maxima may have come down since, or were not known.
    pub(super) fn portion(&self, quantity: Quantity) -> Result<Quantity, MoneyError> {
        let filters = self.group.market.filters;
        let refused = self.orders.iter().filter(|order| self.was_too_much(order)).map(|order| order.quantity).min();
        let Some(refused) = refused else { return filters.portion(quantity, OrderKind::Market) };
        let half = refused.fraction().over(&Fraction::whole(2)).ok_or(MoneyError::NotANumber)?;
        let half = filters.quantity_down(&half)?.max(filters.quantity_min);
        let market = filters.most.market.into_iter().chain([half]).min();
        Filters { most: Maxima { market, ..filters.most }, ..filters }.portion(quantity, OrderKind::Market)
    }

    /// Whether the venue has refused to sell so much at once, and less of it can be asked for without a wait.
    pub(super) fn may_sell_less(&self, order: &Order) -> Result<bool, MoneyError> {
        Ok(self.was_too_much(order) && self.portion(order.quantity)? < order.quantity)
    }

    fn was_too_much(&self, order: &Order) -> bool {
        let at_market = order.kind == OrderKind::Market && order.stop.is_none();
        at_market && order.direction == self.group.side.leaves() && order.is_refused_as_too_much()
    }
}
