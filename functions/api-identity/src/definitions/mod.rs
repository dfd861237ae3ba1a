//! Roles, permissions and plans, each with the same routes.

mod kinds;
mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, Run};
use app::ports::Session;
use domain::identity::Defined;
use lambda::guard::Guards;

/// What these routes ask for.
pub trait Definers: Guards {
    fn all<T: Defined>(&self) -> impl Future<Output = Done<Vec<T>>> + Send;
    fn one<T: Defined>(&self, name: &T::Name) -> impl Future<Output = Done<T>> + Send;
    fn define<T: Defined>(&self, by: &Session, new: T, run: Run<'_>) -> impl Future<Output = Done<T>> + Send;
    fn redefine<T: Defined>(
        &self,
        by: &Session,
        name: &T::Name,
        change: impl FnOnce(T) -> T + Send,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<T>> + Send;
    fn undefine<T: Defined>(
        &self,
        by: &Session,
        name: &T::Name,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Definers for Deployed {
    async fn all<T: Defined>(&self) -> Done<Vec<T>> {
        identity::definitions(self.aws()).await
    }

    async fn one<T: Defined>(&self, name: &T::Name) -> Done<T> {
        identity::definition(self.aws(), name).await
    }

    async fn define<T: Defined>(&self, by: &Session, new: T, run: Run<'_>) -> Done<T> {
        identity::define(self.aws(), by, new, run).await
    }

    async fn redefine<T: Defined>(
        &self,
        by: &Session,
        name: &T::Name,
        change: impl FnOnce(T) -> T + Send,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> Done<T> {
        identity::redefine(self.aws(), by, name, change, seen, run).await
    }

    async fn undefine<T: Defined>(&self, by: &Session, name: &T::Name, seen: Option<u64>, run: Run<'_>) -> Done<()> {
        identity::undefine::<T, _>(self.aws(), by, name, seen, run).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
