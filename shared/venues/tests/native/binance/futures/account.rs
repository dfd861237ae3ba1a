//! What an account pays, and what its key may.

use super::super::parse;
use super::{market, saying};
use crate::server::json;
use domain::ids::HolderId;
use domain::vault::{KeyFacts, Mode};
use venues::native::Native;

#[tokio::test]
async fn a_fee_is_what_whoever_takes_pays() {
    let body = r#"{"symbol":"BTCUSDT","makerCommissionRate":"0.0002","takerCommissionRate":"0.00045","rpiCommissionRate":"0"}"#;
    let world = saying(vec![json(200, body)]).await;
    assert_eq!(world.binance.fee(&world.login, &market().key).await, Ok(parse("0.00045")));
    assert_eq!(world.heard(), ["GET /fapi/v1/commissionRate?symbol=BTCUSDT"]);
}

const RESTRICTIONS: &str = "GET /sapi/v1/account/apiRestrictions";
const CONFIG: &str = "GET /fapi/v1/accountConfig";
const BALANCE: &str = "GET /fapi/v3/balance";

/// What the account has, and under which alias.
fn held(alias: &str) -> String {
    format!(r#"[{{{alias}"asset":"USDT","crossWalletBalance":"1","crossUnPnl":"0","availableBalance":"1"}}]"#)
}

async fn probed(replies: &[&str], mode: Mode) -> (KeyFacts, Vec<String>) {
    let mut world = saying(replies.iter().map(|body| json(200, body)).collect()).await;
    world.login.site.mode = mode;
    (world.binance.probe(&world.login).await.unwrap(), world.heard())
}

#[tokio::test]
async fn a_live_key_must_have_the_right_to_contracts() {
    async fn check(futures: bool, withdraws: bool) {
        let body = format!(
            r#"{{"ipRestrict":true,"createTime":1698645219000,"enableReading":true,"enableWithdrawals":{withdraws},
            "enableFutures":{futures},"enableSpotAndMarginTrading":true}}"#
        );
        let facts =
            KeyFacts { reads: Some(true), trades: Some(futures), withdraws: Some(withdraws), ..KeyFacts::default() };
        let (told, heard) = probed(&[&body, &held("")], Mode::Live).await;
        assert_eq!(told, facts);
        // Whoever may not read contracts is not asked whose the key is.
        assert_eq!(heard, if futures { &[RESTRICTIONS, BALANCE][..] } else { &[RESTRICTIONS] });
    }
    check(true, false).await;
    check(false, false).await;
    check(true, true).await;
}

#[tokio::test]
async fn a_key_of_the_testnet_may_no_more_than_its_account_of_contracts() {
    async fn check(trades: bool, withdraws: bool, told: Option<bool>) {
        let facts = KeyFacts { reads: Some(true), trades: Some(trades), withdraws: told, ..KeyFacts::default() };
        let (told, heard) = probed(&[&config(trades, withdraws), &held("")], Mode::Testnet).await;
        assert_eq!((told, heard), (facts, [CONFIG, BALANCE].map(str::to_owned).to_vec()));
    }
    check(true, true, None).await;
    check(false, false, Some(false)).await;
}

fn config(trades: bool, withdraws: bool) -> String {
    format!(
        r#"{{"feeTier":0,"canTrade":{trades},"canDeposit":true,"canWithdraw":{withdraws},"dualSidePosition":false,
        "multiAssetsMargin":false}}"#
    )
}

#[tokio::test]
async fn account_of_key_is_told_by_its_alias_and_by_nothing_where_that_is_missing() {
    let restrictions = r#"{"enableReading":true,"enableWithdrawals":false,"enableFutures":true}"#;
    let config = config(true, false);
    for (mode, rights) in [(Mode::Live, restrictions), (Mode::Testnet, &*config)] {
        for (held, alias) in [
            (held(r#""accountAlias":"SgsR","#), Some("SgsR")),
            (held(r#""accountAlias":"FzSgAuXqFzSgTi","#), Some("FzSgAuXqFzSgTi")),
            (held(r#""accountAlias":"","#), None),
            ("[]".to_owned(), None),
        ] {
            let (told, _) = probed(&[rights, &held], mode).await;
            assert_eq!(told.holder, alias.map(|alias| HolderId::of(&[alias])), "{mode} {held}");
        }
    }
}
