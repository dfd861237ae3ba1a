use super::*;
use crate::desk::Kept;
use app::accounts::{AccountError, Changed, ChangedLimits, NewAccount};
use app::actor::Act;
use app::ports::{Credential, KeptAccount, Sealed};
use domain::account::{Account, DayLoss};
use domain::chain::{ChainFault, Unproven};
use domain::ids::{AccountId, CredentialId};
use domain::market::Exchange;
use domain::money::Amount;
use domain::vault::{AccountState, KeyFault, Mode, SecretKind};
use serde_json::json;
use std::collections::BTreeMap;

pub(super) const PATH: &str = "/api/v1/user-wallets";

pub(super) fn id() -> AccountId {
    AccountId::of(&["one"])
}

pub(super) fn kept(new: Option<NewAccount>) -> KeptAccount {
    let new = new.unwrap_or_else(|| NewAccount {
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        mode: Mode::Paper,
        limits: domain::account::AccountLimits {
            open_groups_max: 1,
            exposure_max: Amount::ZERO,
            order_quote_max: Amount::ZERO,
            day_loss_max: Amount::ZERO,
            leverage_max: domain::market::Leverage::ONE,
        },
        start: BTreeMap::from([("USDT".parse().unwrap(), "7.5".parse().unwrap())]),
    });
    let account = Account {
        id: id(),
        user: ann(),
        exchange: new.exchange,
        label: new.label,
        limits: new.limits,
        balances: new.start,
        balance_at: AT,
        balance_told_at: AT,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: 0, amount: Amount::ZERO },
        halted: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
    };
    let sealed = Sealed {
        form: Sealed::FORM,
        wrapped_key: b"wrapped".to_vec(),
        nonce: b"nonce".to_vec(),
        cipher_text: b"cipher".to_vec(),
        kms_key: "arn:key".to_owned(),
        sealed_at: AT,
    };
    let key = Credential {
        id: CredentialId::of(&["one"]),
        user: ann(),
        kind: SecretKind::Exchange,
        masked: "abcd…wxyz".to_owned(),
        insisted: false,
        created_at: AT,
        sealed,
    };
    let state = AccountState { mode: Some(new.mode), version: 3, ..AccountState::default() };
    KeptAccount { account, state, key: Some(key) }
}

impl Stub {
    pub(super) fn kept(&self, kept: KeptAccount) -> Kept<KeptAccount> {
        self.account_refusal.clone().map_or(Ok(kept), Err)
    }

    /// To whoever acts for somebody else than its owner it is not there.
    pub(super) fn kept_by(&self, act: Act<'_>, kept: KeptAccount) -> Kept<KeptAccount> {
        if *act.user == ann() { self.kept(kept) } else { Err(AccountError::Unknown) }
    }
}

impl AccountDesk for Stub {
    async fn accounts(&self, act: Act<'_>) -> Kept<Vec<KeptAccount>> {
        self.kept(kept(None)).map(|kept| if *act.user == ann() { vec![kept] } else { Vec::new() })
    }
    async fn account(&self, of: &AccountId, act: Act<'_>) -> Kept<KeptAccount> {
        if *of == id() { self.kept_by(act, kept(None)) } else { Err(AccountError::Unknown) }
    }
    async fn account_at(&self, exchange: &Exchange, label: Option<&str>, _: Act<'_>) -> Kept<KeptAccount> {
        match (exchange.as_str(), label) {
            ("PAPER", None | Some("default")) => self.kept(kept(None)),
            ("BINANCE", None) => Err(AccountError::Ambiguous),
            _ => Err(AccountError::Unknown),
        }
    }
    async fn connect(&self, new: NewAccount, _: Act<'_>) -> Kept<KeptAccount> {
        self.kept(kept(Some(new)))
    }
    async fn change_account(&self, _: &AccountId, to: &Changed, _: Option<u64>, act: Act<'_>) -> Kept<KeptAccount> {
        self.asked.lock().unwrap().push(act.in_person);
        let mut kept = kept(None);
        kept.account.label = to.label.clone().unwrap_or(kept.account.label);
        kept.state.enabled = to.enabled.unwrap_or(false);
        self.kept_by(act, kept)
    }
    async fn limit_account(
        &self,
        _: &AccountId,
        changed: ChangedLimits,
        _: Option<u64>,
        act: Act<'_>,
    ) -> Kept<KeptAccount> {
        let mut kept = kept(None);
        let limits = &mut kept.account.limits;
        limits.open_groups_max = changed.open_groups_max.unwrap_or(limits.open_groups_max);
        limits.order_quote_max = changed.order_quote_max.unwrap_or(limits.order_quote_max);
        self.kept_by(act, kept)
    }
    async fn set_mode(&self, _: &AccountId, mode: Mode, _: Option<u64>, _: Act<'_>) -> Kept<KeptAccount> {
        let mut kept = kept(None);
        kept.state.mode = Some(mode);
        self.kept(kept)
    }
    async fn remove(&self, _: &AccountId, _: Option<u64>, _: Act<'_>) -> Kept<()> {
        self.kept(kept(None)).map(drop)
    }
}

