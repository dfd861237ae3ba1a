//! The rules of trading, asserted from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod given;
mod golden;
mod ledger;
mod meaning;
mod merge;
mod next;
