//! What a group's fills have done to its account's quote. Coins are paid for whole; of contracts the margin is held back and
//! the profit paid out, as [`Contracts`] says.

use super::Position;
use crate::clock::Timestamp;
use crate::contracts::Contracts;
use crate::ledger::Ledger;
use crate::money::{Amount, MoneyError};
use crate::order::{Direction, FeeValue, Fill, Order, TradeId};

impl Position {
    /// What the quote balance has gained by its fills; negative while bought.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn cash_flow(&self) -> Result<Amount, MoneyError> {
        if self.group.market.kind.is_linear() { self.free_by(|_| true) } else { self.ledger()?.cash_flow() }
    }

    /// What the quote balance has gained by what was bought after one time and sold after another; negative while
    /// bought. Of contracts the smaller of what either time says: no loss is overlooked, and no profit counted twice.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn cash_flow_after(&self, bought: Timestamp, sold: Timestamp) -> Result<Amount, MoneyError> {
        if self.group.market.kind.is_linear() {
            let all = self.free_by(|_| true)?;
            let after = |time: Timestamp| all.minus(self.free_by(|fill| fill.at <= time)?);
            return Ok(after(bought)?.min(after(sold)?));
        }
        let after = |order: &Order| if order.direction == Direction::Buy { bought } else { sold };
        let orders: Vec<Order> = self.orders.iter().map(|order| order.filled_after(after(order))).collect();
        Ledger::of(&self.group.market.key.symbol, self.group.side, &orders)?.cash_flow()
    }

    /// What is free by these fills of contracts, in the order of the venue's time and its trades' ids.
    fn free_by(&self, counts: impl Fn(&Fill) -> bool) -> Result<Amount, MoneyError> {
        let quote = &self.group.market.key.symbol.quote;
        let (mut held, mut free) = (Contracts::NONE, Amount::ZERO);
        for (_, direction, fill) in self.in_time().into_iter().filter(|(_, _, fill)| counts(fill)) {
            let (after, profit) = held.traded(direction, fill.price, fill.quantity)?;
            let fee = fill.fee.as_ref().filter(|fee| fee.value == FeeValue::Own && fee.asset == *quote);
            free = free.plus(profit)?.minus(fee.map_or(Amount::ZERO, |fee| fee.amount))?;
            held = after;
        }
        free.minus(held.margin(self.group.plan.leverage)?)
    }

    /// Every fill that counts; what a user has declared comes before what the venue tells of the same moment.
    fn in_time(&self) -> Vec<(Option<&TradeId>, Direction, &Fill)> {
        let of = |order: &'_ Order| order.direction;
        let mut fills: Vec<_> = self
            .orders
            .iter()
            .flat_map(|order| order.counted_by_trade().map(move |(trade, fill)| (trade, of(order), fill)))
            .collect();
        fills.sort_by_key(|(trade, _, fill)| (fill.at, *trade));
        fills
    }
}
