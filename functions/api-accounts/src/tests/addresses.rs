use super::accounts::{PATH, eves, id_at, kept, kept_at, one, refused, told, with};
use super::*;
use app::ports::KeptAccount;
use domain::account::Account;
use domain::chain::{Challenge, HeldAddress};
use domain::ids::AccountId;
use domain::vault::AccountState;
use serde_json::json;

const ADDRESS: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
/// What nobody must find anywhere.
const PLANTED: &str = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
/// Made of a well-known key, as `shared/signatures/tests/golden.json` says.
const SIGNED: &str = "hello";
const SIGNER: &str = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23";
const SIGNATURE: &str = "0xa5d58782075bdf09490159d634d1aae66a8f6777c7247d2f233e9511cfd7c64c34f288cdbcea5370e4863fdbe9f4d86654c2ba1d86589e9ebb64494c649008591b";

fn held(label: &str, held: HeldAddress) -> KeptAccount {
    let kept = kept_at("ETHEREUM", label);
    let account = Account { balances: [].into(), ..kept.account };
    KeptAccount { account, state: AccountState { address: Some(held), ..kept.state }, key: None }
}

/// Ann's address, with what is still to be signed.
fn unproven() -> HeldAddress {
    let challenge = Some(Challenge { text: SIGNED.to_owned(), expires_at: AT.plus(Challenge::LASTS) });
    HeldAddress { address: SIGNER.parse().unwrap(), proven_at: None, challenge, fault: None }
}

fn proven() -> HeldAddress {
    HeldAddress { proven_at: Some(AT), challenge: None, ..unproven() }
}

/// Addresses of Ethereum may be connected, and Ann has this one.
fn on_chain(address: HeldAddress) -> Api {
    chain_of(with(&[held("default", address)]))
}

