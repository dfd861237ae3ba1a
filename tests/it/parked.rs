//! Poison: messages that nobody can carry out become rows, which their user carries out again or drops.
//!
//! A message comes to a dead-letter queue after twenty receives, which takes many minutes. Here it is put there at once;
//! that the queues bring it there by themselves is shown on one that is made for it, with two receives.

use crate::support::tables::queue_url;
use crate::support::unique::{now, unique};
use crate::support::watching::minute;
use crate::support::{Caller, Trader, until};
use app::ports::Signal;
use domain::clock::Millis;
use domain::ids::{AccountId, GroupId};
use serde_json::{Value, json};
use wire::view::{List, Parked};

#[tokio::test]
async fn a_message_that_is_none_is_shown_to_whoever_keeps_the_deployment() {
    let keeper = Keeper::new().await;
    let (garbage, newer) = (format!("ding {}", unique()), newer());
    let foreign = work(&AccountId::of(&[&unique()]), &GroupId::of(&["nobody"]));
    put_dead("SignalsDlq", &garbage).await;
    put_dead("SignalsDlq", &newer).await;
    put_dead("OrdersDlq", &foreign).await;

    for body in [&garbage, &newer, &foreign] {
        let row = keeper.row(body).await;
        assert_eq!((row.kind.as_str(), row.state.as_str(), row.of_deployment), ("message", "waiting", true), "{row:?}");
        let stranger = Trader::new().await.get(&format!("/parked/{}", row.id)).await;
        assert_eq!(stranger.status, 404, "{stranger:?}");
    }
    assert_eq!(gone("SignalsDlq", &garbage).await, 0);
}

#[tokio::test]
async fn what_is_nobodys_own_is_not_listed_without_the_scope() {
    let answer = Trader::new().await.get("/parked?of=deployment").await;
    assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("missing_scope")));
}

#[tokio::test]
async fn a_message_about_nobody_is_sent_again_and_carried_out() {
    let keeper = Keeper::new().await;
    let body = work(&AccountId::of(&[&unique()]), &GroupId::of(&["nobody"]));
    put_dead("OrdersDlq", &body).await;
    let row = keeper.row(&body).await;
    let retried = keeper.retry(&row.id).await;
    assert_eq!((retried.0, retried.1.state.as_str()), (202, "retried"));
    assert_eq!(keeper.retry(&row.id).await, retried, "a second click is answered as the first");
}

#[tokio::test]
async fn nonsense_is_dropped_with_a_reason_and_stays_dropped() {
    let keeper = Keeper::new().await;
    let body = format!("ding {}", unique());
    put_dead("TicksDlq", &body).await;
    let path = format!("/parked/{}", keeper.row(&body).await.id);
    let refused = keeper.trader.post(&format!("{path}/retry"), &json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("no_retry")));
    for reason in ["nonsense", "twice"] {
        let dropped = keeper.trader.post(&format!("{path}/drop"), &json!({"reason": reason})).await.read::<Parked>();
        assert_eq!((dropped.state.as_str(), dropped.reason.as_deref()), ("dropped", Some("nonsense")));
    }
    let refused = keeper.trader.post(&format!("{path}/retry"), &json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("already_dropped")));
}

#[tokio::test]
async fn a_dead_bell_of_ones_own_rings_its_group_again() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let body = work(&trader.account, &GroupId::parse(&held.group.id).unwrap());
    put_dead("OrdersDlq", &body).await;
    let row = find(&trader, "/parked", &body).await;
    assert_eq!((row.kind.as_str(), row.of_deployment), ("bell", false));
    assert_eq!(row.position_group_id.as_deref(), Some(&*held.group.id));
    let stranger = Trader::new().await.post(&format!("/parked/{}/retry", row.id), &json!({})).await;
    assert_eq!(stranger.status, 404, "{stranger:?}");

    let retried = trader.post(&format!("/parked/{}/retry", row.id), &json!({})).await;
    assert_eq!((retried.status, retried.read::<Parked>().state.as_str()), (202, "retried"));
    // Of one group nothing overtakes: when the close has been worked off, so has the bell before it.
    trader.post(&format!("/position-groups/{}/close", held.group.id), &json!({})).await;
    trader.closed(&held.group.id).await;
    assert_eq!(trader.orders_at_venue().await, 3, "an entry, its take-profit and the exit");
}

#[tokio::test]
async fn a_dead_signal_that_was_decided_meanwhile_is_not_decided_again() {
    let trader = Trader::new().await;
    let verdict = trader.judged(&trader.exit()).await;
    let delivery = trader.deliveries().await.remove(0);
    let body = signal(&trader, &delivery.id).await;
    put_dead("SignalsDlq", &body).await;
    let row = find(&trader, "/parked", &body).await;
    assert_eq!((row.kind.as_str(), row.delivery_id.as_deref()), ("signal", Some(&*delivery.id)));
    let refused = trader.post(&format!("/parked/{}/retry", row.id), &json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("already_decided")));
    assert_eq!(trader.find_delivery(&delivery.id).await.verdict, Some(verdict));
}

