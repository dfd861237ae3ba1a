//! A new password for whoever forgot theirs: they are answered at once, and written to by a run of its own.

mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, Run};
use app::ports::{Origin, Secret};
use domain::identity::Email;
use domain::ids::UserId;
use lambda::api::CountsAddresses;

/// What these routes ask for.
pub trait Forgets: CountsAddresses {
    fn ask_for_reset(&self, email: &Email, origin: &Origin, run: Run<'_>) -> impl Future<Output = Done<()>> + Send;

    /// Whom it was sent to.
    fn mail_reset(
        &self,
        email: &Email,
        token: &Secret,
        run: Run<'_>,
    ) -> impl Future<Output = Done<Option<UserId>>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Forgets for Deployed {
    async fn ask_for_reset(&self, email: &Email, origin: &Origin, run: Run<'_>) -> Done<()> {
        identity::ask_for_reset(self.aws(), self.post(), email, origin, run).await
    }

    async fn mail_reset(&self, email: &Email, token: &Secret, run: Run<'_>) -> Done<Option<UserId>> {
        identity::mail_reset(self.aws(), self.post(), email, token, run).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
