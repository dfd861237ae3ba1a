use super::accounts::{
    PATH, anns, ask_seen, eves, id, id_at, is_looked_at, kept, kept_at, one, put, refused, told, validated, with,
};
use super::*;
use app::accounts;
use app::actor::Act;
use app::ports::{Balance, DayBalances, KeptAccount, Lease, OpenSecret, VenueKey};
use app::vault::Vault;
use credentials::AesGcm;
use domain::account::Account;
use domain::audit::{Actor, Chain, Shelf};
use domain::ids::{AccountId, HolderId};
use domain::money::Amount;
use domain::vault::{AccountState, KeyFault};
use serde_json::json;
use std::collections::BTreeMap;
use store::audit::Audits;
use store::vault::Vault as Rows;
use wire::key_check::{Balances, Probed, Told};
use wire::member::INSISTED;
use wire::text::Text;

const KEYS: &str = "/api/keys/PAPER";
const OKX: &str = "/api/keys/OKX";

fn key() -> Value {
    json!({"mode": "paper", "api_key": "planted-key-of-ann", "api_secret": "planted-secret"})
}

/// A whole one of an exchange that wants a passphrase.
fn okx() -> Value {
    json!({
        "mode": "live", "api_key": "planted-key-of-ann", "api_secret": "planted-secret", "passphrase": "pass phrase",
        "allow_withdrawals": INSISTED,
    })
}

fn at(exchange: &str, mut body: Value) -> Value {
    body["exchange"] = exchange.into();
    body
}

/// A good key, of this account at the exchange where that is told.
fn good_of(holder: Option<&str>) -> KeyChecked {
    let told = Told { holder: holder.map(|holder| Text(HolderId::of(&[holder]))), ..Told::default() };
    KeyChecked::Probed(Probed { told, advice: vec!["look".to_owned()], ..Probed::default() })
}

fn bad(fault: KeyFault) -> KeyChecked {
    KeyChecked::Probed(Probed { fault: Some(Text(fault)), ..Probed::default() })
}

/// What was asked of keys that were not kept yet: whether their owner insists.
fn probed(api: &Api) -> Vec<bool> {
    let asked = api.checks.asked().into_iter().map(|question| question.asked);
    asked
        .filter_map(|asked| if let Asked::Probe(candidate) = asked { Some(candidate.insisted) } else { None })
        .collect()
}

/// Ann's, as they are kept.
fn all(api: &Api) -> Vec<KeptAccount> {
    done(api, |world| async move {
        let attempt = AttemptId::new("look".to_owned());
        let act = Act { user: &ann(), attempt: &attempt, now: AT, address: None, actor: Actor::Person };
        accounts::list(&world, act).await.unwrap()
    })
}

/// What was sealed for this account, opened as whoever trades with it opens it: key, secret, passphrase.
fn opened(api: &Api, kms: &Kms, account: &AccountId) -> [String; 3] {
    let kept = all(api).into_iter().find(|kept| kept.account.id == *account).unwrap();
    let (kms, credential) = (kms.clone(), kept.key.unwrap());
    let binding = credential.binding_at(&kept.account).unwrap();
    let plain = done(api, |world| async move {
        let (function, why, attempt) = ("test".to_owned(), "a test".to_owned(), AttemptId::new("open".to_owned()));
        let lease = Lease { function, why, attempt };
        let vault = Vault::new(kms, world, AesGcm, DEPLOYMENT);
        vault.open(&binding, &credential.sealed, &lease, AT).await.unwrap()
    });
    let VenueKey { api_key, api_secret, passphrase } = VenueKey::of_plain(&plain, account).unwrap();
    let passphrase = passphrase.map(|passphrase| passphrase.expose().to_owned()).unwrap_or_default();
    [api_key.expose().to_owned(), api_secret.expose().to_owned(), passphrase]
}

