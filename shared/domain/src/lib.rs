//! The rules of trading: money, markets, alerts, orders, position groups, accounts.
//!
//! Everything here is a value or a function of values. Nothing waits, stores, reads a clock or makes a random number;
//! time and ids come in as arguments.
//!
//! Where to begin: [`signal::meaning`] (what an alert means), [`order::command`] and [`order::Order::merge`] (what we
//! may do to an order, and what the venue tells of it), [`group::next`] (what a position group needs next).
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

pub mod account;
pub mod alert;
pub mod audit;
pub mod backtests;
pub mod bot;
pub mod by_hand;
pub mod chain;
pub mod clock;
pub mod contracts;
pub mod conversion;
pub mod delivery;
pub mod drift;
pub mod equity;
pub mod fees;
pub mod functions;
pub mod group;
pub mod identity;
pub mod ids;
pub mod ladder;
pub mod ledger;
pub mod limits;
pub mod lineage;
pub mod logs;
pub mod looks;
pub mod lots;
pub mod market;
pub mod money;
pub mod notice;
pub mod order;
pub mod parked;
pub mod performance;
pub mod preset;
pub mod profit;
pub mod pyramid;
pub mod raised;
pub mod rate;
pub mod reason;
pub mod reconciliation;
pub mod recovery;
pub mod region;
pub mod risk;
pub mod route;
pub mod rules;
pub mod seat;
pub mod series;
pub mod shard;
mod side;
pub mod signal;
pub mod slot;
pub mod token;
pub mod trade_record;
pub mod vault;
pub mod wallet;
pub mod whale;
pub mod words;
