//! What Esplora answers.

use crate::Faults;
use crate::chain::{Block, Chain, Move, Side, Transaction};
use serde_json::{Value, json};

const PAGE: usize = 25;

/// A status and a body.
pub(crate) fn answer(chain: &Chain, newest: u64, faults: &Faults, path: &str) -> (u16, String) {
    let not_found = || (404, "Block not found".to_owned());
    let ok = |value: Value| (200, value.to_string());
    let block = |hash: &str| chain.by_hash(hash).filter(|block| block.number <= newest);
    match path.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["blocks", "tip", "height"] => (200, newest.to_string()),
        ["block-height", height] => {
            let found =
                height.parse().ok().filter(|height| *height <= newest).and_then(|height| chain.by_number(height));
            found.map_or_else(not_found, |block| (200, block.hash.clone()))
        }
        ["block", hash] => block(hash).map_or_else(not_found, |block| ok(show(block))),
        ["block", hash, "txs", from] => match (block(hash), from.parse::<usize>()) {
            (Some(block), Ok(from)) if from < block.transactions.len() => ok(page(block, from, faults)),
            _ => not_found(),
        },
        _ => not_found(),
    }
}

fn show(block: &Block) -> Value {
    json!({
        "id": block.hash, "height": block.number, "version": 536_870_912, "timestamp": block.time, "tx_count": block.transactions.len(),
        "size": 1_000, "weight": 4_000, "merkle_root": block.hash, "previousblockhash": block.parent, "mediantime": block.time,
        "nonce": 0, "bits": 386_089_497, "difficulty": 1.0,
    })
}

/// One that overlaps begins with the last one of the page before.
fn page(block: &Block, from: usize, faults: &Faults) -> Value {
    let from = if faults.pages_overlap { from.saturating_sub(1) } else { from };
    let count = if faults.pages_are_short { PAGE - 1 } else { PAGE };
    block.transactions.iter().skip(from).take(count).map(|one| transaction(block, one)).collect()
}

fn transaction(block: &Block, Transaction { hash, moves }: &Transaction) -> Value {
    let Move::Coins { inputs, outputs } = moves else { return Value::Null };
    let input = |txid: &str, prevout: Value| {
        json!({
            "txid": txid, "vout": if prevout.is_null() { u32::MAX } else { 0 }, "is_coinbase": prevout.is_null(), "sequence": 0,
            "prevout": prevout, "scriptsig": "", "scriptsig_asm": "", "witness": ["00"],
        })
    };
    let mined = input(&"0".repeat(64), Value::Null);
    let vin: Vec<_> =
        if inputs.is_empty() { vec![mined] } else { inputs.iter().map(|side| input(hash, output(side))).collect() };
    json!({
        "txid": hash, "version": 2, "locktime": 0, "size": 200, "weight": 800, "fee": 0, "vin": vin,
        "vout": outputs.iter().map(output).collect::<Vec<_>>(),
        "status": {"confirmed": true, "block_height": block.number, "block_hash": block.hash, "block_time": block.time},
    })
}

fn output(side: &Side) -> Value {
    let mut shown = json!({"scriptpubkey": "00", "scriptpubkey_asm": "OP_0", "scriptpubkey_type": "v0_p2wpkh", "value": side.value});
    if let Some(address) = &side.address {
        shown["scriptpubkey_address"] = address.clone().into();
    }
    shown
}
