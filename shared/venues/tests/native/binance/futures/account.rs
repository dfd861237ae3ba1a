//! What an account pays, and what its key may.

use super::super::{World, parse};
use super::{market, saying};
use crate::server::json;
use domain::vault::{KeyFacts, Mode};
use venues::native::Native;

#[tokio::test]
async fn a_fee_is_what_whoever_takes_pays() {
    let body = r#"{"symbol":"BTCUSDT","makerCommissionRate":"0.0002","takerCommissionRate":"0.00045","rpiCommissionRate":"0"}"#;
    let world = saying(vec![json(200, body)]).await;
    assert_eq!(world.binance.fee(&world.login, &market().key).await, Ok(parse("0.00045")));
    assert_eq!(world.heard(), ["GET /fapi/v1/commissionRate?symbol=BTCUSDT"]);
}

async fn probed(mut world: World, mode: Mode, path: &str, wanted: KeyFacts) {
    world.login.site.mode = mode;
    assert_eq!(world.binance.probe(&world.login).await, Ok(wanted));
    assert_eq!(world.heard(), [path]);
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
        let world = saying(vec![json(200, &body)]).await;
        probed(world, Mode::Live, "GET /sapi/v1/account/apiRestrictions", facts).await;
    }
    check(true, false).await;
    check(false, false).await;
    check(true, true).await;
}

#[tokio::test]
async fn a_key_of_the_testnet_may_no_more_than_its_account_of_contracts() {
    async fn check(trades: bool, withdraws: bool, told: Option<bool>) {
        let body = format!(
            r#"{{"feeTier":0,"canTrade":{trades},"canDeposit":true,"canWithdraw":{withdraws},"dualSidePosition":false,
            "multiAssetsMargin":false}}"#
        );
        let facts = KeyFacts { reads: Some(true), trades: Some(trades), withdraws: told, ..KeyFacts::default() };
        let world = saying(vec![json(200, &body)]).await;
        probed(world, Mode::Testnet, "GET /fapi/v1/accountConfig", facts).await;
    }
    check(true, true, None).await;
    check(false, false, Some(false)).await;
}
