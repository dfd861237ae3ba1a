//! The parts of a deployment: whether they are there and can be used. Nothing that they hold is read.

use crate::client::Aws;
use crate::config::Place;
use crate::error::unavailable;
use crate::signed::{Question, Signing, Unanswered};
use app::ports::{Clock, Depth, LookAtParts, PartKind, PartSeen, StoreError};
use aws_sdk_dynamodb::types::TableStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::clock::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

const KEY: &str = "vault";
const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "TrentService.DescribeKey")];

/// What is looked at, and what it is called there.
const PARTS: [(PartKind, Place, &str); 11] = [
    (PartKind::Table, Place::Trading, "trading"),
    (PartKind::Table, Place::Vault, "vault"),
    (PartKind::Table, Place::Catalog, "catalog"),
    (PartKind::Table, Place::Market, "market"),
    (PartKind::Table, Place::Identity, "identity"),
    (PartKind::Queue, Place::Signals, "signals"),
    (PartKind::Queue, Place::Orders, "orders"),
    (PartKind::Queue, Place::Ticks, "ticks"),
    (PartKind::Queue, Place::DeadSignals, "signals-dlq"),
    (PartKind::Queue, Place::DeadOrders, "orders-dlq"),
    (PartKind::Queue, Place::DeadTicks, "ticks-dlq"),
];

/// Tables, queues and the vault's key.
#[derive(Debug, Clone)]
pub struct Parts {
    aws: Aws,
    key: String,
    signing: Signing,
}

impl Parts {
    /// The key of this ARN; asked in the function's own name.
    pub fn from_env(aws: Aws, key: &str) -> Self {
        Self { aws, key: key.to_owned(), signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }

    async fn look(self, kind: PartKind, place: Place, name: &'static str) -> PartSeen {
        let begun = self.aws.now();
        let state = match kind {
            PartKind::Table => self.aws.table_is_active(place).await.map(|()| None),
            PartKind::Queue => self.aws.depth(place).await.map(Some),
            PartKind::Key => self.key_is_enabled(begun).await.map(|()| None),
        };
        PartSeen { kind, name, took: self.aws.now().since(begun), state }
    }

    async fn key_is_enabled(&self, now: Timestamp) -> Result<(), StoreError> {
        let body = json!({"KeyId": self.key}).to_string();
        let question = Question { service: "kms", method: "POST", path: "/", headers: &HEADERS, body: body.as_bytes() };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        let (status, said) = self.signing.ask(question, now).await.map_err(failed)?;
        let answer: Value = serde_json::from_slice(&said).unwrap_or_default();
        match answer.pointer("/KeyMetadata/KeyState").and_then(Value::as_str) {
            Some("Enabled") => Ok(()),
            Some(state) => Err(StoreError::Unavailable(format!("the key is {state}"))),
            None => Err(StoreError::Unavailable(format!("KMS says {status}"))),
        }
    }
}

impl LookAtParts for Parts {
    async fn look_at_parts(&self, _: Timestamp) -> Vec<PartSeen> {
        let mut looks = JoinSet::new();
        // The name of the place is not asked for: a key has its own.
        for (kind, place, name) in PARTS.into_iter().chain([(PartKind::Key, Place::Vault, KEY)]) {
            looks.spawn(self.clone().look(kind, place, name));
        }
        let mut seen = looks.join_all().await;
        seen.sort_by_key(|part| (part.kind, part.name));
        seen
    }
}

impl Aws {
    async fn table_is_active(&self, table: Place) -> Result<(), StoreError> {
        let told = self.db().describe_table().table_name(self.name(table)?).send().await;
        let told = told.map_err(|error| unavailable(&error))?;
        match told.table.and_then(|table| table.table_status) {
            // One whose settings change is read and written all the same.
            Some(TableStatus::Active | TableStatus::Updating) => Ok(()),
            Some(status) => Err(StoreError::Unavailable(format!("the table is {}", status.as_str()))),
            None => Err(StoreError::Unavailable("nothing is told of the table".to_owned())),
        }
    }

    async fn depth(&self, queue: Place) -> Result<Depth, StoreError> {
        use QueueAttributeName as Name;
        let wanted = [
            Name::ApproximateNumberOfMessages,
            Name::ApproximateNumberOfMessagesNotVisible,
            Name::ApproximateNumberOfMessagesDelayed,
        ];
        let call = self.sqs().get_queue_attributes().queue_url(self.name(queue)?);
        let told = call.set_attribute_names(Some(wanted.to_vec())).send().await.map_err(|error| unavailable(&error))?;
        let all = told.attributes.unwrap_or_default();
        let count = |name: &Name| {
            let count = all.get(name).and_then(|count| count.parse().ok());
            count.ok_or_else(|| StoreError::Unavailable("a queue's depth is missing".to_owned()))
        };
        let [waiting, in_hand, delayed] = &wanted;
        // A FIFO queue may say nothing of messages that it cannot delay.
        Ok(Depth { waiting: count(waiting)?, in_hand: count(in_hand)?, delayed: count(delayed).unwrap_or_default() })
    }
}
