//! Definitions of exchanges and chains.

use super::Schema;
use crate::text::Text;
use domain::wallet::Provider;
use serde::{Deserialize, Serialize};

/// What it says is kept as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    pub v: Schema<1>,
    pub provider: Text<Provider>,
    pub document: String,
    pub version: u64,
    pub created_at: i64,
    pub updated_at: i64,
    /// The row stays, so that what is built in does not come back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}
