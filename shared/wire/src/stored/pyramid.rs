//! What was added to a group and taken from it while it was live.

use super::SafetyOrders;
use super::plan::{StopLoss, TakeProfit};
use super::{DeliveryRef, Exit};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::group;
use domain::ids::DeliveryId;
use domain::money::{Amount, Percent, Quantity};
use domain::pyramid::{self, Approach, Closing};
use domain::{preset, profit};
use serde::{Deserialize, Serialize};

/// Whether entries are added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pyramiding {
    pub max: u32,
    pub distance: Text<Percent>,
    pub direction: Text<Approach>,
    pub size_factor: Text<Quantity>,
    pub close: Text<Closing>,
}

/// One entry that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pyramid {
    pub number: u32,
    pub delivery: DeliveryRef,
    pub at: i64,
    /// None where it was added by a release before 0.2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Text<Amount>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<SafetyOrders>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_profit: Option<TakeProfit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_loss: Option<StopLoss>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

/// A part that has ended by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub number: u32,
    #[serde(flatten)]
    pub exit: Exit,
}

/// A partial exit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    pub number: u32,
    pub pyramid: u32,
    pub delivery: Text<DeliveryId>,
    pub quantity: Text<Quantity>,
    pub at: i64,
}

impl From<pyramid::Pyramiding> for Pyramiding {
    fn from(plan: pyramid::Pyramiding) -> Self {
        Self {
            max: plan.max,
            distance: Text(plan.distance),
            direction: Text(plan.direction),
            size_factor: Text(plan.size_factor),
            close: Text(plan.close),
        }
    }
}

impl From<Pyramiding> for pyramid::Pyramiding {
    fn from(stored: Pyramiding) -> Self {
        Self {
            max: stored.max,
            distance: stored.distance.0,
            direction: stored.direction.0,
            size_factor: stored.size_factor.0,
            close: stored.close.0,
        }
    }
}

impl From<&group::Pyramid> for Pyramid {
    fn from(added: &group::Pyramid) -> Self {
        Self {
            number: added.number,
            delivery: DeliveryRef::from(&added.delivery),
            at: added.at.millis(),
            exposure: Some(added.exposure).filter(|exposure| !exposure.get().is_zero()).map(Text),
            ladder: added.ladder.as_ref().map(SafetyOrders::from),
            take_profit: added.take_profit.as_ref().map(TakeProfit::from),
            stop_loss: added.stop_loss.map(StopLoss::from),
            by_hand: added.by_hand,
        }
    }
}

impl From<Pyramid> for group::Pyramid {
    fn from(stored: Pyramid) -> Self {
        Self {
            number: stored.number,
            delivery: stored.delivery.into(),
            at: Timestamp::from_millis(stored.at),
            exposure: stored.exposure.map_or(Amount::ZERO, |Text(exposure)| exposure),
            ladder: stored.ladder.map(preset::SafetyOrders::from),
            take_profit: stored.take_profit.map(profit::TakeProfit::from),
            stop_loss: stored.stop_loss.map(profit::StopLoss::from),
            by_hand: stored.by_hand,
        }
    }
}

impl Left {
    pub(super) fn all(pyramids: &group::Pyramids) -> Vec<Self> {
        let left = |(number, exit): (&u32, &group::Exit)| Self { number: *number, exit: Exit::from(*exit) };
        pyramids.left.iter().map(left).collect()
    }
}

/// What is kept of them on the group's row.
pub(super) fn pyramids(added: Vec<Pyramid>, left: Vec<Left>) -> group::Pyramids {
    group::Pyramids {
        added: added.into_iter().map(group::Pyramid::from).collect(),
        left: left.into_iter().map(|left| (left.number, left.exit.into())).collect(),
    }
}

impl From<&group::Reduction> for Reduction {
    fn from(reduction: &group::Reduction) -> Self {
        Self {
            number: reduction.number,
            pyramid: reduction.pyramid,
            delivery: Text(reduction.delivery.clone()),
            quantity: Text(reduction.quantity),
            at: reduction.at.millis(),
        }
    }
}

impl From<Reduction> for group::Reduction {
    fn from(stored: Reduction) -> Self {
        Self {
            number: stored.number,
            pyramid: stored.pyramid,
            delivery: stored.delivery.0,
            quantity: stored.quantity.0,
            at: Timestamp::from_millis(stored.at),
        }
    }
}
