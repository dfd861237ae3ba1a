use super::*;
use app::ports::StoreError;
use domain::chain::ChainFault;
use domain::ids::AccountId;
use domain::limits::ACCOUNTS_PER_USER_MAX;
use domain::market::Exchange;
use serde_json::{Value, json};

fn away() -> StoreError {
    StoreError::Unavailable(String::new())
}

fn unreadable() -> StoreError {
    StoreError::Unreadable("planted".to_owned())
}

/// Its status, its code and its field, where it names one.
#[track_caller]
fn check(problem: &Problem, status: u16, code: &str, field: Option<&str>) {
    let told = serde_json::to_value(problem).unwrap();
    let field = field.map_or(Value::Null, |field| json!(field));
    assert_eq!((&told["status"], &told["code"], &told["field"]), (&json!(status), &json!(code), &field), "{told}");
    assert!(!told.to_string().contains("planted"), "{told}");
}

#[test]
fn each_refusal_of_an_account_has_its_answer() {
    let binance: Exchange = "BINANCE".parse().unwrap();
    let at = || binance.clone();
    let (invalid, conflict) = ("invalid_field", 409);
    for (refusal, status, code, field) in [
        (AccountError::Unknown, 404, "not_found", None),
        (AccountError::Duplicate, 400, "DUPLICATE_ACCOUNT", Some("label")),
        (AccountError::LabelOfToken("way".to_owned()), conflict, "label_of_token", Some("label")),
        (AccountError::TooMany, conflict, "too_many_accounts", None),
        (AccountError::Ambiguous, conflict, "ambiguous_account", Some("label")),
        (AccountError::AtSeveral("main".to_owned()), 422, invalid, Some("exchange")),
        (AccountError::NoWallet(at()), 422, invalid, Some("exchange")),
        (AccountError::Inactive(at()), conflict, "wallet_inactive", None),
        (AccountError::Mode { exchange: at(), allowed: "live" }, 422, invalid, Some("mode")),
        (AccountError::GroupsOpen(1), conflict, "groups_open", None),
        (AccountError::BotsRun(1), conflict, "bots_run", None),
        (AccountError::NotValidated, conflict, "not_validated", None),
        (AccountError::NotInPerson("does nothing"), 403, "missing_scope", None),
        (AccountError::WalletNotSupported(at()), 422, "wallet_not_supported", Some("exchange")),
        (AccountError::KeyNotTaken(at()), 422, "key_not_taken", Some("api_key")),
        (AccountError::PassphraseMissing(at()), 422, invalid, Some("passphrase")),
        (AccountError::NoPassphrase(at()), 422, invalid, Some("passphrase")),
        (AccountError::NotTradable(at()), conflict, "venue_not_tradable", None),
        (AccountError::NeverTraded(at()), conflict, "venue_not_tradable", None),
        (AccountError::AddressMissing(at()), 422, invalid, Some("address")),
        (AccountError::NoAddressThere(at()), 422, invalid, Some("address")),
        (AccountError::Checksum, 422, invalid, Some("address")),
        (AccountError::AddressConnected, conflict, "address_connected", None),
        (AccountError::NoAddress, conflict, "account_has_no_address", None),
        (AccountError::NotProven, conflict, "address_not_proven", None),
        (AccountError::Unproven(Unproven::NoChallenge), conflict, "challenge_missing", None),
        (AccountError::Unproven(Unproven::Expired), conflict, "challenge_expired", None),
        (AccountError::Unproven(Unproven::Foreign), 422, "signature_refused", Some("signature")),
        (AccountError::Unread(ChainFault::Unreachable), 503, "chain_unavailable", None),
        (AccountError::Key(KeyFault::CanWithdraw), 422, "key_can_withdraw", Some("api_key")),
        (AccountError::Key(KeyFault::Unknown), 422, "key_unknown", Some("api_key")),
        (AccountError::ConnectedTwice(Some("main".to_owned())), 422, "key_connected_twice", Some("api_key")),
        (AccountError::OtherAccount(at()), conflict, "key_of_another_account", Some("api_key")),
        (AccountError::AccountUntold(at()), conflict, "same_account_unsaid", Some("same_account")),
        (AccountError::NoKey, conflict, "key_missing", None),
        (AccountError::Shut, conflict, "key_does_not_open", None),
        (AccountError::VenueAway("why".to_owned()), 503, "venue_unavailable", None),
        (AccountError::VersionConflict(1), conflict, "version_conflict", None),
        (AccountError::Contended, 503, "unavailable", None),
        (AccountError::Store(away()), 503, "unavailable", None),
        (AccountError::Store(unreadable()), 500, "internal", None),
    ] {
        check(&account(refusal), status, code, field);
    }
}

