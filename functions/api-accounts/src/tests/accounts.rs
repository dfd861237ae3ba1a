use super::*;
use app::accounts::usual_limits;
use app::ports::{Credential, KeptAccount, Sealed, Standing};
use domain::account::{Account, Halt};
use domain::ids::{AccountId, CredentialId};
use domain::limits::ACCOUNTS_PER_USER_MAX;
use domain::vault::{AccountState, Mode, SecretKind};
use serde_json::json;
use std::collections::BTreeMap;
use store::trading::Trading;
use wire::key_check::{Refused, Validated};

pub(super) const PATH: &str = "/api/v1/accounts";
/// As the specification has it.
const ALIAS: &str = "/api/v1/user-wallets";

pub(super) fn id_at(exchange: &str, label: &str) -> AccountId {
    AccountId::of(&[exchange, label])
}

pub(super) fn id() -> AccountId {
    id_at("PAPER", "default")
}

/// An account of Ann's with a key, at version 3; it was never looked at.
pub(super) fn kept_at(exchange: &str, label: &str) -> KeptAccount {
    let mode = if exchange == "PAPER" { Mode::Paper } else { Mode::Live };
    let state = AccountState { mode: Some(mode), version: 3, ..AccountState::default() };
    KeptAccount { account: account_at(exchange, label), state, key: Some(key_of(&ann(), &id_at(exchange, label))) }
}

pub(super) fn kept() -> KeptAccount {
    kept_at("PAPER", "default")
}

/// Eve's, which Ann must not find.
pub(super) fn eves() -> KeptAccount {
    let eves = kept_at("PAPER", "eves");
    let (account, key) = (Account { user: eve(), ..eves.account }, Some(key_of(&eve(), &id_at("PAPER", "eves"))));
    KeptAccount { account, key, ..eves }
}

fn account_at(exchange: &str, label: &str) -> Account {
    let balances = BTreeMap::from([("USDT".parse().unwrap(), "7.5".parse().unwrap())]);
    let account = testkit::sample::account(id_at(exchange, label), ann(), (exchange, label), AT);
    Account { limits: usual_limits().unwrap(), balances, ..account }
}

fn key_of(user: &UserId, account: &AccountId) -> Credential {
    let sealed = Sealed {
        form: Sealed::FORM,
        wrapped_key: b"wrapped".to_vec(),
        nonce: b"nonce".to_vec(),
        cipher_text: b"cipher".to_vec(),
        kms_key: "arn:key".to_owned(),
        sealed_at: AT,
    };
    Credential {
        id: CredentialId::of(&[account.as_str()]),
        user: user.clone(),
        kind: SecretKind::Exchange,
        masked: "abcd…wxyz".to_owned(),
        insisted: false,
        created_at: AT,
        sealed,
    }
}

/// From here on the account stands as this.
pub(super) fn put(world: &World, kept: &KeptAccount) {
    world.put_account(&kept.account, Standing { enabled: false, validated: false });
    world.put_state(&kept.account.id, &kept.state);
    kept.key.iter().for_each(|key| world.put_credential(&kept.account.id, key));
}

/// What a check makes of an account whose key is good.
pub(super) fn validated(kept: KeptAccount) -> KeptAccount {
    let state = AccountState { validated: true, validated_at: Some(AT), version: 4, ..kept.state };
    KeptAccount { state, ..kept }
}

/// An account has been looked at, as `key-check` says it and leaves it.
pub(super) fn is_looked_at(api: &Api, kept: KeptAccount) {
    let AccountState { enabled, validated, failures, version, .. } = kept.state;
    let told = Validated { enabled, validated, failures, version, probed: None };
    api.checks.say(KeyChecked::Validated(told));
    let world = api.store.clone();
    api.checks.doing(move || put(&world, &kept));
}

pub(super) fn refused(code: &str) -> KeyChecked {
    KeyChecked::Refused(Refused { code: code.to_owned(), detail: "why".to_owned() })
}

/// Ann's accounts, and one of Eve's.
pub(super) fn with(accounts: &[KeptAccount]) -> Api {
    let api = fresh();
    accounts.iter().chain([&eves()]).for_each(|kept| put(&api.store, kept));
    api
}

/// Ann has one, for practice.
pub(super) fn anns() -> Api {
    with(&[kept()])
}

pub(super) fn one(more: &str) -> String {
    of_one(&id(), more)
}

fn of_one(id: &AccountId, more: &str) -> String {
    format!("{PATH}/{id}{more}")
}

