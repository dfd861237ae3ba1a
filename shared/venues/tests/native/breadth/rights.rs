//! What exchanges tell of a key, in answers as they document them.

use super::World;
use crate::server::{Reply, json, text};
use app::ports::ProbeError;
use domain::clock::Timestamp;
use domain::vault::{HolderId, KeyFacts, KeyFault};
use venues::native::Native;

const BYBIT: &str = r#"{"retCode":0,"retMsg":"","result":{"id":"13770661","note":"readwrite api key","apiKey":"XXXXXX",
    "readOnly":0,"secret":"","permissions":{"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],
    "Wallet":["AccountTransfer","SubMemberTransfer"],"Options":["OptionsTrade"],"Derivatives":[],"CopyTrading":[],
    "BlockTrade":[],"Exchange":[],"NFT":[],"Affiliate":[],"Earn":[]},"ips":["*"],"type":1,"deadlineDay":66,
    "expiredAt":"2023-12-22T07:20:25Z","createdAt":"2022-10-16T02:24:40Z","unified":0,"uta":0,"userID":24617703},
    "retExtInfo":{},"time":1697525990798}"#;
const OKX: &str = r#"{"code":"0","data":[{"acctLv":"2","posMode":"net_mode","autoLoan":false,"uid":"44705892343619584",
    "label":"v5 test","roleType":"0","perm":"read_only,trade","ip":"192.0.2.1,192.0.2.2"}],"msg":""}"#;
const KUCOIN: &str = r#"{"code":"200000","data":{"remark":"account1","apiKey":"6705f5c311545b000157d3eb","apiVersion":3,
    "permission":"General,Futures,Spot,Earn,InnerTransfer,Margin","ipWhitelist":"192.0.2.1","createdAt":1728443843000,
    "uid":165111215,"isMaster":true}}"#;
const BITGET: &str = r#"{"code":"00000","msg":"success","requestTime":1695808949356,"data":{"userId":"1","inviterId":"2",
    "channelCode":"XXX","channel":"YYY","ips":"192.0.2.1","authorities":["coow","stow"],"parentId":3,
    "traderType":"trader","regisTime":"1246566789345"}}"#;

/// A key of `name` whose rights and balance are answered so.
async fn probed(name: &'static str, rights: Reply) -> Result<KeyFacts, ProbeError> {
    let world = World::saying(name, vec![rights, json(200, balance(name))]).await;
    world.spoken.probe(&world.login).await
}

fn balance(name: &str) -> &'static str {
    match name {
        "bybit" | "bybitusdm" => r#"{"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1}"#,
        "okx" | "okxusdm" => r#"{"code":"0","msg":"","data":[{"uTime":"1700000000000","details":[]}]}"#,
        "kucoin" => r#"{"code":"200000","data":[]}"#,
        "kucoinusdm" => r#"{"code":"200000","data":{"accountEquity":"0","availableBalance":"0","currency":"USDT"}}"#,
        _ => r#"{"code":"00000","msg":"success","requestTime":1,"data":[]}"#,
    }
}

fn addresses(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(|&address| address.to_owned()).collect())
}

