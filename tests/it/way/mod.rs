//! From an alert to a closed position, and the ways out of it.

pub(crate) mod accounts;
mod entries;
mod exits;
mod halts;
mod ladder;
mod profit;
mod steps;
