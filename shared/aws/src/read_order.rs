//! The order in which an account is read.

use crate::config::{Config, Patience, Place};
use crate::fake::{connected, server};
use domain::ids::{AccountId, UserId};
use serde_json::json;
use std::sync::mpsc::channel;
use store::trading::Trading;

/// Else a change writes what another one has replaced, under the version of that one.
#[tokio::test]
async fn the_version_of_an_account_is_read_before_what_stands_under_it() {
    let (user, account) = (UserId::of(&["ann"]), AccountId::of(&["main"]));
    let entry = json!({"v": {"N": "1"}, "account": {"S": account.as_str()}});
    let (told, heard) = channel();
    // A table with one entry of an account and no other row.
    let url = server(move |asked| {
        let row = asked["Key"]["sk"]["S"].as_str();
        let answer = if row.is_some() { json!({}) } else { json!({"Items": [entry], "Count": 1}) };
        let _unheard = told.send(row.unwrap_or("entries").to_owned());
        (200, answer.to_string())
    });
    let config = Config::new(Patience::WORKER).with(Place::Trading, "trading").with(Place::Vault, "vault");
    let aws = connected(url, config).await;
    assert_eq!(Trading(&aws).list_kept_accounts(&user).await, Ok(Vec::new()));
    let mut asked: Vec<_> = heard.try_iter().collect();
    // A request that takes too long on a busy machine is sent again.
    asked.dedup();
    assert_eq!(asked, ["entries", "F", "A"]);
}