/// Of what was refused: its status, and its code.
pub(super) fn told((status, _, problem): (StatusCode, HeaderMap, Value)) -> (u16, Value) {
    (status.as_u16(), problem["code"].clone())
}

/// Whoever asks has seen this version.
pub(super) fn ask_seen(api: &Api, seen: u64, (method, path): (&str, &str), words: &str, body: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path).header("if-match", format!("\"{seen}\""));
    let (status, headers, body) = sent(api, request, words, body.to_owned());
    told((status, headers, serde_json::from_slice(&body).unwrap_or_default()))
}

#[test]
fn an_account_is_shown_with_its_key_masked_and_nothing_that_opens_it() {
    let api = anns();
    for path in [PATH.to_owned(), one(""), "/api/keys".to_owned(), "/api/v1/keys".to_owned()] {
        let (status, _, told) = ask(&api, "GET", &path, "trading:read", "");
        let shown = if told["items"].is_array() { told["items"][0].clone() } else { told.clone() };
        assert_eq!((status, &shown["key"]["masked"]), (StatusCode::OK, &json!("abcd…wxyz")), "{path}");
        assert_eq!((&shown["id"], &shown["version"]), (&json!(id().as_str()), &json!(3)), "{path}");
        let text = told.to_string();
        assert!(!["wrapped", "cipher", "nonce", "arn:key"].iter().any(|part| text.contains(part)), "{path}: {text}");
    }
    let balances = ask(&api, "GET", &one("/balances"), "trading:read", "").2;
    assert_eq!(balances["balances"], json!({"USDT": "7.5"}));
}

#[test]
fn an_account_says_at_once_what_it_has_what_it_may_and_why_it_is_halted() {
    let halt = Halt { at: AT, reason: "news".to_owned(), kept_out: None, by_person: true };
    let kept = kept();
    let account = Account { open_groups: 2, exposure: "120.5".parse().unwrap(), halted: Some(halt), ..kept.account };
    let api = with(&[KeptAccount { account, ..kept }]);
    let shown = ask(&api, "GET", &one(""), "trading:read", "").2;
    assert_eq!(shown["mode"], "paper");
    let state = &shown["state"];
    assert_eq!(state["balances"], json!({"USDT": {"balance": "7.5", "reserved": "0"}}));
    assert_eq!((&state["open_groups"], &state["exposure"]), (&json!(2), &json!("120.5")));
    assert_eq!(state["open_groups_max"], usual_limits().unwrap().open_groups_max);
    assert_eq!((&state["halted"]["reason"], &state["halted"]["by_person"]), (&json!("news"), &json!(true)));
    let alias = ask(&api, "GET", &one("").replace(PATH, ALIAS), "trading:read", "").2;
    assert_eq!(alias, shown, "both names are of one resource");
    let list = ask(&api, "GET", ALIAS, "trading:read", "").2;
    assert_eq!(list["items"], json!([shown]));
}

#[test]
fn accounts_are_listed_by_exchange_and_label_and_somebody_elses_are_not() {
    let api = with(&[kept(), kept_at("PAPER", "another"), kept_at("BINANCE", "main")]);
    let list = ask(&api, "GET", PATH, "trading:read", "").2;
    let place = |shown: &Value| (shown["exchange"].clone(), shown["label"].clone());
    let places: Vec<_> = list["items"].as_array().unwrap().iter().map(place).collect();
    let expected = [("BINANCE", "main"), ("PAPER", "another"), ("PAPER", "default")];
    assert_eq!(places, expected.map(|(exchange, label)| (json!(exchange), json!(label))));
}

#[test]
fn an_account_is_connected_with_what_the_paper_venue_holds_for_it() {
    let api = fresh();
    let body = json!({"exchange": "paper", "mode": "paper", "start_balance": "5000"}).to_string();
    let (status, headers, made) = ask(&api, "POST", PATH, ALL, body);
    assert_eq!((status, &headers["etag"]), (StatusCode::CREATED, &"\"1\"".parse().unwrap()));
    assert_eq!(
        (&made["label"], &made["exchange"], &made["enabled"]),
        (&json!("default"), &json!("PAPER"), &json!(false))
    );
    let id = AccountId::parse(made["id"].as_str().unwrap()).unwrap();
    assert_eq!(ask(&api, "GET", &of_one(&id, ""), ALL, "").2, made);
    let balances = ask(&api, "GET", &of_one(&id, "/balances"), ALL, "").2;
    assert_eq!(balances["balances"], json!({"USDT": "5000"}));
    let book = done(&api, |world| async move { Trading(&world).load_book(&id).await.unwrap().unwrap() });
    let held: Vec<_> = book.balances.iter().map(|(asset, had)| format!("{} {asset}", had.free)).collect();
    assert_eq!(held, ["5000 USDT"]);
}

