//! What the routes stand on.

use app::identity::{self, Knock};
use app::ports::{Guarded, StoreError};
use credentials::Verifier;
use domain::logs::Note;
use lambda::guard::Guards;
use lambda::noted::Notes;
use std::sync::Arc;
use store::idempotency::Once;
use store::identity::Identity;

/// Tables and queues, and the function that assesses risk.
#[cfg(not(test))]
mod outside {
    pub use aws::{Aws as Store, Later as Assessments};
}

/// The tests of this function stand on memory.
#[cfg(test)]
mod outside {
    pub use testkit::world::{World as Store, World as Assessments};
}

pub use outside::{Assessments, Store};

/// Cheap to clone; clones are one and the same.
#[derive(Debug, Clone)]
pub struct Api {
    pub(crate) store: Store,
    pub(crate) assessments: Assessments,
    verifier: Arc<Verifier>,
}

impl Api {
    pub fn new(store: Store, assessments: Assessments, deployment: &str) -> Self {
        Self { store, assessments, verifier: Arc::new(Verifier::new(deployment)) }
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
