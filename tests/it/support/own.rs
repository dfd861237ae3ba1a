//! Tables and queues of a test's own, made after the template: no deployed function looks at them, and no minute.

use super::signed::Caller;
use super::stack::Stack;
use super::tables::{PATIENT, make_like};
use super::unique::{now, unique};
use aws::{Aws, Config, Endpoint, Patience, Place};
use domain::clock::Timestamp;
use lambda::sqs::Record;
use serde_json::{Value, json};

const TABLES: [(Place, &str); 5] = [
    (Place::Trading, "TradingTable"),
    (Place::Catalog, "CatalogTable"),
    (Place::Vault, "VaultTable"),
    (Place::Market, "MarketTable"),
    (Place::Identity, "IdentityTable"),
];
const QUEUES: [(Place, &str); 6] = [
    (Place::Signals, "SignalsQueue"),
    (Place::Orders, "OrdersQueue"),
    (Place::Ticks, "TicksQueue"),
    (Place::DeadSignals, "SignalsDlq"),
    (Place::DeadOrders, "OrdersDlq"),
    (Place::DeadTicks, "TicksDlq"),
];
/// What a queue is besides its name, as far as it has no other resource in it.
const ATTRIBUTES: [&str; 2] = ["FifoQueue", "ContentBasedDeduplication"];
/// Longer than any function works on a message, and shorter than the template's: a test waits for it.
const HIDDEN_SECONDS: &str = "30";

pub(crate) struct Own(Vec<(Place, String)>);

impl Own {
    pub(crate) async fn make() -> Self {
        let mut places = Vec::new();
        for (place, resource) in TABLES {
            places.push((place, table_like(resource).await));
        }
        for (place, resource) in QUEUES {
            places.push((place, queue_like(resource).await));
        }
        let own = Self(places);
        // As a seed does with a fresh table.
        own.connect(PATIENT).await.adopt_fresh(now()).await.unwrap();
        own
    }

    /// Every row of the trading table.
    pub(crate) async fn rows(&self) -> Vec<Value> {
        let scan = json!({"TableName": self.name(Place::Trading), "ConsistentRead": true});
        let found = Caller::root().ask("dynamodb:Scan", &scan).await;
        found["Items"].as_array().unwrap().clone()
    }

    /// The same places with another trading table: the paper venue's rows as they are, all others as they were.
    pub(crate) async fn restored(&self, rows: &[Value]) -> Self {
        let is_of_venue = |row: &Value| row["pk"]["S"].as_str().unwrap().starts_with("PAP#");
        let name = table_like("TradingTable").await;
        let kept = self.rows().await.into_iter().filter(is_of_venue);
        for row in rows.iter().filter(|row| !is_of_venue(row)).cloned().chain(kept) {
            Caller::root().ask("dynamodb:PutItem", &json!({"TableName": name, "Item": row})).await;
        }
        let mut places = self.0.clone();
        places.retain(|(place, _)| *place != Place::Trading);
        places.push((Place::Trading, name));
        Self(places)
    }

    /// At another time of day.
    pub(crate) async fn connect_at(&self, patience: Patience, clock: fn() -> Timestamp) -> Aws {
        self.reach(Stack::get().endpoint.clone(), patience, clock).await
    }

    /// By what stands at this address before the endpoint.
    pub(crate) async fn connect_through(&self, url: String, patience: Patience, clock: fn() -> Timestamp) -> Aws {
        self.reach(url, patience, clock).await
    }

    pub(crate) async fn connect(&self, patience: Patience) -> Aws {
        self.connect_at(patience, now).await
    }

    /// As a function that decides, and so brings up what an older release has left.
    pub(crate) async fn connect_deciding(&self, clock: fn() -> Timestamp) -> Aws {
        let config = self.config(PATIENT).bringing_up();
        let Stack { endpoint, region, .. } = Stack::get();
        let endpoint = Endpoint { url: endpoint.clone(), region: region.clone(), keys: None };
        Aws::connect_to(endpoint, config, clock).await
    }

    async fn reach(&self, url: String, patience: Patience, clock: fn() -> Timestamp) -> Aws {
        let endpoint = Endpoint { url, region: Stack::get().region.clone(), keys: None };
        Aws::connect_to(endpoint, self.config(patience), clock).await
    }

    fn config(&self, patience: Patience) -> Config {
        self.0.iter().fold(Config::new(patience), |config, (place, name)| config.with(*place, name))
    }

    pub(crate) fn tables(&self) -> Vec<String> {
        TABLES.map(|(place, _)| self.name(place).to_owned()).to_vec()
    }

    /// The next message, if one comes within a second; hidden from now on for as long as its queue says.
    pub(crate) async fn take(&self, queue: Place) -> Option<Record> {
        let (url, all) = (self.name(queue), ["All"]);
        let ask = json!({"QueueUrl": url, "WaitTimeSeconds": 1, "MessageSystemAttributeNames": all});
        let told = Caller::root().ask("sqs:ReceiveMessage", &ask).await;
        let message = told["Messages"].as_array()?.first()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let receives = text(&message["Attributes"]["ApproximateReceiveCount"]).parse();
        Some(Record {
            body: text(&message["Body"]),
            message_id: text(&message["MessageId"]),
            receipt_handle: text(&message["ReceiptHandle"]),
            receive_count: receives.unwrap_or(1),
            ..Self::record()
        })
    }

    pub(crate) async fn done(&self, queue: Place, record: &Record) {
        let done = json!({"QueueUrl": self.name(queue), "ReceiptHandle": record.receipt_handle});
        Caller::root().ask("sqs:DeleteMessage", &done).await;
    }

    /// A message of which nothing is known.
    pub(crate) fn record() -> Record {
        let (body, message_id, receipt_handle, trace) = Default::default();
        Record { body, message_id, receipt_handle, receive_count: 1, group_id: None, sent_at: None, trace }
    }

    pub(crate) fn name(&self, place: Place) -> &str {
        &self.0.iter().find(|(named, _)| *named == place).unwrap().1
    }
}

/// As the deployment's own begin: whoever takes that away takes these as well.
fn named(resource: &str) -> String {
    format!("{}-own-{}-{resource}", Stack::get().deployment(), unique())
}

async fn table_like(resource: &str) -> String {
    let name = named(resource);
    make_like(resource, &name).await;
    name
}

async fn queue_like(resource: &str) -> String {
    let like = &Stack::get().template["Resources"][resource]["Properties"];
    let mut attributes = json!({"VisibilityTimeout": HIDDEN_SECONDS});
    for name in ATTRIBUTES {
        if let Some(value) = like.get(name) {
            attributes[name] = value.to_string().into();
        }
    }
    let suffix = if like["FifoQueue"] == true { ".fifo" } else { "" };
    let ask = json!({"QueueName": format!("{}{suffix}", named(resource)), "Attributes": attributes});
    let made = Caller::root().ask("sqs:CreateQueue", &ask).await;
    made["QueueUrl"].as_str().unwrap().to_owned()
}