/// What of Ann's is on record, newest last.
fn recorded(api: &Api) -> Vec<String> {
    let chain = Chain::of(Shelf::Trading, &on_record(&ann(), "look"));
    let links = done(api, |world| async move { Audits(&world).rows(&chain, 0, 100).await.unwrap() });
    links.into_iter().map(|link| link.audit.action).collect()
}

#[test]
fn a_key_is_taken_and_answered_masked() {
    for (path, there, status, etag) in [
        (KEYS.to_owned(), None, 201, "\"2\""),
        (format!("{KEYS}?label=there"), Some("there"), 200, "\"4\""),
        ("/api/v1/keys/paper".to_owned(), None, 201, "\"2\""),
    ] {
        let kms = Kms::new(true);
        let api = sealing_by(&kms);
        there.iter().for_each(|label| put(&api.store, &kept_at("PAPER", label)));
        api.checks.say(good_of(None));
        let (told, headers, answer) = ask(&api, "POST", &path, ALL, key().to_string());
        assert_eq!((told.as_u16(), &headers["etag"]), (status, &etag.parse().unwrap()), "{path}: {answer}");
        assert_eq!((&answer["key"]["masked"], &answer["advice"]), (&json!("plan…-ann"), &json!(["look"])));
        assert!(!answer.to_string().contains("planted"));
        let id = AccountId::parse(answer["id"].as_str().unwrap()).unwrap();
        assert_eq!(there.is_some(), id == id_at("PAPER", "there"), "{path}");
        assert_eq!(opened(&api, &kms, &id), ["planted-key-of-ann", "planted-secret", ""], "{path}");
        assert_eq!(probed(&api), [false], "{path}");
    }
}

#[test]
fn a_key_is_taken_with_all_its_parts_by_each_path() {
    for path in ["/exchange/keys", "/api/v1/exchange/keys", PATH, OKX] {
        let kms = Kms::new(true);
        let api = sealing_by(&kms);
        api.checks.say(good_of(None));
        let mut body = if path == OKX { okx() } else { at("OKX", okx()) };
        body["label"] = "mine".into();
        let (status, _, answer) = ask(&api, "POST", path, ALL, body.to_string());
        assert_eq!((status.as_u16(), &answer["label"]), (201, &json!("mine")), "{path}: {answer}");
        assert_eq!(answer["key"]["allow_withdrawals"], true, "{path}");
        let id = AccountId::parse(answer["id"].as_str().unwrap()).unwrap();
        assert_eq!(opened(&api, &kms, &id), ["planted-key-of-ann", "planted-secret", "pass phrase"], "{path}");
        assert_eq!(probed(&api), [true], "{path}");
    }
}

/// Its exits would sell what is another account's.
#[test]
fn while_a_group_is_open_a_key_is_replaced_by_one_of_the_same_account_alone() {
    let kept = kept_at("OKX", "default");
    let open = KeptAccount { account: Account { open_groups: 1, ..kept.account.clone() }, ..kept };
    let known = |api: &Api| {
        let state = AccountState { holder: Some(HolderId::of(&["ann"])), ..open.state.clone() };
        put(&api.store, &KeptAccount { state, ..open.clone() });
    };
    let failed = || {
        let api = with(std::slice::from_ref(&open));
        api.checks.say_of_what_stands(refused("key_does_not_open"));
        api
    };
    let mut same = okx();
    same["same_account"] = true.into();
    for path in [OKX, "/exchange/keys"] {
        let body = |body: &Value| if path == OKX { body.clone() } else { at("OKX", body.clone()) }.to_string();
        let api = failed();
        api.checks.say(good_of(None));
        assert_eq!(told(ask(&api, "POST", path, ALL, body(&okx()))), (409, json!("same_account_unsaid")), "{path}");
        assert_eq!(ask(&api, "POST", path, ALL, body(&same)).0.as_u16(), 200, "{path}");
        assert_eq!(recorded(&api), ["save key, said to be of the same account"], "{path}");
        let api = failed();
        known(&api);
        api.checks.say(good_of(Some("eve")));
        assert_eq!(told(ask(&api, "POST", path, ALL, body(&same))), (409, json!("key_of_another_account")), "{path}");
        api.checks.say(good_of(Some("ann")));
        assert_eq!(ask(&api, "POST", path, ALL, body(&okx())).0.as_u16(), 200, "{path}");
        let api = with(std::slice::from_ref(&open));
        api.checks.say(good_of(None));
        assert_eq!(told(ask(&api, "POST", path, ALL, body(&same))), (409, json!("groups_open")), "what works stays");
    }
    let (status, _, problem) = ask(&fresh(), "POST", PATH, ALL, at("OKX", same).to_string());
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("same_account")), "a new account has no key before");
}

