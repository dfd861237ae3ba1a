//! What the services say when they refuse, as they say it.

use super::call::Call;
use hyper::body::Bytes;
use serde_json::{Value, json};

/// Why a service refuses a call that it might as well have carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The table, or the queue, takes no more for now.
    Throttled,
    /// The account takes no more for now.
    AccountThrottled,
    /// 500, for no reason of ours.
    Broken,
    /// A transaction, cancelled for this reason of its first action: `TransactionConflict`, `ThrottlingError`.
    Cancelled(&'static str),
}

impl Refusal {
    /// Status and body.
    pub(super) fn answer(self, call: &Call) -> (u16, Bytes) {
        let (status, kind) = if call.operation.starts_with("sqs:") { self.of_sqs() } else { self.of_dynamodb() };
        let mut said = json!({"__type": kind, "message": "refused by the test"});
        if let Self::Cancelled(code) = self {
            said["CancellationReasons"] = reasons(call, code);
        }
        (status, said.to_string().into())
    }

    fn of_dynamodb(self) -> (u16, &'static str) {
        match self {
            Self::Throttled => (400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
            Self::AccountThrottled => (400, "com.amazon.coral.availability#ThrottlingException"),
            Self::Broken => (500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
            Self::Cancelled(_) => (400, "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"),
        }
    }

    fn of_sqs(self) -> (u16, &'static str) {
        match self {
            Self::Throttled => (403, "com.amazonaws.sqs#RequestThrottled"),
            Self::AccountThrottled => (400, "com.amazon.coral.availability#ThrottlingException"),
            Self::Broken | Self::Cancelled(_) => (500, "com.amazonaws.sqs#InternalError"),
        }
    }
}

/// One for each action; the others had nothing against them.
fn reasons(call: &Call, code: &str) -> Value {
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let actions = asked["TransactItems"].as_array().map_or(1, Vec::len);
    let codes = std::iter::once(code).chain(std::iter::repeat("None")).take(actions);
    codes.map(|code| json!({"Code": code})).collect()
}
