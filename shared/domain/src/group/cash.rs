//! What a group's fills have done to its account's quote. Coins are paid for whole; of contracts the margin is held back and
//! the profit paid out, as [`Contracts`] says.

use super::Position;
use crate::clock::Timestamp;
use crate::contracts::Contracts;
use crate::ledger::Ledger;
use crate::money::{Amount, Decimal, MoneyError, Price, Quantity};
use crate::order::{Direction, FeeValue, Fill, Order, TradeId};

/// The smallest unit in which quote is kept.
const UNIT: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// What is held of a position, at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valued {
    /// What was paid for it; of contracts the margin behind it.
    pub cost: Amount,
    /// What it would gain if it were sold at the price without a fee; negative for a loss.
    pub open: Amount,
}

impl Position {
    /// What is held of it, at `price`; nothing of a settled one.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn valued(&self, price: Price) -> Result<Valued, MoneyError> {
        if self.group.is_settled() {
            return Ok(Valued { cost: Amount::ZERO, open: Amount::ZERO });
        }
        let ledger = self.ledger()?;
        let held = ledger.held()?;
        let cost = match self.group.market.kind.is_linear() {
            true => self.margin_of(held)?,
            false => self.cost_of(&ledger, held)?,
        };
        Ok(Valued { cost, open: Amount::new(ledger.unrealised(price)?.floor_to(UNIT)?)? })
    }

    /// What stood behind so many contracts, as they were entered; of coins nothing.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn margin_of(&self, quantity: Quantity) -> Result<Amount, MoneyError> {
        let group = &self.group;
        if !group.market.kind.is_linear() {
            return Ok(Amount::ZERO);
        }
        let cost = self.cost_of(&self.ledger()?, quantity)?;
        Contracts { side: group.side, quantity, cost }.margin(group.plan.leverage)
    }

    /// What so many have cost at the average; nothing before the first fill.
    fn cost_of(&self, ledger: &Ledger, quantity: Quantity) -> Result<Amount, MoneyError> {
        let cost = ledger.average().map(|average| (average * quantity.fraction()).ceil_to(UNIT));
        cost.map_or(Ok(Amount::ZERO), |cost| Amount::new(cost?))
    }

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
