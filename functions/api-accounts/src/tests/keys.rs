use super::accounts::{PATH, id, kept, one};
use super::*;
use crate::desk::{Kept, KeyDesk};
use crate::given_key::INSISTED;
use app::accounts::{KeySaved, NewAccount, NewKey};
use app::actor::Act;
use app::ports::{Balance, DayBalances, KeptAccount, Page, PageRequest};
use domain::ids::AccountId;
use domain::money::Amount;
use serde_json::json;
use std::collections::BTreeMap;

impl Stub {
    fn saved(&self, new: NewAccount, key: &NewKey, opened: bool) -> Kept<KeySaved> {
        let NewKey { key, insisted, same_account } = key;
        let passphrase = key.passphrase.as_ref().map_or("", |passphrase| passphrase.expose());
        let (exchange, label) = (&new.exchange, &new.label);
        let (name, secret) = (key.api_key.expose(), key.api_secret.expose());
        self.keys
            .lock()
            .unwrap()
            .push(format!("{exchange} {label} {name} {secret} {passphrase} {insisted} {same_account}"));
        self.kept(kept(Some(new))).map(|kept| KeySaved { kept, opened, advice: vec!["look".to_owned()] })
    }
}

impl KeyDesk for Stub {
    async fn connect_with(&self, new: NewAccount, key: &NewKey, _: &str, act: Act<'_>) -> Kept<KeySaved> {
        self.asked.lock().unwrap().push(act.in_person);
        self.saved(new, key, true)
    }
    async fn save_key(&self, new: NewAccount, key: &NewKey, _: &str, _: Act<'_>) -> Kept<KeySaved> {
        let opened = new.label != "there";
        self.saved(new, key, opened)
    }
    async fn validate(&self, _: &AccountId, _: &str, act: Act<'_>) -> Kept<KeptAccount> {
        let mut kept = kept(None);
        kept.state.validated = true;
        self.kept_by(act, kept)
    }
    async fn sync(&self, _: &AccountId, _: &str, _: Act<'_>) -> Kept<KeptAccount> {
        self.kept(kept(None))
    }
    async fn days(&self, _: &AccountId, page: &PageRequest, act: Act<'_>) -> Kept<Page<DayBalances>> {
        let held = Balance { free: "1.5".parse().unwrap(), locked: Amount::ZERO };
        let balances = BTreeMap::from([("USDT".parse().unwrap(), held)]);
        let day = DayBalances { account: id(), day: AT.day(), at: AT, balances };
        let next = page.cursor.is_none().then(|| "20412".to_owned());
        self.kept_by(act, kept(None)).map(|_| Page { items: vec![day], next })
    }
}

const KEYS: &str = "/api/keys/PAPER";

fn key() -> Value {
    json!({"mode": "paper", "api_key": "planted-key", "api_secret": "planted-secret"})
}

#[tokio::test]
async fn a_key_is_taken_and_answered_masked() {
    let stub = Stub::default();
    let body = key().to_string();
    for (path, status) in
        [(KEYS.to_owned(), 201), (format!("{KEYS}?label=there"), 200), ("/api/v1/keys/paper".to_owned(), 201)]
    {
        let (told, headers, answer) = ask(&stub, "POST", &path, ALL, &*body).await;
        assert_eq!((told.as_u16(), &headers["etag"]), (status, &"\"3\"".parse().unwrap()), "{path}");
        assert_eq!((&answer["key"]["masked"], &answer["advice"]), (&json!("abcd…wxyz"), &json!(["look"])));
        assert!(!answer.to_string().contains("planted"));
    }
    let mut whole = key();
    whole["exchange"] = "PAPER".into();
    whole["passphrase"] = "pass phrase".into();
    whole["label"] = "mine".into();
    whole["allow_withdrawals"] = INSISTED.into();
    for path in ["/exchange/keys", "/api/v1/exchange/keys", PATH] {
        assert_eq!(ask(&stub, "POST", path, ALL, whole.to_string()).await.0.as_u16(), 201, "{path}");
    }
    let keys = stub.keys.lock().unwrap().clone();
    assert_eq!(keys[1], "PAPER there planted-key planted-secret  false false");
    assert_eq!(keys[3..], ["PAPER mine planted-key planted-secret pass phrase true false"; 3]);
    whole["same_account"] = true.into();
    for path in ["/exchange/keys", KEYS] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().retain(|name, _| path != KEYS || name != "exchange");
        assert!(ask(&stub, "POST", path, ALL, body.to_string()).await.0.is_success(), "{path}");
        assert!(stub.keys.lock().unwrap().last().unwrap().ends_with("true true"), "{path}");
    }
    let (status, _, problem) = ask(&stub, "POST", PATH, ALL, whole.to_string()).await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("same_account")), "a new account has no key before");
}

#[tokio::test]
async fn a_part_of_a_key_that_breaks_its_rule_is_named_and_not_repeated() {
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
        let stub = Stub::default();
        let (status, _, problem) = ask(&stub, "POST", KEYS, ALL, body.to_string()).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{value}: {problem}");
        assert!(!problem.to_string().contains("planted"), "{problem}");
        assert!(stub.keys.lock().unwrap().is_empty());
    }
    let twice = json!({"mode": "paper", "label": "a", "api_key": "k", "api_secret": "s"}).to_string();
    for (path, body) in [(format!("{KEYS}?label=b"), twice), (format!("{KEYS}?label=%23"), key().to_string())] {
        assert_eq!(ask(&Stub::default(), "POST", &path, ALL, body).await.2["field"], "label", "{path}");
    }
    let nowhere = ask(&Stub::default(), "POST", "/api/keys/no%20exchange", ALL, key().to_string()).await;
    assert_eq!(nowhere.2["field"], "exchange");
}

