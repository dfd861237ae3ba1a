//! How far old rows are copied.

use super::Schema;
use crate::text::Text;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};

/// Of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveProgress {
    pub v: Schema<1>,
    /// All days before are copied.
    pub day: i64,
    /// Parts of this day that are.
    pub part: u32,
    /// Where the last of them ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Chains that are to be tried again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<SkippedChain>,
}

/// Whose, of which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedChain {
    pub day: i64,
    pub user: Text<UserId>,
}
