//! Answers have every member that public clients name as required; of what kind each is, is tried for some. Each list names whose it is; all were
//! read 2026-12-01.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use chain_sim::{Chain, Kind, Move, Server, Side, Transaction, Transfer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// `github.com/subsquid/eth-archive`, `ingester/src/schema.rs`: members of `Block`, which has them required, beside those that it lets be null.
const BLOCK: &str = "number hash parentHash nonce sha3Uncles logsBloom transactionsRoot stateRoot receiptsRoot miner difficulty totalDifficulty \
                     extraData size gasLimit gasUsed timestamp transactions";
/// The same file: `Transaction`.
const TRANSACTION: &str = "blockHash blockNumber from gas gasPrice hash input nonce to transactionIndex value v r s";
/// The same file: `Log`.
const LOG: &str = "address blockHash blockNumber data logIndex removed topics transactionHash transactionIndex";
/// `github.com/rosen-bridge/rosen-chains`, `packages/networks/bitcoin-esplora/lib/types.ts`: `EsploraBlock`.
const COIN_BLOCK: &str =
    "id height version timestamp tx_count size weight merkle_root previousblockhash mediantime nonce bits difficulty";
/// The same file: `EsploraTx`, `Status`, `Vin` and `Vout`.
const COIN_TRANSACTION: &str = "txid version locktime vin vout size weight fee status";
const STATUS: &str = "confirmed block_height block_hash block_time";
const INPUT: &str = "txid vout prevout scriptsig scriptsig_asm witness is_coinbase sequence";
const OUTPUT: &str = "scriptpubkey scriptpubkey_asm scriptpubkey_type value";

fn assert_has(value: &Value, members: &str) {
    let missing: Vec<_> = members.split_whitespace().filter(|member| value.get(*member).is_none()).collect();
    assert_eq!(missing, Vec::<&str>::new(), "{value}");
}

/// What follows on the headers of its answer.
async fn asked(server: &Server, method: &str, path: &str, body: &str) -> String {
    let url = server.url("a");
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/a").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{method} /a{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

async fn called(server: &Server, method: &str, params: Value) -> Value {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    let answer: Value = serde_json::from_str(&asked(server, "POST", "", &body).await).unwrap();
    answer["result"].clone()
}

#[tokio::test]
async fn node_answers_what_clients_of_nodes_require() {
    let mut chain = Chain::new(Kind::Evm(1), (7, 1_700_000_000), 12, 1);
    let [from, to] = ["0x1111111111111111111111111111111111111111", "0x2222222222222222222222222222222222222222"];
    let log = Transfer { contract: "0xdac17f958d2ee523a2206206994597c13d831ec7", from, to, count: 5 }.into();
    let moves =
        Move::Account { from: from.to_owned(), to: Some(to.to_owned()), value: 9, logs: vec![log], has_failed: false };
    let hash = chain.hash();
    let block = chain.mine(vec![Transaction { hash: hash.clone(), moves }]);
    let server = Server::start(chain).await.unwrap();
    let shown = called(&server, "eth_getBlockByNumber", json!(["0x8", true])).await;
    assert_has(&shown, BLOCK);
    assert_has(&shown["transactions"][0], TRANSACTION);
    let is_hash = |member: &str| shown[member].as_str().is_some_and(|hash| hash.len() == 66 && hash.starts_with("0x"));
    assert!(["hash", "parentHash", "stateRoot", "sha3Uncles"].into_iter().all(is_hash), "{shown}");
    assert_eq!(shown["logsBloom"].as_str().unwrap().len(), 2 + 512);
    let logs = called(&server, "eth_getLogs", json!([{"blockHash": block.hash}])).await;
    assert_has(&logs[0], LOG);
    let receipt = called(&server, "eth_getTransactionReceipt", json!([hash])).await;
    assert_has(&receipt["logs"][0], LOG);
}

#[tokio::test]
async fn explorer_answers_what_clients_of_esplora_require() {
    let mut chain = Chain::new(Kind::Utxo, (7, 1_700_000_000), 600, 1);
    let side = |value| Side { address: Some("bc1qtest".to_owned()), value };
    let moves = Move::Coins { inputs: vec![side(9)], outputs: vec![side(8)] };
    let mined = Move::Coins { inputs: Vec::new(), outputs: vec![side(5)] };
    let [first, second] = [chain.hash(), chain.hash()];
    let block = chain.mine(vec![Transaction { hash: first, moves: mined }, Transaction { hash: second, moves }]);
    let server = Server::start(chain).await.unwrap();
    let read = async |path: String| -> Value { serde_json::from_str(&asked(&server, "GET", &path, "").await).unwrap() };
    assert_has(&read(format!("/block/{}", block.hash)).await, COIN_BLOCK);
    let transactions = read(format!("/block/{}/txs/0", block.hash)).await;
    for transaction in transactions.as_array().unwrap() {
        assert_has(transaction, COIN_TRANSACTION);
        assert_has(&transaction["status"], STATUS);
        assert_has(&transaction["vin"][0], INPUT);
        assert_has(&transaction["vout"][0], OUTPUT);
    }
    let is_mined = |number: usize| &transactions[number]["vin"][0];
    assert_eq!((&is_mined(0)["is_coinbase"], &is_mined(0)["prevout"]), (&json!(true), &Value::Null));
    assert_has(&is_mined(1)["prevout"], OUTPUT);
}
