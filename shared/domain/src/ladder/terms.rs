//! What differs between a long and a short: which way prices, fees and rounding go.

use super::field::BadField;
use super::number::{Number, Positive, Ratio, Rounding};
use super::request::LadderPlan;
use crate::alert::Side;
use crate::market::{FilterFailure, Filters, Maxima};
use crate::money::{Percent, Quantity, Rate};
use std::cmp::Ordering;

/// What one entry may be at most.
#[derive(Debug)]
struct Most {
    limit: Option<Number>,
    market: Option<Number>,
    notional: Option<Number>,
}

/// A plan's market and side, ready to reckon with.
#[derive(Debug)]
pub(super) struct Terms {
    side: Side,
    tick: Positive,
    lot: Positive,
    quantity_min: Number,
    notional_min: Number,
    most: Most,
    /// What an entry is multiplied by for its fee.
    pub(super) entry_fee: Number,
    /// What an entry has cost for each quote that it was worth.
    paid: Number,
    /// What is held of a base unit that was bought.
    pub(super) kept: Number,
    /// What an exit is multiplied by for its fee.
    pub(super) exit_fee: Positive,
}

impl Terms {
    pub(super) fn of(plan: &LadderPlan) -> Result<Self, BadField> {
        let terms = Self::new(&plan.filters, plan.fee, plan.side)?;
        Ok(if plan.fee_in_base && plan.side == Side::Long { terms.paying_in_base(plan.fee) } else { terms })
    }

    pub(super) fn new(filters: &Filters, fee: Rate, side: Side) -> Result<Self, BadField> {
        let positive =
            |value: Number, field| Positive::of(value).ok_or_else(|| BadField::new(field, "must be above 0"));
        let fee = Number::from(fee.get());
        let (on_top, after) = (Number::ONE.plus(&fee), Number::ONE.minus(&fee));
        let (entry_fee, exit_fee) = match side {
            Side::Long => (on_top, after),
            Side::Short => (after, on_top),
        };
        let (paid, kept) = (entry_fee.clone(), Number::ONE);
        Ok(Self {
            side,
            paid,
            kept,
            tick: positive(Number::from(filters.price_tick.get()), "market.price_tick")?,
            lot: positive(Number::from(filters.quantity_step.get()), "market.quantity_step")?,
            quantity_min: Number::from(filters.quantity_min.get()),
            notional_min: Number::from(filters.notional_min.get()),
            most: Most::of(&filters.most),
            entry_fee,
            exit_fee: Positive::of(exit_fee).ok_or_else(|| BadField::new("fee_rate", "must be from 0 to below 1"))?,
        })
    }

    /// The same where what is bought arrives without its fee.
    fn paying_in_base(self, fee: Rate) -> Self {
        Self { paid: Number::ONE, kept: Number::ONE.minus(&Number::from(fee.get())), ..self }
    }

    /// What so much has cost at this price, once it is filled.
    pub(super) fn paid(&self, price: &Number, quantity: &Number) -> Number {
        price.times(quantity).times(&self.paid)
    }

    /// What can be sold of so much: whole steps of it.
    pub(super) fn sellable(&self, held: &Number) -> Number {
        self.quantity(&held.clone().over(Positive::ONE))
    }

    /// `value` less what is lost on the way from the entry, in percent: lower for a long, higher for a short.
    pub(super) fn worse(&self, value: &Number, percent: &Number) -> Number {
        match self.side {
            Side::Long => value.minus(percent),
            Side::Short => value.plus(percent),
        }
    }

    /// The other way.
    pub(super) fn better(&self, value: &Number, percent: &Number) -> Number {
        match self.side {
            Side::Long => value.plus(percent),
            Side::Short => value.minus(percent),
        }
    }

    /// An entry's price on the grid, and a stop's: down for a long, up for a short.
    pub(super) fn entry_price(&self, exact: &Ratio) -> Number {
        let rounding = match self.side {
            Side::Long => Rounding::Down,
            Side::Short => Rounding::Up,
        };
        exact.rounded(&self.tick, rounding)
    }

    /// A take-profit's price on the grid: up for a long, down for a short.
    pub(super) fn exit_price(&self, exact: &Ratio) -> Number {
        match self.side {
            Side::Long => exact.rounded(&self.tick, Rounding::Up),
            Side::Short => exact.rounded(&self.tick, Rounding::Down),
        }
    }

