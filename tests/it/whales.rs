//! Whale alerts, from an enabled source to the API: a blockchain on this machine, read by the deployed functions with their own rights.

use crate::support::http::{Answer, ask};
use crate::support::people::{Someone, admin, somebody};
use crate::support::unique::{now, unique};
use crate::support::until::until;
use chain_sim::{Block, Chain, Kind, Move, Server, Transaction, Transfer};
use reqwest::Method;
use serde_json::{Value, json};

/// Tether on Ethereum; it is worth a dollar, so that no candle is needed.
const USDT: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const GIVER: &str = "0x1111111111111111111111111111111111111111";
const RECEIVER: &str = "0x2222222222222222222222222222222222222222";
const TWELVE_MILLION: u128 = 12_000_000_000_000;
const ETHEREUM: Kind = Kind::Evm(1);
const SECONDS: u64 = 12;
const BLOCKS: u64 = 110;

async fn send(method: Method, path: &str, who: &Someone, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1/{path}"), Some(&who.token), body).await
}

/// Seconds, as blocks count them.
fn seconds() -> u64 {
    now().millis().div_euclid(1_000).unsigned_abs()
}

/// Without the permission no label is set.
async fn label(admin: &Someone, viewer: &Someone) {
    let header = "blockchain,address,owner,category,role,source,as_of,confidence";
    let labels = format!("{header}\nethereum,{RECEIVER},Example,exchange,,a test,,100\n");
    let import = async |who: &Someone| {
        ask(Method::POST, "/api/v1/address-labels/import", Some(&who.token), labels.clone()).await
    };
    assert_eq!(import(viewer).await.status, 403);
    let imported = import(admin).await;
    assert_eq!((imported.status, imported.json()["created"].clone()), (200, json!(1)), "{imported:?}");
}

/// Two nodes of one chain, with as many blocks as are remembered, and some.
async fn nodes() -> [Server; 2] {
    let begins_at = seconds() - (BLOCKS + 2) * SECONDS;
    let chain = || {
        let mut chain = Chain::new(ETHEREUM, (1_000, begins_at), SECONDS, 7);
        (0..BLOCKS).for_each(|_| drop(chain.mine(Vec::new())));
        chain
    };
    [Server::start(chain()).await.unwrap(), Server::start(chain()).await.unwrap()]
}

fn source(nodes: &[Server; 2]) -> Value {
    json!({
        "name": unique(), "kind": "json_rpc", "blockchain": "ethereum", "enabled": true,
        "endpoints": [nodes[0].url("a"), nodes[1].url("a")],
    })
}

/// The health of a source once it was read.
async fn read(path: &str, admin: &Someone) -> Value {
    let found = until("the first run over the source", async || {
        let health = send(Method::GET, path, admin, Value::Null).await.json()["health"].clone();
        health["read_at"].is_string().then_some(health)
    });
    found.await
}

async fn alert_of(transaction: &str, viewer: &Someone) -> Value {
    let found = until("the alert", async || {
        let list = send(Method::GET, "whale-alerts?currency=USDT&min_amount_usd=12000000", viewer, Value::Null).await;
        let items = list.json()["items"].as_array().unwrap().clone();
        items.into_iter().find(|alert| alert["transaction_hash"] == transaction)
    });
    found.await
}

/// A source that is read beside other work.
pub(crate) struct Beside {
    admin: Someone,
    nodes: [Server; 2],
    path: String,
}

impl Beside {
    pub(crate) async fn begin() -> Self {
        let (admin, nodes) = (admin().await, nodes().await);
        let made = send(Method::POST, "whale-sources", &admin, source(&nodes)).await;
        let path = format!("whale-sources/{}", made.json()["id"].as_str().unwrap());
        read(&path, &admin).await;
        Self { admin, nodes, path }
    }

    /// The hash of a large transfer in a block that is mined now.
    pub(crate) fn transfers(&self) -> String {
        mine(&self.nodes).transactions[0].hash.clone()
    }

    pub(crate) async fn end_with_alert_of(self, transaction: &str) {
        alert_of(transaction, &self.admin).await;
        let health = send(Method::GET, &self.path, &self.admin, Value::Null).await.json()["health"].clone();
        assert_eq!((&health["alerts"], &health["fault"]), (&json!(1), &Value::Null), "{health}");
        assert_eq!(send(Method::DELETE, &self.path, &self.admin, Value::Null).await.status, 204);
    }
}

/// A block with one large transfer, at both nodes.
fn mine(nodes: &[Server; 2]) -> Block {
    let mined = nodes[0].chain(|chain| {
        let hash = chain.hash();
        let transfer = Transfer { contract: USDT, from: GIVER, to: RECEIVER, count: TWELVE_MILLION };
        let (from, to, logs) = (GIVER.to_owned(), Some(USDT.to_owned()), vec![transfer.into()]);
        let transaction = Transaction { hash, moves: Move::Account { from, to, value: 0, logs, has_failed: false } };
        chain.mine_at(seconds(), vec![transaction])
    });
    nodes[0].chain(|one| nodes[1].chain(|other| other.become_like(one)));
    mined
}

#[tokio::test]
async fn transfer_on_a_chain_is_an_alert_as_long_as_its_source_is_enabled() {
    let admin = admin().await;
    let viewer = somebody(&admin, "viewer").await;
    let nodes = nodes().await;
    let body = source(&nodes);
    assert_eq!(send(Method::POST, "whale-sources", &viewer, body.clone()).await.status, 403);
    let made = send(Method::POST, "whale-sources", &admin, body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("whale-sources/{}", made.json()["id"].as_str().unwrap());
    let begun = read(&path, &admin).await;
    assert_eq!((&begun["block_number"], &begun["fault"]), (&json!(1_000 + BLOCKS), &Value::Null), "{begun}");
    label(&admin, &viewer).await;
    let mined = mine(&nodes);
    let alert = alert_of(&mined.transactions[0].hash, &viewer).await;
    for (member, expected) in [
        ("amount_usd", json!("12000000")),
        ("transaction_type", json!("exchange_inflow")),
        ("to", json!({"address": RECEIVER, "label": "example", "category": "exchange"})),
        ("significance_score", json!(9)),
        ("status", json!("provisional")),
        ("block_number", json!(1_001 + BLOCKS)),
        ("sources", json!([made.json()["name"]])),
    ] {
        assert_eq!(alert[member], expected, "{member}: {alert}");
    }
    let health = send(Method::GET, &path, &admin, Value::Null).await.json()["health"].clone();
    assert_eq!(health["alerts"], json!(1));
    assert!(health["requests"].as_u64().is_some_and(|requests| requests > 4), "{health}");
    let label = format!("address-labels/ethereum:{RECEIVER}");
    assert_eq!(send(Method::DELETE, &label, &admin, Value::Null).await.status, 204);
    assert_eq!(send(Method::PATCH, &path, &admin, json!({"enabled": false})).await.status, 200);
    assert_eq!(send(Method::DELETE, &path, &admin, Value::Null).await.status, 204);
    assert_eq!(send(Method::GET, &path, &admin, Value::Null).await.status, 404);
    let path = format!("whale-alerts/{}", alert["id"].as_str().unwrap());
    let stays = send(Method::GET, &path, &viewer, Value::Null).await;
    assert_eq!(stays.json()["transaction_hash"], alert["transaction_hash"], "what it has seen stays");
}
