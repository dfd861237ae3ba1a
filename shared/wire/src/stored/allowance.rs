//! What a session holds of a role and a plan.

use crate::text::Text;
use domain::identity::{self, BadRate, RouteClass};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is left out has no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positions: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bots: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_calls_per_month: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
}

/// Requests in a window, where they are not what their class has. Conditions look into it by the class's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rates(pub BTreeMap<Text<RouteClass>, u32>);

impl Limits {
    /// None where nothing is limited.
    pub fn of(limits: identity::Limits) -> Option<Self> {
        let identity::Limits { positions, bots, ai_calls_per_month, requests_per_minute } = limits;
        let row = Self { positions, bots, ai_calls_per_month, requests_per_minute };
        (limits != identity::Limits::default()).then_some(row)
    }
}

impl From<Limits> for identity::Limits {
    fn from(row: Limits) -> Self {
        let Limits { positions, bots, ai_calls_per_month, requests_per_minute } = row;
        Self { positions, bots, ai_calls_per_month, requests_per_minute }
    }
}

impl Rates {
    /// None where all are as their classes have them.
    pub fn of(rates: &identity::Rates) -> Option<Self> {
        let row: BTreeMap<_, _> = rates.iter().map(|(class, most)| (Text(class), most)).collect();
        (!row.is_empty()).then_some(Self(row))
    }
}

impl TryFrom<Rates> for identity::Rates {
    type Error = BadRate;

    fn try_from(row: Rates) -> Result<Self, BadRate> {
        row.0.into_iter().try_fold(Self::default(), |rates, (class, most)| rates.limit(class.0, most))
    }
}
