//! Second factors: on, off, codes for when one is lost, and all of them under another key.

mod routes;
#[cfg(test)]
mod tests;

pub(crate) use routes::state;
pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, Run};
use app::ports::{Factor, KeepFactor, Session};
use domain::identity::{FactorSecret, GivenCode, Password, User};
use domain::ids::{Sha, UserId};
use lambda::guard::Guards;
use wire::resealed::Resealed;

/// What proves somebody twice.
pub type Both<'a> = (&'a Password, &'a GivenCode);

/// What these routes ask for.
pub trait Factors: Guards {
    fn factor(&self, user: &UserId) -> impl Future<Output = Done<Option<Factor>>> + Send;
    fn begin(
        &self,
        session: &Session,
        password: &Password,
        secret: &FactorSecret,
        run: Run<'_>,
    ) -> impl Future<Output = Done<User>> + Send;
    fn confirm(
        &self,
        session: &Session,
        code: &GivenCode,
        recovery: Vec<Sha>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;
    fn disable(&self, session: &Session, both: Both<'_>, run: Run<'_>) -> impl Future<Output = Done<()>> + Send;
    fn renew(
        &self,
        session: &Session,
        both: Both<'_>,
        recovery: Vec<Sha>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;
    fn take(&self, admin: &Session, user: &UserId, run: Run<'_>) -> impl Future<Output = Done<()>> + Send;
    /// Under the key that is used now, of some people after those of the run before.
    fn reseal(&self, after: Option<String>, run: Run<'_>) -> impl Future<Output = Done<Resealed>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Factors for Deployed {
    async fn factor(&self, user: &UserId) -> Done<Option<Factor>> {
        Ok(self.aws().load_factor(user).await?)
    }

    async fn begin(&self, session: &Session, password: &Password, secret: &FactorSecret, run: Run<'_>) -> Done<User> {
        identity::begin_factor(self.aws(), (self.passwords(), self.factors()), session, password, secret, run).await
    }

    async fn confirm(&self, session: &Session, code: &GivenCode, recovery: Vec<Sha>, run: Run<'_>) -> Done<()> {
        identity::confirm_factor(self.aws(), self.factors(), session, code, recovery, run).await
    }

    async fn disable(&self, session: &Session, both: Both<'_>, run: Run<'_>) -> Done<()> {
        identity::drop_factor(self.aws(), (self.passwords(), self.factors()), session, both, run).await
    }

    async fn renew(&self, session: &Session, both: Both<'_>, recovery: Vec<Sha>, run: Run<'_>) -> Done<()> {
        let proofs = (self.passwords(), self.factors());
        identity::renew_codes(self.aws(), proofs, session, both, recovery, run).await
    }

    async fn take(&self, admin: &Session, user: &UserId, run: Run<'_>) -> Done<()> {
        identity::take_factor(self.aws(), admin, user, run).await
    }

    async fn reseal(&self, after: Option<String>, run: Run<'_>) -> Done<Resealed> {
        Ok(identity::reseal_factors(self.aws(), self.factors(), after, run).await?)
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
