//! How many positions somebody may have open at once, over all of their accounts.

use super::{PlanDefinition, User};
use crate::ids::UserId;

/// What their plan says of positions, kept where positions are opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    pub user: UserId,
    /// None has no limit.
    pub positions: Option<u32>,
    /// At which versions of the person and of the plan it was reckoned: of two the later one stands.
    pub reckoned_at: (u64, u64),
    /// Raised by each opening and by each change of the limit: what was summed up before is summed up anew.
    pub count: u64,
}

impl Quota {
    pub fn of(user: &User, plan: &PlanDefinition) -> Self {
        let reckoned_at = (user.version, plan.version);
        Self { user: user.id.clone(), positions: plan.limits.positions, reckoned_at, count: 0 }
    }

    /// Whether it says the same, or was reckoned later.
    pub fn is_past(&self, other: &Self) -> bool {
        let is_same = self.positions == other.positions;
        self.reckoned_at > other.reckoned_at || (self.reckoned_at == other.reckoned_at && is_same)
    }
}
