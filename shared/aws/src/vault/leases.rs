//! Who has opened a secret, and why.

use crate::client::Aws;
use crate::config::Place;
use crate::item::{from_item, ttl};
use crate::keys;
use crate::stamp;
use crate::write::Write;
use app::ports::{Binding, KeepLease, Lease, LeaseTaken, ListLeases, StoreError};
use domain::clock::Timestamp;
use domain::ids::CredentialId;
use domain::limits::AUDIT_RETENTION;
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepLease for Aws {
    async fn keep_lease(&self, taken: &LeaseTaken) -> Result<(), StoreError> {
        let LeaseTaken { binding, lease, at, until } = taken;
        let row = stored::KeyLease {
            v: Schema,
            credential: Text(binding.credential.clone()),
            user: Text(binding.user.clone()),
            kind: Text(binding.kind),
            function: lease.function.clone(),
            why: lease.why.clone(),
            at: at.millis(),
            until: until.millis(),
            attempt: Text(lease.attempt.clone()),
        };
        let put = Write::insert(keys::lease(taken), &row)?.set("ttl", ttl(at.plus(AUDIT_RETENTION)));
        // The same lease once more, whose answer was lost, is the same row.
        self.write(put, &stamp::fresh()?).await.map(drop)
    }
}

impl ListLeases for Aws {
    async fn list_leases(&self, credential: &CredentialId) -> Result<Vec<LeaseTaken>, StoreError> {
        let items = self.query(Place::Vault, &keys::of_credential(credential), keys::LEASES).await?;
        let rows = items.into_iter().map(from_item::<stored::KeyLease>).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().rev().map(read).collect())
    }
}

fn read(row: stored::KeyLease) -> LeaseTaken {
    LeaseTaken {
        binding: Binding { user: row.user.0, credential: row.credential.0, kind: row.kind.0 },
        lease: Lease { function: row.function, why: row.why, attempt: row.attempt.0 },
        at: Timestamp::from_millis(row.at),
        until: Timestamp::from_millis(row.until),
    }
}
