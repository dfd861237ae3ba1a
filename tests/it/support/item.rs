//! One item of any table, read and touched behind the product's back.

use super::signed::Caller;
use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Item(Value);

impl Item {
    pub(crate) fn of(table: &str, pk: &str, sk: &str) -> Self {
        Self(json!({"TableName": table, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}))
    }

    /// Sets an attribute of an item that is there.
    pub(crate) async fn set(&self, attribute: &str, value: Value) {
        let mut update = self.0.clone();
        update["UpdateExpression"] = "SET #attribute = :value".into();
        update["ConditionExpression"] = "attribute_exists(pk)".into();
        update["ExpressionAttributeNames"] = json!({"#attribute": attribute});
        update["ExpressionAttributeValues"] = json!({":value": value});
        Caller::root().ask("dynamodb:UpdateItem", &update).await;
    }

    /// Takes an attribute off.
    pub(crate) async fn take(&self, attribute: &str) {
        let mut update = self.0.clone();
        update["UpdateExpression"] = "REMOVE #attribute".into();
        update["ExpressionAttributeNames"] = json!({"#attribute": attribute});
        Caller::root().ask("dynamodb:UpdateItem", &update).await;
    }

    pub(crate) async fn read(&self) -> Value {
        let mut get = self.0.clone();
        get["ConsistentRead"] = true.into();
        Caller::root().ask("dynamodb:GetItem", &get).await["Item"].clone()
    }
}
