//! What each shape is read from and written as.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken expectation ends the test"
)]

mod alert;
mod archive;
mod backtest;
mod bot;
mod bot_runner;
mod by_hand;
mod candle;
mod challenge;
mod frozen;
mod housekeeping;
mod ingest;
mod key_check;
mod ladder;
mod line;
mod listed;
mod member;
mod messages;
mod packed_month;
mod preset;
mod resealed;
mod sealed_key;
mod sealed_source;
mod signed_day;
mod stored;
mod text;
mod view;
mod wallet;
mod whale;
