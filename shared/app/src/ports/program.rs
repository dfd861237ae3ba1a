//! Keys of programs, as their owner keeps them.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::identity::ProgramKey;
use domain::ids::{KeyId, UserId};
use std::collections::BTreeMap;
use store::Engine;
use store::identity::Identity;

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

impl<E: Engine> ListProgramKeys for E {
    async fn list_program_keys(&self, user: &UserId) -> Result<Vec<ProgramKey>, StoreError> {
        Identity(self).list_program_keys(user).await
    }

    async fn program_key_uses(&self, keys: &[ProgramKey]) -> Result<BTreeMap<KeyId, Timestamp>, StoreError> {
        Identity(self).program_key_uses(keys).await
    }
}

impl<E: Engine> KeepProgramKey for E {
    async fn keep_program_key(
        &self,
        seen: Option<&ProgramKey>,
        key: &ProgramKey,
        owner: u64,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Identity(self).keep_program_key(seen, key, owner, audit).await
    }

    async fn end_program_key(&self, seen: &ProgramKey, owner: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).end_program_key(seen, owner, audit).await
    }
}
