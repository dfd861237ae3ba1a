//! What the routes stand on.

use app::accounts::{Addresses, Keys};
use app::identity::{self, Knock};
use app::ports::{Guarded, StoreError};
use app::vault::Vault;
use credentials::{AesGcm, Verifier};
use domain::logs::Note;
use lambda::guard::Guards;
use lambda::noted::Notes;
use signatures::Ethereum;
use std::sync::Arc;
use store::idempotency::Once;
use store::identity::Identity;

/// Tables, the vault's key, and `key-check`.
#[cfg(not(test))]
mod outside {
    pub use aws::{Aws as Store, KeyChecks as Checks, Kms};
}

/// The tests of this function stand on memory.
#[cfg(test)]
mod outside {
    pub use crate::tests::Checks;
    pub use testkit::kms::MemoryKms as Kms;
    pub use testkit::world::World as Store;
}

pub use outside::{Checks, Kms, Store};

/// It seals and keeps no leases: nothing is opened here.
type Seals = Vault<Kms, (), AesGcm>;

/// Cheap to clone; clones are one and the same.
#[derive(Debug, Clone)]
pub struct Api {
    pub(crate) store: Store,
    pub(crate) checks: Checks,
    vault: Arc<Seals>,
    deployment: Arc<str>,
    verifier: Arc<Verifier>,
}

impl Api {
    pub fn new(store: Store, kms: Kms, checks: Checks, deployment: &str) -> Self {
        Self {
            store,
            checks,
            vault: Arc::new(Vault::new(kms, (), AesGcm, deployment)),
            deployment: deployment.into(),
            verifier: Arc::new(Verifier::new(deployment)),
        }
    }

    /// Keys of accounts; `trace` is of the request.
    pub(crate) fn keys<'a>(&'a self, trace: &'a str) -> Keys<'a, Store, Seals, Checks> {
        Keys { deps: &self.store, vault: &self.vault, checks: &self.checks, trace }
    }

    /// Accounts that are addresses.
    pub(crate) fn addresses(&self) -> Addresses<'_, Store, Ethereum> {
        Addresses { deps: &self.store, proofs: &Ethereum, deployment: &self.deployment }
    }
}

impl Guards for Api {
    type Store = Store;

    fn store(&self) -> &Store {
        &self.store
    }

    fn for_once(self, once: Arc<Once>) -> Self {
        Self { store: self.store.for_once(once), ..self }
    }

    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        identity::admit(&self.store, &*self.verifier, knock).await
    }
}

impl Notes for Api {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        Identity(&self.store).note(note).await
    }
}
