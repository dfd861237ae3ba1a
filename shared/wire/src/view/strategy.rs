//! Strategies, as they are offered.

use super::time;
use super::words::Time;
use crate::member::Reason;
use domain::bot::Switch;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Strategy {
    /// As bots name it: `RSI_CROSS`.
    pub name: String,
    /// As the command line names it: `rsi_cross`.
    pub offline_name: String,
    /// When it enters and when it leaves, in one sentence.
    pub description: String,
    /// The parameters that it accepts: one object, in JSON Schema 2020-12.
    #[schema(value_type = Object)]
    pub parameters: Value,
    /// Whether bots may enter by it here. While it is off they enter no more, and still exit.
    pub enabled: bool,
    /// Why it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub disabled_because: Option<String>,
}

/// Body of `PUT /api/v1/strategies/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchRequest {
    /// Whether bots may enter by the strategy; false stops their entries, not their exits.
    pub enabled: bool,
    /// Why the strategy is switched, for the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

/// What was last said of a strategy, for the whole deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StrategySwitch {
    /// Name of the strategy.
    pub name: String,
    /// Whether bots may enter by the strategy; if not, they only exit.
    pub enabled: bool,
    /// Why it was switched.
    pub reason: String,
    /// When it was switched.
    pub since: Time,
    /// The user who switched it, `usr_…`.
    pub by: String,
}

impl StrategySwitch {
    pub fn of(switch: &Switch) -> Self {
        let Switch { strategy, enabled, reason, at, by } = switch;
        Self { name: strategy.clone(), enabled: *enabled, reason: reason.clone(), since: time(*at), by: by.to_string() }
    }
}
