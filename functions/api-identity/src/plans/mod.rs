//! Which plan somebody has, and what they use of it.

mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, Give, Run, Usage};
use app::ports::{Page, PageRequest, Session};
use domain::identity::{PlanName, User};
use domain::ids::UserId;
use lambda::guard::Guards;

/// What these routes ask for.
pub trait Planners: Guards {
    fn planned(&self, page: &PageRequest) -> impl Future<Output = Done<Page<User>>> + Send;
    fn user(&self, session: &Session, user: &UserId) -> impl Future<Output = Done<User>> + Send;
    fn give(
        &self,
        admin: &Session,
        user: &UserId,
        what: (&PlanName, Give),
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<User>> + Send;
    fn usage(&self, session: &Session, user: &UserId) -> impl Future<Output = Done<Usage>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Planners for Deployed {
    async fn planned(&self, page: &PageRequest) -> Done<Page<User>> {
        identity::planned(self.aws(), page).await
    }

    async fn user(&self, session: &Session, user: &UserId) -> Done<User> {
        identity::find(self.aws(), session, user).await
    }

    async fn give(
        &self,
        admin: &Session,
        user: &UserId,
        what: (&PlanName, Give),
        seen: Option<u64>,
        run: Run<'_>,
    ) -> Done<User> {
        identity::give_plan(self.aws(), admin, user, what, seen, run).await
    }

    async fn usage(&self, session: &Session, user: &UserId) -> Done<Usage> {
        identity::usage(self.aws(), session, user).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