fn chain_of(api: Api) -> Api {
    let chain = format!("/api/v1/wallets/{}", wallets::id_of("ethereum"));
    assert_eq!(ask(&api, "PATCH", &chain, wallets::ADMIN, r#"{"is_active": true}"#).0, StatusCode::OK);
    api
}

fn of(more: &str) -> String {
    format!("{PATH}/{}{more}", id_at("ETHEREUM", "default"))
}

fn wanted() -> Value {
    json!({"exchange": "ETHEREUM", "mode": "live", "address": ADDRESS})
}

fn signature() -> String {
    json!({"signature": SIGNATURE}).to_string()
}

#[test]
fn an_address_is_answered_with_what_is_to_be_signed_and_no_two_are_alike() {
    let connect = || ask(&chain_of(fresh()), "POST", PATH, ALL, wanted().to_string());
    let (status, headers, first) = connect();
    let address = &first["address"];
    assert_eq!(
        (status, &address["address"], &address["proven"]),
        (StatusCode::CREATED, &json!(ADDRESS), &json!(false))
    );
    assert_eq!(address["challenge"]["expires_at"], "2025-11-20T09:01:00Z");
    assert!(headers.contains_key("etag"));
    let second = connect().2;
    let nonce = |shown: &Value| {
        let text = shown["address"]["challenge"]["message"].as_str().unwrap();
        text.lines().find_map(|line| line.strip_prefix("Nonce: ")).unwrap().to_owned()
    };
    assert_ne!(nonce(&first), nonce(&second));
    assert!(nonce(&first).len() == 32 && nonce(&first).bytes().all(|b| b.is_ascii_alphanumeric()), "{first}");
}

#[test]
fn another_text_takes_the_place_of_the_one_before() {
    let api = chain_of(fresh());
    let made = ask(&api, "POST", PATH, ALL, wanted().to_string()).2;
    let path = format!("{PATH}/{}/challenge", made["id"].as_str().unwrap());
    let (status, headers, renewed) = ask(&api, "POST", &path, ALL, "");
    assert_eq!((status, &headers["etag"]), (StatusCode::OK, &"\"2\"".parse().unwrap()));
    assert_ne!(renewed["address"]["challenge"]["message"], made["address"]["challenge"]["message"]);
}

#[test]
fn an_address_is_proven_by_whoever_may_change_accounts_and_shown_to_whoever_may_look() {
    for (path, body) in [("/challenge", String::new()), ("/prove", signature())] {
        let api = on_chain(unproven());
        for (scopes, status) in [("trading:read", 403), ("trading:read+trading:write", 403), ("", 401), (ALL, 200)] {
            let asked = ask(&api, "POST", &of(path), scopes, body.clone());
            assert_eq!(asked.0.as_u16(), status, "{path} {scopes}: {}", asked.2);
        }
        for foreign in [AccountId::of(&["anothers"]), eves().account.id] {
            let foreign = format!("{PATH}/{foreign}{path}");
            assert_eq!(ask(&api, "POST", &foreign, ALL, body.clone()).0, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let api = on_chain(unproven());
    assert_eq!(ask(&api, "GET", &of(""), "trading:read", "").2["address"]["proven"], false);
    let (_, _, proven) = ask(&api, "POST", &of("/prove"), ALL, signature());
    assert_eq!((&proven["address"]["proven"], &proven["validated"]), (&json!(true), &json!(true)));
    assert_eq!(proven["address"]["challenge"], Value::Null);
    assert_eq!(ask(&api, "GET", &of(""), "trading:read", "").2, proven);
}

#[test]
fn a_signature_that_proves_nothing_is_refused_for_what_it_is() {
    let prove = |api: &Api, path: &str, body: &str| told(ask(api, "POST", path, ALL, body));
    let others = json!({"signature": format!("0x{}1b", "5d".repeat(64))}).to_string();
    let api = on_chain(unproven());
    assert_eq!(prove(&api, &of("/prove"), &others), (422, json!("signature_refused")));
    assert_eq!(prove(&api, &of("/prove"), &signature()).0, 200, "nothing was used up");
    assert_eq!(prove(&api, &of("/prove"), &signature()), (409, json!("challenge_missing")));
    let over = Challenge { text: SIGNED.to_owned(), expires_at: AT };
    let api = on_chain(HeldAddress { challenge: Some(over), ..unproven() });
    assert_eq!(prove(&api, &of("/prove"), &signature()), (409, json!("challenge_expired")));
    let api = chain_of(with(&[held("default", unproven()), held("proven", proven())]));
    assert_eq!(prove(&api, &of("/prove"), &signature()), (409, json!("address_connected")));
    let api = with(&[kept()]);
    for path in ["/prove", "/challenge"] {
        assert_eq!(prove(&api, &one(path), &signature()), (409, json!("account_has_no_address")), "{path}");
    }
}

#[test]
fn an_address_is_connected_once_and_as_what_it_is() {
    let api = on_chain(proven());
    let connect = |exchange: &str, label: &str, mode: &str, address: Option<&str>| {
        let body = json!({"exchange": exchange, "label": label, "mode": mode, "address": address}).to_string();
        let (status, _, problem) = ask(&api, "POST", PATH, ALL, body);
        (status.as_u16(), problem["code"].clone(), problem["field"].clone())
    };
    let invalid = |field: &str| (422, json!("invalid_field"), json!(field));
    assert_eq!(connect("ETHEREUM", "again", "live", Some(SIGNER)), (409, json!("address_connected"), Value::Null));
    assert_eq!(connect("ETHEREUM", "default", "live", Some(ADDRESS)).0, 400, "the label is taken");
    assert_eq!(connect("ETHEREUM", "new", "testnet", Some(ADDRESS)), invalid("mode"));
    assert_eq!(connect("ETHEREUM", "new", "live", None), invalid("address"));
    assert_eq!(connect("KRAKEN", "new", "live", Some(ADDRESS)), invalid("address"));
    let slip = ADDRESS.replace("aAeb", "AAeb");
    assert_eq!(connect("ETHEREUM", "new", "live", Some(&slip)), invalid("address"));
    let inactive = ask(&fresh(), "POST", PATH, ALL, wanted().to_string());
    assert_eq!(told(inactive), (409, json!("wallet_inactive")));
}

#[test]
fn an_address_is_looked_at_once_it_is_proven_and_never_enters() {
    let api = on_chain(unproven());
    for path in ["/sync", "/test"] {
        assert_eq!(told(ask(&api, "POST", &of(path), ALL, "")), (409, json!("address_not_proven")), "{path}");
    }
    assert!(api.checks.asked().is_empty());
    let enable = ask(&api, "PATCH", &of(""), ALL, r#"{"enabled": true}"#);
    assert_eq!(told(enable), (409, json!("venue_not_tradable")));
    let api = on_chain(proven());
    api.checks.say(refused("rpc_unreachable"));
    assert_eq!(told(ask(&api, "POST", &of("/sync"), ALL, "")), (503, json!("chain_unavailable")));
}

#[test]
fn no_private_key_is_taken_repeated_or_mistaken_for_something_else() {
    let api = on_chain(unproven());
    let with = |name: &str, value: &str| {
        let mut body = wanted();
        body[name] = json!(value);
        body.to_string()
    };
    let key = format!("0x{PLANTED}");
    for name in ["private_key", "privateKey", "mnemonic", "seed", "seed_phrase", "keystore", "address"] {
        let (status, _, problem) = ask(&api, "POST", PATH, ALL, with(name, &key));
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(name)));
        assert!(!problem.to_string().contains(PLANTED), "{problem}");
    }
    for body in [json!({"signature": key}), json!({"private_key": key}), json!({"signature": 7}), json!({})] {
        let (status, _, problem) = ask(&api, "POST", &of("/prove"), ALL, body.to_string());
        assert_eq!(status.as_u16(), 422, "{body}");
        assert!(!problem.to_string().contains(PLANTED), "{problem}");
    }
    let both =
        json!({"exchange": "ETHEREUM", "mode": "live", "address": ADDRESS, "api_key": "k", "api_secret": PLANTED});
    let (status, _, problem) = ask(&api, "POST", PATH, ALL, both.to_string());
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("address")));
    assert!(!problem.to_string().contains(PLANTED));
    assert_eq!(ask(&api, "GET", PATH, ALL, "").2["items"].as_array().map(Vec::len), Some(1), "nothing came of it");
}

#[test]
fn a_signature_of_a_contract_wallet_is_refused_in_words() {
    let long = json!({"signature": format!("0x{}", "5d".repeat(200))}).to_string();
    let (_, _, problem) = ask(&on_chain(unproven()), "POST", &of("/prove"), ALL, long);
    assert!(problem["detail"].as_str().unwrap().contains("ERC-1271"), "{problem}");
}

#[test]
fn no_token_is_made_for_an_address() {
    let api = on_chain(proven());
    tokens::put(&api, &tokens::kept_for(None));
    let path = tokens::PATH;
    let one = format!("{path}/{}", domain::ids::TokenId::of(&["one"]));
    for (method, path) in [("POST", path), ("PUT", &*one), ("PATCH", &*one)] {
        let body = json!({
            "label": "chart", "exchange": "ETHEREUM", "account": null, "markets": null, "presets": null,
            "order_quote_max": null, "only": null, "from": null, "expires_at": null,
        })
        .to_string();
        let (status, _, problem) = ask(&api, method, path, ALL, body);
        assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("venue_not_tradable")), "{method}");
    }
}

#[test]
fn a_chain_on_this_machine_is_for_local_stacks() {
    let wallet = |url: &str| {
        let chain = json!({"id": 1, "asset": "ETH", "rpc_urls": [url]});
        json!({"name": "E", "type": "WALLET", "provider": "ether", "provider_config": {"chain": chain}}).to_string()
    };
    let api = fresh();
    let define = |url: &str| ask(&api, "POST", "/api/v1/wallets", wallets::ADMIN, wallet(url));
    let (status, _, problem) = define("http://127.0.0.1:9001");
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("provider_config.chain.rpc_urls")));
    let (status, _, shown) = define("https://eth.example.org/v3/s3cret");
    assert_eq!((status, shown.to_string().contains("s3cret")), (StatusCode::CREATED, false), "{shown}");
}