#[test]
fn a_part_of_a_key_that_breaks_its_rule_is_named_and_not_repeated() {
    let api = fresh();
    for (field, value) in [
        ("mode", json!(null)),
        ("mode", json!("planted")),
        ("label", json!("planted#")),
        ("api_key", json!(null)),
        ("api_key", json!("")),
        ("api_key", json!("planted key")),
        ("api_key", json!("planted".repeat(40))),
        ("api_key", json!({"planted": 1})),
        ("api_secret", json!(null)),
        ("api_secret", json!("planted\tsecret")),
        ("api_secret", json!("planted".repeat(300))),
        ("passphrase", json!("")),
        ("passphrase", json!("plantedö")),
        ("allow_withdrawals", json!(true)),
        ("allow_withdrawals", json!("planted yes")),
        ("same_account", json!("planted")),
        ("validated", json!(true)),
        ("user", json!("usr_other")),
        ("start_balance", json!("5")),
    ] {
        let mut body = key();
        body[field] = value.clone();
        let (status, _, problem) = ask(&api, "POST", KEYS, ALL, body.to_string());
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{value}: {problem}");
        assert!(!problem.to_string().contains("planted"), "{problem}");
        assert!(api.checks.asked().is_empty() && all(&api).is_empty());
    }
    let twice = json!({"mode": "paper", "label": "a", "api_key": "k", "api_secret": "s"}).to_string();
    for (path, body) in [(format!("{KEYS}?label=b"), twice), (format!("{KEYS}?label=%23"), key().to_string())] {
        assert_eq!(ask(&api, "POST", &path, ALL, body).2["field"], "label", "{path}");
    }
    let nowhere = ask(&api, "POST", "/api/keys/no%20exchange", ALL, key().to_string());
    assert_eq!(nowhere.2["field"], "exchange");
}

#[test]
fn a_key_that_is_not_whole_is_told_what_is_wanted() {
    let api = fresh();
    let mut without = okx();
    without.as_object_mut().unwrap().remove("passphrase");
    let (status, _, problem) = ask(&api, "POST", OKX, ALL, without.to_string());
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("passphrase")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().starts_with("passphrase is part of every key of OKX"), "{problem}");
    let (status, _, problem) = ask(&api, "POST", "/api/keys/KRAKEN", ALL, okx().to_string());
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("passphrase")), "it is no part of that");
    assert!(api.checks.asked().is_empty() && all(&api).is_empty());
}

#[test]
fn a_refusal_says_how_a_better_key_is_made_and_how_to_insist() {
    let api = fresh();
    api.checks.say(bad(KeyFault::CanWithdraw));
    let (status, _, problem) = ask(&api, "POST", KEYS, ALL, key().to_string());
    let detail = problem["detail"].as_str().unwrap();
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("key_can_withdraw")));
    assert!(detail.contains("without withdrawals") && detail.contains(INSISTED), "{detail}");
}

