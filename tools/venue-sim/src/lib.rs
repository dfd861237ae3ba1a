//! Exchanges to trade against without an exchange: one process that speaks the wires of Binance (spot and futures), Coinbase
//! Advanced Trade, Kraken and Bybit over real sockets, and does on demand what goes wrong with real ones.
//!
//! It is written from the exchanges' documentation and proven by an unmodified client of others, and it knows nothing of
//! this product's own clients: those are what it is to prove. [`Simulator::start`] plays it inside a test, the program
//! `venue-sim` outside of one.

mod binance;
mod bybit;
mod coinbase;
mod control;
pub mod counters;
pub mod engine;
pub mod faults;
pub mod http;
pub mod journal;
mod keys;
mod kraken;
pub mod limits;
pub mod replay;
pub mod settings;
mod simulator;
pub mod site;
pub mod world;

pub use settings::Settings;
pub use simulator::{Simulator, Start};
