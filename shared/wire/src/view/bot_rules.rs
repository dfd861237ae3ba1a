//! Rules of bots, as they are described. The crate `strategies` reads them, and describes their conditions.

use super::words::PositionSide;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Conditions over prices and indicators on which a bot enters and exits, at the close of a candle. An exit goes before an entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BotRules {
    /// The side that is entered; `long` if left out.
    pub side: Option<PositionSide>,
    #[schema(schema_with = entry)]
    pub entry: Value,
    #[schema(schema_with = exit, required = false)]
    pub exit: Value,
}

fn entry() -> utoipa::openapi::Ref {
    condition("When the bot enters.")
}

fn exit() -> utoipa::openapi::Ref {
    condition("When the bot exits; left out, it never does.")
}

/// What is described where it is read.
fn condition(about: &str) -> utoipa::openapi::Ref {
    let named = utoipa::openapi::schema::RefBuilder::new().ref_location_from_schema_name("RuleCondition");
    named.description(Some(about)).build()
}
