//! Versioned shapes: what arrives, what is sent between functions, what is stored, what is shown. The only serde types
//! that others share.
//!
//! - [`alert`]: the text of an alert, as TradingView sends it.
//! - [`ladder`]: a ladder that is asked for, and its plan.
//! - [`preset`]: named settings, as their users write them, and those of other tools.
//! - [`messages`]: doorbells on the queues.
//! - [`key_check`]: what `key-check` is asked and answers.
//! - [`sealed_key`]: what is sealed of a venue's key.
//! - [`stored`]: items in the tables.
//! - [`view`]: what the API answers.

pub mod alert;
#[cfg(test)]
mod frozen;
pub mod key_check;
pub mod ladder;
pub mod messages;
pub mod preset;
pub mod sealed_key;
pub mod stored;
pub mod text;
pub mod view;
mod words;