#[test]
fn what_is_asked_of_an_account_is_done() {
    let api = with(&[validated(kept())]);
    let patched = ask(&api, "PATCH", &one(""), ALL, r#"{"label": "main", "enabled": true}"#).2;
    assert_eq!((&patched["label"], &patched["enabled"]), (&json!("main"), &json!(true)));
    assert_eq!(ask(&api, "GET", &one(""), ALL, "").2, patched);
    let kraken = || kept_at("KRAKEN", "default");
    for path in [of_one(&kraken().account.id, "/mode"), "/api/keys/kraken/mode?label=default".to_owned()] {
        let (status, headers, told) = ask(&with(&[validated(kraken())]), "PUT", &path, ALL, r#"{"mode": "testnet"}"#);
        assert_eq!((status, &told["mode"]), (StatusCode::OK, &json!("testnet")), "{path}");
        assert_eq!((&headers["etag"], &told["validated"]), (&"\"5\"".parse().unwrap(), &json!(false)), "{path}");
        assert_eq!(told["key"], Value::Null, "the key before is of the other side: {path}");
    }
    for (method, path) in [("POST", one("/test")), ("PUT", "/api/keys/PAPER/validate".to_owned())] {
        let api = anns();
        is_looked_at(&api, validated(kept()));
        assert_eq!(ask(&api, method, &path, ALL, "").2["validated"], true, "{path}");
        let asked: Vec<_> = api.checks.asked().into_iter().map(|question| question.asked).collect();
        assert!(matches!(&asked[..], [Asked::Validate { account }] if account.0 == id()), "{path}: {asked:?}");
    }
    for path in [one(""), "/api/keys/PAPER".to_owned(), "/api/v1/keys/PAPER".to_owned()] {
        let api = anns();
        assert_eq!(ask(&api, "DELETE", &path, ALL, "").0, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(ask(&api, "GET", &one(""), ALL, "").0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn an_account_is_meant_by_its_label_and_one_of_several_is_named() {
    let api = with(&[kept(), kept_at("BINANCE", "one"), kept_at("BINANCE", "other")]);
    assert_eq!(told(ask(&api, "DELETE", "/api/keys/binance", ALL, "")), (409, json!("ambiguous_account")));
    for path in
        ["/api/keys/KRAKEN", "/api/keys/PAPER?label=other", "/api/keys/PAPER?label=eves", "/api/keys/no%20exchange"]
    {
        assert_eq!(ask(&api, "DELETE", path, ALL, "").0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ask(&api, "DELETE", "/api/keys/binance?label=other", ALL, "").0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&api, "DELETE", "/api/keys/binance", ALL, "").0, StatusCode::NO_CONTENT, "the only one is left");
}

/// An exchange lists more markets than anybody waits for.
#[test]
fn what_an_account_needs_is_fetched_once_its_key_is_found_good() {
    let kraken = kept_at("KRAKEN", "default");
    let api = with(std::slice::from_ref(&kraken));
    let id = kraken.account.id.clone();
    is_looked_at(&api, validated(kraken));
    assert_eq!(ask(&api, "POST", &of_one(&id, "/test"), ALL, "").2["validated"], true);
    let asked: Vec<_> = api.checks.asked().into_iter().map(|question| question.asked).collect();
    assert!(matches!(&asked[..], [Asked::Validate { .. }, Asked::Begin { account }] if account.0 == id), "{asked:?}");
}

#[test]
fn whoever_may_only_look_or_trade_changes_no_account() {
    let api = anns();
    for (method, path) in [
        ("POST", PATH.to_owned()),
        ("PUT", one("")),
        ("PATCH", one("")),
        ("DELETE", one("")),
        ("PUT", one("/mode")),
        ("POST", one("/test")),
        ("PUT", "/api/keys/PAPER/mode".to_owned()),
        ("PUT", "/api/keys/PAPER/validate".to_owned()),
        ("DELETE", "/api/keys/PAPER".to_owned()),
    ] {
        let (status, _, problem) = ask(&api, method, &path, "trading:read+trading:write", "{}");
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{method} {path}");
        assert_eq!(ask(&api, method, &path, "", "{}").0.as_u16(), 401, "{method} {path}");
    }
    assert_eq!(ask(&api, "GET", &one(""), ALL, "").2["version"], 3);
}

#[test]
fn a_field_that_breaks_its_rule_is_named_and_no_other_is_taken() {
    let api = anns();
    for (field, value) in [
        ("exchange", json!(null)),
        ("exchange", json!("not an exchange")),
        ("exchange", json!(7)),
        ("mode", json!(null)),
        ("mode", json!("LIVE")),
        ("mode", json!(true)),
        ("label", json!("a#b")),
        ("label", json!("")),
        ("start_balance", json!("0")),
        ("start_balance", json!("-5")),
        ("start_balance", json!(5000)),
        ("enabled", json!(true)),
        ("validated", json!(true)),
        ("user", json!("usr_other")),
        ("id", json!("acc_other")),
        ("version", json!(1)),
        ("limits", json!({})),
        ("credential", json!("planted")),
    ] {
        let mut body = json!({"exchange": "PAPER", "mode": "paper"});
        body[field] = value.clone();
        let (status, _, problem) = ask(&api, "POST", PATH, ALL, body.to_string());
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{value}: {problem}");
        assert!(!problem.to_string().contains("planted"));
    }
    let live = r#"{"exchange": "BINANCE", "mode": "live", "start_balance": "5"}"#;
    assert_eq!(ask(&api, "POST", PATH, ALL, live).2["field"], "start_balance");
    for (body, field) in [
        (r#"{"enabled": "yes"}"#, "enabled"),
        (r#"{"label": " x"}"#, "label"),
        (r#"{"mode": "live"}"#, "mode"),
        (r#"{"validated": true}"#, "validated"),
    ] {
        let (status, _, problem) = ask(&api, "PATCH", &one(""), ALL, body);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{body}");
    }
    for body in [r#"{"mode": "demo"}"#, "{}", r#"{"mode": 1}"#, r#"{"mode": "live"}"#] {
        let (status, _, problem) = ask(&api, "PUT", &one("/mode"), ALL, body);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("mode")), "{body}");
    }
    assert_eq!(ask(&api, "GET", PATH, ALL, "").2["items"].as_array().map(Vec::len), Some(1), "nothing came of it");
}

#[test]
fn what_is_somebody_elses_or_no_account_is_not_there() {
    let api = anns();
    let foreign = eves().account.id;
    for path in [of_one(&foreign, ""), format!("{PATH}/usr_1"), of_one(&foreign, "/balances")] {
        assert_eq!(ask(&api, "GET", &path, ALL, "").0, StatusCode::NOT_FOUND, "{path}");
    }
    for (method, body) in [("PATCH", r#"{"label": "mine"}"#), ("DELETE", "")] {
        assert_eq!(told(ask(&api, method, &of_one(&foreign, ""), ALL, body)), (404, json!("not_found")), "{method}");
    }
}

#[test]
fn an_account_is_not_connected_where_it_cannot_be() {
    let many: Vec<_> = (0..ACCOUNTS_PER_USER_MAX).map(|number| kept_at("PAPER", &format!("n{number}"))).collect();
    let connect = |api: &Api, exchange: &str| {
        let body = json!({"exchange": exchange, "mode": "live", "label": "new"}).to_string();
        told(ask(api, "POST", PATH, ALL, body))
    };
    let twice = json!({"exchange": "PAPER", "mode": "paper"}).to_string();
    assert_eq!(told(ask(&anns(), "POST", PATH, ALL, twice)), (400, json!("DUPLICATE_ACCOUNT")));
    assert_eq!(connect(&with(&many), "BINANCE"), (409, json!("too_many_accounts")));
    for (exchange, field) in [("NOWHERE", "exchange"), ("PAPER", "mode")] {
        let body = json!({"exchange": exchange, "mode": "live"}).to_string();
        let (status, _, problem) = ask(&fresh(), "POST", PATH, ALL, body);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{exchange}");
    }
    let api = fresh();
    let kraken = format!("/api/v1/wallets/{}", wallets::kraken());
    assert_eq!(ask(&api, "PATCH", &kraken, wallets::ADMIN, r#"{"is_active": false}"#).0, StatusCode::OK);
    assert_eq!(connect(&api, "KRAKEN"), (409, json!("wallet_inactive")));
    tokens::put(&api, &tokens::kept_for(Some("new")));
    assert_eq!(connect(&api, "BINANCE"), (409, json!("label_of_token")));
    assert_eq!(ask(&api, "GET", PATH, ALL, "").2["items"], json!([]));
}

#[test]
fn an_account_stays_as_it_is_where_it_may_not_be_changed() {
    let api = with(&[kept(), kept_at("PAPER", "other")]);
    let patch = |body: &str| told(ask(&api, "PATCH", &one(""), ALL, body));
    assert_eq!(patch(r#"{"enabled": true}"#), (409, json!("not_validated")));
    assert_eq!(patch(r#"{"label": "other"}"#), (400, json!("DUPLICATE_ACCOUNT")));
    let seen = |(method, more): (&str, &str), body: &str| ask_seen(&api, 2, (method, &one(more)), ALL, body);
    for (route, body) in [
        (("PATCH", ""), r#"{"label": "main"}"#),
        (("PATCH", "/limits"), r#"{"open_groups_max": 1}"#),
        (("PUT", "/mode"), r#"{"mode": "paper"}"#),
        (("DELETE", ""), ""),
    ] {
        assert_eq!(seen(route, body), (409, json!("version_conflict")), "{route:?}");
    }
    assert_eq!(ask_seen(&api, 3, ("PATCH", &one("")), ALL, r#"{"label": "main"}"#).0, 200);

    let kraken = kept_at("KRAKEN", "default");
    let open = KeptAccount { account: Account { open_groups: 1, ..kraken.account.clone() }, ..kraken.clone() };
    let api = with(&[open]);
    let at = |more| of_one(&kraken.account.id, more);
    for (method, path, body) in [("DELETE", at(""), ""), ("PUT", at("/mode"), r#"{"mode": "testnet"}"#)] {
        assert_eq!(told(ask(&api, method, &path, ALL, body)), (409, json!("groups_open")), "{method}");
    }
}

#[test]
fn what_a_check_does_not_find_out_is_told() {
    for (code, status, told_as) in [
        ("venue_not_tradable", 409, "venue_not_tradable"),
        ("venue_unavailable", 503, "venue_unavailable"),
        ("key_missing", 409, "key_missing"),
        ("key_does_not_open", 409, "key_does_not_open"),
        ("key_unknown", 422, "key_unknown"),
        ("something_new", 503, "unavailable"),
    ] {
        let api = anns();
        api.checks.say(refused(code));
        for path in [one("/test"), one("/sync"), "/api/keys/PAPER/validate".to_owned()] {
            let method = if path.ends_with("validate") { "PUT" } else { "POST" };
            assert_eq!(told(ask(&api, method, &path, ALL, "")), (status, json!(told_as)), "{path} {code}");
        }
    }
    assert_eq!(told(ask(&anns(), "POST", &one("/test"), ALL, "")), (503, json!("unavailable")), "nobody answers");
}

#[test]
fn limits_are_shown_to_whoever_may_look_and_changed_by_whoever_may_change_accounts() {
    let (api, path) = (anns(), one("/limits"));
    let ask = |method: &str, scopes: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ask(&api, method, &path, scopes, body)
    };
    let (status, headers, shown) = ask("GET", "trading:read", Value::Null);
    assert_eq!((status, &headers["etag"]), (StatusCode::OK, &"\"3\"".parse().unwrap()));
    assert_eq!((&shown["day_loss_max"], &shown["open_groups_max"]), (&json!("1000"), &json!(10)), "{shown}");
    let whole = json!({"open_groups_max": 0, "exposure_max": "5000", "order_quote_max": "0", "day_loss_max": "1000", "leverage_max": 3});
    let named = json!({"open_groups_max": 1, "order_quote_max": "0"});
    let (status, _, problem) = ask("PUT", ALL, named.clone());
    assert_eq!(
        (status.as_u16(), &problem["field"]),
        (422, &json!("exposure_max")),
        "what replaces leaves out nothing: {problem}"
    );
    for (method, groups, none) in [("PUT", 0, whole), ("PATCH", 1, named)] {
        let (status, _, shown) = ask(method, ALL, none.clone());
        assert_eq!((status, &shown["order_quote_max"]), (StatusCode::OK, &json!("0")), "nothing is a limit too");
        assert_eq!((&shown["open_groups_max"], &shown["day_loss_max"]), (&json!(groups), &json!("1000")));
        assert_eq!(ask("GET", ALL, Value::Null).2, shown);
        assert_eq!(ask(method, "trading:read+trading:write", none).0, StatusCode::FORBIDDEN);
        for (body, field) in [
            (json!({"open_groups_max": 1_001}), "open_groups_max"),
            (json!({"open_groups_max": "1"}), "open_groups_max"),
            (json!({"exposure_max": "-0.1"}), "exposure_max"),
            (json!({"day_loss_max": 5}), "day_loss_max"),
            (json!({"leverage": "5"}), "leverage"),
        ] {
            let (status, _, problem) = ask(method, ALL, body.clone());
            assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{body}");
        }
    }
}
