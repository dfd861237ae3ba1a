//! What the routes stand on.

use crate::charts::Charts;
use app::identity::{self, Knock};
use app::ports::{Guarded, StoreError};
use credentials::Verifier;
use domain::logs::Note;
use lambda::guard::Guards;
use lambda::noted::Notes;
use std::sync::Arc;
use store::idempotency::Once;
use store::identity::Identity;

/// Tables, `key-check`, the worker that plays backtests, and the bucket of results and of packed candles.
#[cfg(not(test))]
mod outside {
    pub use aws::{Aws as Store, Bucket as Objects, KeyChecks as Checks, Later as Workers};
}

/// The tests of this function stand on memory.
#[cfg(test)]
mod outside {
    pub use crate::tests::Checks;
    pub use testkit::world::{World as Store, World as Objects, World as Workers};
}

pub use outside::{Checks, Objects, Store, Workers};

/// Cheap to clone; clones are one and the same.
#[derive(Debug, Clone)]
pub struct Api {
    pub(crate) store: Store,
    pub(crate) checks: Checks,
    pub(crate) workers: Workers,
    pub(crate) objects: Objects,
    /// Of everybody's.
    pub(crate) backtests_at_once: usize,
    pub(crate) charts: Charts,
    verifier: Arc<Verifier>,
}

impl Api {
    pub fn new(
        store: Store,
        checks: Checks,
        (workers, objects, backtests_at_once): (Workers, Objects, usize),
        deployment: &str,
    ) -> Self {
        let (charts, verifier) = (Charts::default(), Arc::new(Verifier::new(deployment)));
        Self { store, checks, workers, objects, backtests_at_once, charts, verifier }
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
