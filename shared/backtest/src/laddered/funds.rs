//! What there is, and what trading moves of it.
//!
//! 1. Coins are paid for whole. Contracts take a margin, which stays part of what there is, and pay their profit as they are
//!    closed: they are those of [`domain::contracts`], as on paper.
//! 2. A position that has lost its margin is gone, and nothing more is lost by it.

use super::mirror::{price as money_price, quantity as money_quantity};
use crate::exact::{Exact, Inexact};
use domain::alert::Side;
use domain::contracts::Contracts;
use domain::ladder::LadderPlan;
use domain::market::Leverage;
use domain::money::{Amount, MoneyError};
use domain::order::Direction;

#[derive(Debug)]
pub(super) struct Funds {
    cash: Exact,
    fee: Exact,
    /// None where coins are traded.
    lent: Option<Lent>,
}

#[derive(Debug, Clone, Copy)]
struct Lent {
    leverage: Leverage,
    held: Contracts,
}

impl Funds {
    pub(super) fn new(plan: &LadderPlan, cash: Amount) -> Self {
        let lent = plan.margin.map(|leverage| Lent { leverage, held: Contracts::NONE });
        Self { cash: cash.get().into(), fee: plan.fee.get().into(), lent }
    }

    /// What an entry can ask for while nothing is held.
    pub(super) fn free(&self) -> Exact {
        self.cash
    }

    /// Trades, and says the fee.
    pub(super) fn trade(&mut self, direction: Direction, price: Exact, quantity: Exact) -> Result<Exact, Inexact> {
        let worth = price.times(quantity)?;
        let fee = worth.times(self.fee)?;
        let brought = match (&mut self.lent, direction) {
            (Some(lent), _) => {
                let traded = lent.held.traded(direction, money_price(price)?, money_quantity(quantity)?);
                let (held, profit) = traded.map_err(inexact)?;
                lent.held = held;
                Exact::from(profit.get())
            }
            (None, Direction::Buy) => Exact::ZERO.minus(worth)?,
            (None, Direction::Sell) => worth,
        };
        self.cash = self.cash.plus(brought)?.minus(fee)?;
        Ok(fee)
    }

    /// Whether all of the margin is lost at this price.
    pub(super) fn is_gone(&self, price: Exact) -> Result<bool, Inexact> {
        let Some(Lent { leverage, held }) = self.lent.filter(|lent| !lent.held.quantity.is_zero()) else {
            return Ok(false);
        };
        let profit = held.profit_at(money_price(price)?);
        let left = held.margin(leverage).and_then(|margin| margin.plus(profit?)).map_err(inexact)?;
        Ok(left <= Amount::ZERO)
    }

    /// The venue closes the position, whose margin is lost. Says what it was worth then.
    pub(super) fn lose(&mut self) -> Result<Exact, Inexact> {
        let Some(lent) = &mut self.lent else { return Ok(Exact::ZERO) };
        let (side, cost) = (lent.held.side, Exact::from(lent.held.cost.get()));
        let margin = Exact::from(lent.held.margin(lent.leverage).map_err(inexact)?.get());
        lent.held = Contracts::NONE;
        self.cash = self.cash.minus(margin)?;
        match side {
            Side::Long => cost.minus(margin),
            Side::Short => cost.plus(margin),
        }
    }

    /// Pays a rate of what is held: a long pays, a short is paid, and the other way round where the rate is negative. Says
    /// what was paid.
    pub(super) fn fund(&mut self, rate: Exact, price: Exact) -> Result<Exact, Inexact> {
        let Some(Lent { held, .. }) = self.lent else { return Ok(Exact::ZERO) };
        let worth = price.times(held.quantity.get().into())?;
        let paid = worth.times(rate)?;
        let paid = match held.side {
            Side::Long => paid,
            Side::Short => Exact::ZERO.minus(paid)?,
        };
        self.cash = self.cash.minus(paid)?;
        Ok(paid)
    }

    /// With so much held, at this price.
    pub(super) fn equity(&self, held: f64, close: f64) -> f64 {
        let cash = self.cash.float();
        let Some(lent) = &self.lent else { return cash + held * close };
        let cost = Exact::from(lent.held.cost.get()).float();
        match lent.held.side {
            Side::Long => cash + (held * close - cost),
            Side::Short => cash + (cost - held * close),
        }
    }
}

fn inexact(_: MoneyError) -> Inexact {
    Inexact
}
