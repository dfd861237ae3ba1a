//! The runbook on leaked keys, done as it stands there: its blocks are run by a shell, with the command line of AWS.

use crate::support::http::ask_once;
use crate::support::tables::{PATIENT, connect_to, make_like};
use crate::support::unique::unique;
use crate::support::{Caller, Stack, Trader, until};
use app::ports::Bootstrap;
use aws::{Config, Place};
use domain::ids::{Sha, UserId};
use reqwest::Method;
use serde_json::{Value, json};
use std::process::Command;
use store::identity::Identity;
use store::trading::Trading;

const KEY_LEAKED: &str = include_str!("../../docs/runbooks/key-leaked.md");
/// Where `cargo xtask` has put the command line of AWS.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/local/.venv/bin");

#[tokio::test]
async fn a_leaked_webhook_token_is_taken_away_and_a_new_one_takes_its_place() {
    let mut trader = Trader::new().await;
    trader.deliver(&trader.exit()).await;
    let said = follow(&trader, &["revoke-webhook-token", "list-webhook-tokens", "new-webhook-token"]);
    assert!(said.contains(r#""Count": 0"#), "none is left: {said}");
    // A process believes what it has found for a while.
    until("the leaked token to be forgotten", async || {
        let answer = ask_once(Method::POST, &trader.webhook(), None, trader.exit().to_string()).await;
        (answer.status == 401).then_some(())
    })
    .await;
    trader.webhook_token = last_line(&said);
    trader.deliver(&trader.exit()).await;
}

#[tokio::test]
async fn a_leaked_api_token_is_taken_away_and_a_new_one_takes_its_place() {
    let mut trader = Trader::new().await;
    trader.post("/halt", &json!({"reason": "a leak"})).await;
    let said = follow(&trader, &["revoke-api-token", "new-api-token"]);
    assert_eq!(trader.get("/orders").await.status, 401);
    trader.bearer = last_line(&said);
    assert_eq!(trader.get("/orders").await.status, 200);
    let said = follow(&trader, &["revoke-api-token", "audit"]);
    assert!(said.contains("a leak"), "what was done stands in the audit: {said}");
}

#[tokio::test]
async fn a_code_that_was_revoked_makes_way_for_a_new_one_unless_it_was_spent() {
    let deployment = throw_away();
    let table = format!("{deployment}-identity");
    make_like("IdentityTable", &table).await;
    let aws = connect_to(Config::new(PATIENT).with(Place::Identity, table)).await;
    let (user, old) = (UserId::of(&["runbook", &unique()]), Sha::of_bytes(b"leaked"));
    aws.put_bootstrap(&Bootstrap { code: old, user: user.clone(), spent: false }).await.unwrap();
    let new = Sha::of_bytes(unique().as_bytes());
    let script = format!("DEPLOYMENT={deployment}\nHASH={}\n{}", new.as_str(), block("new-code"));
    shell(&script, &[]);
    let found = Identity(&aws).find_bootstrap().await.unwrap().unwrap();
    assert_eq!((&found.code, &found.user, found.spent), (&new, &user, false));
    let spend = json!({
        "TableName": format!("{deployment}-identity"), "Key": {"pk": {"S": "SYS"}, "sk": {"S": "B"}},
        "UpdateExpression": "SET spent = :yes", "ExpressionAttributeValues": {":yes": {"BOOL": true}},
    });
    Caller::root().ask("dynamodb:UpdateItem", &spend).await;
    shell(&format!("if ( {script} ); then exit 1; fi"), &[]);
}

#[tokio::test]
async fn everything_is_halted_past_any_process() {
    let deployment = throw_away();
    let table = format!("{deployment}-trading");
    make_like("TradingTable", &table).await;
    let aws = connect_to(Config::new(PATIENT).with(Place::Trading, table)).await;
    assert!(!Trading(&aws).load_system().await.unwrap().halted);
    shell(&block("halt-everything").replace("DEPLOYMENT=moniqo", &format!("DEPLOYMENT={deployment}")), &[]);
    assert!(Trading(&aws).load_system().await.unwrap().halted);
}

#[tokio::test]
async fn the_vault_key_is_switched_off_and_on() {
    let (root, deployment) = (Caller::root(), throw_away());
    let key = root.ask("kms:CreateKey", &json!({})).await["KeyMetadata"]["KeyId"].clone();
    let alias = json!({"AliasName": format!("alias/{deployment}-vault"), "TargetKeyId": key});
    root.ask("kms:CreateAlias", &alias).await;
    let off = block("disable-vault-key").replace("DEPLOYMENT=moniqo", &format!("DEPLOYMENT={deployment}"));
    shell(&off, &[]);
    assert_eq!(state_of(&key).await, "Disabled");
    let on = spans(KEY_LEAKED).find(|span| span.starts_with("aws kms enable-key")).unwrap();
    shell(&format!("VAULT_KEY={}\n{on}", key.as_str().unwrap()), &[]);
    assert_eq!(state_of(&key).await, "Enabled");
}

/// The name of a deployment that is none, and goes with this one.
fn throw_away() -> String {
    format!("{}-{}", Stack::get().deployment(), unique())
}

async fn state_of(key: &Value) -> Value {
    Caller::root().ask("kms:DescribeKey", &json!({"KeyId": key})).await["KeyMetadata"]["KeyState"].clone()
}

/// Runs blocks one after the other, as the owner of these secrets; they share their variables.
fn follow(trader: &Trader, names: &[&str]) -> String {
    let deployment = format!("DEPLOYMENT={}", Stack::get().deployment());
    let script = names.iter().map(|name| block(name).replace("DEPLOYMENT=moniqo", &deployment));
    let variables = [
        ("MONIQO_WEBHOOK_URL", format!("{}/api/webhook/{}", Stack::get().api, trader.user)),
        ("MONIQO_WEBHOOK_TOKEN", trader.webhook_token.clone()),
        ("MONIQO_TOKEN", trader.bearer.clone()),
    ];
    shell(&script.collect::<Vec<_>>().join("\n"), &variables)
}

fn shell(script: &str, variables: &[(&str, String)]) -> String {
    let path = format!("{TOOLS}:{}", std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).env("PATH", path).env("AWS_PAGER", "");
    let output = bash.envs(variables.iter().map(|(name, value)| (name, value))).output().unwrap();
    let (said, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\n{said}{errors}");
    said
}

/// A fenced block of the runbook, by the name behind its `sh`.
fn block(name: &str) -> String {
    let (_, after) = KEY_LEAKED.split_once(&format!("```sh {name}\n")).unwrap_or_else(|| panic!("no block {name}"));
    after.split("\n```").next().unwrap().to_owned()
}

fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn last_line(said: &str) -> String {
    said.lines().last().unwrap().to_owned()
}
