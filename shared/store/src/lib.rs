//! Rows and how they are written: as values, which `DynamoDB` and a store in memory take alike.

pub mod condition;
mod error;
pub mod item;
mod key;
mod members;
mod query;
pub mod value;
mod write;

pub use error::{CommitError, StoreError};
pub use key::{Key, Table};
pub use query::{Found, Index, Query, Within};
pub use value::{Item, Name, Value};
pub use write::{Kind, Parts, Write, is_ours};
