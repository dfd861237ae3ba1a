//! Endpoints against chains of this machine that grow, fork and answer badly.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod bitcoin;
mod ethereum;
mod recorded;
mod whale_alert;

use chain_sim::{Chain, Kind, Log, Move, Side, Transaction, Transfer};
use domain::chain::EndpointUrl;
use domain::whale::{Flows, Seen};
use outbound::{Client, Limits};
use std::time::Duration;

const LIMITS: Limits = Limits { within: Duration::from_secs(5), bytes: 1 << 22 };

fn client() -> Client {
    Client::new(true, LIMITS)
}

fn url(text: &str) -> EndpointUrl {
    text.parse().unwrap()
}

fn all(_: &Flows) -> bool {
    true
}

fn hashes(seen: &[Vec<Seen>]) -> Vec<Vec<String>> {
    seen.iter().map(|block| block.iter().map(|seen| seen.transaction.clone()).collect()).collect()
}

/// An address that ends so.
fn account(end: u8) -> String {
    format!("0x{end:040x}")
}

fn chain(kind: Kind) -> Chain {
    Chain::new(kind, (100, 1_700_000_000), 12, 7)
}

/// From the first account to the second.
fn sends(chain: &mut Chain, value: u128, logs: Vec<Log>) -> Transaction {
    let (from, to) = (account(1), Some(account(2)));
    Transaction { hash: chain.hash(), moves: Move::Account { from, to, value, logs, has_failed: false } }
}

fn token(contract: &str, from: u8, to: u8, count: u128) -> Log {
    let (from, to) = (account(from), account(to));
    Transfer { contract, from: &from, to: &to, count }.into()
}

fn coins(chain: &mut Chain, inputs: &[(&str, u64)], outputs: &[(&str, u64)]) -> Transaction {
    let side = |(address, value): &(&str, u64)| Side { address: Some((*address).to_owned()), value: *value };
    let moves = Move::Coins { inputs: inputs.iter().map(side).collect(), outputs: outputs.iter().map(side).collect() };
    Transaction { hash: chain.hash(), moves }
}
