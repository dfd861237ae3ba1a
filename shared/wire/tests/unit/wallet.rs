use serde_json::json;
use serde_json::{Map, Value};
use wire::wallet::*;

fn members(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { unreachable!("an object") };
    members
}

fn good() -> Value {
    json!({"name": "Gate", "type": "CEX", "provider": "gate"})
}

#[test]
fn what_is_built_in_keeps_every_rule_and_comes_back_as_it_was() {
    let all = Definition::built_in().unwrap();
    let providers: Vec<_> = all.iter().map(|one| &*one.provider).collect();
    let known = "paper binance coinbase kraken ethereum binance_smart_chain paperusdm binanceusdm bybit bybitusdm okx okxusdm \
                 kucoin kucoinusdm bitget bitgetusdm";
    assert_eq!(providers.join(" "), known);
    for one in all {
        let written = members(serde_json::to_value(&one).unwrap());
        assert_eq!(Definition::read(&written), Ok(one.clone()), "{}", one.name);
        assert_eq!(Definition::of_text(&one.text().unwrap()).unwrap(), one);
    }
}

#[test]
fn what_is_left_out_is_empty_and_what_is_kept_has_one_spelling() {
    let short = Definition::read(&members(good())).unwrap();
    assert_eq!(
        (short.is_active, &*short.provider_config.auth_type, short.fees.clone()),
        (true, "none", Fees::default())
    );
    let mut given = members(good());
    given.insert("supported_currencies".to_owned(), json!(["btc", "BTC", "eth"]));
    given.insert("fees".to_owned(), json!({"trading_fee_percent": "0.10", "withdrawal_fee": {"btc": "0.00050"}}));
    let read = Definition::read(&given).unwrap();
    assert_eq!(read.supported_currencies, ["BTC", "ETH"]);
    assert_eq!(read.fees.trading_fee_percent.as_deref(), Some("0.1"));
    assert_eq!(read.fees.withdrawal_fee["BTC"], "0.0005");
    let off = short.with(&members(json!({"is_active": false}))).unwrap();
    assert_eq!(off, Definition { is_active: false, ..short });
    let kept = off.with(&members(json!({"is_active": null}))).unwrap();
    assert_eq!(kept, off, "null keeps it");
}

#[test]
fn a_member_that_breaks_its_rule_is_named_with_those_around_it() {
    let config = |value: Value| json!({"provider_config": value});
    for (more, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": "x".repeat(61)}), "name"),
        (json!({"name": null}), "name"),
        (json!({"type": "BANK"}), "type"),
        (json!({"provider": "Gate"}), "provider"),
        (json!({"provider": null}), "provider"),
        (json!({"owner": "me"}), "owner"),
        (json!({"supported_currencies": "BTC"}), "supported_currencies"),
        (json!({"supported_currencies": ["B T C"]}), "supported_currencies"),
        (json!({"supported_currencies": vec!["BTC"; 201]}), "supported_currencies"),
        (json!({"supported_markets": ["Spot"]}), "supported_markets"),
        (json!({"is_active": "yes"}), "is_active"),
        (json!({"logo_url": "http://gate.io/logo.png"}), "logo_url"),
        (json!({"documentation_url": "https://10.0.0.1/"}), "documentation_url"),
        (json!({"fees": []}), "fees"),
        (json!({"fees": {"trading_fee_percent": 0.1}}), "fees.trading_fee_percent"),
        (json!({"fees": {"trading_fee_percent": "-1"}}), "fees.trading_fee_percent"),
        (json!({"fees": {"withdrawal_fee": {"BTC": "-1"}}}), "fees.withdrawal_fee"),
        (json!({"fees": {"withdrawal_fee": {"BTC": 1}}}), "fees.withdrawal_fee"),
        (json!({"fees": {"maker": "0"}}), "fees.maker"),
        (config(json!({"api_base_url": "https://me:secret@gate.io"})), "provider_config.api_base_url"),
        (config(json!({"api_base_url": "https://169.254.169.254"})), "provider_config.api_base_url"),
        (config(json!({"auth_type": "basic"})), "provider_config.auth_type"),
        (config(json!({"supported_operations": [1]})), "provider_config.supported_operations"),
        (config(json!({"rate_limits": {"requests_per_minute": 0}})), "provider_config.rate_limits.requests_per_minute"),
        (config(json!({"rate_limits": {"per_hour": 1}})), "provider_config.rate_limits.per_hour"),
        (config(json!({"api_key": "k"})), "provider_config.api_key"),
        (config(json!({"chain": {"id": 1, "asset": "ETH"}})), "provider_config.chain"),
    ] {
        let mut given = members(good());
        given.extend(members(more.clone()));
        assert_eq!(Definition::read(&given).unwrap_err().field, field, "{more}");
    }
}

