//! How many positions somebody may have open.

use super::Schema;
use crate::text::Text;
use domain::identity;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};

/// Versions begin at 1: those of the person and of the plan it was reckoned at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub positions: Option<u32>,
    pub by_user: u64,
    pub by_plan: u64,
    /// Raised by each opening.
    pub count: u64,
}

impl From<Quota> for identity::Quota {
    fn from(row: Quota) -> Self {
        let (positions, reckoned_at) = (row.positions, (row.by_user, row.by_plan));
        Self { user: row.user.0, positions, reckoned_at, count: row.count }
    }
}
