//! Cash, and what it buys, to the last digit.

use crate::exact::{Exact, Inexact};
use domain::account::AccountLimits;
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
    /// Base units of an entry, at least and at most; what all cash would buy beyond is not bought.
    pub quantity_min: Quantity,
    pub quantity_max: Option<Quantity>,
    /// Quote units that an entry is worth at least, without its fee.
    pub notional_min: Quantity,
    /// How much worse than the open a fill is, as a share of it.
    pub slippage: Rate,
    /// Bars that an order needs on its way, beyond the next open.
    pub latency: u32,
    pub limits: Option<AccountLimits>,
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
    quantity_min: Exact,
    quantity_max: Option<Exact>,
    notional_min: Exact,
    slippage: Exact,
}

/// What would be bought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    size: Exact,
    price: Exact,
    pub(crate) notional: Exact,
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
        let [cash, step, quantity_min, notional_min, slippage] = [
            terms.cash.get(),
            terms.quantity_step.get(),
            terms.quantity_min.get(),
            terms.notional_min.get(),
            terms.slippage.get(),
        ]
        .map(Exact::from);
        let tick = terms.price_tick.map(|tick| tick.get().into());
        let quantity_max = terms.quantity_max.map(|most| Exact::from(most.get()).on_grid(step, false)).transpose()?;
        Ok(Self { cash, fee, on_top, step, tick, quantity_min, quantity_max, notional_min, slippage })
    }

    pub(crate) fn cash(&self) -> Exact {
        self.cash
    }

    /// What all cash buys at this open and what it slips: the largest multiple of the step that it pays for with its fee, and that one order
    /// may be. None where that is nothing, or too little.
    pub(crate) fn offer(&self, open: f64) -> Result<Option<Offer>, Inexact> {
        let price = self.on_tick(Exact::of(open)?.times(Exact::ONE.plus(self.slippage)?)?, true)?;
        let step_cost = self.step.times(price)?.times(self.on_top)?;
        let paid_for = self.cash.whole_times(step_cost)?.times(self.step)?;
        let size = self.quantity_max.map_or(paid_for, |most| paid_for.least(most));
        let notional = size.times(price)?;
        let is_enough = size.is_positive() && size >= self.quantity_min && notional >= self.notional_min;
        Ok(is_enough.then_some(Offer { size, price, notional }))
    }

    pub(crate) fn buy(&mut self, offer: Offer) -> Result<Bought, Inexact> {
        let Offer { size, price, notional } = offer;
        let bought = Bought { size, price, fee: notional.times(self.fee)? };
        self.cash = self.cash.minus(notional)?.minus(bought.fee)?;
        Ok(bought)
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
    use crate::testing::terms;
    use proptest::prelude::*;

    fn account(cash: &str, fee: &str, step: &str) -> Account {
        Account::new(&terms(cash, fee, step)).unwrap()
    }

    fn bought(account: &mut Account, open: f64) -> Option<Bought> {
        let offer = account.offer(open).unwrap()?;
        Some(account.buy(offer).unwrap())
    }

    #[test]
    fn all_cash_is_spent_to_within_a_step() {
        let check = |cash: &str, fee: &str, step: &str, price: f64, size: f64| {
            let bought = bought(&mut account(cash, fee, step), price);
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
                price_tick: Some(tick.parse().unwrap()),
                notional_min: least.parse().unwrap(),
                slippage: "0.001".parse().unwrap(),
                ..terms("1000", "0", "0.1")
            };
            Account::new(&terms).unwrap()
        };
        let mut fine = account("0.5", "999");
        let bought = bought(&mut fine, 99.8).unwrap();
        assert_eq!((bought.price.float(), bought.size.float()), (100.0, 10.0));
        assert_eq!(fine.sell(&bought, 110.0).unwrap().price.float(), 109.5);
        assert!(account("0.5", "1000.01").offer(99.8).unwrap().is_none());
        assert_eq!(account("0.5", "0").sell(&bought, 0.2).unwrap().price.float(), 0.5);
    }

    #[test]
    fn no_more_is_bought_than_one_order_may_be_and_no_less_than_it_must() {
        let size = |least: &str, most: Option<&str>| {
            let (quantity_min, quantity_max) = (least.parse().unwrap(), most.map(|most| most.parse().unwrap()));
            let terms = Terms { quantity_min, quantity_max, ..terms("1000", "0", "0.1") };
            bought(&mut Account::new(&terms).unwrap(), 100.0).map(|bought| bought.size.float())
        };
        assert_eq!([size("10", None), size("10.1", None)], [Some(10.0), None]);
        assert_eq!(
            [size("0", Some("3.25")), size("3.2", Some("3.25")), size("3.25", Some("3.25"))],
            [Some(3.2), Some(3.2), None]
        );
    }

    #[test]
    fn terms_say_what_is_wrong_with_them() {
        let terms = |cash: &str, step: &str| terms(cash, "0", step);
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
            let size = bought(&mut account, price).map_or(Exact::of(0.0).unwrap(), |bought| bought.size);
            let cost = |size: Exact| size.times(Exact::of(price).unwrap()).unwrap().times(on_top).unwrap();
            prop_assert!(cost(size) <= before);
            prop_assert!(cost(size.plus(step).unwrap()) > before);
            prop_assert_eq!(account.cash, before.minus(cost(size)).unwrap());
        }

        #[test]
        fn profit_is_what_cash_has_grown_by(cash in 1_i64..1_000_000_000, entered in 1_i64..10_000_000, sold in 1_i64..10_000_000, fee in 0_u32..1_000) {
            let mut account = account(&cash.to_string(), &format!("{fee}e-4"), "1e-8");
            let before = account.cash;
            let price = |cents: i64| format!("{cents}e-2").parse::<f64>().unwrap();
            let Some(held) = bought(&mut account, price(entered)) else { return Ok(()) };
            let sold = account.sell(&held, price(sold)).unwrap();
            prop_assert_eq!(account.cash.minus(before).unwrap(), sold.pnl);
        }
    }
}
