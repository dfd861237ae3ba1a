//! Use cases over the rows that deployed code writes, kept in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "builders and assertions"
)]

mod accounts;
mod given;
mod logs;
mod presets;
mod races;
mod receive;
mod routes;
mod switches;
mod tokens;
mod trading;
mod venues;
mod wallets;
