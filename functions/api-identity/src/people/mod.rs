//! People go: removed by an admin.

mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, Run};
use app::ports::Session;
use domain::ids::UserId;
use lambda::guard::Guards;

/// What these routes ask for.
pub trait Leavers: Guards {
    fn remove(
        &self,
        admin: &Session,
        user: &UserId,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Leavers for Deployed {
    async fn remove(&self, admin: &Session, user: &UserId, seen: Option<u64>, run: Run<'_>) -> Done<()> {
        identity::remove(self.aws(), admin, user, seen, run).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
