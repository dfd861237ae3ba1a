//! Binance's USDⓈ-M futures, by `/fapi`, after `developers.binance.com/docs/derivatives/usds-margined-futures`.
//!
//! One account holds one position a market; in hedge mode nothing is traded here (`-4061`). Conditional orders are another
//! interface, which is not played: they are refused as they are there (`-4120`).

mod account;
mod error;
mod market;
mod orders;
mod render;
mod routes;
mod settings;

pub(super) use error::{duplicate, unavailable};
pub(super) use routes::ROUTES;
