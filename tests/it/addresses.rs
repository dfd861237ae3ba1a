//! Addresses of chains, by the deployed routes: connected, proven by a signature, and read from a chain that this
//! machine plays. Each test has a chain, a key and people of its own.

use crate::support::http::{Answer, ask};
use crate::support::people::{Someone, admin, somebody};
use crate::support::unique::unique;
use data_encoding::HEXLOWER;
use k256::ecdsa::SigningKey;
use reqwest::Method;
use serde_json::{Value, json};
use sha3::{Digest, Keccak256};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What stands behind the host, as a provider's key would.
const PLANTED: &str = "s3cret-of-the-provider";

/// A key of a chain, which never leaves this process.
struct Key(SigningKey);

impl Key {
    fn new() -> Self {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).unwrap();
        Self(SigningKey::from_slice(&bytes).unwrap())
    }

    fn address(&self) -> String {
        let point = self.0.verifying_key().to_sec1_point(false);
        format!("0x{}", HEXLOWER.encode(&Keccak256::digest(&point.as_bytes()[1..])[12..]))
    }

    /// As a wallet answers `personal_sign`.
    fn sign(&self, text: &str) -> String {
        let hash = Keccak256::digest(format!("\x19Ethereum Signed Message:\n{}{text}", text.len()));
        let (signature, recovery) = self.0.sign_prehash_recoverable(&hash);
        format!("0x{}{:02x}", HEXLOWER.encode(&signature.to_bytes()), 27 + recovery.to_byte())
    }
}

/// A chain that answers batches: 2.5 of its own coin and 1.25 of one token, to everybody.
struct Ether {
    url: String,
    id: Arc<AtomicU64>,
}

impl Ether {
    fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v3/{PLANTED}", listener.local_addr().unwrap());
        let id = Arc::new(AtomicU64::new(1));
        let says = id.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _hung_up = serve(stream, says.load(Ordering::Relaxed));
            }
        });
        Self { url, id }
    }
}

fn serve(mut stream: TcpStream, id: u64) -> std::io::Result<()> {
    let (mut asked, mut part) = (Vec::new(), [0_u8; 4096]);
    let body = loop {
        let read = stream.read(&mut part)?;
        asked.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&asked);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
        if let Ok(body) = serde_json::from_str::<Value>(&body) {
            break body;
        }
        if read == 0 {
            return Ok(());
        }
    };
    let answer = |question: &Value| {
        let result = match question["method"].as_str().unwrap() {
            "eth_chainId" => format!("0x{id:x}"),
            "eth_getBalance" => "0x22b1c8c1227a0000".to_owned(),
            "eth_call" => format!("0x{:064x}", 1_250_000),
            other => panic!("{other} is not asked for"),
        };
        json!({"jsonrpc": "2.0", "id": question["id"], "result": result})
    };
    let answers: Vec<Value> = body.as_array().unwrap().iter().map(answer).collect();
    let said = Value::Array(answers).to_string();
    let length = said.len();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{said}")
}

