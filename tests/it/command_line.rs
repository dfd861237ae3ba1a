//! `moniqo` as it is built, against the stack: what the first pages have a trader type.

use crate::support::unique::now;
use crate::support::{Setting, Stack, Trader};
use domain::clock::Millis;
use domain::whale::{Blockchain, WhaleAlert};
use serde_json::{Value, json};
use std::process::Command;
use store::whale::Whales;
use wire::stored;

/// What it prints; its exit code is the one that is expected.
fn moniqo(trader: &Trader, words: &str, expected: i32) -> String {
    let tests = std::env::current_exe().unwrap();
    let mut command = Command::new(tests.ancestors().nth(2).unwrap().join("moniqo"));
    let api = Stack::get().api.clone();
    command.args(words.split(' ')).env_remove("MONIQO_PROFILE");
    command.env("MONIQO_API_URL", api.trim_end_matches('/')).env("MONIQO_TOKEN", &trader.bearer);
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert_eq!(output.status.code(), Some(expected), "{words}: {text}");
    text
}

#[tokio::test]
async fn a_trader_limits_and_disables_an_account_and_reads_what_became_of_an_alert() {
    let trader =
        Trader::with(Setting { scopes: &["trading:read", "trading:write", "accounts:write"], ..Setting::default() })
            .await;
    let account = trader.account.to_string();
    let limited = moniqo(&trader, &format!("accounts edit {account} --order-quote-max 7"), 0);
    assert!(limited.contains("max. 7\n"), "{limited}");
    assert!(moniqo(&trader, &format!("accounts edit {account}"), 0).contains("of 10000"), "what is not named stays");
    let delivery = trader.deliver(&trader.entry()).await;
    trader.verdict(&delivery, |verdict| verdict.reason.as_deref() == Some("order_quote_max")).await;
    let shown = moniqo(&trader, &format!("alerts show {delivery}"), 0);
    assert!(shown.contains("refused") && shown.contains("order_quote_max"), "{shown}");
    let listed = moniqo(&trader, "alerts list --status refused -o csv", 0);
    assert!(listed.lines().nth(1).is_some_and(|row| row.contains(&delivery)), "{listed}");
    assert!(!moniqo(&trader, "alerts list --status accepted", 0).contains(&delivery));
    let disabled = moniqo(&trader, &format!("accounts disable {account}"), 0);
    assert!(disabled.contains("not enabled"), "{disabled}");
    moniqo(&trader, "alerts show dlv_unknown", 1);
    moniqo(&trader, "positions list --status open", 2);
}

/// Of a currency that no other test has alerts of, as it is stored among the shapes.
fn alert(transaction: &str, changed: &Value) -> WhaleAlert {
    let row = include_str!("../../events/stored/whale_alert.v1.json");
    let mut row: Value = serde_json::from_str(row).unwrap();
    let id = WhaleAlert::id_of(Blockchain::Ethereum, transaction).to_string();
    let at = now().minus(Millis::seconds(60)).millis();
    let own = json!({"id": id, "transaction": transaction, "asset": "WHALE", "at": at, "detected_at": at});
    for (name, value) in [&own, changed].into_iter().flat_map(|members| members.as_object().unwrap()) {
        row[name] = value.clone();
    }
    serde_json::from_value::<stored::WhaleAlert>(row).unwrap().try_into().unwrap()
}

#[tokio::test]
async fn whale_alerts_are_listed_shown_and_counted() {
    let trader = Trader::new().await;
    for one in [alert("0xlarge", &json!({})), alert("0xminted", &json!({"kind": "mint", "from": {}, "score": 1}))] {
        assert!(Whales(&trader.aws).keep_alert(&one, None).await.unwrap());
    }
    let listed = moniqo(&trader, "whales list --currency WHALE -o csv", 0);
    assert_eq!(listed.lines().count(), 2, "a mint has to be named: {listed}");
    let id = WhaleAlert::id_of(Blockchain::Ethereum, "0xlarge").to_string();
    assert!(listed.contains(&id) && listed.contains("Binance"), "{listed}");
    let shown = moniqo(&trader, &format!("whales show {id}"), 0);
    assert!(shown.contains("exchange_inflow, bearish") && shown.contains("12000000 WHALE"), "{shown}");
    let counted = moniqo(&trader, "whales stats --currency WHALE", 0);
    assert!(counted.contains("1 whale alerts, 12000000 USD"), "{counted}");
    let minted = moniqo(&trader, "whales list --currency WHALE --type mint -o csv", 0);
    assert!(minted.contains("issuer") && !minted.contains(&id), "{minted}");
    moniqo(&trader, "whales show wha_unknown", 1);
    moniqo(&trader, "whales list --type gift", 2);
}
