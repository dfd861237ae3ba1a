//! Fills: the venue's trades, each known by its trade id.

use crate::clock::Timestamp;
use crate::limits;
use crate::market::{Asset, Market, Symbol};
use crate::money::{Amount, Decimal, MoneyError, Price, Quantity};
use crate::order::{Direction, Order};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The venue's id of a trade, unique within a market.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TradeId(pub String);

/// What a trade cost, in the asset that the venue took. What is told is greater than what is reckoned, so that merging keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    pub asset: Asset,
    pub amount: Amount,
    pub value: FeeValue,
}

/// What a fee counts in the books of its market. What is known later is greater, so that merging keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeeValue {
    /// Taken in base or quote: the amount is what it counts.
    Own,
    /// The venue did not tell it for as long as one is waited for: what the market takes, of what the trade has brought.
    Reckoned,
    /// Taken in a third asset, whose price at the fill is not known yet.
    Wanted,
    /// Taken in a third asset that had no price for as long as one is waited for: it counts nothing, and is told.
    Unvalued,
    /// Taken in a third asset that was worth this much quote in the minute of the fill.
    Quote(Amount),
}

/// One trade of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fill {
    /// Unknown where the venue tells it apart from the trade.
    pub fee: Option<Fee>,
    pub price: Price,
    /// Base units, before a fee taken in base.
    pub quantity: Quantity,
    pub at: Timestamp,
}

/// A value in quote is rounded up to this: a cost is never shown smaller than it was.
const VALUE_UNIT: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

impl Ord for Fee {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |fee: &Self| (fee.value != FeeValue::Reckoned, fee.asset.clone(), fee.amount, fee.value);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Fee {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Fee {
    /// A fee as a venue tells it: one in a third asset has no value yet.
    pub fn of(symbol: &Symbol, asset: Asset, amount: Amount) -> Self {
        let is_own = asset == symbol.base || asset == symbol.quote;
        Self { asset, amount, value: if is_own { FeeValue::Own } else { FeeValue::Wanted } }
    }

    /// The same fee, worth what its asset cost in quote at the fill.
    ///
    /// # Errors
    /// `Inexact` where the value has more digits than can be kept.
    pub fn at_price(self, price: Price) -> Result<Self, MoneyError> {
        let worth = (self.amount.fraction() * price.fraction()).ceil_to(VALUE_UNIT)?;
        Ok(Self { value: FeeValue::Quote(Amount::new(worth)?), ..self })
    }

    /// Whether the books can count it.
    pub fn is_valued(&self) -> bool {
        !matches!(self.value, FeeValue::Wanted | FeeValue::Unvalued)
    }

    /// What a fee in a third asset was worth, as far as it is known.
    pub fn worth(&self) -> Option<Amount> {
        if let FeeValue::Quote(worth) = self.value { Some(worth) } else { None }
    }
}

impl Fill {
    /// Whether its whole cost is known, or is waited for no longer.
    pub fn is_accounted(&self) -> bool {
        self.fee.as_ref().is_some_and(|fee| fee.value != FeeValue::Wanted)
    }

    /// The same fill with the fee that its market takes, where the venue's own was waited for in vain: an exit waits for it no
    /// longer. Bought coins are less by it, so that no more is sold than is there.
    pub(crate) fn reckoned(
        &self,
        market: &Market,
        direction: Direction,
        now: Timestamp,
    ) -> Result<Option<Self>, MoneyError> {
        if self.fee.is_some() || now.since(self.at) < limits::FEE_TOLD_WAIT {
            return Ok(None);
        }
        let (key, taken) = (&market.key, market.fee.fraction());
        let of_base = direction == Direction::Buy && !key.exchange.is_of_perpetuals();
        let (asset, brought) = if of_base {
            (&key.symbol.base, self.quantity.fraction())
        } else {
            (&key.symbol.quote, self.quantity.fraction() * self.price.fraction())
        };
        let amount = Amount::new((brought * taken).ceil_to(VALUE_UNIT)?)?;
        let fee = Fee { asset: asset.clone(), amount, value: FeeValue::Reckoned };
        Ok(Some(Self { fee: Some(fee), ..self.clone() }))
    }

    /// The same fill with a fee that is told as not valued, where its value was waited for in vain.
    fn unvalued(&self, now: Timestamp) -> Option<Self> {
        let fee = self.fee.as_ref().filter(|fee| fee.value == FeeValue::Wanted)?;
        let in_vain = now.since(self.at) >= limits::FEE_VALUE_WAIT;
        in_vain.then(|| Self { fee: Some(Fee { value: FeeValue::Unvalued, ..fee.clone() }), ..self.clone() })
    }
}

impl Order {
    /// Its fills whose fees are to be reckoned from now on.
    ///
    /// # Errors
    /// `Inexact` where a fee has more digits than can be kept.
    pub fn reckoned(&self, market: &Market, now: Timestamp) -> Result<BTreeMap<TradeId, Fill>, MoneyError> {
        let of = |(trade, fill): (&TradeId, &Fill)| {
            let reckoned = fill.reckoned(market, self.direction, now).transpose()?;
            Some(reckoned.map(|fill| (trade.clone(), fill)))
        };
        self.fills.iter().filter_map(of).collect()
    }

    /// Whether a fee of it is not the venue's own word.
    pub(crate) fn is_reckoned(&self) -> bool {
        self.fills.values().filter_map(|fill| fill.fee.as_ref()).any(|fee| fee.value == FeeValue::Reckoned)
    }

    /// Its fills whose fees are to be told as not valued from now on.
    pub fn unvalued(&self, now: Timestamp) -> BTreeMap<TradeId, Fill> {
        let of = |(trade, fill): (&TradeId, &Fill)| Some((trade.clone(), fill.unvalued(now)?));
        self.fills.iter().filter_map(of).collect()
    }

    /// The assets of fees that nobody could value.
    pub(crate) fn unvalued_assets(&self) -> impl Iterator<Item = &Asset> {
        let fees = self.counted().filter_map(|fill| fill.fee.as_ref());
        fees.filter(|fee| fee.value == FeeValue::Unvalued).map(|fee| &fee.asset)
    }
}
