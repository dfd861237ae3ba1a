//! Rows as they stand in a table, read and touched behind the product's back.

use super::signed::Caller;
use super::stack::Stack;
use super::trader::Trader;
use serde_json::{Value, json};

impl Trader {
    /// The newest delivery is made this much older. Nothing moves the clock.
    pub(crate) async fn age_delivery(&self, seconds: i64) {
        let row = self.delivery_row().await;
        let first_at: i64 = row["first_at"]["N"].as_str().unwrap().parse().unwrap();
        let aged = (first_at - seconds * 1_000).to_string();
        let update = json!({
            "TableName": Stack::get().name("TradingTable"),
            "Key": {"pk": row["pk"], "sk": row["sk"]},
            "UpdateExpression": "SET first_at = :aged",
            "ExpressionAttributeValues": {":aged": {"N": aged}},
        });
        Caller::root().ask("dynamodb:UpdateItem", &update).await;
    }

    /// The one row that stands under a delivery's key.
    async fn delivery_row(&self) -> Value {
        let rows = rows(&format!("USR#{}", self.user), "K#").await;
        assert_eq!(rows.len(), 1, "{rows:#?}");
        rows.into_iter().next().unwrap()
    }

    /// Every order that the venue has ever accepted of this trader.
    pub(crate) async fn orders_at_venue(&self) -> usize {
        rows(&format!("PAP#{}", self.account), "O#").await.len()
    }
}

async fn rows(pk: &str, prefix: &str) -> Vec<Value> {
    let query = json!({
        "TableName": Stack::get().name("TradingTable"),
        "ConsistentRead": true,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
        "ExpressionAttributeValues": {":pk": {"S": pk}, ":prefix": {"S": prefix}},
    });
    let found = Caller::root().ask("dynamodb:Query", &query).await;
    assert!(found["LastEvaluatedKey"].is_null(), "more rows than a test makes");
    found["Items"].as_array().unwrap().clone()
}
