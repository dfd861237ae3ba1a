//! What an account has, pays and may.

use super::{World, login, token};
use crate::server::{Reply, Server, json, text, with};
use app::ports::ProbeError;
use domain::vault::{HolderId, KeyFacts, KeyFault};
use serde_json::{Value, json as value};
use venues::native::Native;

fn account(currency: &str, free: &str, hold: &str, kind: &str) -> Value {
    let of = |value: &str| value!({ "value": value, "currency": currency });
    value!({ "uuid": "u", "currency": currency, "available_balance": of(free), "hold": of(hold), "type": kind })
}

fn accounts(accounts: &[Value], cursor: &str) -> Reply {
    let has_next = !cursor.is_empty();
    json(200, &value!({ "accounts": accounts, "has_next": has_next, "cursor": cursor, "size": 1 }).to_string())
}

#[tokio::test]
async fn balances_are_all_pages_of_what_can_be_traded_with() {
    let (crypto, fiat) = ("ACCOUNT_TYPE_CRYPTO", "ACCOUNT_TYPE_FIAT");
    let server = Server::script(vec![
        accounts(&[account("BTC", "0.0046830664333996", "0.1", crypto), account("ETH", "0", "0", crypto)], "two"),
        accounts(&[account("USD", "100.50", "0", fiat), account("BTC", "7", "0", "ACCOUNT_TYPE_VAULT")], ""),
    ])
    .await;
    let world = World::of(&server);
    let balances = world.coinbase.balances(&world.login).await.unwrap();
    let told: Vec<_> = balances
        .iter()
        .map(|(asset, held)| [asset.to_string(), held.free.to_string(), held.locked.to_string()].join(" "))
        .collect();
    assert_eq!(told, ["BTC 0.0046830664333996 0.1", "USD 100.5 0"]);
    assert_eq!(server.lines()[1], "GET /api/v3/brokerage/accounts?limit=250&cursor=two");
    let (_, claims) = token(&server.heard()[1]);
    let uri = claims["uri"].as_str().unwrap();
    assert!(uri.ends_with("/api/v3/brokerage/accounts"), "without its query: {uri}");
    assert!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap() <= 60);
}

#[tokio::test]
async fn a_balance_that_is_not_understood_is_no_balance() {
    let checks = [
        accounts(&[account("BTC", "much", "0", "")], ""),
        json(200, r#"{"accounts":[{}]}"#),
        json(200, r#"{"accounts":[],"has_next":true,"cursor":""}"#),
        json(500, "{}"),
        text(200, "<html>"),
    ];
    for reply in checks {
        let world = World::of(&Server::script(vec![reply.clone()]).await);
        assert!(world.coinbase.balances(&world.login).await.is_err(), "{reply:?}");
    }
}

#[tokio::test]
async fn the_fee_is_what_this_account_pays_as_taker() {
    let tier = value!({ "pricing_tier": "Advanced 1", "taker_fee_rate": "0.008", "maker_fee_rate": "0.006" });
    let server = Server::script(vec![json(200, &value!({ "total_fees": 0.1, "fee_tier": tier }).to_string())]).await;
    let world = World::of(&server);
    let fee = world.coinbase.fee(&world.login, &super::market("BTC/USD").key).await;
    assert_eq!(fee, Ok("0.008".parse().unwrap()));
    assert_eq!(server.lines(), ["GET /api/v3/brokerage/transaction_summary?product_type=SPOT"]);
}

#[tokio::test]
async fn a_key_is_what_the_exchange_says_of_it() {
    async fn check(reply: Reply, expected: Result<KeyFacts, ProbeError>) {
        let server = Server::script(vec![reply]).await;
        let world = World::of(&server);
        let told = world.coinbase.probe(&world.login).await;
        match (&told, &expected) {
            (Err(ProbeError::Away(_)), Err(ProbeError::Away(_))) => {}
            _ => assert_eq!(told, expected),
        }
        assert_eq!(server.lines(), ["GET /api/v3/brokerage/key_permissions"]);
    }
    let may = |view: bool, trade: bool, transfer: bool| {
        json(
            200,
            &value!({ "can_view": view, "can_trade": trade, "can_transfer": transfer, "portfolio_uuid": "u" })
                .to_string(),
        )
    };
    let facts = |reads, trades, withdraws| {
        let (reads, trades, withdraws) = (Some(reads), Some(trades), Some(withdraws));
        Ok(KeyFacts { reads, trades, withdraws, holder: Some(HolderId::of(&["u"])), ..KeyFacts::default() })
    };
    let (away, fault) = (|| Err(ProbeError::Away(String::new())), |fault| Err(ProbeError::Fault(fault)));
    check(may(true, true, false), facts(true, true, false)).await;
    check(may(true, false, true), facts(true, false, true)).await;
    check(text(401, "Unauthorized"), fault(KeyFault::Unknown)).await;
    check(with(401, &[("date", "Tue, 14 Nov 2023 22:13:25 GMT")], "Unauthorized"), fault(KeyFault::Unknown)).await;
    check(with(401, &[("date", "Tue, 14 Nov 2023 23:13:25 GMT")], "Unauthorized"), away()).await;
    check(json(403, r#"{"error":"PERMISSION_DENIED"}"#), fault(KeyFault::CannotRead)).await;
    check(json(429, "{}"), away()).await;
    check(json(503, "{}"), away()).await;
    check(json(200, "{}"), away()).await;
}

#[tokio::test]
async fn a_secret_that_is_no_key_is_unknown_and_nobody_is_asked() {
    let server = Server::script(Vec::new()).await;
    let world = World::of(&server);
    let told = world.coinbase.probe(&login(&server.url(), "-----BEGIN nothing")).await;
    assert_eq!(told, Err(ProbeError::Fault(KeyFault::Unknown)));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_token_that_is_not_good_by_the_exchanges_clock_says_that_ours_is_off() {
    async fn check(status: u16, date: &str, doubted: bool) {
        let reply = || with(status, &[("date", date)], "Unauthorized");
        let server = Server::script(vec![reply(), reply(), reply()]).await;
        let world = World::of(&server);
        let login = || login(&server.url(), &super::pem());
        let (asked, sent, ended) = (login(), login(), login());
        world.coinbase.balances(&asked).await.unwrap_err();
        world.coinbase.submit(&sent, &super::request()).await;
        world.coinbase.cancel(&ended, &super::address()).await;
        let told = [asked, sent, ended].map(|login| login.doubt.is_told());
        assert_eq!(told, [doubted; 3], "{status} {date}");
    }
    check(401, "Tue, 14 Nov 2023 22:13:25 GMT", false).await;
    check(401, "Tue, 14 Nov 2023 23:13:25 GMT", true).await;
    check(403, "Tue, 14 Nov 2023 23:13:25 GMT", false).await;
}
