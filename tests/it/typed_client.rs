//! A client that is made of docs/openapi.json and of nothing else closes a position.

use crate::support::Trader;
use crate::support::stack::Stack;
use serde_json::Value;
use std::process::{Command, Output};

const HOW: &str = "run these tests by `cargo xtask test`";

fn client(trader: &Trader, symbol: &str, token: &str) -> Output {
    let told = |name: &str| std::env::var_os(name).unwrap_or_else(|| panic!("{name}: {HOW}"));
    let mut node = Command::new(told("MONIQO_NODE"));
    node.arg(told("MONIQO_CLIENT")).arg(symbol).arg(trader.account.as_str()).env_clear();
    node.env("MONIQO_URL", &Stack::get().api).env("MONIQO_TOKEN", token);
    let output = node.output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains(&*trader.bearer), "{output:?}");
    output
}

#[tokio::test]
async fn it_lists_the_positions_and_closes_one() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let (group, symbol) = (held.group.id, held.group.symbol);

    let wrong = client(&trader, &symbol, "mqk_nobody");
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
    assert!(String::from_utf8_lossy(&wrong.stderr).starts_with("unauthorized: "), "{wrong:?}");

    let closed = client(&trader, &symbol, &trader.bearer);
    assert!(closed.status.success(), "{closed:?}");
    let told: Value = serde_json::from_slice(&closed.stdout).unwrap();
    assert_eq!((told["id"].as_str(), told["status"].as_str()), (Some(&*group), Some("closing")), "{told}");
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|reason| reason.as_str()), Some("user"));
}
