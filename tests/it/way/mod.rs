//! From an alert to a closed position, and the ways out of it.

pub(crate) mod accounts;
pub(crate) mod by_hand;
mod entries;
mod exits;
mod follows;
mod halts;
mod ladder;
mod paper;
mod parts;
mod portfolio;
mod profit;
mod pyramids;
mod seats;
mod steps;
mod stops;
mod whole;
