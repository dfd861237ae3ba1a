//! What a group was told about the entries behind its first one.

use super::words::{LadderDialect, PyramidClose, PyramidDirection};
use crate::text::Text;
use domain::ladder::Spacing;
use domain::preset::SafetyOrders;
use domain::pyramid::Pyramiding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the safety orders are placed. If each has its own place, only the places are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LadderRule {
    /// How far the first is from the base order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deviation_percent: Option<String>,
    /// How many times the distance before it the next one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub step_scale: Option<String>,
    /// How the distances add up; null if each order has a place of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dialect: Option<LadderDialect>,
    /// How many are orders at once.
    pub active: u32,
    /// Whether each is bought at the market once its price is seen; else it rests.
    pub at_market: bool,
}

/// Whether and how it is added to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PyramidRule {
    /// How many entries may be added in all; one that ended without a fill does not count.
    pub max: u32,
    /// Least distance of an addition from the cost of the base order before it, in percent.
    pub distance_percent: String,
    /// Where the position may be added to.
    pub direction: PyramidDirection,
    /// Each addition has the size of the entry before it times this, unless its alert gives a size.
    pub size_factor: String,
    /// Whether its entries are sold together or each alone.
    pub close: PyramidClose,
}

impl From<&SafetyOrders> for LadderRule {
    fn from(orders: &SafetyOrders) -> Self {
        let (deviation_percent, step_scale, dialect) = match &orders.spacing {
            Spacing::Scaled { deviation, scale, dialect, .. } => {
                (Some(deviation.to_string()), Some(scale.to_string()), Some(Text(*dialect)))
            }
            Spacing::Custom(_) => (None, None, None),
        };
        Self { deviation_percent, step_scale, dialect, active: orders.active, at_market: orders.at_market }
    }
}

impl From<Pyramiding> for PyramidRule {
    fn from(rule: Pyramiding) -> Self {
        Self {
            max: rule.max,
            distance_percent: rule.distance.to_string(),
            direction: Text(rule.direction),
            size_factor: rule.size_factor.to_string(),
            close: Text(rule.close),
        }
    }
}
