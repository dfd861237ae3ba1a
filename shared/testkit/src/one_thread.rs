//! What lives in one thread, in the place of what may move between threads.
//!
//! A simulation has one thread, in which nothing happens at once, and cells cost it less than locks. The futures of an engine
//! have to be `Send` all the same, as a server of HTTP wants them.

use fragile::Fragile;
use std::ops::Deref;

/// It panics where another thread looks at it, or lets go of it.
#[derive(Debug, Clone)]
pub struct OneThread<T>(Fragile<T>);

impl<T> OneThread<T> {
    pub(crate) fn of(value: T) -> Self {
        Self(Fragile::new(value))
    }
}

impl<T: Default> Default for OneThread<T> {
    fn default() -> Self {
        Self::of(T::default())
    }
}

impl<T> Deref for OneThread<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get()
    }
}
