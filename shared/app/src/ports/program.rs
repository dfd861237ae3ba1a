//! Keys of programs, as their owner keeps them.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::identity::ProgramKey;
use domain::ids::{KeyId, UserId};
use std::collections::BTreeMap;

pub trait ListProgramKeys {
    /// All of a user, with those that are over and not gone yet; as they are now.
    async fn list_program_keys(&self, user: &UserId) -> Result<Vec<ProgramKey>, StoreError>;

    /// In which window of the clock each was used last; those that never were are not among them.
    async fn program_key_uses(&self, keys: &[ProgramKey]) -> Result<BTreeMap<KeyId, Timestamp>, StoreError>;
}

pub trait KeepProgramKey {
    /// On record, in the place of what was seen, and while its owner is at the version that their grant was reckoned of.
    /// From here on it lets in by the secrets that it has, and by no other. False where another change was first.
    async fn keep_program_key(
        &self,
        seen: Option<&ProgramKey>,
        key: &ProgramKey,
        owner: u64,
        audit: &Audit,
    ) -> Result<bool, StoreError>;

    /// On record, in the place of what was seen, and while its owner is at this version, where one is named; from here on it
    /// lets nobody in. False where another change was first.
    async fn end_program_key(&self, seen: &ProgramKey, owner: Option<u64>, audit: &Audit) -> Result<bool, StoreError>;
}
