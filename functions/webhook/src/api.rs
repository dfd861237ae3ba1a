//! What the routes stand on.

use app::receive::KnownTokens;
use std::sync::Arc;

/// Tables and queues. The tests of this function stand on those in memory.
#[cfg(not(test))]
pub type Store = aws::Aws;
#[cfg(test)]
pub type Store = testkit::world::World;

/// Cheap to clone; clones are one and the same.
#[derive(Debug, Clone)]
pub struct Api {
    pub(crate) store: Store,
    /// What this process knows between its requests.
    pub(crate) known: Arc<KnownTokens>,
}

impl Api {
    pub fn new(store: Store) -> Self {
        Self { store, known: Arc::default() }
    }
}
