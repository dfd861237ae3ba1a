//! Who has opened a secret, and why; and which secrets were opened on a day.

use super::Vault;
use super::credentials::Binding;
use super::keys;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item, ttl};
use crate::key::Table;
use crate::query::Query;
use crate::query::Within;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::forgotten_at;
use domain::clock::Timestamp;
use domain::ids::AttemptId;
use domain::ids::CredentialId;
use domain::limits::AUDIT_RETENTION;
use wire::stored::{self, Schema};
use wire::text::Text;

/// Who opens a secret, and why: it goes on record before anything is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub function: String,
    pub why: String,
    pub attempt: AttemptId,
}

/// A lease as it stands on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseTaken {
    pub binding: Binding,
    pub lease: Lease,
    pub at: Timestamp,
    pub until: Timestamp,
}

impl<E: Engine> Vault<'_, E> {
    /// Who opens a secret, and on which day one was opened, go on record. The same lease once more is the same row.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_lease(&self, taken: &LeaseTaken) -> Result<(), StoreError> {
        let (credential, day) = (&taken.binding.credential, taken.at.day());
        let opened = to_item(&stored::OpenedOn { v: Schema, credential: Text(credential.clone()) })?;
        let opened = Write::replace(keys::opened_on(day, credential), opened).set("ttl", ttl(forgotten_at(day)));
        // First: a day that names a secret without a lease does no harm, and what it does not name is not copied.
        Rows(self.0).send(opened).await?;
        let row = Write::insert(keys::lease(taken), &stored::KeyLease::from(taken))?;
        let row = row.set("ttl", ttl(taken.at.plus(AUDIT_RETENTION)));
        // The same lease once more, whose answer was lost, is the same row.
        Rows(self.0).send(row).await.map(drop)
    }

    /// Of one credential, newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_leases(&self, credential: &CredentialId) -> Result<Vec<LeaseTaken>, StoreError> {
        let items = Rows(self.0).query(Table::Vault, &keys::of_credential(credential), keys::LEASES).await?;
        items.into_iter().rev().map(|item| from_item::<stored::KeyLease>(item).map(LeaseTaken::from)).collect()
    }

    /// The secrets that were opened on it, by their ids.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn opened_on(&self, day: i64) -> Result<Vec<CredentialId>, StoreError> {
        let items = Rows(self.0).query(Table::Vault, &keys::of_opened(day), CredentialId::PREFIX).await?;
        items.into_iter().map(|item| from_item::<stored::OpenedOn>(item).map(|row| row.credential.0)).collect()
    }

    /// Those of one secret after this place, oldest first; at most `limit`.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn leases_on(
        &self,
        day: i64,
        credential: &CredentialId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LeaseTaken>, StoreError> {
        let (from, until) = keys::leases_between(day);
        let start = after.map(|place| keys::lease_at(credential, place).item());
        let query = Query::of(Table::Vault, keys::of_credential(credential)).within(Within::Between(from, until));
        let rows = Rows(self.0).page(&query.start(start).limit(limit)).await?.items.into_iter();
        rows.map(|item| from_item::<stored::KeyLease>(item).map(LeaseTaken::from)).collect()
    }
}

impl LeaseTaken {
    /// Where it stands among those of its secret: sorts by time.
    pub fn place(&self) -> String {
        let Self { lease, at, .. } = self;
        format!("{:013}#{}#{}", at.millis(), lease.function, lease.attempt.as_str())
    }
}

impl From<&LeaseTaken> for stored::KeyLease {
    fn from(LeaseTaken { binding, lease, at, until }: &LeaseTaken) -> Self {
        Self {
            v: Schema,
            credential: Text(binding.credential.clone()),
            user: Text(binding.user.clone()),
            kind: Text(binding.kind),
            function: lease.function.clone(),
            why: lease.why.clone(),
            at: at.millis(),
            until: until.millis(),
            attempt: Text(lease.attempt.clone()),
        }
    }
}

impl From<stored::KeyLease> for LeaseTaken {
    fn from(row: stored::KeyLease) -> Self {
        Self {
            binding: Binding { user: row.user.0, credential: row.credential.0, kind: row.kind.0 },
            lease: Lease { function: row.function, why: row.why, attempt: row.attempt.0 },
            at: Timestamp::from_millis(row.at),
            until: Timestamp::from_millis(row.until),
        }
    }
}
