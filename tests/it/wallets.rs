//! Definitions of exchanges and chains, by the deployed routes. Each test has a provider of its own.

use crate::support::http::{Answer, answered, ask, client};
use crate::support::people::{Someone, admin, somebody};
use crate::support::unique::unique;
use crate::support::{Stack, together};
use reqwest::Method;
use serde_json::{Value, json};

async fn send(method: Method, path: &str, who: &Someone, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1/{path}"), Some(&who.token), body).await
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

fn provider() -> String {
    format!("it-{}", unique().chars().rev().take(20).collect::<String>())
}

async fn listed(who: &Someone, query: &str, provider: &str) -> bool {
    let list = send(Method::GET, &format!("wallets{query}"), who, Value::Null).await.json();
    list["items"].as_array().unwrap().iter().any(|wallet| wallet["provider"] == provider)
}

#[tokio::test]
async fn a_wallet_is_defined_changed_and_taken_away_by_an_admin_and_seen_by_everybody() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    for provider in ["paper", "binance", "coinbase", "kraken"] {
        assert!(listed(&ann, "", provider).await, "{provider}");
    }
    for chain in ["ethereum", "binance_smart_chain"] {
        let listed = (listed(&ann, "", chain).await, listed(&ann, "?include_inactive=true", chain).await);
        assert_eq!(listed, (false, true), "{chain}");
    }
    let provider = provider();
    let wanted = json!({
        "name": "Gate", "type": "CEX", "provider": provider, "supported_currencies": ["btc"],
        "provider_config": {"api_base_url": "https://api.gateio.ws", "auth_type": "api_key"},
        "fees": {"trading_fee_percent": "0.20", "withdrawal_fee": {"BTC": "0.0005"}},
    });
    assert_eq!(told(&send(Method::POST, "wallets", &ann, wanted.clone()).await), (403, json!("missing_scope")));
    let made = send(Method::POST, "wallets", &admin, wanted.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["fees"]["trading_fee_percent"], "0.2");
    assert_eq!(told(&send(Method::POST, "wallets", &admin, wanted.clone()).await), (400, json!("DUPLICATE_WALLET")));
    let path = format!("wallets/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(send(Method::GET, &path, &ann, Value::Null).await.json()["supported_currencies"], json!(["BTC"]));
    for (body, field) in [
        (json!({"provider": "other"}), "provider"),
        (json!({"type": "BANK"}), "type"),
        (json!({"provider_config": {"api_base_url": "https://169.254.169.254"}}), "provider_config.api_base_url"),
        (json!({"logo_url": "https://a:b@example.com"}), "logo_url"),
    ] {
        let refused = send(Method::PATCH, &path, &admin, body.clone()).await;
        assert_eq!((refused.status, refused.json()["field"].clone()), (422, json!(field)), "{body}");
    }
    assert_eq!(send(Method::PATCH, &path, &admin, json!({"is_active": false})).await.status, 200);
    assert!(!listed(&ann, "", &provider).await && listed(&ann, "?include_inactive=true", &provider).await);
    assert_eq!(send(Method::DELETE, &path, &admin, Value::Null).await.status, 204);
    assert!(!listed(&ann, "?include_inactive=true", &provider).await);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(send(method, &path, &admin, Value::Null).await.status, 404);
    }
    let again = send(Method::POST, "wallets", &admin, wanted).await.json();
    assert_eq!((&again["id"], &again["version"]), (&made.json()["id"], &json!(4)));
    let verified =
        send(Method::GET, &format!("logs/audit/verify?user_id={}", admin.id), &admin, Value::Null).await.json();
    assert_eq!(verified["whole"], true, "{verified}");
}

#[tokio::test]
async fn of_two_changes_of_one_version_one_is_told_that_it_was_late() {
    let admin = admin().await;
    let wanted = json!({"name": "Gate", "type": "DEX", "provider": provider()});
    let made = send(Method::POST, "wallets", &admin, wanted).await.json();
    let url = format!("{}/api/v1/wallets/{}", Stack::get().api, made["id"].as_str().unwrap());
    let change = |number: usize| {
        let request = client().patch(&url).bearer_auth(&admin.token).header("If-Match", "\"1\"");
        answered(request.body(json!({"name": format!("Gate {number}")}).to_string()))
    };
    let mut statuses: Vec<_> = together((0..2).map(change)).await.iter().map(|told| told.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn an_account_is_connected_where_a_wallet_is_active_and_refers_to_it() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let provider = provider();
    let exchange = provider.to_uppercase();
    let connect = async |body: Value| send(Method::POST, "user-wallets", &ann, body).await;
    let unknown = connect(json!({"exchange": exchange, "mode": "live"})).await;
    assert_eq!((unknown.status, unknown.json()["field"].clone()), (422, json!("exchange")));
    let wanted = json!({"name": "Swap", "type": "DEX", "provider": provider});
    let made = send(Method::POST, "wallets", &admin, wanted).await.json();
    let account = connect(json!({"wallet": made["id"], "mode": "live"})).await;
    assert_eq!(account.status, 201, "{account:?}");
    assert_eq!((&account.json()["exchange"], &account.json()["wallet"]), (&json!(exchange), &made["id"]));
    let test = format!("user-wallets/{}/test", account.json()["id"].as_str().unwrap());
    assert_eq!(told(&send(Method::POST, &test, &ann, Value::Null).await), (409, json!("venue_not_tradable")));
    let path = format!("wallets/{}", made["id"].as_str().unwrap());
    assert_eq!(send(Method::PATCH, &path, &admin, json!({"is_active": false})).await.status, 200);
    let off = connect(json!({"exchange": exchange, "label": "more", "mode": "live"})).await;
    assert_eq!(told(&off), (409, json!("wallet_inactive")));
    assert_eq!(send(Method::GET, "user-wallets", &ann, Value::Null).await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_private_key_is_taken_and_no_chain_that_is_not_said_which_is_connected() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let provider = provider();
    let unsaid = json!({"name": "Chain", "type": "WALLET", "provider": provider});
    assert_eq!(send(Method::POST, "wallets", &admin, unsaid).await.status, 201);
    let planted = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    let key = json!({"mode": "live", "api_key": "0x90f8bf6a479f320e", "api_secret": planted});
    let address = format!("0x{}", "a".repeat(40));
    let address = json!({"exchange": provider.to_uppercase(), "mode": "live", "address": address});
    let unnamed = json!({"exchange": provider.to_uppercase(), "mode": "live"});
    let with_words = json!({"exchange": "ETHEREUM", "mode": "live", "private_key": planted});
    let mut with_key = key.clone();
    with_key["exchange"] = json!("ETHEREUM");
    for (path, body, code) in [
        ("user-wallets", address, "wallet_not_supported"),
        ("user-wallets", unnamed, "wallet_not_supported"),
        ("user-wallets", with_words, "invalid_field"),
        ("user-wallets", with_key, "key_not_taken"),
        ("keys/ETHEREUM", key.clone(), "key_not_taken"),
        ("keys/BINANCE_SMART_CHAIN", key, "key_not_taken"),
    ] {
        let refused = send(Method::POST, path, &ann, body).await;
        assert_eq!(told(&refused), (422, json!(code)), "{path}");
        assert!(!refused.text.contains(planted), "{path}");
    }
    assert_eq!(send(Method::GET, "user-wallets", &ann, Value::Null).await.json()["items"], json!([]));
}
