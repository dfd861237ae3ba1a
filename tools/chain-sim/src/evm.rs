//! What a node of Ethereum answers.

use crate::chain::{Block, Chain, Log, Move, Transaction};
use crate::{Faults, Kind};
use serde_json::{Value, json};

/// An error, as JSON-RPC has it.
type Answer = Result<Value, (i64, String)>;

/// To one request or a batch of them.
pub(crate) fn answer(chain: &Chain, newest: u64, faults: &Faults, body: &str) -> Value {
    match serde_json::from_str(body).unwrap_or(Value::Null) {
        // As go-ethereum does it: one reply, with the number of the first call.
        Value::Array(calls) if calls.len() > faults.batch_max => {
            json!([error(&calls[0]["id"], -32600, &faults.batch_words)])
        }
        Value::Array(calls) if logs_of_calls(&calls) > faults.range_max => {
            error(&Value::Null, -32005, &faults.range_words)
        }
        Value::Array(calls) => calls.iter().map(|call| one(chain, newest, faults, call)).collect(),
        call => one(chain, newest, faults, &call),
    }
}

/// How many calls are in one request.
pub(crate) fn calls(body: &str) -> usize {
    serde_json::from_str(body).map_or(0, |calls: Vec<Value>| calls.len())
}

/// Blocks whose logs are asked for at once.
fn logs_of_calls(calls: &[Value]) -> u64 {
    calls.iter().filter(|call| call["method"] == "eth_getLogs").count() as u64
}

fn one(chain: &Chain, newest: u64, faults: &Faults, call: &Value) -> Value {
    let method = call["method"].as_str().unwrap_or_default();
    match result(chain, newest, faults, method, &call["params"]) {
        Ok(result) => json!({"jsonrpc": "2.0", "id": call["id"], "result": result}),
        Err((code, message)) => error(&call["id"], code, &message),
    }
}

fn error(id: &Value, code: i64, message: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
}

fn result(chain: &Chain, newest: u64, faults: &Faults, method: &str, params: &Value) -> Answer {
    let hash = params[0].as_str().unwrap_or_default();
    let is_whole = params[1].as_bool().unwrap_or(false);
    let shown = |block: Option<&Block>| block.filter(|block| block.number <= newest).map(|block| show(block, is_whole));
    match method {
        "eth_chainId" => match chain.kind {
            Kind::Evm(number) => Ok(quantity(number)),
            Kind::Utxo => Err((-32601, "method not found".to_owned())),
        },
        "eth_blockNumber" => Ok(quantity(newest)),
        "eth_getBlockByNumber" => Ok(shown(number(hash).and_then(|number| chain.by_number(number))).into()),
        "eth_getBlockByHash" => Ok(shown(chain.by_hash(hash)).into()),
        "eth_getLogs" => logs(chain, newest, faults, &params[0]),
        "eth_getTransactionByHash" => {
            Ok(standing(chain, newest, hash).map(|(block, at)| transaction(block, at)).into())
        }
        "eth_getTransactionReceipt" => Ok(standing(chain, newest, hash).map(|(block, at)| receipt(block, at)).into()),
        _ => Err((-32601, format!("the method {method} does not exist"))),
    }
}

fn standing<'c>(chain: &'c Chain, newest: u64, hash: &str) -> Option<(&'c Block, usize)> {
    chain.block_of(hash).filter(|(block, _)| block.number <= newest)
}

fn logs(chain: &Chain, newest: u64, faults: &Faults, filter: &Value) -> Answer {
    let blocks: Vec<&Block> = match filter["blockHash"].as_str() {
        Some(hash) => vec![chain.by_hash(hash).ok_or((-32000, "unknown block".to_owned()))?],
        None => {
            let edge = |name: &str| filter[name].as_str().and_then(number).ok_or((-32602, "invalid params".to_owned()));
            let (from, to) = (edge("fromBlock")?, edge("toBlock")?);
            if to.saturating_sub(from) + 1 > faults.range_max {
                return Err((-32005, faults.range_words.clone()));
            }
            (from..=to.min(newest)).filter_map(|number| chain.by_number(number)).collect()
        }
    };
    let named = |log: &Log| {
        let contracts = filter["address"].as_array();
        contracts
            .is_none_or(|all| all.iter().filter_map(Value::as_str).any(|one| one.eq_ignore_ascii_case(&log.contract)))
    };
    let topic = filter["topics"][0].as_str();
    let is_meant =
        |log: &Log| named(log) && topic.is_none_or(|topic| log.topics.first().is_some_and(|own| own == topic));
    let mut all = Vec::new();
    for block in blocks {
        for (at, log) in of_block(block) {
            if is_meant(log) {
                all.push(show_log(block, at, all.len(), log));
            }
        }
    }
    Ok(all.into())
}

