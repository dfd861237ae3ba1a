//! What the model says, held against documents, promises and the template.
#![allow(clippy::unwrap_used, clippy::panic)]

mod access_log;
mod document;
mod promises;
mod scale;
mod support;
