//! Cash, and what it buys, to the last digit.

use crate::exact::{Exact, Inexact};
use domain::money::{Amount, Price, Quantity, Rate};

/// What there is to begin with, and what trading costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Quote units.
    pub cash: Amount,
    /// Of the notional, at entry and at exit.
    pub fee: Rate,
    /// Base units; sizes are multiples of it.
    pub quantity_step: Quantity,
    /// What prices at the market are multiples of; any price where there is none.
    pub price_tick: Option<Price>,
    /// Quote units that an entry is worth at least, without its fee.
    pub notional_min: Quantity,
    /// How much worse than the open a fill is, as a share of it.
    pub slippage: Rate,
    /// Bars that an order needs on its way, beyond the next open.
    pub latency: u32,
}

/// Terms that cannot be traded on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTerms {
    #[error("cash must be an amount above 0")]
    Cash,
    #[error("quantity_step must be above 0")]
    QuantityStep,
}

/// Cash that buys and sells one position at a time.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    cash: Exact,
    fee: Exact,
    /// What one quote unit of notional costs with its fee.
    on_top: Exact,
    step: Exact,
    tick: Option<Exact>,
    notional_min: Exact,
    slippage: Exact,
}

/// What was bought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bought {
    pub(crate) size: Exact,
    pub(crate) price: Exact,
    pub(crate) fee: Exact,
}

/// What a sale came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sold {
    pub(crate) price: Exact,
    /// Of both sides.
    pub(crate) fees: Exact,
    pub(crate) pnl: Exact,
}

impl Terms {
    /// # Errors
    /// The first of them that cannot be traded on.
    pub fn check(&self) -> Result<(), BadTerms> {
        if self.cash <= Amount::ZERO {
            Err(BadTerms::Cash)
        } else if self.quantity_step.is_zero() {
            Err(BadTerms::QuantityStep)
        } else {
            Ok(())
        }
    }
}

impl Account {
    pub(crate) fn new(terms: &Terms) -> Result<Self, Inexact> {
        let fee = Exact::from(terms.fee.get());
        let on_top = Exact::ONE.plus(fee)?;
        let [cash, step, notional_min, slippage] =
            [terms.cash.get(), terms.quantity_step.get(), terms.notional_min.get(), terms.slippage.get()]
                .map(Exact::from);
        let tick = terms.price_tick.map(|tick| tick.get().into());
        Ok(Self { cash, fee, on_top, step, tick, notional_min, slippage })
    }

    pub(crate) fn cash(&self) -> Exact {
        self.cash
    }

    /// Spends all cash at this open and what it slips: on the largest multiple of the step that it pays for with its fee. None where that is
    /// nothing, or too little.
    pub(crate) fn buy(&mut self, open: f64) -> Result<Option<Bought>, Inexact> {
        let price = self.on_tick(Exact::of(open)?.times(Exact::ONE.plus(self.slippage)?)?, true)?;
        let step_cost = self.step.times(price)?.times(self.on_top)?;
        let size = self.cash.whole_times(step_cost)?.times(self.step)?;
        let notional = size.times(price)?;
        if !size.is_positive() || notional < self.notional_min {
            return Ok(None);
        }
        let bought = Bought { size, price, fee: notional.times(self.fee)? };
        self.cash = self.cash.minus(notional)?.minus(bought.fee)?;
        Ok(Some(bought))
    }

    fn on_tick(&self, price: Exact, up: bool) -> Result<Exact, Inexact> {
        let Some(tick) = self.tick else { return Ok(price) };
        let placed = price.on_grid(tick, up)?;
        Ok(if placed.is_positive() { placed } else { tick })
    }

