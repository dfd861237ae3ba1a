//! What is stored, and how: rows, writes and conditions as values, and handles for what stands in each table.
//!
//! [`Engine`] is what a store has to do for them. `DynamoDB` does it, and [`Memory`]. What is too large for a row, or must stand out
//! of reach of those who write rows, is an object ([`objects`]).

pub mod audit;
pub mod catalog;
pub mod condition;
mod engine;
mod error;
pub mod idempotency;
pub mod identity;
pub mod item;
mod key;
pub mod labels;
pub mod market;
mod members;
pub mod memory;
pub mod objects;
mod page;
mod query;
mod rows;
mod signed_days;
pub mod trading;
pub mod value;
pub mod vault;
pub mod whale;
mod write;

pub use engine::{BATCH_WRITES_MAX, Clock, Engine, Fault, Reason, Unapplied, Unwritten, Written};
pub use error::{CommitError, StoreError};
pub use key::{Key, Table, of_user};
pub use members::members;
pub use memory::Memory;
pub use page::{Page, PageRequest, Span};
pub use query::{Found, Index, Query, Within};
pub use rows::Rows;
pub use signed_days::{SignedDay, signed_day_key};
pub use value::{Item, Name, Value};
pub use write::{Kind, Parts, Write};
