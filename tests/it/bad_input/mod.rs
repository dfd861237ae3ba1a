//! What nobody should send. Every answer is a problem with a stable code, names the field that is wrong, is never a
//! failure of ours, and tells nothing of the inside.

mod actions;
mod entrance;
mod lists;
mod webhook;

use crate::support::http::Answer;
use crate::support::{Stack, Trader};
use serde_json::{Value, json};

/// A refusal as it was promised.
fn assert_problem(answer: &Answer, status: u16, code: &str, field: Option<&str>, asked: &str) {
    assert_eq!((answer.status, answer.kind.as_str()), (status, "application/problem+json"), "{asked}: {answer:?}");
    let problem = answer.json();
    assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{asked}: {problem}");
    assert_eq!(problem["field"], field.map_or(Value::Null, Value::from), "{asked}: {problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{asked}: {problem}");
    assert_tells_nothing(answer, asked);
}

/// No name of ours, no word of a library, no path: only what a caller can act on. None of these words can be part of an
/// id by chance.
fn assert_tells_nothing(answer: &Answer, asked: &str) {
    let stack = Stack::get();
    let named = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Serverless::Function"];
    let named = named.iter().flat_map(|kind| stack.of_type(kind)).map(|resource| stack.name(resource));
    let words = ["arn:", "amazonaws", "dynamodb", "panicked", "backtrace", "src/", ".rs", "Error(", "serde_"];
    for telling in named.chain(words.map(str::to_owned)) {
        let told = answer.text.to_lowercase().contains(&telling.to_lowercase());
        assert!(!told, "{asked}: {telling:?} in {answer:?}");
    }
}

/// Nobody's secret comes back, whatever was sent.
fn assert_keeps_secrets(trader: &Trader, answer: &Answer) {
    for secret in [&trader.webhook_token, &trader.bearer] {
        assert!(!answer.text.contains(secret.as_str()), "{answer:?}");
    }
}
