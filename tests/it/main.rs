//! The integration tests: one binary against the deployed local stack.
//!
//! Each test makes a trader of its own ([`support::Trader`]) and acts through the product's own doors: its routes, its
//! queues, its schedule. Behind its back it only does what the world does: prices move, a venue fails, time has passed
//! for a stored row.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accounts;
mod addresses;
mod apart;
mod api_keys;
mod at_random;
mod attacks;
mod backtests;
mod bad_input;
mod bots;
mod browsers;
mod candles;
mod change;
mod command_line;
mod contract;
mod contracts;
mod copies;
mod counted;
mod crash;
mod doctor;
mod doorbells;
mod doors;
mod drift;
mod everybody;
mod exchanges;
mod factors;
mod failing;
mod first_release;
mod forgotten;
mod health;
mod held_to_keys;
mod housekeeping;
mod identity;
mod keys;
mod leavers;
mod library;
mod lineage;
mod logs;
mod manifest;
mod meaning;
mod notifications;
mod oauth;
mod often;
mod once;
mod oneself;
mod parked;
mod planted;
mod presets;
mod queues;
mod readme;
mod records;
mod released;
mod repeats;
mod resolve;
mod restored;
mod rights;
mod roles;
mod routed;
mod runbooks;
mod secrets;
mod seeded;
mod slo;
mod stress;
mod support;
mod template;
mod terraform;
mod traced;
mod typed_client;
mod vault;
mod wallets;
mod way;
mod webhook_tokens;