#[test]
fn of_a_key_that_is_refused_nothing_is_kept() {
    for (says, status, code) in [
        (bad(KeyFault::Unknown), 422, "key_unknown"),
        (bad(KeyFault::ConnectedTwice), 422, "key_connected_twice"),
        (refused("venue_unavailable"), 503, "venue_unavailable"),
    ] {
        for (path, body) in [(KEYS, key()), (PATH, at("PAPER", key()))] {
            let api = fresh();
            api.checks.say(says.clone());
            assert_eq!(told(ask(&api, "POST", path, ALL, body.to_string())), (status, json!(code)), "{path}");
            assert!(all(&api).is_empty(), "{path}");
        }
        let api = anns();
        api.checks.say(says);
        assert_eq!(told(ask(&api, "POST", KEYS, ALL, key().to_string())), (status, json!(code)));
        assert_eq!(all(&api), [kept()], "what was there stays");
    }
    let mut live = okx();
    live["api_key"] = "k".into();
    for (exchange, field) in [("ETHEREUM", "api_key"), ("NOWHERE", "exchange")] {
        let (status, _, problem) = ask(&fresh(), "POST", &format!("/api/keys/{exchange}"), ALL, live.to_string());
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{exchange}");
    }
}

#[test]
fn balances_are_asked_for_and_paged_day_by_day() {
    let api = anns();
    let account = kept().account;
    let told = Account { balances: BTreeMap::from([("USDT".parse().unwrap(), "8.5".parse().unwrap())]), ..account };
    let (world, after) = (api.store.clone(), KeptAccount { account: told, ..kept() });
    api.checks.doing(move || put(&world, &after));
    api.checks.say(KeyChecked::Balances(Balances { at: AT.millis(), balances: BTreeMap::new() }));
    let synced = ask(&api, "POST", &one("/sync"), ALL, "");
    assert_eq!((synced.0, &synced.2["balances"]), (StatusCode::OK, &json!({"USDT": "8.5"})));
    for (ago, free) in [(0, "1.5"), (1, "0.5")] {
        let at = AT.minus(Millis::new(Millis::DAY.get() * ago));
        let held = Balance { free: free.parse().unwrap(), locked: Amount::ZERO };
        let balances = BTreeMap::from([("USDT".parse().unwrap(), held)]);
        let day = DayBalances { account: id(), day: at.day(), at, balances };
        done(&api, |world| async move { Rows(&world).keep_day_balances(&day).await.unwrap() });
    }
    let path = one("/balances/history?limit=1");
    let (status, _, first) = ask(&api, "GET", &path, "trading:read", "");
    assert_eq!((status, &first["items"][0]["balances"]["USDT"]["free"]), (StatusCode::OK, &json!("1.5")));
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = ask(&api, "GET", &format!("{path}&cursor={cursor}"), "trading:read", "").2;
    assert_eq!(next["items"][0]["balances"]["USDT"]["free"], "0.5");
    let rest = ask(&api, "GET", &one("/balances/history"), "trading:read", "");
    assert_eq!((rest.0, &rest.2["next_cursor"]), (StatusCode::OK, &json!(null)));
    assert_eq!(rest.2["items"].as_array().map(Vec::len), Some(2));
    let tampered = ask(&api, "GET", &format!("{path}&cursor=x{cursor}"), "trading:read", "");
    assert_eq!((tampered.0.as_u16(), &tampered.2["field"]), (422, &json!("cursor")));
}

#[test]
fn keys_by_the_other_paths_are_ones_own_alone() {
    let api = anns();
    let me = format!("/exchange/keys/{}", ann());
    let mine = ask(&api, "GET", &me, "trading:read", "");
    assert_eq!((mine.0, mine.2["items"].as_array().unwrap().len()), (StatusCode::OK, 1));
    let foreign = format!("/exchange/keys/{}", eve());
    assert_eq!(ask(&api, "GET", &foreign, ALL, "").0, StatusCode::NOT_FOUND);
    let (key, eves) = (kept().key.unwrap().id, eves());
    for (of, status) in [
        (key.as_str(), 204),
        (id().as_str(), 204),
        ("crd_other", 404),
        ("acc_other", 404),
        (eves.account.id.as_str(), 404),
        (eves.key.as_ref().unwrap().id.as_str(), 404),
    ] {
        let (api, path) = (anns(), format!("/exchange/keys/{of}"));
        assert_eq!(ask(&api, "DELETE", &path, ALL, "").0.as_u16(), status, "{of}");
        assert_eq!(all(&api).is_empty(), status == 204, "{of}");
    }
    let path = format!("/exchange/keys/{key}");
    assert_eq!(ask_seen(&api, 2, ("DELETE", &path), ALL, ""), (409, json!("version_conflict")));
}