pub(super) fn one(more: &str) -> String {
    format!("{PATH}/{}{more}", id())
}

#[tokio::test]
async fn an_account_is_shown_with_its_key_masked_and_nothing_that_opens_it() {
    for path in [PATH.to_owned(), one(""), "/api/keys".to_owned(), "/api/v1/keys".to_owned()] {
        let (status, _, told) = ask(&Stub::default(), "GET", &path, "trading:read", "").await;
        let shown = if told["items"].is_array() { told["items"][0].clone() } else { told.clone() };
        assert_eq!((status, &shown["key"]["masked"]), (StatusCode::OK, &json!("abcd…wxyz")), "{path}");
        let text = told.to_string();
        assert!(!["wrapped", "cipher", "nonce", "arn:key"].iter().any(|part| text.contains(part)), "{path}: {text}");
    }
    let balances = ask(&Stub::default(), "GET", &one("/balances"), "trading:read", "").await.2;
    assert_eq!(balances["balances"], json!({"USDT": "7.5"}));
}

#[tokio::test]
async fn an_account_is_connected_with_what_the_paper_venue_holds_for_it() {
    let body = json!({"exchange": "paper", "mode": "paper", "start_balance": "5000"}).to_string();
    let (status, headers, made) = ask(&Stub::default(), "POST", PATH, ALL, body).await;
    assert_eq!((status, &headers["etag"]), (StatusCode::CREATED, &"\"3\"".parse().unwrap()));
    assert_eq!(
        (&made["label"], &made["exchange"], &made["enabled"]),
        (&json!("default"), &json!("PAPER"), &json!(false))
    );
}

