//! Versioned shapes: what arrives, what is sent between functions, what is stored, what is shown. The only serde types
//! that others share.
//!
//! - [`alert`]: the text of an alert, as TradingView sends it.
//! - [`ladder`]: a ladder that is asked for, and its plan.
//! - [`preset`]: named settings, as their users write them, and those of other tools.
//! - [`messages`]: doorbells on the queues.
//! - [`stored`]: items in the tables.
//! - [`view`]: what the API answers.

pub mod alert;
#[cfg(test)]
mod frozen;
pub mod ladder;
pub mod messages;
pub mod preset;
pub mod stored;
pub mod text;
pub mod view;
mod words;
