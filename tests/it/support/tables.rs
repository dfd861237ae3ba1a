//! The stack's tables and queues, by the product's own ports and with its administrator's keys.

use super::signed::Caller;
use super::stack::Stack;
use super::unique::now;
use super::until::until;
use aws::{Aws, Bucket, Config, Endpoint, Patience, Place};
use serde_json::{Value, json};
use std::time::Duration;

/// A test may wait where a function may not.
pub(crate) const PATIENT: Patience = Patience {
    attempts: 5,
    connect: Duration::from_secs(5),
    attempt: Duration::from_secs(10),
    operation: Duration::from_secs(60),
    conflicts: Duration::from_secs(60),
};

const TABLES: [(Place, &str); 5] = [
    (Place::Trading, "TradingTable"),
    (Place::Catalog, "CatalogTable"),
    (Place::Vault, "VaultTable"),
    (Place::Market, "MarketTable"),
    (Place::Identity, "IdentityTable"),
];

pub(crate) async fn connect() -> Aws {
    let stack = Stack::get();
    let config = TABLES
        .iter()
        .fold(Config::new(PATIENT), |config, (place, resource)| config.with(*place, stack.name(resource)))
        .with(Place::Orders, queue_url("OrdersQueue").await)
        .with(Place::Ticks, queue_url("TicksQueue").await);
    connect_to(config).await
}

pub(crate) async fn connect_to(config: Config) -> Aws {
    let Stack { endpoint, region, .. } = Stack::get();
    let endpoint = Endpoint { url: endpoint.clone(), region: region.clone(), keys: None };
    Aws::connect_to(endpoint, config, now).await
}

pub(crate) async fn queue_url(resource: &str) -> String {
    let named = json!({"QueueName": Stack::get().name(resource)});
    let told = Caller::root().ask("sqs:GetQueueUrl", &named).await;
    told["QueueUrl"].as_str().unwrap().to_owned()
}

/// The stack's bucket, in its administrator's name.
pub(crate) async fn records() -> Bucket {
    let Stack { endpoint, region, .. } = Stack::get();
    let bucket = bucket().await;
    Bucket::read(&bucket, |variable| match variable {
        "AWS_REGION" => Some(region.clone()),
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        _ => std::env::var(variable).ok(),
    })
}

/// As the function that keeps house is told.
pub(crate) async fn bucket() -> String {
    let variables = Caller::root().variables(&Stack::get().name("HousekeepingFunction")).await;
    variables["MONIQO_BUCKET"].as_str().unwrap().to_owned()
}

/// The ARN of the machine that spreads backtests, as whoever starts it is told.
pub(crate) async fn machine() -> String {
    let variables = Caller::root().variables(&Stack::get().name("BacktestWorkerFunction")).await;
    variables["MONIQO_MACHINE"].as_str().unwrap().to_owned()
}

/// A table of this name, made after one of the template's unless it is there.
pub(crate) async fn make_like(resource: &str, name: &str) {
    let root = Caller::root();
    let mut table = json!({"TableName": name});
    let like = &Stack::get().template["Resources"][resource]["Properties"];
    for part in ["AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes"] {
        if let Some(like) = like.get(part) {
            table[part] = like.clone();
        }
    }
    let said = root.call("dynamodb:CreateTable", &table).await;
    assert!(matches!(said.error(), None | Some("ResourceInUseException")), "{}", said.body);
    until("the table to be there", async || {
        let told: Value = root.ask("dynamodb:DescribeTable", &json!({"TableName": name})).await;
        (told["Table"]["TableStatus"] == "ACTIVE").then_some(())
    })
    .await;
}
