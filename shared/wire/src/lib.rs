//! Versioned shapes: what arrives, what is sent between functions, what is stored, what is shown. The only serde types
//! that others share.
//!
//! - [`alert`]: the text of an alert, as TradingView sends it.
//! - [`archive`]: old rows of logs, packed.
//! - [`backtest`]: what wakes `backtest-worker`, and the parts that it answers.
//! - [`bot`]: bots as they are asked for.
//! - [`candle`]: what is told on the bus once a candle has closed.
//! - [`challenge`]: what is signed to prove that an address is one's own.
//! - [`labels`]: labels of addresses as CSV.
//! - [`ladder`]: a ladder that is asked for, and its plan.
//! - [`line`]: the lines that functions leave, read again.
//! - [`listed`]: assets that are watched on blockchains.
//! - [`member`]: members of request bodies, each with the words by which it is refused.
//! - [`preset`]: named settings, as their users write them, and those of other tools.
//! - [`messages`]: doorbells on the queues.
//! - [`housekeeping`]: what wakes `housekeeping`.
//! - [`ingest`]: what wakes `ingest`.
//! - [`key_check`]: what `key-check` is asked and answers.
//! - [`own`]: requests that a function is handed past the gateway.
//! - [`resealed`]: what became of secrets that are put under another key.
//! - [`sealed_key`]: what is sealed of a venue's key.
//! - [`sealed_source`]: what is sealed of a source of whale alerts.
//! - [`signed_day`]: what is signed of a closed day of audit rows, and its copy.
//! - [`stored`]: items in the tables.
//! - [`view`]: what the API answers.
#![deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions)]

pub mod alert;
pub mod archive;
pub mod assess;
pub mod backtest;
pub mod bot;
pub mod bot_runner;
pub mod by_hand;
pub mod candle;
pub mod challenge;
pub mod errors;
pub mod housekeeping;
pub mod ingest;
pub mod key_check;
pub mod labels;
pub mod ladder;
pub mod line;
pub mod listed;
pub mod member;
pub mod messages;
pub mod own;
pub mod packed_month;
pub mod preset;
pub mod resealed;
pub mod sealed_key;
pub mod sealed_source;
pub mod signed_day;
pub mod stored;
pub mod text;
pub mod view;
pub mod wallet;
pub mod whale;
