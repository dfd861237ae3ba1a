//! How far old rows are copied.

use super::Schema;
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
}
