//! `moniqo` as it is built, against the stack: what the first pages have a trader type.

use crate::support::{Setting, Stack, Trader};
use std::process::Command;

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
