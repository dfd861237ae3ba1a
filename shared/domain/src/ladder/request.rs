//! What is asked for.

use crate::alert::Side;
use crate::market::{Filters, Leverage, Stops};
use crate::money::{Amount, Percent, Price, Quantity, Rate};
use crate::profit::{StopLoss, TakeProfit};
use crate::words::words;

/// A ladder as it is asked for: a base order, safety orders behind it, where it is left with profit and where with loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderPlan {
    pub filters: Filters,
    /// Orders that the venue lets rest at once on this market, where it has such a limit.
    pub orders_max: Option<u32>,
    pub fee: Rate,
    /// A long pays its entries' fee in what it buys: it holds that much less. Else every fee is paid in quote.
    pub fee_in_base: bool,
    pub side: Side,
    /// Of contracts: both sides spend quote, a margin and the fee. None where coins are traded.
    pub margin: Option<Leverage>,
    /// The base order is carried out at the market, else it rests at its limit.
    pub base_at_market: bool,
    /// The price at which the base order is taken to be filled.
    pub entry_price: Price,
    pub sizes: Sizes,
    pub spacing: Spacing,
    /// Safety orders that rest at once.
    pub active: Option<u32>,
    /// Safety orders wait for their price and rest nowhere.
    pub at_market: bool,
    pub take_profit: TakeProfit,
    pub stop_loss: Option<StopLoss>,
    /// What is held rests with its stop, as the venue keeps it: beside a limit that is another order there.
    pub stops: Stops,
    /// What the account has of the asset that the entries spend: quote for a long, base for a short of coins.
    pub balance: Option<Quantity>,
}

/// Where the safety orders stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spacing {
    /// `count` orders, the first `deviation` away, each next distance `scale` times the one before.
    Scaled { count: u32, deviation: Percent, scale: Quantity, dialect: Dialect },
    /// How far each is from the base price.
    Custom(Vec<Percent>),
}

/// What distances are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The base price; distances are added up.
    Additive,
    /// The price of the order before.
    Compounding,
}

/// How large the orders are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sizes {
    /// A first safety order, each next one `scale` times as large.
    Scaled { base: Size, first: Size, scale: Quantity },
    /// Each safety order its own.
    Custom { base: Size, each: Vec<Size> },
    /// One total, split by weights: the base order's first.
    Split { total: Total, weights: Vec<Quantity> },
}

/// How large one order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// In quote, without the fee.
    Quote(Amount),
    Base(Quantity),
    /// Of the balance.
    Percent(Percent),
}

/// What is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// In quote, without fees.
    Quote(Amount),
    /// What is lost at the stop, in quote and with all fees, once every order was filled.
    Risk(Amount),
}

impl LadderPlan {
    /// Whether the entry of this level is carried out at the market.
    pub(super) fn is_at_market(&self, level: usize) -> bool {
        if level == 0 { self.base_at_market } else { self.at_market }
    }

    /// Safety orders behind the base order.
    pub(super) fn safety_orders(&self) -> usize {
        self.spacing.count()
    }
}

impl Size {
    /// Whether it takes a balance to know it.
    pub(crate) fn is_share(&self) -> bool {
        matches!(self, Self::Percent(_))
    }
}

impl Sizes {
    /// Whether it takes a balance to know them.
    pub(super) fn has_share(&self) -> bool {
        match self {
            Self::Scaled { base, first, .. } => base.is_share() || first.is_share(),
            Self::Custom { base, each } => base.is_share() || each.iter().any(Size::is_share),
            Self::Split { .. } => false,
        }
    }
}

impl Spacing {
    /// How many orders it places.
    pub fn count(&self) -> usize {
        match self {
            Self::Scaled { count, .. } => usize::try_from(*count).unwrap_or(usize::MAX),
            Self::Custom(deviations) => deviations.len(),
        }
    }
}

words! {
    Dialect { Additive = "additive", Compounding = "compounding" }
}
