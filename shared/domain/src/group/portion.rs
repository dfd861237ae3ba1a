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
        let refused = self.orders.iter().map(|order| Ok(self.was_too_much(order)?.then_some(order.quantity)));
        let refused = refused.collect::<Result<Vec<_>, MoneyError>>()?.into_iter().flatten().min();
        let Some(refused) = refused else { return filters.portion(quantity, OrderKind::Market) };
        let half = refused.fraction().over(&Fraction::whole(2)).ok_or(MoneyError::NotANumber)?;
        let half = filters.quantity_down(&half)?.max(filters.quantity_min);
        let market = filters.most.market.into_iter().chain([half]).min();
        Filters { most: Maxima { market, ..filters.most }, ..filters }.portion(quantity, OrderKind::Market)
    }

    /// Whether the venue has refused to sell so much at once, and less of it can be asked for without a wait.
    pub(super) fn may_sell_less(&self, order: &Order) -> Result<bool, MoneyError> {
        Ok(self.was_too_much(order)? && self.portion(order.quantity)? < order.quantity)
    }

    /// The venue has refused to sell so little: more than that is worth another try. Of what has cost much, that word alone is
    /// not believed: it may mean that so much was too much (Binance's `NOTIONAL` is either), or be wrong. It is believed once
    /// the least that may be sold was refused as well.
    pub(super) fn is_refused_dust(&self, order: &Order, sellable: Quantity) -> Result<bool, MoneyError> {
        if !order.is_refused_as_too_little() {
            return Ok(false);
        }
        if self.has_cost_much()? { Ok(!self.may_sell_less(order)?) } else { Ok(sellable <= order.quantity) }
    }

    fn was_too_much(&self, order: &Order) -> Result<bool, MoneyError> {
        let at_market = order.kind == OrderKind::Market && order.stop.is_none();
        let sells = at_market && order.direction == self.group.side.leaves();
        Ok(sells && (order.is_refused_as_too_much() || (order.is_refused_as_too_little() && self.has_cost_much()?)))
    }

    /// What is left to be sold has cost so many times the least that the market takes that only a collapse makes it dust.
    fn has_cost_much(&self) -> Result<bool, MoneyError> {
        const TIMES: i64 = 100;
        let Some(average) = self.ledger()?.average() else { return Ok(false) };
        let least = self.group.market.filters.notional_min.fraction() * Fraction::whole(TIMES);
        Ok(self.sellable()?.fraction() * average > least)
    }
}
