//! Blockchains to be watched without a blockchain: chains that grow, fork and are reorganised, behind JSON-RPC as Ethereum's nodes speak
//! it and behind Esplora, with what goes wrong at real endpoints.
//!
//! It is written from public documentation and knows nothing of this product's own clients: those are what it is to prove.
//! - JSON-RPC: <https://ethereum.org/developers/docs/apis/json-rpc/>.
//! - Esplora: github.com/Blockstream/esplora API.md at 023e67f7.
//!
//! Both read 2026-11-30. That answers have all members that public clients require is tested (`tests/shapes`).
#![allow(clippy::indexing_slicing, clippy::expect_used, reason = "for tests alone, which a panic ends")]

mod chain;
mod esplora;
mod evm;
mod server;

pub use chain::{Block, Chain, Log, Move, Side, Transaction, Transfer};
pub use server::{Faults, Server};

/// How a chain keeps what belongs to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Accounts and contracts, asked by JSON-RPC: the number is the chain's own.
    Evm(u64),
    /// Inputs and outputs, asked by Esplora.
    Utxo,
}
