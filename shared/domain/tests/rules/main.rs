//! The rules of trading, asserted from outside.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::needless_pass_by_value,
    unreachable_pub,
    reason = "builders and assertions"
)]

mod absent;
mod accounts;
mod agree;
mod assessed;
mod assessed_at_random;
mod clocks;
mod cooldown;
mod drift;
mod equity;
mod exits;
mod fees;
mod fractions;
mod given;
mod golden;
mod late;
mod ledger;
mod left;
mod legs;
mod limits;
mod maxima;
mod meaning;
mod merge;
mod next;
mod own_fees;
mod pyramids;
mod reach;
mod reductions;
mod refusals;
mod regain;
mod resolve;
mod routes;
mod sellable;
mod shorts;
mod sized;
mod slices;
mod stops;
mod whale_impacts;
mod whales;
mod words;
mod worth;
