//! Keys of programs, kept by the person for whom they act.

mod given;
mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, Run, WantedKey};
use app::ports::{Secret, Session};
use domain::clock::{Millis, Timestamp};
use domain::identity::ProgramKey;
use domain::ids::{KeyId, UserId};
use lambda::guard::Guards;
use std::collections::BTreeMap;

/// What these routes ask for.
pub trait KeyDesk: Guards {
    fn keys(&self, user: &UserId, run: Run<'_>) -> impl Future<Output = Done<Vec<ProgramKey>>> + Send;
    fn key(&self, user: &UserId, id: &KeyId, run: Run<'_>) -> impl Future<Output = Done<ProgramKey>> + Send;
    /// In which window of the clock each was used last.
    fn key_uses(&self, keys: &[ProgramKey]) -> impl Future<Output = Done<BTreeMap<KeyId, Timestamp>>> + Send;
    fn make_key(
        &self,
        by: &Session,
        wanted: WantedKey,
        secret: &Secret,
        run: Run<'_>,
    ) -> impl Future<Output = Done<ProgramKey>> + Send;
    fn change_key(
        &self,
        by: &Session,
        id: &KeyId,
        wanted: impl Fn(&ProgramKey) -> WantedKey + Send + Sync,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<ProgramKey>> + Send;
    fn rotate_key(
        &self,
        by: &Session,
        id: &KeyId,
        other: (&Secret, Millis),
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<ProgramKey>> + Send;
    fn revoke_key(
        &self,
        by: &Session,
        id: &KeyId,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl KeyDesk for Deployed {
    async fn keys(&self, user: &UserId, run: Run<'_>) -> Done<Vec<ProgramKey>> {
        identity::keys(self.aws(), user, run).await
    }

    async fn key(&self, user: &UserId, id: &KeyId, run: Run<'_>) -> Done<ProgramKey> {
        identity::find_key(self.aws(), user, id, run).await
    }

    async fn key_uses(&self, keys: &[ProgramKey]) -> Done<BTreeMap<KeyId, Timestamp>> {
        identity::key_uses(self.aws(), keys).await
    }

    async fn make_key(&self, by: &Session, wanted: WantedKey, secret: &Secret, run: Run<'_>) -> Done<ProgramKey> {
        identity::make_key(self.aws(), by, wanted, secret, run).await
    }

    async fn change_key(
        &self,
        by: &Session,
        id: &KeyId,
        wanted: impl Fn(&ProgramKey) -> WantedKey + Send + Sync,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> Done<ProgramKey> {
        identity::change_key(self.aws(), by, id, wanted, seen, run).await
    }

    async fn rotate_key(
        &self,
        by: &Session,
        id: &KeyId,
        other: (&Secret, Millis),
        seen: Option<u64>,
        run: Run<'_>,
    ) -> Done<ProgramKey> {
        identity::rotate_key(self.aws(), by, id, other, seen, run).await
    }

    async fn revoke_key(&self, by: &Session, id: &KeyId, seen: Option<u64>, run: Run<'_>) -> Done<()> {
        identity::revoke_key(self.aws(), by, id, seen, run).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
