//! The plan of a trade, as a group keeps it.

use super::{OrderKind, OrderSize, Pyramiding, SafetyOrders};
use crate::text::Text;
use domain::clock::Millis;
use domain::market::Leverage;
use domain::money::Percent;
use domain::preset;
use domain::profit::{self, Basis};
use domain::pyramid;
use domain::rules::Rules;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradePlan {
    pub size: OrderSize,
    pub kind: OrderKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<SafetyOrders>,
    pub take_profit: TakeProfit,
    pub stop_loss: Option<StopLoss>,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pyramids: Option<Pyramiding>,
}

/// The first release had only one kind, which is kept as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TakeProfit {
    /// Everything at this profit above the average.
    Whole(Text<Percent>),
    Kind(TakeProfitKind),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakeProfitKind {
    Aggregate {
        basis: Text<Basis>,
        steps: Vec<(Text<Percent>, Text<Percent>)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trailing: Option<Text<Percent>>,
    },
    PerLeg {
        profit: Text<Percent>,
    },
    Hybrid {
        profit: Text<Percent>,
        all: Text<Percent>,
    },
}

/// From the base order's price it is kept as the first release did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StopLoss {
    FromBase(Text<Percent>),
    From {
        loss: Text<Percent>,
        basis: Text<Basis>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        break_even_after: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trailing: Option<bool>,
        /// In milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delay: Option<i64>,
        /// None is true.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_venue: Option<bool>,
    },
}

impl From<&preset::TradePlan> for TradePlan {
    fn from(plan: &preset::TradePlan) -> Self {
        Self {
            size: plan.size.into(),
            kind: plan.kind.into(),
            ladder: plan.ladder.as_ref().map(SafetyOrders::from),
            take_profit: TakeProfit::from(&plan.take_profit),
            stop_loss: plan.stop_loss.map(StopLoss::from),
            time_limit: plan.time_limit.map(Millis::get),
            pyramids: plan.pyramids.map(Pyramiding::from),
        }
    }
}

impl From<TradePlan> for preset::TradePlan {
    fn from(stored: TradePlan) -> Self {
        Self {
            size: stored.size.into(),
            kind: stored.kind.into(),
            ladder: stored.ladder.map(preset::SafetyOrders::from),
            take_profit: stored.take_profit.into(),
            stop_loss: stored.stop_loss.map(profit::StopLoss::from),
            time_limit: stored.time_limit.map(Millis::new),
            pyramids: stored.pyramids.map(pyramid::Pyramiding::from),
            // They stand beside it in the group's row.
            rules: Rules::default(),
            leverage: Leverage::ONE,
        }
    }
}

impl From<&profit::TakeProfit> for TakeProfit {
    fn from(kind: &profit::TakeProfit) -> Self {
        Self::Kind(match kind {
            profit::TakeProfit::Aggregate { basis: Basis::Average, steps, trailing: None } if steps.len() == 1 => {
                return Self::Whole(Text(kind.first()));
            }
            profit::TakeProfit::Aggregate { basis, steps, trailing } => {
                let steps = steps.iter().map(|step| (Text(step.profit), Text(step.amount))).collect();
                TakeProfitKind::Aggregate { basis: Text(*basis), steps, trailing: trailing.map(Text) }
            }
            profit::TakeProfit::PerLeg { profit } => TakeProfitKind::PerLeg { profit: Text(*profit) },
            profit::TakeProfit::Hybrid { profit, all } => {
                TakeProfitKind::Hybrid { profit: Text(*profit), all: Text(*all) }
            }
        })
    }
}

impl From<TakeProfit> for profit::TakeProfit {
    fn from(stored: TakeProfit) -> Self {
        match stored {
            TakeProfit::Whole(profit) => Self::at(profit.0),
            TakeProfit::Kind(TakeProfitKind::Aggregate { basis, steps, trailing }) => {
                let step = |(profit, amount): (Text<Percent>, Text<Percent>)| profit::ProfitStep {
                    profit: profit.0,
                    amount: amount.0,
                };
                let (basis, steps) = (basis.0, steps.into_iter().map(step).collect());
                Self::Aggregate { basis, steps, trailing: trailing.map(|percent| percent.0) }
            }
            TakeProfit::Kind(TakeProfitKind::PerLeg { profit }) => Self::PerLeg { profit: profit.0 },
            TakeProfit::Kind(TakeProfitKind::Hybrid { profit, all }) => Self::Hybrid { profit: profit.0, all: all.0 },
        }
    }
}

impl From<profit::StopLoss> for StopLoss {
    fn from(stop: profit::StopLoss) -> Self {
        if stop == profit::StopLoss::fixed(stop.loss, Basis::Base) {
            return Self::FromBase(Text(stop.loss));
        }
        Self::From {
            loss: Text(stop.loss),
            basis: Text(stop.basis),
            break_even_after: stop.break_even_after,
            trailing: stop.trailing.then_some(true),
            delay: stop.delay.map(Millis::get),
            at_venue: (!stop.at_venue).then_some(false),
        }
    }
}

impl From<StopLoss> for profit::StopLoss {
    fn from(stored: StopLoss) -> Self {
        match stored {
            StopLoss::FromBase(loss) => Self::fixed(loss.0, Basis::Base),
            StopLoss::From { loss, basis, break_even_after, trailing, delay, at_venue } => Self {
                loss: loss.0,
                basis: basis.0,
                break_even_after,
                trailing: trailing.unwrap_or(false),
                delay: delay.map(Millis::new),
                at_venue: at_venue.unwrap_or(true),
            },
        }
    }
}
