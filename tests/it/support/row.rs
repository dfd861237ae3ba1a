//! Rows as they stand in a table, read and touched behind the product's back.

use super::signed::Caller;
use super::stack::Stack;
use super::trader::Trader;
use domain::ids::DeliveryId;
use serde_json::{Value, json};

impl Trader {
    /// The newest delivery is made this much older, and so has another id, which is given. Nothing moves the clock.
    pub(crate) async fn age_delivery(&self, seconds: i64) -> String {
        let row = self.delivery_row().await;
        let first_at: i64 = row["first_at"]["N"].as_str().unwrap().parse().unwrap();
        let aged = first_at - seconds * 1_000;
        let update = json!({
            "TableName": Stack::get().name("TradingTable"),
            "Key": {"pk": row["pk"], "sk": row["sk"]},
            "UpdateExpression": "SET first_at = :aged",
            "ExpressionAttributeValues": {":aged": {"N": aged.to_string()}},
        });
        Caller::root().ask("dynamodb:UpdateItem", &update).await;
        let key = row["sk"]["S"].as_str().unwrap().trim_start_matches("K#");
        DeliveryId::of(&[key, &aged.to_string()]).to_string()
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

impl Drop for Trader {
    /// Nobody watches an account whose test is over: passes are what a stack does most.
    fn drop(&mut self) {
        let account = format!("ACC#{}", self.account);
        let forgetting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(forget(&account));
        });
        // A test that fails is not to fail for this.
        let _still_watched = forgetting.join();
    }
}

async fn forget(account: &str) {
    let update = json!({
        "TableName": Stack::get().name("TradingTable"),
        "Key": {"pk": {"S": account}, "sk": {"S": "A"}},
        "UpdateExpression": "REMOVE active_pk, active_sk",
        "ConditionExpression": "attribute_exists(pk)",
    });
    Caller::root().call("dynamodb:UpdateItem", &update).await;
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
