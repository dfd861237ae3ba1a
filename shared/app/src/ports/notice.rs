//! Inboxes of people.

pub use store::trading::{KeptNotice, Unread};
