//! What somebody has beside a password.

use super::Schema;
use crate::text::Text;
use domain::ids::{Sha, UserId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    /// By KMS, in base 64.
    pub sealed: String,
    pub confirmed: bool,
    /// Half minutes since 1970.
    pub used_step: i64,
    pub recovery: Vec<Text<Sha>>,
    pub made_at: i64,
    /// Raised by each change.
    pub version: u64,
}
