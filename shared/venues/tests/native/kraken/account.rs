//! What the account has and pays, and what is told of its key.

use super::{field, kraken, login, market, no, says};
use app::ports::{Balance, ProbeError, Secret, VenueError};
use domain::clock::Timestamp;
use domain::market::Asset;
use domain::vault::{HolderId, KeyFacts, KeyFault};
use std::collections::BTreeMap;
use venues::native::Native;

async fn balances(told: &str) -> Result<BTreeMap<Asset, Balance>, VenueError> {
    let server = says(&[("BalanceEx", told)]).await;
    kraken().balances(&login(server.url())).await
}

#[tokio::test]
async fn balances_are_read_by_asset_with_what_orders_hold() {
    let told = r#"{
        "ZUSD":   {"balance":"1000.5000","hold_trade":"250.2500"},
        "XXBT":   {"balance":"1.2500000000","hold_trade":"0.2500000000","credit":"0.5","credit_used":"0.1"},
        "USDT":   {"balance":"10","hold_trade":"0"},
        "USDT.F": {"balance":"5","hold_trade":"1"},
        "DOT.S":  {"balance":"7","hold_trade":"0"}
    }"#;
    let all = balances(told).await.unwrap();
    let told: Vec<(&str, String, String)> =
        all.iter().map(|(asset, held)| (asset.as_str(), held.free.to_string(), held.locked.to_string())).collect();
    let own = |asset, free: &str, locked: &str| (asset, free.to_owned(), locked.to_owned());
    assert_eq!(told, [own("BTC", "1.4", "0.25"), own("USD", "750.25", "250.25"), own("USDT", "14", "1")]);
}

#[tokio::test]
async fn one_balance_that_cannot_be_read_is_no_answer() {
    for told in [
        r#"{"ZUSD":{"balance":"much","hold_trade":"0"},"XXBT":{"balance":"1","hold_trade":"0"}}"#,
        r#"{"ZUSD":{"balance":"1"}}"#,
        &no("EGeneral:Permission denied"),
        &no("EService:Unavailable"),
    ] {
        assert!(balances(told).await.is_err(), "{told}");
    }
}

#[tokio::test]
async fn the_fee_is_the_one_of_a_taker() {
    let told = r#"{"currency":"ZUSD","volume":"200709587.4223",
        "fees":{"XXBTZUSD":{"fee":"0.2600","min_fee":"0.1000"}},
        "fees_maker":{"XXBTZUSD":{"fee":"0.1600"}}}"#;
    let server = says(&[("TradeVolume", told)]).await;
    let fee = kraken().fee(&login(server.url()), &market("BTC/USD").key).await.unwrap();
    assert_eq!(fee, "0.0026".parse().unwrap());
    assert_eq!(field(&server.heard()[0], "pair").as_deref(), Some("XBTUSD"));
}

#[tokio::test]
async fn a_fee_of_none_or_of_several_pairs_is_not_guessed() {
    for fees in ["{}", r#"{"A":{"fee":"0.1"},"B":{"fee":"0.2"}}"#, r#"{"A":{"fee":"high"}}"#] {
        let server = says(&[("TradeVolume", &format!(r#"{{"fees":{fees}}}"#))]).await;
        assert!(kraken().fee(&login(server.url()), &market("BTC/USD").key).await.is_err(), "{fees}");
    }
}

async fn probe(told: &str) -> Result<KeyFacts, ProbeError> {
    let server = says(&[("GetApiKeyInfo", told)]).await;
    kraken().probe(&login(server.url())).await
}

#[tokio::test]
async fn a_key_tells_what_it_may_do_from_where_and_until_when() {
    let told = r#"{"apiKeyName":"m","nonceWindow":0,"validUntil":"1800000000","iban":"AA88 N84G WOAK NMOI","ipAllowlist":["192.0.2.1"],
        "permissions":["query-funds","query-open-trades","query-closed-trades","modify-trades"]}"#;
    let expected = KeyFacts {
        reads: Some(true),
        trades: Some(true),
        withdraws: Some(false),
        addresses: Some(vec!["192.0.2.1".to_owned()]),
        expires_at: Some(Timestamp::from_millis(1_800_000_000_000)),
        holder: Some(HolderId::of(&["AA88 N84G WOAK NMOI"])),
        side_by_side: Some(false),
    };
    assert_eq!(probe(told).await.unwrap(), expected);
    let told =
        r#"{"validUntil":"0","ipAllowlist":[],"nonceWindow":10000000,"permissions":["query-funds","withdraw-funds"]}"#;
    let expected = KeyFacts {
        reads: Some(false),
        trades: Some(false),
        withdraws: Some(true),
        addresses: Some(Vec::new()),
        side_by_side: Some(true),
        ..KeyFacts::default()
    };
    assert_eq!(probe(told).await.unwrap(), expected);
}

#[tokio::test]
async fn a_key_that_is_refused_is_at_fault_and_a_failing_exchange_is_not() {
    let fault = |fault| Err(ProbeError::Fault(fault));
    assert_eq!(probe(&no("EAPI:Invalid key")).await, fault(KeyFault::Unknown));
    assert_eq!(probe(&no("EAPI:Invalid signature")).await, fault(KeyFault::Unknown));
    assert_eq!(probe(&no("EGeneral:Permission denied")).await, fault(KeyFault::CannotRead));
    for word in ["EService:Unavailable", "EAPI:Invalid nonce", "EGeneral:Temporary lockout"] {
        assert_eq!(probe(&no(word)).await, Err(ProbeError::Away(word.to_owned())));
    }
    let server = says(&[]).await;
    let mut login = login(server.url());
    login.key.api_secret = Secret::new("no base 64!".to_owned());
    assert_eq!(kraken().probe(&login).await, fault(KeyFault::Unknown));
    assert_eq!(server.connections(), 0);
}