    pub(super) fn quantity(&self, exact: &Ratio) -> Number {
        exact.rounded(&self.lot, Rounding::Down)
    }

    /// Where all is left with the loss of `percent` from the base price.
    pub(super) fn stop_price(&self, base_price: &Number, percent: Percent) -> Number {
        self.stop_price_over(base_price, &Positive::ONE, percent)
    }

    /// The same from `volume` for each of `quantity`.
    pub(super) fn stop_price_over(&self, volume: &Number, quantity: &Positive, percent: Percent) -> Number {
        let left = self.worse(&Number::HUNDRED, &Number::from(percent.get()));
        self.entry_price(&volume.times(&left).percent().over(quantity.clone()))
    }

    /// Where `quantity` brings what was paid for it and `percent` more, after the fee of the exit.
    pub(super) fn gaining(&self, volume: &Number, quantity: &Positive, percent: &Number) -> Number {
        let wanted = volume.times(&self.better(&Number::HUNDRED, percent)).percent();
        self.exit_price(&wanted.over(quantity.times(&self.exit_fee)))
    }

    /// The order in which a price that moves in favour of the position comes by these two.
    pub(super) fn by_nearness(&self, one: &Number, other: &Number) -> Ordering {
        match self.side {
            Side::Long => one.cmp(other),
            Side::Short => other.cmp(one),
        }
    }

    /// Whether a price that moves against the position comes by `price` before it comes to `stop`.
    pub(super) fn is_before(&self, price: &Number, stop: &Number) -> bool {
        match self.side {
            Side::Long => price > stop,
            Side::Short => price < stop,
        }
    }

    /// What is lost by one base unit that was entered at `price` and left at `stop`, with both fees.
    pub(super) fn loss(&self, price: &Number, stop: &Number) -> Number {
        let (entered, left) = (price.times(&self.entry_fee), stop.times(self.exit_fee.number()));
        match self.side {
            Side::Long => entered.minus(&left),
            Side::Short => left.minus(&entered),
        }
    }

    /// # Errors
    /// The first rule of the market that an entry breaks: too little or too much.
    pub(super) fn check_entry(&self, price: &Number, quantity: &Number, at_market: bool) -> Result<(), FilterFailure> {
        self.check(price, quantity)?;
        let is_above = |value: &Number, most: &Option<Number>| most.as_ref().is_some_and(|most| value > most);
        let Most { limit, market, notional } = &self.most;
        if is_above(quantity, if at_market { market } else { limit }) {
            Err(FilterFailure::AboveQuantityMax)
        } else if !at_market && is_above(&price.times(quantity), notional) {
            Err(FilterFailure::AboveNotionalMax)
        } else {
            Ok(())
        }
    }

    /// Too much for one sell is no failure: it is sold in several.
    ///
    /// # Errors
    /// The first rule of the market that an order is too little for.
    pub(super) fn check(&self, price: &Number, quantity: &Number) -> Result<(), FilterFailure> {
        if !price.is_positive() {
            Err(FilterFailure::PriceNotPositive)
        } else if quantity.is_zero() {
            Err(FilterFailure::QuantityZero)
        } else if *quantity < self.quantity_min {
            Err(FilterFailure::BelowQuantityMin)
        } else if price.times(quantity) < self.notional_min {
            Err(FilterFailure::BelowNotionalMin)
        } else {
            Ok(())
        }
    }

    /// The number that a rule is about, which an entry at the market or a limit order breaks.
    pub(super) fn bound(&self, rule: FilterFailure, at_market: bool) -> Number {
        let Most { limit, market, notional } = &self.most;
        let told = |most: &Option<Number>| most.clone().unwrap_or(Number::ZERO);
        match rule {
            FilterFailure::PriceNotPositive | FilterFailure::OffPriceTick => self.tick.number().clone(),
            FilterFailure::QuantityZero | FilterFailure::OffQuantityStep => self.lot.number().clone(),
            FilterFailure::BelowQuantityMin => self.quantity_min.clone(),
            FilterFailure::BelowNotionalMin => self.notional_min.clone(),
            FilterFailure::AboveQuantityMax => told(if at_market { market } else { limit }),
            FilterFailure::AboveNotionalMax => told(notional),
        }
    }
}

impl Most {
    fn of(most: &Maxima) -> Self {
        let number = |most: Option<Quantity>| most.map(|most| Number::from(most.get()));
        Self { limit: number(most.limit), market: number(most.market), notional: number(most.notional) }
    }
}
