//! Who has opened a secret, and why; and which secrets were opened on a day.

use crate::client::Aws;
use crate::keys;
use app::ports::{KeepLease, LeaseTaken, ListLeases, ReadLeases, StoreError};
use domain::audit::forgotten_at;
use domain::ids::CredentialId;
use domain::limits::AUDIT_RETENTION;
use store::item::{from_item, to_item, ttl};
use store::{Query, Table, Within, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepLease for Aws {
    async fn keep_lease(&self, taken: &LeaseTaken) -> Result<(), StoreError> {
        let (credential, day) = (&taken.binding.credential, taken.at.day());
        let opened = to_item(&stored::OpenedOn { v: Schema, credential: Text(credential.clone()) })?;
        let opened = Write::replace(keys::opened_on(day, credential), opened).set("ttl", ttl(forgotten_at(day)));
        // First: a day that names a secret without a lease does no harm, and what it does not name is not copied.
        self.rows().send(opened).await?;
        let row = Write::insert(keys::lease(taken), &stored::KeyLease::from(taken))?;
        let row = row.set("ttl", ttl(taken.at.plus(AUDIT_RETENTION)));
        // The same lease once more, whose answer was lost, is the same row.
        self.rows().send(row).await.map(drop)
    }
}

impl ListLeases for Aws {
    async fn list_leases(&self, credential: &CredentialId) -> Result<Vec<LeaseTaken>, StoreError> {
        let items = self.rows().query(Table::Vault, &keys::of_credential(credential), keys::LEASES).await?;
        items.into_iter().rev().map(|item| from_item::<stored::KeyLease>(item).map(LeaseTaken::from)).collect()
    }
}

impl ReadLeases for Aws {
    async fn opened_on(&self, day: i64) -> Result<Vec<CredentialId>, StoreError> {
        let items = self.rows().query(Table::Vault, &keys::of_opened(day), CredentialId::PREFIX).await?;
        items.into_iter().map(|item| from_item::<stored::OpenedOn>(item).map(|row| row.credential.0)).collect()
    }

    async fn leases_on(
        &self,
        day: i64,
        credential: &CredentialId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LeaseTaken>, StoreError> {
        let (from, until) = keys::leases_between(day);
        let start = after.map(|place| keys::lease_at(credential, place).item());
        let query = Query::of(Table::Vault, keys::of_credential(credential)).within(Within::Between(from, until));
        let rows = self.rows().page(&query.start(start).limit(limit)).await?.items.into_iter();
        rows.map(|item| from_item::<stored::KeyLease>(item).map(LeaseTaken::from)).collect()
    }
}
