//! What an account has, what it pays, and what its key may.

use super::{World, market, parse};
use crate::server::{Server, json, text};
use app::ports::{Balance, ProbeError};
use domain::clock::Timestamp;
use domain::vault::{HolderId, KeyFacts, KeyFault};
use venues::native::Native;

const HELD: &str = r#"{"makerCommission":15,"canTrade":true,"canWithdraw":true,"canDeposit":true,"accountType":"SPOT",
    "balances":[{"asset":"BTC","free":"4723846.89208129","locked":"0.00000001"},
    {"asset":"1000SATS","free":"123456789012.12345678","locked":"0.00000000"},
    {"asset":"币安人生","free":"1.00000000","locked":"0.00000000"}],"permissions":["SPOT"],"uid":354937868}"#;

const ACCOUNT: &str = "GET /api/v3/account?omitZeroBalances=true";

#[tokio::test]
async fn balances_are_exact_and_of_assets_that_have_a_name() {
    let world = World::saying(vec![json(200, HELD)]).await;
    let balances = world.binance.balances(&world.login).await.unwrap();
    let balance = |free: &str, locked: &str| Balance { free: parse(free), locked: parse(locked) };
    let wanted = [
        (parse("BTC"), balance("4723846.89208129", "0.00000001")),
        (parse("1000SATS"), balance("123456789012.12345678", "0")),
    ];
    assert_eq!(balances, wanted.into());
    assert_eq!(world.heard(), [ACCOUNT]);
    for reply in [text(502, "<html>"), json(200, "{}"), json(200, r#"{"canTrade":true,"balances":[{"asset":"BTC"}]}"#)]
    {
        let world = World::saying(vec![reply]).await;
        world.binance.balances(&world.login).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_fee_is_all_that_a_market_order_pays_on_the_dearer_side() {
    async fn check(special: &str, tax: &str, wanted: &str) {
        let body = format!(
            r#"{{"symbol":"BTCUSDT","standardCommission":{{"maker":"0.00080000","taker":"0.00100000",
            "buyer":"0.00000000","seller":"0.00010000"}}{special}{tax},"discount":{{"enabledForAccount":true,
            "enabledForSymbol":true,"discountAsset":"BNB","discount":"0.75000000"}}}}"#
        );
        let world = World::saying(vec![json(200, &body)]).await;
        assert_eq!(world.binance.fee(&world.login, &market().key).await, Ok(parse(wanted)));
        assert_eq!(world.heard(), ["GET /api/v3/account/commission?symbol=BTCUSDT"]);
    }
    let rates = |name: &str| format!(r#","{name}":{{"maker":"0","taker":"0.002","buyer":"0.0003","seller":"0"}}"#);
    check("", "", "0.0011").await;
    check(&rates("specialCommission"), &rates("taxCommission"), "0.0057").await;
}

async fn probed(world: World, paths: &[&str]) -> Result<KeyFacts, ProbeError> {
    let facts = world.binance.probe(&world.login).await;
    assert_eq!(world.heard(), paths);
    facts
}

const RESTRICTIONS: &str = "GET /sapi/v1/account/apiRestrictions";

#[tokio::test]
async fn a_live_key_is_told_by_its_restrictions() {
    async fn check(body: &str, wanted: KeyFacts) {
        let world = World::saying(vec![json(200, body), json(200, HELD)]).await.live();
        // Whoever may not read is not asked whose the key is.
        let asked = if wanted.reads.is_some() { &[RESTRICTIONS, ACCOUNT][..] } else { &[RESTRICTIONS] };
        assert_eq!(probed(world, asked).await, Ok(wanted), "{body}");
    }
    let good = r#"{"ipRestrict":true,"createTime":1698645219000,"enableReading":true,"enableWithdrawals":false,
        "enableInternalTransfer":false,"enableMargin":false,"enableFutures":false,"permitsUniversalTransfer":false,
        "enableSpotAndMarginTrading":true}"#;
    let holder = Some(HolderId::of(&["354937868"]));
    let facts =
        KeyFacts { reads: Some(true), trades: Some(true), withdraws: Some(false), holder, ..KeyFacts::default() };
    check(good, facts.clone()).await;
    let open = r#"{"ipRestrict":false,"enableReading":true,"enableWithdrawals":true,"enableSpotAndMarginTrading":false,
        "tradingAuthorityExpirationTime":1628985600000}"#;
    let expires_at = Some(Timestamp::from_millis(1_628_985_600_000));
    check(
        open,
        KeyFacts { trades: Some(false), withdraws: Some(true), addresses: Some(Vec::new()), expires_at, ..facts },
    )
    .await;
    check("{}", KeyFacts::default()).await;
}