#[tokio::test]
async fn a_key_that_is_not_whole_is_told_what_is_wanted() {
    let okx = "OKX".parse().unwrap();
    let stub = Stub { account_refusal: Some(AccountError::PassphraseMissing(okx)), ..Stub::default() };
    let (status, _, problem) = ask(&stub, "POST", "/api/keys/OKX", ALL, key().to_string()).await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("passphrase")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().starts_with("passphrase is part of every key of OKX"), "{problem}");
}

#[tokio::test]
async fn a_refusal_says_how_a_better_key_is_made_and_how_to_insist() {
    let refusal = AccountError::Key(domain::vault::KeyFault::CanWithdraw);
    let stub = Stub { account_refusal: Some(refusal), ..Stub::default() };
    let (status, _, problem) = ask(&stub, "POST", KEYS, ALL, key().to_string()).await;
    let detail = problem["detail"].as_str().unwrap();
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("key_can_withdraw")));
    assert!(detail.contains("without withdrawals") && detail.contains(INSISTED), "{detail}");
}

#[tokio::test]
async fn balances_are_asked_for_and_paged_day_by_day() {
    let synced = ask(&Stub::default(), "POST", &one("/sync"), ALL, "").await;
    assert_eq!((synced.0, &synced.2["balances"]), (StatusCode::OK, &json!({"USDT": "7.5"})));
    let path = one("/balances/history");
    let (status, _, first) = ask(&Stub::default(), "GET", &path, "trading:read", "").await;
    assert_eq!((status, &first["items"][0]["balances"]["USDT"]["free"]), (StatusCode::OK, &json!("1.5")));
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = ask(&Stub::default(), "GET", &format!("{path}?cursor={cursor}"), "trading:read", "").await;
    assert_eq!((next.0, &next.2["next_cursor"]), (StatusCode::OK, &json!(null)));
    let tampered = ask(&Stub::default(), "GET", &format!("{path}?cursor=x{cursor}"), "trading:read", "").await;
    assert_eq!((tampered.0.as_u16(), &tampered.2["field"]), (422, &json!("cursor")));
}

#[tokio::test]
async fn keys_by_the_other_paths_are_ones_own_alone() {
    let me = format!("/exchange/keys/{}", ann());
    let mine = ask(&Stub::default(), "GET", &me, "trading:read", "").await;
    assert_eq!((mine.0, mine.2["items"].as_array().unwrap().len()), (StatusCode::OK, 1));
    let foreign = format!("/exchange/keys/{}", UserId::of(&["bob"]));
    assert_eq!(ask(&Stub::default(), "GET", &foreign, ALL, "").await.0, StatusCode::NOT_FOUND);
    let key = kept(None).key.unwrap().id;
    for (of, status) in [(key.as_str(), 204), (id().as_str(), 204), ("crd_other", 404), ("acc_other", 404)] {
        let path = format!("/exchange/keys/{of}");
        assert_eq!(ask(&Stub::default(), "DELETE", &path, ALL, "").await.0.as_u16(), status, "{of}");
    }
}

#[tokio::test]
async fn whoever_may_only_look_or_trade_saves_no_key() {
    for (method, path) in [
        ("POST", KEYS.to_owned()),
        ("POST", "/exchange/keys".to_owned()),
        ("DELETE", format!("/exchange/keys/{}", id())),
        ("POST", one("/sync")),
    ] {
        let (status, _, problem) = ask(&Stub::default(), method, &path, "trading:read+trading:write", "{}").await;
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{method} {path}");
        assert_eq!(ask(&Stub::default(), method, &path, "", "{}").await.0.as_u16(), 401, "{method} {path}");
    }
}

#[tokio::test]
async fn a_programs_key_saves_no_key() {
    let stub = Stub::default();
    let program = format!("{ALL}{KEY}");
    let mut whole = key();
    whole["exchange"] = "PAPER".into();
    for (path, body) in [(KEYS, key()), ("/exchange/keys", whole.clone())] {
        let (status, _, problem) = ask(&stub, "POST", path, &program, body.to_string()).await;
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{path}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("a person does, who has logged in"), "{detail}");
    }
    assert!(stub.keys.lock().unwrap().is_empty());
}

#[tokio::test]
async fn whether_a_person_asks_is_told_with_what_they_ask() {
    let stub = Stub::default();
    let mut whole = key();
    whole["exchange"] = "PAPER".into();
    let asks = [("POST", PATH.to_owned(), whole), ("PATCH", one(""), json!({"enabled": true}))];
    for (method, path, body) in asks {
        for (token, in_person) in [(ALL.to_owned(), true), (format!("{ALL}{KEY}"), false)] {
            ask(&stub, method, &path, &token, body.to_string()).await;
            assert_eq!(stub.asked.lock().unwrap().pop(), Some(in_person), "{method} {path} by {token}");
        }
    }
}