#[tokio::test]
async fn an_alert_that_nobody_decided_in_an_hour_is_decided_when_its_user_says_so() {
    let trader = Trader::new().await;
    let delivery = trader.keep_undecided(&trader.entry(), Millis::seconds(5_000)).await;
    let parked = trader.verdict_by_the_minute(&delivery, |verdict| verdict.kind == "parked").await;
    assert_eq!(parked.reason.as_deref(), Some("undecided"));
    let row = trader.get("/parked").await.read::<List<Parked>>().items.remove(0);
    assert_eq!((row.kind.as_str(), row.delivery_id.as_deref()), ("signal", Some(&*delivery)));
    for _ in 0..2 {
        assert_eq!(trader.post(&format!("/parked/{}/retry", row.id), &json!({})).await.status, 202);
    }
    let verdict = trader.verdict(&delivery, |verdict| verdict.kind != "parked" && verdict.kind != "queued").await;
    assert_eq!((verdict.kind.as_str(), trader.orders_at_venue().await), ("stale", 0), "it has grown old meanwhile");
}

#[tokio::test]
async fn a_message_that_nobody_can_read_is_tried_again_and_then_put_aside() {
    let (root, name) = (Caller::root(), unique());
    let dead = made(&root, &format!("{name}-dlq"), json!({})).await;
    let asked = json!({"QueueUrl": dead, "AttributeNames": ["QueueArn"]});
    let arn = root.ask("sqs:GetQueueAttributes", &asked).await["Attributes"]["QueueArn"].clone();
    let redrive = json!({"deadLetterTargetArn": arn, "maxReceiveCount": 2}).to_string();
    let queue = made(&root, &name, json!({"VisibilityTimeout": "0", "RedrivePolicy": redrive})).await;
    root.ask("sqs:SendMessage", &json!({"QueueUrl": queue, "MessageBody": "ding"})).await;
    for _ in 0..2 {
        let received = until("the message to come", async || receive(&root, &queue).await).await;
        assert!(wire::messages::Message::decode(&received).is_err(), "nobody can read it, so it is not deleted");
    }
    // It comes no more, and looking for it is what has it put aside.
    assert_eq!(receive(&root, &queue).await, None);
    assert_eq!(until("the message to be put aside", async || receive(&root, &dead).await).await, "ding");
}

/// A trader whose token sees what is nobody's own.
struct Keeper {
    trader: Trader,
}

impl Keeper {
    async fn new() -> Self {
        Self { trader: Trader::keeper().await }
    }

    async fn row(&self, body: &str) -> Parked {
        find(&self.trader, "/parked?of=deployment&limit=200", body).await
    }

    async fn retry(&self, id: &str) -> (u16, Parked) {
        let answer = self.trader.post(&format!("/parked/{id}/retry"), &json!({})).await;
        (answer.status, answer.read())
    }
}

/// The row of a message, which the minute makes; it is hurried.
async fn find(trader: &Trader, list: &str, body: &str) -> Parked {
    until("the row of a dead letter", async || {
        minute().await;
        let listed: List<Parked> = trader.get(list).await.read();
        listed.items.into_iter().find(|row| row.body.as_deref() == Some(body))
    })
    .await
}

/// Puts a message where the queue would have put it after twenty receives.
async fn put_dead(queue: &str, body: &str) {
    let mut message = json!({"QueueUrl": queue_url(queue).await, "MessageBody": body});
    if queue != "TicksDlq" {
        message["MessageGroupId"] = unique().into();
        message["MessageDeduplicationId"] = unique().into();
    }
    Caller::root().ask("sqs:SendMessage", &message).await;
}

/// How many messages of this body can still be received there.
async fn gone(queue: &str, body: &str) -> usize {
    let peek = json!({"QueueUrl": queue_url(queue).await, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
    let received = Caller::root().ask("sqs:ReceiveMessage", &peek).await;
    let messages = received["Messages"].as_array().cloned().unwrap_or_default();
    messages.iter().filter(|message| message["Body"] == body).count()
}

async fn made(root: &Caller, name: &str, attributes: Value) -> String {
    let made = root.ask("sqs:CreateQueue", &json!({"QueueName": name, "Attributes": attributes})).await;
    made["QueueUrl"].as_str().unwrap().to_owned()
}

async fn receive(root: &Caller, queue: &str) -> Option<String> {
    let received = root.ask("sqs:ReceiveMessage", &json!({"QueueUrl": queue})).await;
    received["Messages"][0]["Body"].as_str().map(str::to_owned)
}

fn newer() -> String {
    json!({"v": 2, "type": "signal.received", "id": unique(), "at": 1, "trace": "t"}).to_string()
}

fn work(account: &AccountId, group: &GroupId) -> String {
    json!({
        "v": 1, "type": "group.work", "id": unique(), "at": 1, "trace": "t",
        "account": account.as_str(), "group": group.as_str(), "version": 1,
    })
    .to_string()
}

/// As the webhook has sent it.
async fn signal(trader: &Trader, delivery: &str) -> String {
    let signal =
        Signal { delivery: trader.stored_delivery(delivery).await.at, decision: 1, lane: unique(), trace: unique() };
    signal.message(now()).encode().unwrap()
}
