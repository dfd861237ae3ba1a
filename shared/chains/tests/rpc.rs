//! Against servers on this machine that answer JSON-RPC, well and badly.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::ports::ReadChain;
use chains::JsonRpc;
use domain::chain::{Chain, ChainFault, Coin, EvmAddress, Token};
use domain::market::Asset;
use domain::money::Amount;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that answers every request with the same bytes, or never.
struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
}

async fn server(answer: Option<String>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v3/s3cret", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            match &answer {
                Some(answer) => serve(stream, answer).await,
                None => held.push(stream),
            }
        }
    });
    Server { url, asked }
}

/// Whoever has read enough may hang up.
async fn serve(mut stream: TcpStream, answer: &str) {
    let mut asked = vec![0_u8; 16 * 1024];
    let _read = stream.read(&mut asked).await;
    let _sent = stream.write_all(answer.as_bytes()).await;
    let _closed = stream.shutdown().await;
}

fn http(status: &str, more: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}"))
}

fn said(body: &Value) -> Option<String> {
    http("200 OK", "", &body.to_string())
}

fn result(id: u64, result: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "result": result})
}

/// Two and a half of the chain's own, 1.25 USDT.
fn good() -> Vec<Value> {
    vec![result(0, "0x1"), result(1, "0x22b1c8c1227a0000"), result(2, &format!("0x{:064x}", 1_250_000))]
}

fn chain(urls: &[&Server]) -> Chain {
    let coin = |asset: &str, decimals| Coin { asset: asset.parse().unwrap(), decimals };
    let contract = format!("0x{}", "c".repeat(40)).parse().unwrap();
    let tokens = vec![Token { coin: coin("USDT", 6), contract }];
    let rpc_urls = urls.iter().map(|server| server.url.parse().unwrap()).collect();
    Chain { id: 1, native: coin("ETH", 18), tokens, rpc_urls }
}

async fn holdings(chain: &Chain) -> Result<BTreeMap<Asset, Amount>, ChainFault> {
    let address: EvmAddress = format!("0x{}", "a".repeat(40)).parse().unwrap();
    JsonRpc::new(true).holdings(chain, &address).await
}

async fn check(answer: Option<String>, told: Result<(&str, &str), ChainFault>) {
    let server = server(answer.clone()).await;
    let read = holdings(&chain(&[&server])).await;
    let shown = |held: BTreeMap<Asset, Amount>| held.into_values().map(|amount| amount.to_string()).collect::<Vec<_>>();
    let told = told.map(|(eth, usdt)| vec![eth.to_owned(), usdt.to_owned()]);
    assert_eq!(read.map(shown), told, "{answer:?}");
    assert_eq!(server.asked.load(Ordering::Relaxed), 1, "one request for all coins: {answer:?}");
}

fn with(place: usize, other: Value) -> Option<String> {
    let mut answers = good();
    answers[place] = other;
    said(&Value::Array(answers))
}

#[tokio::test]
async fn what_is_told_of_each_coin_is_kept_to_the_last_digit() {
    check(said(&Value::Array(good())), Ok(("2.5", "1.25"))).await;
    check(said(&Value::Array(good().into_iter().rev().collect())), Ok(("2.5", "1.25"))).await;
    check(with(1, result(1, "0x1")), Ok(("0.000000000000000001", "1.25"))).await;
    check(with(1, result(1, "0x0")), Ok(("0", "1.25"))).await;
}

#[tokio::test]
async fn what_is_not_understood_whole_is_not_believed() {
    use ChainFault::{Beyond, OtherChain, Refused, Unreadable};
    let error = json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32005, "message": "limit"}});
    check(with(1, error.clone()), Err(Refused)).await;
    check(said(&error), Err(Refused)).await;
    check(with(0, result(0, "0x38")), Err(OtherChain)).await;
    check(with(1, result(7, "0x1")), Err(Unreadable)).await;
    check(with(1, result(2, "0x1")), Err(Unreadable)).await;
    check(with(1, json!({"jsonrpc": "2.0", "id": "1", "result": "0x1"})), Err(Unreadable)).await;
    check(with(1, json!({"jsonrpc": "2.0", "id": 1, "result": 1})), Err(Unreadable)).await;
    check(with(1, json!({"jsonrpc": "2.0", "id": 1, "result": null})), Err(Unreadable)).await;
    check(said(&Value::Array(good().into_iter().take(2).collect())), Err(Unreadable)).await;
    for wrong in ["", "0x", "1", "0xg1", "-0x1", &format!("0x{}", "1".repeat(65))] {
        check(with(1, result(1, wrong)), Err(Unreadable)).await;
    }
    check(with(1, result(1, &format!("0x{}", "f".repeat(64)))), Err(Beyond)).await;
    // No contract there, or one that answers more than a number.
    check(with(2, result(2, "0x")), Err(Unreadable)).await;
    check(with(2, result(2, "0x1")), Err(Unreadable)).await;
    check(with(2, result(2, &format!("0x{}", "0".repeat(128)))), Err(Unreadable)).await;
    check(http("200 OK", "", "<html>"), Err(Unreadable)).await;
    check(http("200 OK", "", ""), Err(Unreadable)).await;
}

#[tokio::test]
async fn who_refuses_sends_elsewhere_or_talks_too_much_tells_nothing() {
    check(http("429 Too Many Requests", "", "[]"), Err(ChainFault::Refused)).await;
    check(http("401 Unauthorized", "", "[]"), Err(ChainFault::Refused)).await;
    let huge = format!("[{}]", " ".repeat(65 * 1024));
    check(http("200 OK", "", &huge), Err(ChainFault::Unreadable)).await;
    let elsewhere = server(said(&Value::Array(good()))).await;
    for status in ["302 Found", "307 Temporary Redirect"] {
        check(http(status, &format!("location: {}\r\n", elsewhere.url), ""), Err(ChainFault::Refused)).await;
    }
    assert_eq!(elsewhere.asked.load(Ordering::Relaxed), 0, "nobody was sent on");
}

#[tokio::test]
async fn who_does_not_answer_is_given_up_and_the_next_one_asked() {
    let (silent, good) = (server(None).await, server(said(&Value::Array(good()))).await);
    assert_eq!(holdings(&chain(&[&silent])).await, Err(ChainFault::Unreachable));
    assert!(holdings(&chain(&[&silent, &good])).await.is_ok());
    assert_eq!(holdings(&chain(&[])).await, Err(ChainFault::NotSet));
}

#[tokio::test]
async fn nothing_of_this_machine_is_asked_but_on_a_local_stack() {
    let server = server(said(&Value::Array(good()))).await;
    let address: EvmAddress = format!("0x{}", "a".repeat(40)).parse().unwrap();
    let read = JsonRpc::new(false).holdings(&chain(&[&server]), &address).await;
    assert_eq!((read, server.asked.load(Ordering::Relaxed)), (Err(ChainFault::Unreachable), 0));
}