#[tokio::test]
async fn what_is_asked_of_an_account_is_done() {
    let patched = ask(&Stub::default(), "PATCH", &one(""), ALL, r#"{"label": "main", "enabled": true}"#).await.2;
    assert_eq!((&patched["label"], &patched["enabled"]), (&json!("main"), &json!(true)));
    for (method, path) in [("PUT", one("/mode")), ("PUT", "/api/keys/paper/mode?label=default".to_owned())] {
        let (status, _, told) = ask(&Stub::default(), method, &path, ALL, r#"{"mode": "testnet"}"#).await;
        assert_eq!((status, &told["mode"]), (StatusCode::OK, &json!("testnet")), "{path}");
    }
    for (method, path) in [("POST", one("/test")), ("PUT", "/api/keys/PAPER/validate".to_owned())] {
        assert_eq!(ask(&Stub::default(), method, &path, ALL, "").await.2["validated"], true, "{path}");
    }
    for path in [one(""), "/api/keys/PAPER".to_owned(), "/api/v1/keys/PAPER".to_owned()] {
        assert_eq!(ask(&Stub::default(), "DELETE", &path, ALL, "").await.0, StatusCode::NO_CONTENT, "{path}");
    }
    let told = ask(&Stub::default(), "DELETE", "/api/keys/binance", ALL, "").await;
    assert_eq!((told.0.as_u16(), &told.2["code"]), (409, &json!("ambiguous_account")));
    for path in ["/api/keys/KRAKEN", "/api/keys/PAPER?label=other", "/api/keys/no%20exchange"] {
        assert_eq!(ask(&Stub::default(), "DELETE", path, ALL, "").await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn whoever_may_only_look_or_trade_changes_no_account() {
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
        let (status, _, problem) = ask(&Stub::default(), method, &path, "trading:read+trading:write", "{}").await;
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{method} {path}");
        assert_eq!(ask(&Stub::default(), method, &path, "", "{}").await.0.as_u16(), 401, "{method} {path}");
    }
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named_and_no_other_is_taken() {
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
        let (status, _, problem) = ask(&Stub::default(), "POST", PATH, ALL, body.to_string()).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{value}: {problem}");
        assert!(!problem.to_string().contains("planted"));
    }
    let live = r#"{"exchange": "BINANCE", "mode": "live", "start_balance": "5"}"#;
    assert_eq!(ask(&Stub::default(), "POST", PATH, ALL, live).await.2["field"], "start_balance");
    for (body, field) in [
        (r#"{"enabled": "yes"}"#, "enabled"),
        (r#"{"label": " x"}"#, "label"),
        (r#"{"mode": "live"}"#, "mode"),
        (r#"{"validated": true}"#, "validated"),
    ] {
        let (status, _, problem) = ask(&Stub::default(), "PATCH", &one(""), ALL, body).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{body}");
    }
    for body in [r#"{"mode": "demo"}"#, "{}", r#"{"mode": 1}"#] {
        let (status, _, problem) = ask(&Stub::default(), "PUT", &one("/mode"), ALL, body).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("mode")), "{body}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_answer() {
    let binance: Exchange = "BINANCE".parse().unwrap();
    for (refusal, status, code) in [
        (AccountError::Unknown, 404, "not_found"),
        (AccountError::Duplicate, 400, "DUPLICATE_ACCOUNT"),
        (AccountError::LabelOfToken("way".to_owned()), 409, "label_of_token"),
        (AccountError::TooMany, 409, "too_many_accounts"),
        (AccountError::Ambiguous, 409, "ambiguous_account"),
        (AccountError::Mode { exchange: binance.clone(), allowed: "live" }, 422, "invalid_field"),
        (AccountError::GroupsOpen(1), 409, "groups_open"),
        (AccountError::BotsRun(1), 409, "bots_run"),
        (AccountError::NotValidated, 409, "not_validated"),
        (AccountError::NotInPerson("does nothing"), 403, "missing_scope"),
        (AccountError::WalletNotSupported(binance.clone()), 422, "wallet_not_supported"),
        (AccountError::KeyNotTaken(binance.clone()), 422, "key_not_taken"),
        (AccountError::PassphraseMissing(binance.clone()), 422, "invalid_field"),
        (AccountError::NoPassphrase(binance.clone()), 422, "invalid_field"),
        (AccountError::NotTradable(binance.clone()), 409, "venue_not_tradable"),
        (AccountError::NeverTraded(binance.clone()), 409, "venue_not_tradable"),
        (AccountError::AddressMissing(binance.clone()), 422, "invalid_field"),
        (AccountError::NoAddressThere(binance), 422, "invalid_field"),
        (AccountError::Checksum, 422, "invalid_field"),
        (AccountError::AddressConnected, 409, "address_connected"),
        (AccountError::NoAddress, 409, "account_has_no_address"),
        (AccountError::NotProven, 409, "address_not_proven"),
        (AccountError::Unproven(Unproven::NoChallenge), 409, "challenge_missing"),
        (AccountError::Unproven(Unproven::Expired), 409, "challenge_expired"),
        (AccountError::Unproven(Unproven::Foreign), 422, "signature_refused"),
        (AccountError::Unread(ChainFault::Unreachable), 503, "chain_unavailable"),
        (AccountError::Key(KeyFault::CanWithdraw), 422, "key_can_withdraw"),
        (AccountError::ConnectedTwice(Some("main".to_owned())), 422, "key_connected_twice"),
        (AccountError::OtherAccount("OKX".parse().unwrap()), 409, "key_of_another_account"),
        (AccountError::AccountUntold("OKX".parse().unwrap()), 409, "same_account_unsaid"),
        (AccountError::Key(KeyFault::Unknown), 422, "key_unknown"),
        (AccountError::NoKey, 409, "key_missing"),
        (AccountError::Shut, 409, "key_does_not_open"),
        (AccountError::VenueAway("why".to_owned()), 503, "venue_unavailable"),
        (AccountError::VersionConflict(1), 409, "version_conflict"),
        (AccountError::Contended, 503, "unavailable"),
    ] {
        let stub = Stub { account_refusal: Some(refusal), ..Stub::default() };
        let (told, _, problem) = ask(&stub, "PATCH", &one(""), ALL, r#"{"enabled": true}"#).await;
        assert_eq!((told.as_u16(), &problem["code"]), (status, &json!(code)));
    }
    let foreign = AccountId::of(&["anothers"]);
    for path in [format!("{PATH}/{foreign}"), format!("{PATH}/usr_1"), format!("{PATH}/{foreign}/balances")] {
        assert_eq!(ask(&Stub::default(), "GET", &path, ALL, "").await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn limits_are_shown_to_whoever_may_look_and_changed_by_whoever_may_change_accounts() {
    let path = one("/limits");
    let ask = async |method: &str, scopes: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ask(&Stub::default(), method, &path, scopes, body).await
    };
    let (status, headers, shown) = ask("GET", "trading:read", Value::Null).await;
    assert_eq!((status, &headers["etag"]), (StatusCode::OK, &"\"3\"".parse().unwrap()));
    assert!(shown["day_loss_max"].is_string() && shown["open_groups_max"].is_u64(), "{shown}");
    for method in ["PUT", "PATCH"] {
        let none = json!({"open_groups_max": 0, "order_quote_max": "0"});
        let (status, _, shown) = ask(method, ALL, none.clone()).await;
        assert_eq!((status, &shown["order_quote_max"]), (StatusCode::OK, &json!("0")), "nothing is a limit too");
        assert_eq!(ask(method, "trading:read+trading:write", none).await.0, StatusCode::FORBIDDEN);
        for (body, field) in [
            (json!({"open_groups_max": 1_001}), "open_groups_max"),
            (json!({"open_groups_max": "1"}), "open_groups_max"),
            (json!({"exposure_max": "-0.1"}), "exposure_max"),
            (json!({"day_loss_max": 5}), "day_loss_max"),
            (json!({"leverage": "5"}), "leverage"),
        ] {
            let (status, _, problem) = ask(method, ALL, body.clone()).await;
            assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{body}");
        }
    }
}
