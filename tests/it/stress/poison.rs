//! Poison on a queue that a deployed function consumes: the function gives it back, the queue puts it aside, the minute
//! makes its row. The queue puts aside after two receives here, and after twenty as it is deployed.

use crate::support::tables::queue_url;
use crate::support::unique::unique;
use crate::support::watching::minute;
use crate::support::{Caller, Trader, until};
use serde_json::{Value, json};
use wire::view::{List, Parked};

const QUEUES: [&str; 3] = ["SignalsQueue", "OrdersQueue", "TicksQueue"];
const RECEIVES_MAX: u32 = 2;

#[tokio::test]
async fn poison_on_every_queue_becomes_a_row_and_holds_up_nobody() {
    let keeper = Trader::keeper().await;
    let trader = Trader::new().await;
    // Signals of one lane wait for each other: the poison stands before the trader's own.
    let first = trader.deliver(&trader.exit()).await;
    let lane = trader.stored_delivery(&first).await.lane;
    let mut sent = Vec::new();
    for resource in QUEUES {
        let queue = Queue::of(resource).await;
        let before = queue.redrive().await;
        let mut hasty: Value = serde_json::from_str(&before).unwrap();
        hasty["maxReceiveCount"] = RECEIVES_MAX.into();
        queue.set_redrive(&hasty.to_string()).await;
        sent.push((queue.send(&lane).await, queue, before));
    }
    let held = trader.hold(&trader.entry()).await;
    for (body, ..) in &sent {
        let row = until("the row of a poisonous message", async || {
            minute().await;
            let listed: List<Parked> = keeper.get("/parked?of=deployment&limit=200").await.read();
            listed.items.into_iter().find(|row| row.body.as_deref() == Some(body.as_str()))
        })
        .await;
        assert_eq!((&*row.kind, &*row.state), ("message", "waiting"), "{row:?}");
    }
    for (_, queue, before) in sent {
        queue.set_redrive(&before).await;
    }
    assert_eq!(trader.group(&held.group.id).await.group.status, "live");
}

struct Queue {
    url: String,
    is_fifo: bool,
}

impl Queue {
    async fn of(resource: &str) -> Self {
        let url = queue_url(resource).await;
        Self { is_fifo: url.ends_with(".fifo"), url }
    }

    async fn redrive(&self) -> String {
        let asked = json!({"QueueUrl": self.url, "AttributeNames": ["RedrivePolicy"]});
        let told = Caller::root().ask("sqs:GetQueueAttributes", &asked).await;
        told["Attributes"]["RedrivePolicy"].as_str().unwrap().to_owned()
    }

    async fn set_redrive(&self, policy: &str) {
        let set = json!({"QueueUrl": self.url, "Attributes": {"RedrivePolicy": policy}});
        Caller::root().ask("sqs:SetQueueAttributes", &set).await;
    }

    /// What no function can read.
    async fn send(&self, lane: &str) -> String {
        let body = format!("ding {}", unique());
        let mut message = json!({"QueueUrl": self.url, "MessageBody": body});
        if self.is_fifo {
            message["MessageGroupId"] = lane.into();
            message["MessageDeduplicationId"] = unique().into();
        }
        Caller::root().ask("sqs:SendMessage", &message).await;
        body
    }
}