async fn send(method: Method, path: &str, who: &Someone, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1/{path}"), Some(&who.token), body).await
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

/// A wallet of this chain, by its id and the exchange that accounts name.
async fn wallet(admin: &Someone, chain: &Ether) -> (String, String) {
    let provider = format!("it-{}", unique().chars().rev().take(20).collect::<String>());
    let tokens = json!([{"asset": "USDT", "contract": format!("0x{}", "c".repeat(40)), "decimals": 6}]);
    let of_chain = json!({"id": 1, "asset": "ETH", "rpc_urls": [chain.url], "tokens": tokens});
    let config = json!({"auth_type": "web3", "chain": of_chain});
    let wanted = json!({"name": "Ether", "type": "WALLET", "provider": provider, "provider_config": config});
    let made = send(Method::POST, "wallets", admin, wanted).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert!(!made.text.contains(PLANTED), "{made:?}");
    (made.json()["id"].as_str().unwrap().to_owned(), provider.to_uppercase())
}

async fn connect(who: &Someone, exchange: &str, label: &str, address: &str) -> Answer {
    let body = json!({"exchange": exchange, "label": label, "mode": "live", "address": address});
    send(Method::POST, "user-wallets", who, body).await
}

async fn prove(who: &Someone, account: &Value, key: &Key) -> Answer {
    let text = account["address"]["challenge"]["message"].as_str().unwrap();
    let path = format!("user-wallets/{}/prove", account["id"].as_str().unwrap());
    send(Method::POST, &path, who, json!({"signature": key.sign(text)})).await
}

#[tokio::test]
async fn an_address_is_connected_proven_and_read() {
    let (admin, chain, key) = (admin().await, Ether::begin(), Key::new());
    let (wallet, exchange) = wallet(&admin, &chain).await;
    let ann = somebody(&admin, "trader").await;
    let seen = send(Method::GET, &format!("wallets/{wallet}"), &ann, Value::Null).await;
    assert!(!seen.text.contains(PLANTED) && seen.text.contains("127.0.0.1"), "{seen:?}");
    let made = connect(&ann, &exchange, "cold", &key.address()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let account = made.json();
    assert_eq!(account["address"]["address"].as_str().unwrap().to_lowercase(), key.address());
    assert_eq!((&account["address"]["proven"], &account["validated"]), (&json!(false), &json!(false)));
    let path = format!("user-wallets/{}", account["id"].as_str().unwrap());
    let sync = format!("{path}/sync");
    assert_eq!(told(&send(Method::POST, &sync, &ann, Value::Null).await), (409, json!("address_not_proven")));
    assert_eq!(told(&prove(&ann, &account, &Key::new()).await), (422, json!("signature_refused")));
    let proven = prove(&ann, &account, &key).await;
    assert_eq!((proven.status, &proven.json()["address"]["proven"]), (200, &json!(true)), "{proven:?}");
    assert_eq!(told(&prove(&ann, &account, &key).await), (409, json!("challenge_missing")), "it is used up");
    let read = send(Method::POST, &sync, &ann, Value::Null).await;
    assert_eq!((read.status, &read.json()["balances"]), (200, &json!({"ETH": "2.5", "USDT": "1.25"})), "{read:?}");
    let days = send(Method::GET, &format!("{path}/balances/history"), &ann, Value::Null).await.json();
    assert_eq!(days["items"][0]["balances"]["ETH"], json!({"free": "2.5", "locked": "0"}), "{days}");
    assert_eq!(days["items"].as_array().unwrap().len(), 1);
    let verify = format!("logs/audit/verify?user_id={}", ann.id);
    assert_eq!(send(Method::GET, &verify, &admin, Value::Null).await.json()["whole"], true);
    assert_eq!(send(Method::DELETE, &path, &ann, Value::Null).await.status, 204);
    assert_eq!(send(Method::GET, &path, &ann, Value::Null).await.status, 404);
}

#[tokio::test]
async fn an_address_is_looked_at_and_never_traded() {
    let (admin, chain, key) = (admin().await, Ether::begin(), Key::new());
    let (_, exchange) = wallet(&admin, &chain).await;
    let ann = somebody(&admin, "trader").await;
    let account = connect(&ann, &exchange, "default", &key.address()).await.json();
    assert_eq!(prove(&ann, &account, &key).await.status, 200);
    let path = format!("user-wallets/{}", account["id"].as_str().unwrap());
    let never = (409, json!("venue_not_tradable"));
    assert_eq!(told(&send(Method::PATCH, &path, &ann, json!({"enabled": true})).await), never);
    let token = json!({"label": "chart", "exchange": exchange});
    assert_eq!(told(&send(Method::POST, "webhook-tokens", &ann, token).await), never);
    let api_key = json!({"mode": "live", "api_key": "0x90f8bf6a479f320e", "api_secret": PLANTED});
    let refused = send(Method::POST, &format!("keys/{exchange}"), &ann, api_key).await;
    assert_eq!(told(&refused), (422, json!("key_not_taken")));
    assert!(!refused.text.contains(PLANTED));
    let again = connect(&ann, &exchange, "more", &key.address()).await;
    assert_eq!(told(&again), (409, json!("address_connected")));
    let bob = somebody(&admin, "trader").await;
    assert_eq!(connect(&bob, &exchange, "default", &key.address()).await.status, 201, "both can only look");
    let foreign = send(Method::POST, &format!("{path}/challenge"), &bob, Value::Null).await;
    assert_eq!(foreign.status, 404);
}

#[tokio::test]
async fn why_a_chain_does_not_tell_stands_with_the_account_until_it_does() {
    let (admin, chain, key) = (admin().await, Ether::begin(), Key::new());
    let (_, exchange) = wallet(&admin, &chain).await;
    let ann = somebody(&admin, "trader").await;
    let account = connect(&ann, &exchange, "default", &key.address()).await.json();
    let path = format!("user-wallets/{}", account["id"].as_str().unwrap());
    let renewed = send(Method::POST, &format!("{path}/challenge"), &ann, Value::Null).await.json();
    assert_ne!(renewed["address"]["challenge"]["message"], account["address"]["challenge"]["message"]);
    assert_eq!(told(&prove(&ann, &account, &key).await), (422, json!("signature_refused")), "of the text before");
    assert_eq!(prove(&ann, &renewed, &key).await.status, 200);
    chain.id.store(56, Ordering::Relaxed);
    let test = format!("{path}/test");
    let looked = send(Method::POST, &test, &ann, Value::Null).await;
    assert_eq!((looked.status, &looked.json()["address"]["fault"]), (200, &json!("rpc_other_chain")), "{looked:?}");
    let balances = send(Method::GET, &format!("{path}/balances"), &ann, Value::Null).await.json();
    assert_eq!(balances["balances"], json!({}), "nothing is invented");
    chain.id.store(1, Ordering::Relaxed);
    let looked = send(Method::POST, &test, &ann, Value::Null).await;
    assert_eq!((looked.status, &looked.json()["address"]["fault"]), (200, &Value::Null), "{looked:?}");
    let balances = send(Method::GET, &format!("{path}/balances"), &ann, Value::Null).await.json();
    assert_eq!(balances["balances"]["ETH"], "2.5");
}
