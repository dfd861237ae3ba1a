//! One request, as far as rules look at it.

use hyper::HeaderMap;
use hyper::body::Bytes;

const TARGET: &str = "x-amz-target";
/// The prefix of each service's targets, and the service as IAM names it.
const SERVICES: [(&str, &str); 2] = [("DynamoDB_", "dynamodb"), ("AmazonSQS", "sqs")];

/// A call of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// As IAM names it: `dynamodb:PutItem`. What speaks another protocol is `other`.
    pub operation: String,
    /// JSON.
    pub body: Bytes,
}

impl Call {
    pub(super) fn of(headers: &HeaderMap, body: Bytes) -> Self {
        let target = headers.get(TARGET).and_then(|target| target.to_str().ok());
        Self { operation: target.and_then(operation).unwrap_or_else(|| "other".to_owned()), body }
    }

    /// Whether the body says this anywhere: a table, a queue, a key.
    pub(super) fn names(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

/// `DynamoDB_20120810.PutItem` is `dynamodb:PutItem`.
fn operation(target: &str) -> Option<String> {
    let (prefix, operation) = target.split_once('.')?;
    let (_, service) = SERVICES.into_iter().find(|(known, _)| prefix.starts_with(known))?;
    Some(format!("{service}:{operation}"))
}