fn chain(value: &Value) -> Map<String, Value> {
    members(json!({"name": "Ether", "type": "WALLET", "provider": "ether", "provider_config": {"chain": value}}))
}

#[test]
fn a_chain_says_who_is_asked_about_which_coins() {
    let contract = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
    let tokens = json!([{"asset": "usdt", "contract": contract, "decimals": 6}]);
    let given = json!({"id": 1, "asset": "eth", "rpc_urls": ["https://eth.example.org/v3/s3cret"], "tokens": tokens});
    let read = Definition::read(&chain(&given)).unwrap();
    let known = read.chain().unwrap();
    assert_eq!((known.id, known.native.asset.as_str(), known.native.decimals), (1, "ETH", 18));
    assert_eq!((known.tokens[0].coin.decimals, known.tokens[0].contract.as_str()), (6, &*contract.to_lowercase()));
    assert_eq!(known.rpc_urls[0].expose(), "https://eth.example.org/v3/s3cret");
    assert_eq!(Definition::of_text(&read.text().unwrap()).unwrap(), read, "it is kept whole");
}

#[test]
fn what_may_be_a_providers_key_is_shown_to_nobody_and_does_not_come_back() {
    let given = json!({"id": 1, "asset": "ETH", "rpc_urls": ["https://eth.example.org:8545/v3/s3cret"]});
    let read = Definition::read(&chain(&given)).unwrap();
    let shown = serde_json::to_value(read.shown()).unwrap();
    assert_eq!(shown["provider_config"]["chain"]["rpc_urls"], json!(["https://eth.example.org:8545/…"]));
    assert!(!format!("{read:?}").contains("s3cret"));
    let Err(refused) = Definition::read(&members(shown)) else { unreachable!("what is shown is no address") };
    assert_eq!(refused.field, "provider_config.chain.rpc_urls");
}

#[test]
fn what_is_unlike_is_told_by_its_full_name_and_no_key_of_a_provider() {
    let given = |url: &str| json!({"id": 1, "asset": "ETH", "rpc_urls": [url]});
    let before = Definition::read(&chain(&given("https://eth.example.org/v3/s3cret"))).unwrap();
    let changed = json!({"is_active": false, "fees": {"withdrawal_fee": {"ETH": "0.1"}}});
    let after = Definition::read(&chain(&given("https://eth.example.org/v3/0ther"))).unwrap();
    let after = after.with(&members(changed)).unwrap();
    let told = |one: &Definition, other| serde_json::from_str::<Value>(&one.unlike(other).unwrap()).unwrap();
    assert_eq!(told(&before, Some(&before)), json!({}));
    let whole = told(&before, None);
    assert_eq!((&whole["name"], &whole["provider_config.chain.id"]), (&json!("Ether"), &json!(1)));
    // Another address of the same host is told, and not what it is.
    let urls = json!(["https://eth.example.org/…"]);
    let expected = json!({
        "is_active": false, "fees.withdrawal_fee.ETH": "0.1", "provider_config.chain.rpc_urls": urls,
    });
    assert_eq!(told(&after, Some(&before)), expected);
    let expected = json!({"is_active": true, "fees.withdrawal_fee": {}, "provider_config.chain.rpc_urls": urls});
    assert_eq!(told(&before, Some(&after)), expected);
}

#[test]
fn a_chain_that_breaks_its_rule_is_named() {
    let token = |asset: &str| json!({"asset": asset, "contract": format!("0x{}", "a".repeat(40)), "decimals": 6});
    for (more, field) in [
        (json!({"id": 0}), "id"),
        (json!({"id": null}), "id"),
        (json!({"asset": null}), "asset"),
        (json!({"decimals": 19}), "decimals"),
        (json!({"rpc_urls": ["http://eth.example.org"]}), "rpc_urls"),
        (json!({"rpc_urls": ["https://169.254.169.254/"]}), "rpc_urls"),
        (
            json!({"rpc_urls": ["https://a.example", "https://b.example", "https://c.example", "https://d.example"]}),
            "rpc_urls",
        ),
        (json!({"tokens": [token("ETH")]}), "tokens"),
        (json!({"tokens": [token("USDT"), token("usdt")]}), "tokens"),
        (json!({"tokens": [{"asset": "USDT", "contract": "0x1", "decimals": 6}]}), "tokens.contract"),
        (json!({"tokens": [{"asset": "USDT", "contract": format!("0x{}", "a".repeat(40))}]}), "tokens.decimals"),
        (json!({"private_key": "0x4c0883a6"}), "private_key"),
    ] {
        let mut given = json!({"id": 1, "asset": "ETH"});
        given.as_object_mut().unwrap().extend(members(more.clone()));
        let Err(refused) = Definition::read(&chain(&given)) else { unreachable!("{more}") };
        assert_eq!(refused.field, format!("provider_config.chain.{field}"), "{more}");
        assert!(!refused.to_string().contains("4c0883a6"));
    }
}
