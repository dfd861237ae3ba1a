//! The queues of the loopback cloud: whatever is sent is taken, and nothing lies in a dead-letter queue.

use axum::body::Bytes;
use serde_json::{Value, json};

const MESSAGE_ID: &str = "5fea7756-0ea4-451a-a703-a558b933e274";

/// The answer to a call of SQS; nothing for other services.
pub(super) fn answer(target: &str, request: &Value) -> Option<Bytes> {
    let operation = target.strip_prefix("AmazonSQS.")?;
    let answer = match operation {
        "SendMessage" => json!({"MessageId": MESSAGE_ID}),
        "SendMessageBatch" => json!({"Successful": entries(request).map(taken).collect::<Vec<_>>(), "Failed": []}),
        "GetQueueAttributes" => json!({"Attributes": {"ApproximateNumberOfMessages": "0"}}),
        _ => json!({}),
    };
    Some(answer.to_string().into())
}

/// Every message that this call sends, alone or in a batch.
pub(crate) fn messages(request: &Value) -> impl Iterator<Item = &Value> {
    let alone = request.get("MessageBody").map(|_| request);
    alone.into_iter().chain(entries(request))
}

fn entries(request: &Value) -> impl Iterator<Item = &Value> {
    request.get("Entries").and_then(Value::as_array).into_iter().flatten()
}

fn taken(entry: &Value) -> Value {
    json!({"Id": entry.get("Id"), "MessageId": MESSAGE_ID, "MD5OfMessageBody": ""})
}
