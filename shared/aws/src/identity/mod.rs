//! People, in the identity table: who has an address or a name stands in rows of their own, put on absence in the same
//! transaction as the person.

mod definitions;
mod door;
mod erasure;
mod factors;
mod guesses;
mod keys;
pub(crate) mod logins;
mod people;
mod profile;
mod programs;
mod resets;
mod users;

use crate::client::Aws;
use app::ports::{CommitError, StoreError};
use domain::ids::AttemptId;
use store::Write;

impl Aws {
    /// False where a condition did not hold.
    pub(crate) async fn all_or_none(&self, writes: Vec<Write>, stamp: &AttemptId) -> Result<bool, StoreError> {
        match self.rows().transact(writes, stamp).await {
            Ok(()) => Ok(true),
            Err(CommitError::LostRace) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
