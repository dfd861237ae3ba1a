//! Strategies, as they are offered.

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
    /// What it can be told: one object, in JSON Schema 2020-12.
    #[schema(value_type = Object)]
    pub parameters: Value,
}
