//! Old and new code side by side: what this code does not know yet is left as it is, and waits for code that does.

use crate::support::item::Item;
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack, Trader};
use app::ports::Signal;
use domain::clock::Millis;
use serde_json::json;
use wire::messages::Message;

#[tokio::test]
async fn a_group_that_a_newer_writer_wrote_is_left_alone_until_it_can_be_read() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let group = row(&format!("ACC#{}", trader.account), &format!("G#{}", held.group.id));
    let close = format!("/position-groups/{}/close", held.group.id);
    set_schema(&group, 3).await;
    let before = group.read().await;
    let refused = trader.post(&close, &json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (500, &json!("internal")));
    assert_eq!(group.read().await["version"], before["version"], "nothing was written");
    set_schema(&group, 2).await;
    assert_eq!(trader.post(&close, &json!({})).await.status, 202);
    trader.closed(&held.group.id).await;
}

#[tokio::test]
async fn an_alert_that_meets_a_newer_row_is_tried_again_and_not_parked() {
    let trader = Trader::new().await;
    let delivery = trader.keep_undecided(&trader.exit(), Millis::ZERO).await;
    let at = trader.stored_delivery(&delivery).await.at;
    let message = Signal { delivery: at, decision: 1, lane: unique(), trace: unique() }.message(now());
    let account = row(&format!("ACC#{}", trader.account), "A");
    set_schema(&account, 3).await;
    assert_eq!(work_on(&message).await, ["tried"], "it comes again");
    assert_eq!(trader.stored_delivery(&delivery).await.verdict, None);
    set_schema(&account, 2).await;
    assert_eq!(work_on(&message).await, [] as [&str; 0]);
    assert_eq!(trader.verdict(&delivery, |_| true).await.reason.as_deref(), Some("nothing_open"));
}

#[tokio::test]
async fn an_account_of_the_first_release_is_brought_up_with_the_rights_of_the_worker() {
    let trader = Trader::new().await;
    let account = row(&format!("ACC#{}", trader.account), "A");
    set_schema(&account, 1).await;
    let delivery = trader.deliver(&trader.exit()).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!(verdict.reason.as_deref(), Some("nothing_open"));
    assert_eq!(account.read().await["v"], json!({"N": "2"}));
}

/// One message at the worker, as its queue would hand it over; which messages are to come again.
async fn work_on(message: &Message) -> Vec<String> {
    let record = json!({
        "body": message.encode().unwrap(), "messageId": "tried", "receiptHandle": "none",
        "attributes": {"ApproximateReceiveCount": "1"},
    });
    let worker = Stack::get().name("SignalWorkerFunction");
    let said = Caller::root().invoke(&worker, &json!({"Records": [record]})).await;
    assert_eq!(said.status, 200, "{}", said.body);
    let failures = said.body["batchItemFailures"].as_array().unwrap();
    failures.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned()).collect()
}

/// A row of the table `trading`.
fn row(pk: &str, sk: &str) -> Item {
    Item::of(&Stack::get().name("TradingTable"), pk, sk)
}

async fn set_schema(row: &Item, v: u32) {
    row.set("v", json!({"N": v.to_string()})).await;
}
