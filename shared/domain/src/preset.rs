//! Named settings of a trade, and the plan that one alert makes of them.

use crate::clock::Millis;
use crate::ladder::Dialect;
use crate::money::{Amount, Percent, Price, Quantity};
use crate::profit::{Basis, StopLoss, TakeProfit};
use crate::rules::Rules;

/// How large the base order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderSize {
    /// Quote units to spend, without the fee.
    Quote(Amount),
    /// Base units to buy.
    Base(Quantity),
}

/// How an order meets the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    Market,
    Limit(Price),
}

/// Limit orders behind the base order, each further away and of its own size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SafetyOrders {
    /// 1 to 200.
    pub count: u32,
    /// Quote of the first one, without the fee.
    pub quote: Amount,
    /// Of the first one, from the base order's average price with its fee.
    pub deviation: Percent,
    /// Each distance by the one before.
    pub step_scale: Quantity,
    /// Each size by the one before.
    pub volume_scale: Quantity,
    pub dialect: Dialect,
    /// How many rest at once, 1 to 20.
    pub active: u32,
}

/// What is bought, where it is sold with profit, and where with loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradePlan {
    /// The base order.
    pub size: OrderSize,
    pub kind: OrderKind,
    /// Entries behind it, armed once it has bought.
    pub ladder: Option<SafetyOrders>,
    pub take_profit: TakeProfit,
    pub stop_loss: Option<StopLoss>,
    /// How long after its opening a group is left, whatever the price is.
    pub time_limit: Option<Millis>,
    pub rules: Rules,
}

impl TradePlan {
    /// Entries beside the base order.
    pub fn legs(&self) -> u32 {
        self.ladder.map_or(0, |ladder| ladder.count)
    }
}

/// The flags of a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    pub plan: TradePlan,
    pub reverse: bool,
    pub partial_exit: bool,
    pub pyramid: bool,
}

impl Preset {
    pub const DEFAULT_NAME: &'static str = "default";

    /// The built-in preset: 100 quote at the market, 1.5 % profit, 5 % stop.
    ///
    /// # Errors
    /// Never in practice: the numbers are within their bounds.
    pub fn built_in() -> Result<Self, crate::money::MoneyError> {
        let plan = TradePlan {
            size: OrderSize::Quote("100".parse()?),
            kind: OrderKind::Market,
            ladder: None,
            take_profit: TakeProfit::at("1.5".parse()?),
            stop_loss: Some(StopLoss::fixed("5".parse()?, Basis::Base)),
            time_limit: None,
            rules: Rules::default(),
        };
        Ok(Self { plan, reverse: false, partial_exit: false, pyramid: false })
    }
}