/// Of transactions that have not failed, with the places of these.
fn of_block(block: &Block) -> impl Iterator<Item = (usize, &Log)> {
    block
        .transactions
        .iter()
        .enumerate()
        .flat_map(|(at, transaction)| logs_of(transaction).iter().map(move |log| (at, log)))
}

fn logs_of(transaction: &Transaction) -> &[Log] {
    match &transaction.moves {
        Move::Account { logs, has_failed: false, .. } => logs,
        _ => &[],
    }
}

fn show(block: &Block, is_whole: bool) -> Value {
    let one = |at| if is_whole { transaction(block, at) } else { block.transactions[at].hash.clone().into() };
    json!({
        "number": quantity(block.number), "hash": block.hash, "parentHash": block.parent,
        "timestamp": quantity(block.time), "gasUsed": "0x5208", "gasLimit": "0x1c9c380", "extraData": "0x",
        "nonce": "0x0000000000000000", "sha3Uncles": block.hash, "logsBloom": format!("0x{}", "0".repeat(512)), "size": "0x220",
        "transactionsRoot": block.hash, "stateRoot": block.hash, "receiptsRoot": block.hash, "mixHash": block.hash,
        "miner": format!("0x{}", "0".repeat(40)), "difficulty": "0x0", "totalDifficulty": "0x0", "baseFeePerGas": "0x7",
        "transactions": (0..block.transactions.len()).map(one).collect::<Vec<_>>(), "uncles": [],
    })
}

fn transaction(block: &Block, at: usize) -> Value {
    let Transaction { hash, moves } = &block.transactions[at];
    let Move::Account { from, to, value, .. } = moves else { return Value::Null };
    json!({
        "hash": hash, "blockHash": block.hash, "blockNumber": quantity(block.number), "transactionIndex": quantity(at as u64),
        "from": from, "to": to, "value": format!("{value:#x}"), "input": "0x", "gas": "0x5208", "nonce": "0x1", "type": "0x2",
        "gasPrice": "0x7", "maxFeePerGas": "0x7", "maxPriorityFeePerGas": "0x1", "accessList": [], "chainId": "0x1",
        "v": "0x0", "r": "0x1", "s": "0x1", "yParity": "0x0",
    })
}

fn receipt(block: &Block, at: usize) -> Value {
    let Transaction { hash, moves } = &block.transactions[at];
    let Move::Account { from, to, has_failed, .. } = moves else { return Value::Null };
    let logs: Vec<_> = logs_of(&block.transactions[at])
        .iter()
        .enumerate()
        .map(|(place, log)| show_log(block, at, place, log))
        .collect();
    json!({
        "transactionHash": hash, "blockHash": block.hash, "blockNumber": quantity(block.number),
        "transactionIndex": quantity(at as u64), "from": from, "to": to, "status": if *has_failed { "0x0" } else { "0x1" },
        "gasUsed": "0x5208", "logs": logs, "cumulativeGasUsed": "0x5208", "effectiveGasPrice": "0x7", "contractAddress": null,
        "logsBloom": format!("0x{}", "0".repeat(512)), "type": "0x2",
    })
}

fn show_log(block: &Block, at: usize, place: usize, log: &Log) -> Value {
    json!({
        "address": log.contract, "topics": log.topics, "data": log.data, "blockHash": block.hash,
        "blockNumber": quantity(block.number), "transactionHash": block.transactions[at].hash,
        "transactionIndex": quantity(at as u64), "logIndex": quantity(place as u64), "removed": false,
    })
}

fn quantity(number: u64) -> Value {
    format!("{number:#x}").into()
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}
