//! What the routes stand on.

use app::identity::{self, Knock};
use app::ports::{Guarded, StoreError};
use app::vault::Vault;
use app::whales::sources::Sources;
use credentials::{AesGcm, Verifier};
use domain::logs::Note;
use lambda::guard::Guards;
use lambda::noted::Notes;
use std::sync::Arc;
use store::idempotency::Once;
use store::identity::Identity;

/// Tables, and the vault's key.
#[cfg(not(test))]
mod outside {
    pub use aws::{Aws as Store, Kms};
}

/// The tests of this function stand on memory.
#[cfg(test)]
mod outside {
    pub use testkit::kms::MemoryKms as Kms;
    pub use testkit::world::World as Store;
}

pub use outside::{Kms, Store};

/// It seals and keeps no leases: nothing is opened here.
type Seals = Vault<Kms, (), AesGcm>;

/// Cheap to clone; clones are one and the same.
#[derive(Debug, Clone)]
pub struct Api {
    pub(crate) store: Store,
    vault: Arc<Seals>,
    is_local: bool,
    verifier: Arc<Verifier>,
}

impl Api {
    /// `is_local` where the deployment stands on this machine.
    pub fn new(store: Store, kms: Kms, is_local: bool, deployment: &str) -> Self {
        let vault = Arc::new(Vault::new(kms, (), AesGcm, deployment));
        Self { store, vault, is_local, verifier: Arc::new(Verifier::new(deployment)) }
    }

    pub(crate) fn sources(&self) -> Sources<'_, Store, Seals> {
        Sources { deps: &self.store, vault: &self.vault, is_local: self.is_local }
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