#[test]
fn whoever_may_only_look_or_trade_saves_no_key() {
    let api = anns();
    for (method, path) in [
        ("POST", KEYS.to_owned()),
        ("POST", "/exchange/keys".to_owned()),
        ("DELETE", format!("/exchange/keys/{}", id())),
        ("POST", one("/sync")),
    ] {
        let (status, _, problem) = ask(&api, method, &path, "trading:read+trading:write", "{}");
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{method} {path}");
        assert_eq!(ask(&api, method, &path, "", "{}").0.as_u16(), 401, "{method} {path}");
    }
    assert!(api.checks.asked().is_empty());
    assert_eq!(all(&api), [kept()]);
}

#[test]
fn a_programs_key_saves_no_key() {
    let api = fresh();
    api.checks.say(good_of(None));
    let program = format!("{ALL}{KEY}");
    for (path, body) in [(KEYS, key()), ("/exchange/keys", at("PAPER", key()))] {
        let (status, _, problem) = ask(&api, "POST", path, &program, body.to_string());
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{path}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("a person does, who has logged in"), "{detail}");
    }
    assert!(api.checks.asked().is_empty() && all(&api).is_empty());
}

#[test]
fn what_lets_more_be_lost_is_done_by_a_person_and_not_by_a_programs_key() {
    let program = format!("{ALL}{KEY}");
    let kraken = kept_at("KRAKEN", "default");
    let one = |more| format!("{PATH}/{}{more}", kraken.account.id);
    let asks = [
        ("POST", PATH.to_owned(), at("OKX", okx()).to_string()),
        ("PATCH", one(""), r#"{"enabled": true}"#.to_owned()),
        ("PATCH", one("/limits"), r#"{"open_groups_max": 11}"#.to_owned()),
        ("PUT", one("/mode"), r#"{"mode": "testnet"}"#.to_owned()),
        ("DELETE", one(""), String::new()),
    ];
    for (method, path, body) in asks {
        let api = with(&[validated(kraken.clone())]);
        api.checks.say(good_of(None));
        let by_program = ask(&api, method, &path, &program, &*body);
        assert_eq!(told(by_program), (403, json!("missing_scope")), "{method} {path}");
        assert_eq!(all(&api), [validated(kraken.clone())], "{method} {path}");
        assert!(ask(&api, method, &path, ALL, &*body).0.is_success(), "{method} {path}");
    }
    let api = with(&[validated(kraken.clone()), validated(kept())]);
    let lowers = [(one("/limits"), r#"{"open_groups_max": 9}"#), (one(""), r#"{"enabled": false}"#)];
    for (path, body) in lowers.into_iter().chain([(super::accounts::one(""), r#"{"enabled": true}"#)]) {
        assert_eq!(ask(&api, "PATCH", &path, &program, body).0, StatusCode::OK, "{path} {body}");
    }
}

/// A key that was seen to work once is looked at anew where its account is to enter again.
#[test]
fn a_bad_key_is_told_with_its_account_and_is_no_error() {
    let api = anns();
    let fault = Some(KeyFault::Expired);
    let state = AccountState { fault, failures: 1, version: 4, ..kept().state };
    is_looked_at(&api, KeptAccount { state, ..kept() });
    let (status, _, told) = ask(&api, "POST", &one("/test"), ALL, "");
    assert_eq!((status, &told["validated"], &told["fault"]), (StatusCode::OK, &json!(false), &json!("key_expired")));
}
