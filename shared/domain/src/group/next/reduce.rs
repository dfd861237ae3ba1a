//! Partial exits: take-profits that lock the coins are taken back first, then the share is sold at the market,
//! in as many orders as the market's maximum makes of it.

use super::{Asked, Step, decide};
use crate::group::Reduction;
use crate::money::{Amount, MoneyError, Quantity};
use crate::order::{Intent, Order, Purpose, Status};
use crate::preset::OrderKind;

impl Asked<'_> {
    /// The order of a partial exit that is under way, whatever else is wanted.
    pub(super) fn reducing(&self) -> Option<&Order> {
        self.position.reducing().find(|order| !order.status.is_final())
    }

    pub(super) fn go_on_reducing(&self, order: &Order) -> Result<Option<Step>, MoneyError> {
        if order.status == Status::Planned { self.sell(order).map(Some) } else { Ok(None) }
    }

    /// Nothing is sold before every take-profit has come to its end: what that has sold is not there any more.
    pub(super) fn reduce(&self, reduction: &Reduction, left: Quantity) -> Result<Option<Step>, MoneyError> {
        let position = self.position;
        let purpose = Purpose::Reduce(reduction.number);
        let before = position.latest_of(0, purpose);
        if before.is_some_and(|order| position.backs_off(order, self.now)) {
            return Ok(None);
        }
        let resting = || self.take_profits().filter(|order| order.status.is_resting());
        if let Some(step) =
            resting().find_map(|order| self.take_back(order, "take-profit makes room for a partial exit"))
        {
            return Ok(Some(step));
        }
        if self.take_profits().any(|order| !order.status.is_final()) {
            return Ok(None);
        }
        for order in &position.orders {
            if !order.is_counted()? {
                return Ok(None);
            }
        }
        let quantity = left.min(position.sellable()?);
        let intent = Intent {
            purpose,
            pyramid: position.pyramid(),
            leg: 0,
            epoch: position.next_epoch(0, purpose),
            direction: position.group.side.leaves(),
            kind: OrderKind::Market,
            stop: None,
            quantity: position.portion(quantity)?,
            reserved: Amount::ZERO,
            valid_until: None,
        };
        Ok(Some(decide(position.plan(self.deployment, &intent, self.now), "partial exit")))
    }
}
