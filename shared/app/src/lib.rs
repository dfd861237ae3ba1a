//! Use cases, one file each, and the ports they need. No clock, no runtime, no cloud in here.
#![allow(async_fn_in_trait, reason = "ports are generic and never boxed; adapters decide whether futures are Send")]

pub mod commit;
pub mod ports;
