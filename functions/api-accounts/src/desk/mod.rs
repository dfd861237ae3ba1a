//! What the routes ask for, promised to move between threads: one trait a topic.

mod tokens;

pub use tokens::TokenDesk;
pub(crate) use tokens::Tokened;

use lambda::guard::Guards;

pub trait Desk: Guards + TokenDesk {
    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}
