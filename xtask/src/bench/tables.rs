//! The emulator's tables behind the loopback cloud, with what each call of them is billed for.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use cost::units::{self, Action, Index, Item, Spot};
use serde::Serialize;
use serde_json::{Value, json};

const SERVICE: &str = "DynamoDB_20120810";

/// What a call is billed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Units {
    /// Read units, in halves.
    pub(crate) half_reads: u32,
    /// Of tables and indexes.
    pub(crate) writes: u32,
}

impl std::ops::Add for Units {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            half_reads: self.half_reads.saturating_add(other.half_reads),
            writes: self.writes.saturating_add(other.writes),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) client: reqwest::Client,
    pub(crate) url: String,
}

/// A write and the item as it was.
type Begun = (Action, Option<Item>);

impl Tables {
    /// Hands the call on. Reads are measured by what comes back, writes by the items as they were and are.
    pub(crate) async fn answer(
        &self,
        headers: &HeaderMap,
        target: &str,
        asked: &Value,
        body: Bytes,
    ) -> (StatusCode, Bytes, Units) {
        let operation = target.rsplit('.').next().unwrap_or_default();
        let mut begun = Vec::new();
        for action in units::written_by(operation, asked) {
            let before = self.look(headers, &action.spot).await;
            begun.push((action, before));
        }
        let (status, told) = self.ask(headers, target, body).await;
        let read = units::read_by(operation, asked, &serde_json::from_slice(&told).unwrap_or_default());
        let mut sum = Units { half_reads: read, writes: 0 };
        for write in begun {
            sum = sum + self.written(headers, write, status.is_success()).await;
        }
        (status, told, sum)
    }

    /// A refused write costs what stands there.
    async fn written(&self, headers: &HeaderMap, (action, before): Begun, is_done: bool) -> Units {
        let after = if is_done && !action.is_check { self.look(headers, &action.spot).await } else { before.clone() };
        let (old, new) = (before.as_ref(), after.as_ref());
        let table = units::writes(old, new).saturating_mul(action.times);
        let indexes = self.indexes(headers, &action.spot.table).await;
        let writes = indexes.iter().map(|index| index.writes(old, new)).fold(table, u32::saturating_add);
        Units { half_reads: 0, writes }
    }

    async fn look(&self, headers: &HeaderMap, spot: &Spot) -> Option<Item> {
        let key = json!({"pk": {"S": spot.pk}, "sk": {"S": spot.sk}});
        let asked = json!({"TableName": spot.table, "ConsistentRead": true, "Key": key});
        let told = self.ask_for(headers, "GetItem", &asked).await;
        told.get("Item")?.as_object().cloned()
    }

    async fn indexes(&self, headers: &HeaderMap, table: &str) -> Vec<Index> {
        let told = self.ask_for(headers, "DescribeTable", &json!({"TableName": table})).await;
        let described = told.pointer("/Table/GlobalSecondaryIndexes").and_then(Value::as_array);
        described.into_iter().flatten().map(Index::of).collect()
    }

    async fn ask_for(&self, headers: &HeaderMap, operation: &str, asked: &Value) -> Value {
        let (_, told) = self.ask(headers, &format!("{SERVICE}.{operation}"), asked.to_string().into()).await;
        serde_json::from_slice(&told).unwrap_or_default()
    }

    /// In the name of whoever sent these headers; the emulator reads the region of a signature and no more.
    async fn ask(&self, headers: &HeaderMap, target: &str, body: Bytes) -> (StatusCode, Bytes) {
        let mut request = self.client.post(&self.url).header("x-amz-target", target).body(body);
        for name in ["content-type", "authorization", "x-amz-date", "x-amz-security-token"] {
            if let Some(value) = headers.get(name) {
                request = request.header(name, value);
            }
        }
        match request.send().await {
            Ok(response) => (response.status(), response.bytes().await.unwrap_or_default()),
            Err(_) => (StatusCode::BAD_GATEWAY, Bytes::new()),
        }
    }
}
