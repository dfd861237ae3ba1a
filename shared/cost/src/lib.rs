//! What a deployment costs: work that was counted, times public prices. Pure: two files in, numbers out.
//!
//! `counts.toml` says what each case asks of AWS; the integration test `counted` counts it again and fails on more.
//! `prices.toml` holds the prices. [`Habits::month`] makes a month of somebody's own, [`bill`] prices it, [`bounds`]
//! compares with what is promised. [`units`] says what a call of a table is billed for.

mod bill;
mod bounds;
mod counts;
mod month;
mod prices;
pub mod units;
mod usage;

pub use bill::{Item, Standing, bill, list_price};
pub use bounds::{Bound, bounds};
pub use counts::{Assumed, COUNTS, Case, Counts, Function, Page, Trigger};
pub use month::{DAYS, Habits, PASSES_PER_REFRESH, SLOTS_PER_HOUR, STANDING, live_hour, order};
pub use prices::{Arch, Free, PriceList, Prices};
pub use usage::Usage;

/// A file of this crate that cannot be used, and why. Tests read them all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}: {1}")]
pub struct Broken(pub &'static str, pub String);
