use super::accounts::{PATH, id, kept, one};
use super::*;
use crate::desk::{AddressDesk, Kept};
use app::accounts::NewAccount;
use app::actor::Act;
use app::ports::KeptAccount;
use domain::chain::{Challenge, EvmAddress, HeldAddress, Signature};
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::AccountState;
use serde_json::json;

const ADDRESS: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
/// What nobody must find anywhere.
const PLANTED: &str = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";

fn held(proven: bool, nonce: &str) -> HeldAddress {
    let expires_at = AT.plus(Challenge::LASTS);
    let challenge = (!proven).then(|| Challenge { text: format!("sign this, {nonce}"), expires_at });
    HeldAddress { address: ADDRESS.parse().unwrap(), proven_at: proven.then_some(AT), challenge, fault: None }
}

fn of(new: Option<NewAccount>, address: HeldAddress) -> KeptAccount {
    let kept = kept(new);
    let state = AccountState { address: Some(address), ..kept.state };
    KeptAccount { state, key: None, ..kept }
}

impl AddressDesk for Stub {
    async fn connect_address(
        &self,
        new: NewAccount,
        address: &EvmAddress,
        nonce: &str,
        _: Act<'_>,
    ) -> Kept<KeptAccount> {
        let held = HeldAddress { address: address.clone(), ..held(false, nonce) };
        self.kept(of(Some(new), held))
    }
    async fn challenge_address(&self, of_id: &AccountId, nonce: &str, _: Act<'_>) -> Kept<KeptAccount> {
        if *of_id == id() { self.kept(of(None, held(false, nonce))) } else { Err(AccountError::Unknown) }
    }
    async fn prove_address(&self, of_id: &AccountId, _: &Signature, _: Act<'_>) -> Kept<KeptAccount> {
        if *of_id == id() { self.kept(of(None, held(true, ""))) } else { Err(AccountError::Unknown) }
    }
    async fn tradable(&self, exchange: Option<&Exchange>, _: Option<&str>, _: Act<'_>) -> Kept<()> {
        match exchange {
            Some(exchange) if exchange.as_str() == "ETHEREUM" => Err(AccountError::NeverTraded(exchange.clone())),
            _ => Ok(()),
        }
    }
}

fn wanted() -> Value {
    json!({"exchange": "ETHEREUM", "mode": "live", "address": ADDRESS})
}

fn signature() -> String {
    json!({"signature": format!("0x{}1b", "5d".repeat(64))}).to_string()
}

#[tokio::test]
async fn an_address_is_answered_with_what_is_to_be_signed_and_no_two_are_alike() {
    let connect = async || ask(&Stub::default(), "POST", PATH, ALL, wanted().to_string()).await;
    let (status, headers, first) = connect().await;
    let address = &first["address"];
    assert_eq!(
        (status, &address["address"], &address["proven"]),
        (StatusCode::CREATED, &json!(ADDRESS), &json!(false))
    );
    assert_eq!(address["challenge"]["expires_at"], "2025-11-20T09:01:00Z");
    assert!(headers.contains_key("etag"));
    let second = connect().await.2;
    let nonce = |shown: &Value| shown["address"]["challenge"]["message"].as_str().unwrap().replace("sign this, ", "");
    assert_ne!(nonce(&first), nonce(&second));
    assert!(nonce(&first).len() == 32 && nonce(&first).bytes().all(|b| b.is_ascii_alphanumeric()), "{first}");
}

#[tokio::test]
async fn an_address_is_proven_by_whoever_may_change_accounts_and_shown_to_whoever_may_look() {
    for (path, body) in [("/challenge", String::new()), ("/prove", signature())] {
        for (scopes, status) in [(ALL, 200), ("trading:read", 403), ("trading:read+trading:write", 403), ("", 401)] {
            let asked = ask(&Stub::default(), "POST", &one(path), scopes, body.clone()).await;
            assert_eq!(asked.0.as_u16(), status, "{path} {scopes}");
        }
        let foreign = format!("{PATH}/{}{path}", AccountId::of(&["anothers"]));
        assert_eq!(ask(&Stub::default(), "POST", &foreign, ALL, body).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (_, _, proven) = ask(&Stub::default(), "POST", &one("/prove"), ALL, signature()).await;
    assert_eq!(proven["address"]["proven"], true);
    assert_eq!(proven["address"]["challenge"], Value::Null);
}

#[tokio::test]
async fn no_private_key_is_taken_repeated_or_mistaken_for_something_else() {
    let with = |name: &str, value: &str| {
        let mut body = wanted();
        body[name] = json!(value);
        body.to_string()
    };
    let key = format!("0x{PLANTED}");
    for name in ["private_key", "privateKey", "mnemonic", "seed", "seed_phrase", "keystore", "address"] {
        let (status, _, problem) = ask(&Stub::default(), "POST", PATH, ALL, with(name, &key)).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(name)));
        assert!(!problem.to_string().contains(PLANTED), "{problem}");
    }
    for body in [json!({"signature": key}), json!({"private_key": key}), json!({"signature": 7}), json!({})] {
        let (status, _, problem) = ask(&Stub::default(), "POST", &one("/prove"), ALL, body.to_string()).await;
        assert_eq!(status.as_u16(), 422, "{body}");
        assert!(!problem.to_string().contains(PLANTED), "{problem}");
    }
    let both =
        json!({"exchange": "ETHEREUM", "mode": "live", "address": ADDRESS, "api_key": "k", "api_secret": PLANTED});
    let (status, _, problem) = ask(&Stub::default(), "POST", PATH, ALL, both.to_string()).await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("address")));
    assert!(!problem.to_string().contains(PLANTED));
}

#[tokio::test]
async fn a_signature_of_a_contract_wallet_is_refused_in_words() {
    let long = json!({"signature": format!("0x{}", "5d".repeat(200))}).to_string();
    let (_, _, problem) = ask(&Stub::default(), "POST", &one("/prove"), ALL, long).await;
    assert!(problem["detail"].as_str().unwrap().contains("ERC-1271"), "{problem}");
}

#[tokio::test]
async fn no_token_is_made_for_an_address() {
    let path = "/api/v1/webhook-tokens";
    let one = format!("{path}/{}", domain::ids::TokenId::of(&["one"]));
    for (method, path) in [("POST", path), ("PUT", &*one), ("PATCH", &*one)] {
        let body = json!({
            "label": "chart", "exchange": "ETHEREUM", "account": null, "markets": null, "presets": null,
            "order_quote_max": null, "only": null, "from": null, "expires_at": null,
        })
        .to_string();
        let (status, _, problem) = ask(&Stub::default(), method, path, ALL, body).await;
        assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("venue_not_tradable")), "{method}");
    }
}

#[tokio::test]
async fn a_chain_on_this_machine_is_for_local_stacks() {
    let wallet = |url: &str| {
        let chain = json!({"id": 1, "asset": "ETH", "rpc_urls": [url]});
        json!({"name": "E", "type": "WALLET", "provider": "ether", "provider_config": {"chain": chain}}).to_string()
    };
    let define = async |url: &str| ask(&Stub::default(), "POST", "/api/v1/wallets", "wallets:write", wallet(url)).await;
    let (status, _, problem) = define("http://127.0.0.1:9001").await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("provider_config.chain.rpc_urls")));
    let (status, _, shown) = define("https://eth.example.org/v3/s3cret").await;
    assert_eq!((status, shown.to_string().contains("s3cret")), (StatusCode::CREATED, false), "{shown}");
}
