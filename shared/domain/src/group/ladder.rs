//! The legs of a live group: a plan that follows from what the base order really cost, of which few are orders at a time.

use super::Position;
use crate::ladder::Dialect;
use crate::market::{FilterFailure, Filters, Market};
use crate::money::{Amount, Decimal, Fraction, MoneyError, Price, Quantity};
use crate::order::{Order, Purpose, Status, is_worth_another};
use crate::preset::SafetyOrders;

/// One entry behind the base order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// From 1; part of the order's id.
    pub level: u32,
    pub price: Price,
    pub quantity: Quantity,
    /// Quote that is held for it, with its fee.
    pub reserve: Amount,
}

/// A leg that the market would not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadLeg {
    pub level: u32,
    pub failure: FilterFailure,
}

impl SafetyOrders {
    /// All legs behind a base order that cost this much for one base unit, its fee included.
    ///
    /// # Errors
    /// `Inexact` where a size has more digits than can be kept. A leg that the market would not take stands in its
    /// place.
    pub fn legs(&self, base: &Fraction, market: &Market) -> Result<Vec<Result<Leg, BadLeg>>, MoneyError> {
        let mut step = self.deviation.share();
        let (mut left, mut last) = (Fraction::whole(1), base.clone());
        let mut legs = Vec::with_capacity(usize::try_from(self.count).unwrap_or_default());
        for (size, level) in self.sizes().zip(1..) {
            left = left - step.clone();
            let exact = match self.dialect {
                Dialect::Additive => base.clone() * left.clone(),
                Dialect::Compounding => last * (Fraction::whole(1) - step.clone()),
            };
            let price = market.filters.price_down(&exact).ok();
            last = price.map_or_else(|| Fraction::whole(0), |price| price.fraction());
            let failed = |failure| Err(BadLeg { level, failure });
            legs.push(match price {
                Some(price) => self.sized(level, price, &size, market)?,
                None => failed(FilterFailure::PriceNotPositive),
            });
            step = step * self.step_scale.fraction();
        }
        Ok(legs)
    }

    fn sized(
        &self,
        level: u32,
        price: Price,
        size: &Fraction,
        market: &Market,
    ) -> Result<Result<Leg, BadLeg>, MoneyError> {
        let quantity = quantity(&market.filters, size, price)?;
        let reserve = reserve(size, market)?;
        let checked = market.filters.check(quantity, price);
        Ok(checked.map(|()| Leg { level, price, quantity, reserve }).map_err(|failure| BadLeg { level, failure }))
    }

    /// Quote of each order, without fees and before it is put on the market's grid.
    fn sizes(&self) -> impl Iterator<Item = Fraction> + '_ {
        let mut size = self.quote.fraction();
        (0..self.count).map(move |_| {
            let next = size.clone() * self.volume_scale.fraction();
            std::mem::replace(&mut size, next)
        })
    }

    /// Quote of all orders together, without fees.
    ///
    /// # Errors
    /// `Inexact` where it cannot be kept.
    pub fn quote_of_all(&self) -> Result<Amount, MoneyError> {
        quote_up(&self.sizes().fold(Fraction::whole(0), |sum, size| sum + size))
    }
}

/// Of a part: each has a ladder of its own.
impl Position {
    /// The legs that follow from what the base order has cost; none before it has ended with a fill.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub(super) fn legs(&self) -> Result<Vec<Leg>, MoneyError> {
        let Some(ladder) = self.group.plan.ladder else { return Ok(Vec::new()) };
        let Some(base) = self.base_ledger()?.average() else { return Ok(Vec::new()) };
        Ok(ladder.legs(&base, &self.group.market)?.into_iter().filter_map(Result::ok).collect())
    }

    /// Whether no more legs become orders: the base order was not filled whole, or a leg was taken back or refused. What
    /// stands deeper is not bought in the place of what was not.
    pub(super) fn ladder_is_over(&self) -> bool {
        self.entries().any(|order| match order.leg {
            0 => order.status.is_final() && order.status != Status::Filled && order.counted().next().is_some(),
            _ => order.cancel_wanted.is_some() || (order.status.is_final() && !is_filled_or_another(self, order)),
        })
    }

    /// Quote that is held for legs which are no orders yet. A group that is left arms none.
    ///
    /// # Errors
    /// `Inexact` where a size cannot be kept.
    pub fn ahead(&self) -> Result<Amount, MoneyError> {
        let parts = self.numbers().into_iter().map(|number| self.part(number).ahead_of_one());
        parts.into_iter().try_fold(Amount::ZERO, |sum, ahead| sum.plus(ahead?))
    }

    fn ahead_of_one(&self) -> Result<Amount, MoneyError> {
        let Some(ladder) = self.group.plan.ladder else { return Ok(Amount::ZERO) };
        if self.group.exit.is_some() || self.group.is_settled() || self.ladder_is_over() {
            return Ok(Amount::ZERO);
        }
        let waits = |level: &u32| !self.entries().any(|order| order.leg == *level);
        let sizes = ladder.sizes().zip(1..).filter(|(_, level)| waits(level));
        sizes.map(|(size, _)| reserve(&size, &self.group.market)).try_fold(Amount::ZERO, |sum, one| sum.plus(one?))
    }
}

/// A leg that was not placed through no fault of its own becomes another order.
fn is_filled_or_another(position: &Position, order: &Order) -> bool {
    let newer = position.latest_of(order.leg, Purpose::Entry).is_some_and(|latest| latest.epoch > order.epoch);
    order.status == Status::Filled || newer || is_worth_another(order)
}

/// Quote that is held for an order of this cost, with its fee.
pub(super) fn reserve(cost: &Fraction, market: &Market) -> Result<Amount, MoneyError> {
    quote_up(&(cost.clone() * market.fee.on_top()))
}

fn quantity(filters: &Filters, size: &Fraction, price: Price) -> Result<Quantity, MoneyError> {
    filters.quantity_down(&size.clone().over(&price.fraction()).ok_or(MoneyError::NotANumber)?)
}

/// Rounded up to eight decimals: a reservation is never too small.
pub(super) fn quote_up(value: &Fraction) -> Result<Amount, MoneyError> {
    Amount::new(value.ceil_to(Decimal::new(1, 8))?)
}
