//! Named settings of a trade, and the plan that one alert makes of them.

mod name;

pub use name::{PresetName, PresetRef};

use crate::clock::Millis;
use crate::ladder::Dialect;
use crate::money::{Amount, Percent, Price, Quantity};
use crate::profit::{Basis, StopLoss, TakeProfit};
use crate::pyramid::{Closing, Pyramiding};
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
    /// Whether entries of the same side are added while it is live.
    pub pyramids: Option<Pyramiding>,
}

/// What of a plan an alert itself says. What it leaves out is its preset's, and for an addition the live group's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanParts {
    pub size: Option<OrderSize>,
    pub kind: Option<OrderKind>,
    pub ladder: Option<SafetyOrders>,
    pub take_profit: Option<TakeProfit>,
    pub stop_loss: Option<StopLoss>,
}

impl PlanParts {
    /// The plan that these make, over a preset's. The preset's stop would close a ladder before it is down.
    #[must_use]
    pub fn over(&self, preset: TradePlan) -> TradePlan {
        TradePlan {
            size: self.size.unwrap_or(preset.size),
            kind: self.kind.unwrap_or(preset.kind),
            ladder: self.ladder.or(preset.ladder),
            take_profit: self.take_profit.clone().unwrap_or(preset.take_profit),
            stop_loss: self.stop_loss.or(preset.stop_loss.filter(|_| self.ladder.is_none())),
            ..preset
        }
    }
}

/// What an alert may do to a live group, beside entering and leaving; off unless somebody says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags {
    /// A strategy that turns around closes, and then opens the other side where the market has it.
    pub reverse: bool,
    /// A strategy that makes its position smaller sells that share.
    pub partial_exit: bool,
}

impl Flags {
    pub const ALL: Self = Self { reverse: true, partial_exit: true };
}

impl TradePlan {
    /// Entries beside the base order.
    pub fn legs(&self) -> u32 {
        self.ladder.map_or(0, |ladder| ladder.count)
    }

    /// Whether its exits depend on what the price was before: such exits are kept for a group as a whole.
    pub fn follows_the_price(&self) -> bool {
        let follows = |stop: &StopLoss| stop.trailing || stop.delay.is_some();
        self.take_profit.trailing().is_some() || self.stop_loss.as_ref().is_some_and(follows)
    }

    /// Whether its pyramids would need such exits each for itself.
    pub fn follows_apart(&self) -> bool {
        self.pyramids.is_some_and(|pyramids| pyramids.close == Closing::Alone) && self.follows_the_price()
    }
}

/// Settings that alerts name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    pub plan: TradePlan,
    pub flags: Flags,
}

impl Preset {
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
            pyramids: None,
            rules: Rules::default(),
        };
        Ok(Self { plan, flags: Flags::default() })
    }
}