#[test]
fn a_key_is_refused_in_words_that_help() {
    let detail =
        |error: AccountError| serde_json::to_value(account(error)).unwrap()["detail"].as_str().unwrap().to_owned();
    for fault in KeyFault::ALL {
        assert_eq!(detail(AccountError::Key(fault)).contains(INSISTED), fault == KeyFault::CanWithdraw, "{fault:?}");
    }
    assert!(detail(AccountError::ConnectedTwice(Some("main".to_owned()))).contains("\"main\""));
    assert!(detail(AccountError::TooMany).contains(&ACCOUNTS_PER_USER_MAX.to_string()));
}

#[test]
fn each_refusal_of_a_token_has_its_answer() {
    for (refusal, status, code, field) in [
        (TokenError::Unknown, 404, "not_found", None),
        (TokenError::Duplicate, 400, "DUPLICATE_WEBHOOK_TOKEN", Some("label")),
        (TokenError::TooMany, 409, "too_many_webhook_tokens", None),
        (TokenError::VersionConflict(2), 409, "version_conflict", None),
        (TokenError::Contended, 503, "unavailable", None),
        (TokenError::Store(away()), 503, "unavailable", None),
        (TokenError::Store(unreadable()), 500, "internal", None),
    ] {
        check(&token(refusal), status, code, field);
    }
}

#[test]
fn each_refusal_of_a_wallet_has_its_answer() {
    let bad = BadMember { field: "fees".to_owned(), allowed: "must be an object".to_owned() };
    for (refusal, status, code, field) in [
        (WalletError::Unknown, 404, "not_found", None),
        (WalletError::Duplicate, 400, "DUPLICATE_WALLET", Some("provider")),
        (WalletError::TooMany, 409, "too_many_wallets", None),
        (WalletError::Bad(bad), 422, "invalid_field", Some("fees")),
        (WalletError::VersionConflict(3), 409, "version_conflict", None),
        (WalletError::Contended, 503, "unavailable", None),
        (WalletError::Store(away()), 503, "unavailable", None),
        (WalletError::Store(unreadable()), 500, "internal", None),
    ] {
        check(&wallet(refusal), status, code, field);
    }
}

#[test]
fn each_refusal_of_a_route_has_its_answer() {
    let [one, other] = ["one", "other"].map(|of| AccountId::of(&[of]));
    for (refusal, status, code, field) in [
        (RouteError::Unknown, 404, "not_found", None),
        (RouteError::Duplicate, 400, "DUPLICATE_ROUTE", Some("name")),
        (RouteError::TooMany, 409, "too_many_routes", None),
        (RouteError::VersionConflict(3), 409, "version_conflict", None),
        (RouteError::NoAccount(one.clone()), 422, "invalid_field", Some("accounts")),
        (RouteError::CannotTrade(one.clone()), 422, "invalid_field", Some("accounts")),
        (RouteError::Modes(one, other), 422, "invalid_field", Some("accounts")),
        (RouteError::Contended, 503, "unavailable", None),
        (RouteError::Store(away()), 503, "unavailable", None),
        (RouteError::Store(unreadable()), 500, "internal", None),
    ] {
        check(&route(refusal), status, code, field);
    }
}