#[tokio::test]
async fn a_key_of_the_testnet_may_no_more_than_its_account() {
    async fn check(body: &str, trades: bool, withdraws: Option<bool>) {
        let facts = probed(World::saying(vec![json(200, body)]).await, &[ACCOUNT]).await;
        let wanted = KeyFacts { reads: Some(true), trades: Some(trades), withdraws, ..KeyFacts::default() };
        assert_eq!(facts, Ok(wanted), "{body}");
    }
    check(r#"{"canTrade":true,"canWithdraw":true,"balances":[],"permissions":["SPOT"]}"#, true, None).await;
    check(r#"{"canTrade":true,"canWithdraw":false,"balances":[],"permissions":["SPOT"]}"#, true, Some(false)).await;
    check(r#"{"canTrade":false,"canWithdraw":true,"balances":[],"permissions":["SPOT"]}"#, false, None).await;
    check(r#"{"canTrade":true,"canWithdraw":true,"balances":[],"permissions":["MARGIN"]}"#, false, None).await;
    let facts = probed(World::saying(vec![json(200, HELD)]).await, &[ACCOUNT]).await.unwrap();
    assert_eq!(facts.holder, Some(HolderId::of(&["354937868"])));
}

#[tokio::test]
async fn a_key_whose_account_cannot_be_read_is_not_known() {
    let good = r#"{"enableReading":true,"enableWithdrawals":false,"enableSpotAndMarginTrading":true}"#;
    let world = World::saying(vec![json(200, good), json(503, "{}")]).await.live();
    assert!(matches!(probed(world, &[RESTRICTIONS, ACCOUNT]).await, Err(ProbeError::Away(_))));
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_told_apart_from_what_is_wrong_with_the_way_to_it() {
    async fn check(status: u16, body: &str, fault: Option<KeyFault>) {
        let told = probed(World::saying(vec![json(status, body)]).await.live(), &[RESTRICTIONS]).await.unwrap_err();
        match fault {
            Some(fault) => assert_eq!(told, ProbeError::Fault(fault), "{body}"),
            None => assert!(matches!(told, ProbeError::Away(_)), "{body}: {told:?}"),
        }
    }
    let error = |code: i64, message: &str| format!(r#"{{"code":{code},"msg":"{message}"}}"#);
    let (unknown, any) = (Some(KeyFault::Unknown), Some(KeyFault::KeyOrAddress));
    check(401, &error(-2015, "Invalid API-key, IP, or permissions for action."), any).await;
    check(401, &error(-2015, "Invalid API-key, IP, or permissions for action, request ip: 192.0.2.1"), any).await;
    check(401, &error(-2014, "API-key format invalid."), unknown).await;
    check(401, &error(-2008, "Invalid Api-Key ID."), unknown).await;
    check(400, &error(-1022, "Signature for this request is not valid."), unknown).await;
    check(401, &error(-1002, "You are not authorized to execute this request."), any).await;
    check(401, &error(-1002, "Unauthorized IP."), Some(KeyFault::AddressRefused)).await;
    check(400, &error(-1021, "Timestamp for this request is outside of the recvWindow."), None).await;
    check(429, &error(-1003, "Too much request weight used."), None).await;
    check(451, &error(0, "Service unavailable from a restricted location."), None).await;
    check(503, &error(-1000, "An unknown error occurred while processing the request."), None).await;
    check(503, "<html>", None).await;
    check(200, "<html>", None).await;
    let mut world = World::saying(Vec::new()).await;
    world.login = super::login(&Server::nobody());
    assert!(matches!(world.binance.probe(&world.login).await, Err(ProbeError::Away(_))));
}