#[tokio::test]
async fn a_key_is_told_of_as_each_exchange_documents_it() {
    let good = KeyFacts { reads: Some(true), trades: Some(true), withdraws: Some(false), ..KeyFacts::default() };
    let ends = "2023-12-22T07:20:25Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let bybit = KeyFacts { addresses: addresses(&[]), expires_at: Some(Timestamp::from_millis(ends)), ..good.clone() };
    let one = KeyFacts { addresses: addresses(&["192.0.2.1"]), ..good.clone() };
    let okx = KeyFacts { addresses: addresses(&["192.0.2.1", "192.0.2.2"]), ..good };
    let bitget = KeyFacts { trades: None, ..one.clone() };
    let cases = [
        ("bybit", BYBIT, bybit.clone(), "24617703"),
        ("bybitusdm", BYBIT, bybit, "24617703"),
        ("okx", OKX, okx.clone(), "44705892343619584"),
        ("okxusdm", OKX, okx, "44705892343619584"),
        ("kucoin", KUCOIN, one.clone(), "165111215"),
        ("kucoinusdm", KUCOIN, one, "165111215"),
        ("bitget", BITGET, bitget.clone(), "1"),
        ("bitgetusdm", BITGET, bitget, "1"),
    ];
    for (name, told, expected, uid) in cases {
        let expected = KeyFacts { holder: Some(HolderId::of(&[uid])), ..expected };
        assert_eq!(probed(name, json(200, told)).await, Ok(expected), "{name}");
    }
    let untold = probed("bybit", json(200, &BYBIT.replace(r#","userID":24617703"#, ""))).await.unwrap();
    assert_eq!(untold.holder, None);
}

#[tokio::test]
async fn a_key_that_can_withdraw_is_noticed() {
    let cases = [
        ("bybit", BYBIT.replace(r#""AccountTransfer","#, r#""AccountTransfer","Withdraw","#)),
        ("okx", OKX.replace("read_only,trade", "read_only,withdraw,trade")),
        ("kucoin", KUCOIN.replace("InnerTransfer,", "InnerTransfer,Transfer,")),
        ("bitget", BITGET.replace(r#""stow""#, r#""stow","wwow""#)),
    ];
    for (name, told) in cases {
        let facts = probed(name, json(200, &told)).await.unwrap();
        assert_eq!(facts.withdraws, Some(true), "{name}");
        assert_eq!(facts.fault(false, Timestamp::from_millis(0)), Some(KeyFault::CanWithdraw), "{name}");
    }
}

#[tokio::test]
async fn a_key_that_does_not_trade_what_it_is_for_is_noticed() {
    let cases = [
        ("bybit", BYBIT.replace(r#"["SpotTrade"]"#, "[]")),
        ("bybit", BYBIT.replace(r#""readOnly":0"#, r#""readOnly":1"#)),
        ("bybitusdm", BYBIT.replace(r#"["Order","Position"]"#, "[]")),
        ("okx", OKX.replace(",trade", "")),
        ("kucoin", KUCOIN.replace("Spot,", "")),
        ("kucoinusdm", KUCOIN.replace("Futures,", "")),
    ];
    for (name, told) in cases {
        assert_eq!(probed(name, json(200, &told)).await.unwrap().trades, Some(false), "{name} {told}");
    }
}

/// Bybit's keys with a list do not end, and say some day all the same.
#[tokio::test]
async fn a_key_with_a_list_of_addresses_does_not_end() {
    let bound = BYBIT.replace(r#""ips":["*"]"#, r#""ips":["192.0.2.1"]"#);
    let facts = probed("bybit", json(200, &bound)).await.unwrap();
    assert_eq!((facts.addresses, facts.expires_at), (addresses(&["192.0.2.1"]), None));
}

#[tokio::test]
async fn what_cannot_be_read_of_a_key_is_no_leave_to_keep_it() {
    let unknown = json(401, r#"{"code":"50111","msg":"Invalid OK-ACCESS-KEY","data":[]}"#);
    assert_eq!(probed("okx", unknown).await, Err(ProbeError::Fault(KeyFault::Unknown)));
    for said in [
        text(503, ""),
        json(200, r#"{"code":"0","msg":"","data":[]}"#),
        json(200, r#"{"code":"0","data":[{"perm":7}]}"#),
    ] {
        assert!(matches!(probed("okx", said).await, Err(ProbeError::Away(_))));
    }
    let world = World::saying("okx", vec![json(200, OKX), text(503, "")]).await;
    assert!(
        matches!(world.spoken.probe(&world.login).await, Err(ProbeError::Away(_))),
        "it has to open the account too"
    );
}

/// In what each exchange publishes. The library has a class of its own for none of it.
#[tokio::test]
async fn a_key_that_is_refused_for_our_address_is_told_apart_from_one_that_is_unknown_or_lacks_a_right() {
    let bybit = |number: u32, why: &str| format!(r#"{{"retCode":{number},"retMsg":"{why}","result":{{}},"time":1}}"#);
    let coded = |number: &str, why: &str| format!(r#"{{"code":"{number}","msg":"{why}"}}"#);
    let address = Some(KeyFault::AddressRefused);
    let cases = [
        ("bybit", 200, bybit(10010, "Unmatched IP, please check your API key's bound IP addresses."), address),
        ("bybitusdm", 200, bybit(10010, ""), address),
        ("bybit", 200, bybit(10003, "API key is invalid."), Some(KeyFault::Unknown)),
        (
            "bybit",
            200,
            bybit(10005, "Permission denied, please check your API key permissions."),
            Some(KeyFault::CannotTrade),
        ),
        ("bybit", 200, bybit(33004, "Your api key has expired."), Some(KeyFault::Expired)),
        ("bybit", 200, bybit(10009, "IP has been banned."), None),
        ("okx", 401, coded("50110", "Your IP 192.0.2.1 is not included in your API key's IP whitelist."), address),
        ("okxusdm", 401, coded("50110", ""), address),
        ("okx", 401, coded("50113", "Invalid Sign"), Some(KeyFault::Unknown)),
        ("kucoin", 400, coded("400006", "The requested ip address is not in the api whitelist"), address),
        ("kucoinusdm", 400, coded("400006", ""), address),
        ("kucoin", 400, coded("400007", "Access denied, require more permission."), Some(KeyFault::CannotTrade)),
        ("kucoin", 400, coded("400003", "KC-API-KEY not exists"), Some(KeyFault::Unknown)),
        ("bitget", 400, coded("40018", "Invalid IP"), address),
        ("bitgetusdm", 400, coded("40018", ""), address),
        ("bitget", 400, coded("40012", "apikey/password is incorrect"), Some(KeyFault::Unknown)),
    ];
    for (name, status, said, expected) in cases {
        let told = probed(name, json(status, &said)).await.unwrap_err();
        match expected {
            Some(fault) => assert_eq!(told, ProbeError::Fault(fault), "{name} {said}"),
            None => assert!(matches!(told, ProbeError::Away(_)), "{name} {said}: {told:?}"),
        }
    }
}