    /// Sells all that was bought at this open and what it slips.
    pub(crate) fn sell(&mut self, bought: &Bought, open: f64) -> Result<Sold, Inexact> {
        let price = self.on_tick(Exact::of(open)?.times(Exact::ONE.minus(self.slippage)?)?, false)?;
        let notional = bought.size.times(price)?;
        let fee = notional.times(self.fee)?;
        let fees = bought.fee.plus(fee)?;
        self.cash = self.cash.plus(notional)?.minus(fee)?;
        let pnl = bought.size.times(price.minus(bought.price)?)?.minus(fees)?;
        Ok(Sold { price, fees, pnl })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn account(cash: &str, fee: &str, step: &str) -> Account {
        let terms = Terms {
            cash: cash.parse().unwrap(),
            fee: fee.parse().unwrap(),
            quantity_step: step.parse().unwrap(),
            price_tick: None,
            notional_min: Quantity::ZERO,
            slippage: Rate::ZERO,
            latency: 0,
        };
        Account::new(&terms).unwrap()
    }

    #[test]
    fn all_cash_is_spent_to_within_a_step() {
        let check = |cash: &str, fee: &str, step: &str, price: f64, size: f64| {
            let bought = account(cash, fee, step).buy(price).unwrap();
            assert_eq!(bought.map_or(0.0, |bought| bought.size.float()), size, "{cash} {fee} {step} {price}");
        };
        // What divides without a rest is bought whole: in floats 0.3 / 0.1 is less than 3.
        check("0.3", "0", "1", 0.1, 3.0);
        check("1.001", "0.001", "1", 1.0, 1.0);
        check("1.000999999999", "0.001", "1", 1.0, 0.0);
        check("10000", "0.001", "0.00000001", 2505.56, 3.987_136_6);
        check("100", "0", "1", 33.34, 2.0);
        check("100", "0.99", "0.01", 10.0, 5.02);
        check("100", "0", "1000", 10.0, 0.0);
    }

    #[test]
    fn prices_at_the_market_are_on_the_tick_and_too_little_is_not_bought() {
        let account = |tick: &str, least: &str| {
            let terms = Terms {
                cash: "1000".parse().unwrap(),
                fee: Rate::ZERO,
                quantity_step: "0.1".parse().unwrap(),
                price_tick: Some(tick.parse().unwrap()),
                notional_min: least.parse().unwrap(),
                slippage: "0.001".parse().unwrap(),
                latency: 0,
            };
            Account::new(&terms).unwrap()
        };
        let mut fine = account("0.5", "999");
        let bought = fine.buy(99.8).unwrap().unwrap();
        assert_eq!((bought.price.float(), bought.size.float()), (100.0, 10.0));
        assert_eq!(fine.sell(&bought, 110.0).unwrap().price.float(), 109.5);
        assert!(account("0.5", "1000.01").buy(99.8).unwrap().is_none());
        assert_eq!(account("0.5", "0").sell(&bought, 0.2).unwrap().price.float(), 0.5);
    }

    #[test]
    fn terms_say_what_is_wrong_with_them() {
        let terms = |cash: &str, step: &str| Terms {
            cash: cash.parse().unwrap(),
            fee: Rate::ZERO,
            quantity_step: step.parse().unwrap(),
            price_tick: None,
            notional_min: Quantity::ZERO,
            slippage: Rate::ZERO,
            latency: 0,
        };
        assert_eq!(terms("0", "1").check(), Err(BadTerms::Cash));
        assert_eq!(terms("-1", "1").check(), Err(BadTerms::Cash));
        assert_eq!(terms("1", "0").check(), Err(BadTerms::QuantityStep));
        assert_eq!(terms("1", "1").check(), Ok(()));
    }

    proptest! {
        #[test]
        fn a_step_more_would_not_be_paid_for(
            cash in 1_i64..1_000_000_000_000, price in 1_i64..100_000_000, fee in 0_u32..100_000, decimals in 0_u32..9,
        ) {
            let (cash, fee) = (format!("{cash}e-4"), format!("{fee}e-5"));
            let mut account = account(&cash, &fee, &format!("1e-{decimals}"));
            let (before, step, on_top) = (account.cash, account.step, account.on_top);
            let price: f64 = format!("{price}e-3").parse().unwrap();
            let size = account.buy(price).unwrap().map_or(Exact::of(0.0).unwrap(), |bought| bought.size);
            let cost = |size: Exact| size.times(Exact::of(price).unwrap()).unwrap().times(on_top).unwrap();
            prop_assert!(cost(size) <= before);
            prop_assert!(cost(size.plus(step).unwrap()) > before);
            prop_assert_eq!(account.cash, before.minus(cost(size)).unwrap());
        }

        #[test]
        fn profit_is_what_cash_has_grown_by(cash in 1_i64..1_000_000_000, bought in 1_i64..10_000_000, sold in 1_i64..10_000_000, fee in 0_u32..1_000) {
            let mut account = account(&cash.to_string(), &format!("{fee}e-4"), "1e-8");
            let before = account.cash;
            let price = |cents: i64| format!("{cents}e-2").parse::<f64>().unwrap();
            let Some(held) = account.buy(price(bought)).unwrap() else { return Ok(()) };
            let sold = account.sell(&held, price(sold)).unwrap();
            prop_assert_eq!(account.cash.minus(before).unwrap(), sold.pnl);
        }
    }
}
