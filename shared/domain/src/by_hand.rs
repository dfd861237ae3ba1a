//! Orders by hand, as their deliveries carry them.

use crate::account::Account;
use crate::clock::Timestamp;
use crate::group::Position;
use crate::ids::{AccountId, GroupId, KeyId};
use crate::limits;
use crate::market::Timeframe;
use crate::money::{Amount, Fraction, MoneyError, Price, Quantity};
use crate::order::{Fill, Order, Purpose, Status, TradeId};

/// The timeframe of positions that orders by hand open: one for each account and market.
pub const TIMEFRAME: &str = "manual";

/// What an order by hand is to do, beside what its text says of size and price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The account that is meant, whatever it is called by now.
    pub account: AccountId,
    pub deed: Deed,
    /// Its position has no stop, whatever its preset says.
    pub without_stop: bool,
    /// Where an API key has placed it.
    pub key: Option<KeyMaxima>,
}

/// What orders by hand of an API key may spend at one account, as its bounds were when the order was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMaxima {
    pub key: KeyId,
    /// In one order.
    pub order: Amount,
    /// In all orders of one day, in UTC.
    pub day: Amount,
}

/// What orders by hand of an API key have planned to spend on a day, whatever became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySpent {
    /// Days since 1970-01-01.
    pub day: i64,
    pub amount: Amount,
}

impl Account {
    /// What the key has spent today, with this more.
    ///
    /// # Errors
    /// `Inexact` where the sum cannot be kept.
    pub fn spent_with(&self, key: &KeyId, more: Amount, now: Timestamp) -> Result<DaySpent, MoneyError> {
        let today = now.day();
        // A clock that is late begins no day anew.
        let spent = self.worth.spent.get(key).filter(|spent| spent.day >= today);
        let (day, before) = spent.map_or((today, Amount::ZERO), |spent| (spent.day, spent.amount));
        Ok(DaySpent { day, amount: before.plus(more)? })
    }
}

/// What becomes of a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// One is opened.
    Open,
    /// This one is added to.
    Add(GroupId),
    /// So much of this one is sold at the market, or all that is sellable where less is.
    Reduce(GroupId, Quantity),
}

impl Deed {
    /// The position that is named.
    pub fn position(&self) -> Option<&GroupId> {
        match self {
            Self::Open => None,
            Self::Add(position) | Self::Reduce(position, _) => Some(position),
        }
    }
}

/// Of positions that are opened by hand.
///
/// # Errors
/// Never: the name is one.
pub fn timeframe() -> Result<Timeframe, crate::market::BadSymbol> {
    TIMEFRAME.parse()
}

impl Position {
    /// The same once each planned entry is filled at this price, with the fee that the market takes: where its exits would stand.
    ///
    /// # Errors
    /// `Inexact` where a fee cannot be kept.
    pub fn as_if_filled(&self, price: Price, now: Timestamp) -> Result<Self, MoneyError> {
        let at = now.minus(limits::FEE_TOLD_WAIT);
        let filled = |order: &Order| -> Result<Order, MoneyError> {
            if order.purpose != Purpose::Entry || order.status != Status::Planned {
                return Ok(order.clone());
            }
            let bought = Fill { fee: None, price, quantity: order.quantity, at };
            let told = bought.reckoned(&self.group.market, order.direction, now)?.unwrap_or(bought);
            let fills = [(TradeId("planned".to_owned()), told)].into();
            Ok(Order { fills, status: Status::Filled, cumulative: order.quantity, ..order.clone() })
        };
        let orders = self.orders.iter().map(filled).collect::<Result<_, _>>()?;
        Ok(Self { orders, ..self.clone() })
    }

    /// Which share of what is held and not asked for yet this quantity is: all of it, where less is there. None where nothing is.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn share_of(&self, quantity: Quantity) -> Result<Option<Fraction>, MoneyError> {
        let reducible = self.reducible()?;
        let asked = quantity.min(reducible).fraction();
        Ok(asked.over(&reducible.fraction()))
    }
}
