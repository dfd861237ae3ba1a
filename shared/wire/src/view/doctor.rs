//! Whether a deployment is well.

use super::words::{CheckName, CheckState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer of `GET /api/v1/doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Doctor {
    /// The worst of the checks' states.
    pub state: CheckState,
    /// The result of each check.
    pub checks: Vec<Check>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// What it looks at.
    #[schema(value_type = CheckName)]
    pub name: String,
    /// The result.
    pub state: CheckState,
    /// What the check found, in words with numbers.
    pub meaning: String,
    /// What to do about it; null where nothing is to be done.
    pub next: Option<String>,
}
