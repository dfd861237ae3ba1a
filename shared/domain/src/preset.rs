//! Named settings of a trade, and the plan that one alert makes of them.

mod asked;
mod name;

pub use asked::{AskedLadder, AskedLegs, AskedPlan, AskedSize};
pub(crate) use name::is_plain;
pub use name::{PresetName, PresetRef};

use crate::clock::Millis;
use crate::ladder::{Size, Spacing, Total};
use crate::market::Leverage;
use crate::money::{Amount, Price, Quantity};
use crate::profit::{Basis, StopLoss, TakeProfit};
use crate::pyramid::{Closing, Pyramiding};
use crate::rules::Rules;

/// How large an order is.
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

/// Entries behind the base order, each further away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetyOrders {
    /// At most 200 of them; none only in an addition that wants none.
    pub spacing: Spacing,
    pub sizes: LegSizes,
    /// How many are orders at once, 1 to 20.
    pub active: u32,
    /// None rests at the venue: each is bought at the market once its price is seen.
    pub at_market: bool,
}

/// How large safety orders are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegSizes {
    /// A first one, each next one `scale` times as large.
    Scaled {
        first: OrderSize,
        scale: Quantity,
    },
    Each(Vec<OrderSize>),
}

/// What is bought, where it is sold with profit, and where with loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<Size, Ladder> {
    /// The base order.
    pub size: Size,
    pub kind: OrderKind,
    /// Entries behind it, armed once it has bought.
    pub ladder: Option<Ladder>,
    pub take_profit: TakeProfit,
    pub stop_loss: Option<StopLoss>,
    /// How long after its opening a group is left, whatever the price is.
    pub time_limit: Option<Millis>,
    pub rules: Rules,
    /// Whether entries of the same side are added while it is live.
    pub pyramids: Option<Pyramiding>,
    /// Of contracts: how many times its margin the position may be worth. Sizes are worth, so it makes none larger.
    pub leverage: Leverage,
}

/// A plan as a group keeps it: all sizes are amounts.
pub type TradePlan = Plan<OrderSize, SafetyOrders>;

/// What of a plan an alert itself says. What it leaves out is its preset's, and for an addition the live group's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanParts {
    pub size: Option<AskedSize>,
    pub kind: Option<OrderKind>,
    pub ladder: Option<AskedLadder>,
    pub take_profit: Option<TakeProfit>,
    pub stop_loss: Option<StopLoss>,
}

impl PlanParts {
    /// Whether any size that it says is a share of the balance.
    pub fn takes_shares(&self) -> bool {
        self.size.as_ref().is_some_and(AskedSize::is_share)
            || self.ladder.as_ref().is_some_and(AskedLadder::takes_shares)
    }

    /// Whether what it says of sizes stands by itself, whatever it is put over.
    pub fn says_all_sizes(&self) -> bool {
        let shares = self.ladder.as_ref().is_some_and(|ladder| ladder.sizes == AskedLegs::Shared);
        match (&self.size, &self.ladder) {
            (Some(AskedSize::Shared { total: Total::Risk(_), .. }), _) => shares && self.stop_loss.is_some(),
            (Some(AskedSize::Shared { .. }), _) => shares,
            (Some(AskedSize::Of(_)) | None, _) => !shares,
        }
    }

    /// The plan that these make, over a preset's. The preset's stop would close a ladder before it is down.
    #[must_use]
    pub fn over(&self, preset: AskedPlan) -> AskedPlan {
        AskedPlan {
            size: self.size.clone().unwrap_or(preset.size),
            kind: self.kind.unwrap_or(preset.kind),
            ladder: self.ladder.clone().or(preset.ladder),
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
        self.ladder.as_ref().map_or(0, SafetyOrders::count)
    }
}

impl SafetyOrders {
    /// An addition that brings none buys none, whatever its group has.
    pub(crate) fn none() -> Self {
        let (spacing, sizes) = (Spacing::Custom(Vec::new()), LegSizes::Each(Vec::new()));
        Self { spacing, sizes, active: 1, at_market: false }
    }

    pub fn count(&self) -> u32 {
        u32::try_from(self.spacing.count()).unwrap_or(u32::MAX)
    }
}

impl<Size, Ladder> Plan<Size, Ladder> {
    /// Whether it holds longer or further down than the plan before: by a stop or a time limit that is off or looser, or by
    /// asking for more profit of the signals that would close it; or sends once more what may have bought already.
    pub fn is_looser_than(&self, before: &Self) -> bool {
        let stop = |was| !self.stop_loss.is_some_and(|stop| stop.is_as_tight_as(&was));
        let time = |was| self.time_limit.is_none_or(|limit| limit > was);
        before.stop_loss.is_some_and(stop)
            || before.time_limit.is_some_and(time)
            || self.rules.minimum_profit > before.rules.minimum_profit
            || self.rules.retry_unproven_entry && !before.rules.retry_unproven_entry
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
    pub plan: AskedPlan,
    pub flags: Flags,
}

impl Preset {
    /// The built-in preset: 100 quote at the market, 1.5 % profit, 5 % stop.
    ///
    /// # Errors
    /// Never in practice: the numbers are within their bounds.
    pub fn built_in() -> Result<Self, crate::money::MoneyError> {
        let plan = AskedPlan {
            size: AskedSize::Of(Size::Quote("100".parse()?)),
            kind: OrderKind::Market,
            ladder: None,
            take_profit: TakeProfit::at("1.5".parse()?),
            stop_loss: Some(StopLoss::fixed("5".parse()?, Basis::Base)),
            time_limit: None,
            pyramids: None,
            rules: Rules::default(),
            leverage: Leverage::ONE,
        };
        Ok(Self { plan, flags: Flags::default() })
    }
}
