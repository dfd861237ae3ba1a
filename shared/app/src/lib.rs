//! Use cases, one file each, and the ports they need. No clock, no runtime, no cloud in here.
#![allow(async_fn_in_trait, reason = "ports are generic and never boxed; adapters decide whether futures are Send")]

pub mod accounts;
mod ask;
pub mod balance;
pub mod candles;
pub mod commit;
mod contracts;
pub mod decide;
pub mod doctor;
pub mod drain;
pub mod execute;
pub mod health;
pub mod identity;
pub mod ingest;
pub mod logs;
pub mod markets;
pub mod minute;
pub mod notices;
pub mod park;
pub mod pause;
pub mod persist;
pub mod ports;
pub mod presets;
pub mod receive;
pub mod recover;
pub mod refused;
pub mod remarks;
pub mod routes;
pub mod run;
pub mod series;
pub mod tokens;
pub mod trading;
mod turns;
mod value;
pub mod vault;
pub mod wallets;
pub mod watch;
