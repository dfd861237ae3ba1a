//! What a group's fills add up to: average, sellable, profit and loss. Only fills count, never plans.
//!
//! The words are those of a long. Of a short they stand in a mirror: what it has bought it has sold short, for what it was
//! paid after fees, and what it has sold it has bought back, for what that has cost with fees.

use crate::alert::Side;
use crate::market::{Asset, Filters, Symbol};
use crate::money::{Amount, Decimal, Fraction, MoneyError, Price, Quantity};
use crate::order::{Direction, FeeValue, Order};
use std::collections::BTreeMap;

/// The cash flow of a group, in base and quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    pub side: Side,
    /// Base received from buys, after fees taken in base.
    pub bought: Quantity,
    /// Base given in sells, with fees taken in base.
    pub sold: Quantity,
    /// Base that sells still at work may take: all of what is not final, in doubt or not.
    pub committed: Quantity,
    /// Quote paid for buys, with fees taken in quote and the worth of those taken in a third asset.
    pub paid: Amount,
    /// Quote received from sells, after fees taken in quote and the worth of those taken in a third asset.
    pub received: Amount,
    /// What the fees in a third asset were worth, each in the minute of its fill. The quote balance never had them.
    pub third: Amount,
    /// Fees in a third asset that nobody could value: they count nothing in what was paid and received.
    pub unvalued: BTreeMap<Asset, Amount>,
    /// All fees, by the asset in which they were taken.
    pub fees: BTreeMap<Asset, Amount>,
}

impl Ledger {
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn of<'a>(
        symbol: &Symbol,
        side: Side,
        orders: impl IntoIterator<Item = &'a Order>,
    ) -> Result<Self, MoneyError> {
        let mut ledger = Self::nothing(side);
        for order in orders {
            ledger.add(symbol, order)?;
        }
        Ok(ledger)
    }

    fn nothing(side: Side) -> Self {
        let (none, base, fees) = (Amount::ZERO, Quantity::ZERO, BTreeMap::new());
        let (bought, sold, committed, paid, received, third) = (base, base, base, none, none, none);
        Self { side, bought, sold, committed, paid, received, third, unvalued: fees.clone(), fees }
    }

    fn add(&mut self, symbol: &Symbol, order: &Order) -> Result<(), MoneyError> {
        let (mut base_fees, mut quote_fees, mut value, mut known) =
            (Amount::ZERO, Amount::ZERO, Amount::ZERO, Quantity::ZERO);
        let mut third = Amount::ZERO;
        for fill in order.counted() {
            value = value.plus(fill.price.times(fill.quantity)?)?;
            known = known.plus(fill.quantity)?;
            let Some(fee) = &fill.fee else { continue };
            let total = self.fees.entry(fee.asset.clone()).or_insert(Amount::ZERO);
            *total = total.plus(fee.amount)?;
            if fee.asset == symbol.base {
                base_fees = base_fees.plus(fee.amount)?;
            } else if fee.asset == symbol.quote {
                quote_fees = quote_fees.plus(fee.amount)?;
            } else if let Some(worth) = fee.worth() {
                third = third.plus(worth)?;
            } else if fee.value == FeeValue::Unvalued {
                let total = self.unvalued.entry(fee.asset.clone()).or_insert(Amount::ZERO);
                *total = total.plus(fee.amount)?;
            }
        }
        // A rebate is a fee that is less than nothing.
        let rebate = Quantity::new(base_fees.get().min(Decimal::ZERO).abs())?;
        let base_fees = Quantity::new(base_fees.get().max(Decimal::ZERO))?;
        let fees = quote_fees.plus(third)?;
        self.third = self.third.plus(third)?;
        let with_fees = match order.direction {
            Direction::Buy => value.plus(fees)?,
            Direction::Sell => value.minus(fees)?,
        };
        if order.direction == self.side.enters() {
            self.bought = self.bought.plus(known.plus(rebate)?.minus(base_fees)?)?;
            self.paid = self.paid.plus(with_fees)?;
        } else {
            self.sold = self.sold.plus(order.filled()?.plus(base_fees)?.minus(rebate)?)?;
            self.committed = self.committed.plus(order.remaining()?)?;
            self.received = self.received.plus(with_fees)?;
        }
        Ok(())
    }

    /// Base that is still there.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn held(&self) -> Result<Quantity, MoneyError> {
        self.bought.minus(self.sold)
    }

    /// What a new closing order may sell: held, less what other sells may still take, floored to the step.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn sellable(&self, filters: &Filters) -> Result<Quantity, MoneyError> {
        filters.quantity_down(&self.held()?.minus(self.committed)?.fraction())
    }

    /// Quote paid with fees, for one base unit received; none before the first fill.
    pub fn average(&self) -> Option<Fraction> {
        self.paid.fraction().over(&self.bought.fraction())
    }

    /// Profit of what was sold, after all fees, at the average price.
    pub fn realised(&self) -> Fraction {
        let cost = self.average().map_or_else(|| Fraction::whole(0), |average| average * self.sold.fraction());
        self.signed(self.received.fraction() - cost)
    }

    /// A short has gained where it has paid less than it was paid.
    fn signed(&self, gain: Fraction) -> Fraction {
        match self.side {
            Side::Long => gain,
            Side::Short => Fraction::whole(0) - gain,
        }
    }

    /// Profit of what is held if it were sold at `price` without a fee.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn unrealised(&self, price: Price) -> Result<Fraction, MoneyError> {
        let average = self.average().unwrap_or_else(|| Fraction::whole(0));
        Ok(self.signed(self.held()?.fraction() * (price.fraction() - average)))
    }

    /// What the quote balance has gained by these fills of coins; negative while bought.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn cash_flow(&self) -> Result<Amount, MoneyError> {
        self.received.minus(self.paid)?.plus(self.third)
    }
}
