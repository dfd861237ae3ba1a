//! Signatures of closed days.

use super::Schema;
use serde::{Deserialize, Serialize};

/// Of one day in the table that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedDay {
    pub v: Schema<1>,
    pub day: i64,
    /// [`crate::signed_day::SealedHeads`], sealed by KMS, in base 64.
    pub sealed: String,
    pub signed_at: i64,
}
