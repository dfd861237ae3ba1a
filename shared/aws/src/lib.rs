//! The cloud behind the ports: tables and queues. The only crate that names `aws_sdk_*`.
//!
//! [`Aws`] is the engine of `store`, which knows every row, and implements the ports of `app::ports` that send or read what is no
//! row. Where to begin: [`Config`], then `dynamo` (the engine's calls).
//!
//! 1. Reads by key are strongly consistent, but for rows that are put once and stay; lists by an index may lag.
//! 2. Every conditional write stamps `written_by`; one's own stamp on a refused write means that it was applied and
//!    its answer lost.
//! 3. Rows are rewritten attribute by attribute, so that what a newer writer added survives. What a row's kind may have
//!    and it has no more goes, but for what is named as others' to write.
//! 4. Conditions compare and never calculate: arithmetic in one does not compile.
#![warn(missing_docs)]

mod attributes;
mod audit_key;
mod bucket;
mod bus;
mod client;
mod config;
mod conflict;
mod dynamo;
mod error;
mod factor_key;
#[cfg(test)]
mod fake;
mod function;
#[cfg(test)]
mod guard_calls;
mod key_check;
mod kms;
mod later;
mod lines;
mod machine;
mod mail;
mod outside;
mod paper_settings;
mod parts;
mod price;
mod put;
mod queues;
#[cfg(test)]
mod read_order;
mod recovery;
#[cfg(test)]
mod rewritten;
mod sealing;
mod secret;
mod seed;
mod send;
mod signed;
mod table;
mod together;
mod trust;

pub use audit_key::AuditKey;
pub use bucket::Bucket;
pub use bus::Bus;
pub use client::{Aws, Endpoint, Keys};
pub use config::{Config, MissingPlace, Patience, Place};
pub use factor_key::FactorKey;
pub use function::Function;
pub use key_check::KeyChecks;
pub use kms::Kms;
pub use later::Later;
pub use lines::Lines;
pub use machine::Machine;
pub use mail::Mailer;
pub use outside::{Outside, is_local};
pub use paper_settings::PaperError;
pub use parts::Parts;
pub use price::Replay;
pub use secret::DeploymentSecret;
pub use seed::{Secret, Seed, SeedError, Seeded, seed};
