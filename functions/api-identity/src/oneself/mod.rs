//! Oneself: what one tells of oneself, all that is kept of one, and being forgotten.

mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use crate::post::Post;
use app::identity::{self, Personal, Run, Wished};
use app::ports::Session;
use aws::FactorKey;
use credentials::Passwords;
use domain::clock::Timestamp;
use domain::identity::{GivenCode, Password, User};
use domain::ids::UserId;
use lambda::guard::Guards;

/// What these routes ask for.
pub trait Selves: Guards {
    fn change_oneself(
        &self,
        session: &Session,
        wished: Wished,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<(User, Option<Timestamp>)>> + Send;
    fn personal(&self, user: &UserId, run: Run<'_>) -> impl Future<Output = Done<Personal>> + Send;
    fn erase(
        &self,
        by: &Session,
        user: &UserId,
        given: (Option<&Password>, Option<&GivenCode>),
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Selves for Deployed {
    async fn change_oneself(
        &self,
        session: &Session,
        wished: Wished,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> Done<(User, Option<Timestamp>)> {
        let user = identity::change_profile(self.aws(), self.means(), session, wished, seen, run).await?;
        let last_seen = identity::last_seen(self.aws(), &user, run).await?;
        Ok((user, last_seen))
    }

    async fn personal(&self, user: &UserId, run: Run<'_>) -> Done<Personal> {
        identity::personal(self.aws(), user, run).await
    }

    async fn erase(
        &self,
        by: &Session,
        user: &UserId,
        given: (Option<&Password>, Option<&GivenCode>),
        run: Run<'_>,
    ) -> Done<()> {
        identity::erase(self.aws(), self.means(), by, user, given, run).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}

impl Deployed {
    /// What proves somebody twice, and what writes to them.
    fn means(&self) -> (&Passwords, &FactorKey, &Post) {
        (self.passwords(), self.factors(), self.post())
    }
}
