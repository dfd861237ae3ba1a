use super::*;
use serde_json::json;
use std::sync::Mutex;

/// Messages as `(id, FIFO group, body)`, and which of them come back. Bodies say what the handler does.
async fn check(messages: &[(&str, Option<&str>, &str)], begun: &[&str], failed: &[&str]) {
    run_batch(messages, i64::MAX, begun, failed).await;
}

async fn run_batch(messages: &[(&str, Option<&str>, &str)], deadline: i64, begun: &[&str], failed: &[&str]) {
    let records: Vec<_> = messages
        .iter()
        .map(|(id, group, body)| {
            json!({
                "messageId": id, "receiptHandle": "handle", "body": body,
                "attributes": {"ApproximateReceiveCount": "3", "MessageGroupId": group},
                "eventSource": "aws:sqs"
            })
        })
        .collect();
    let batch_of = serde_json::from_value(json!({"Records": records})).unwrap();
    let mut context = Context::default();
    context.deadline = u64::try_from(deadline).unwrap();
    let seen = Mutex::new(Vec::new());
    let handler = async |record: Record, _: Invocation| {
        seen.lock().unwrap().push(record.message_id.clone());
        assert_ne!(record.body, "panic");
        if record.body == "fail" { Err(Retry::because("asked to")) } else { Ok(()) }
    };
    let failures = batch(&handler, LambdaEvent::new(batch_of, context)).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), begun);
    assert_eq!(failures.items.iter().map(|failure| failure.id.as_str()).collect::<Vec<_>>(), failed);
}

#[tokio::test]
async fn only_what_failed_comes_back() {
    check(&[("1", None, "ok"), ("2", None, "fail"), ("3", None, "ok")], &["1", "2", "3"], &["2"]).await;
}

#[tokio::test]
async fn nothing_overtakes_a_failed_record_of_its_group() {
    let messages = [("1", Some("a"), "fail"), ("2", Some("b"), "ok"), ("3", Some("a"), "ok"), ("4", Some("a"), "ok")];
    check(&messages, &["1", "2"], &["1", "3", "4"]).await;
}

#[tokio::test]
async fn a_panic_fails_its_record_and_no_other() {
    check(&[("1", None, "panic"), ("2", None, "ok")], &["1", "2"], &["1"]).await;
}

#[tokio::test]
async fn no_record_begins_when_time_is_up() {
    run_batch(&[("1", Some("a"), "ok"), ("2", Some("b"), "ok")], 1, &[], &["1", "2"]).await;
}

#[test]
fn the_answer_is_what_the_mapping_reads() {
    let failures = Failures { items: vec![Failure { id: "1".into() }] };
    assert_eq!(serde_json::to_value(failures).unwrap(), json!({"batchItemFailures": [{"itemIdentifier": "1"}]}));
}

#[test]
fn a_record_knows_its_count_group_and_trace() {
    let message = serde_json::from_value(json!({
        "messageId": "1", "receiptHandle": "handle", "body": r#"{"v":1,"trace":"t-1"}"#,
        "attributes": {"ApproximateReceiveCount": "3", "MessageGroupId": "g"}
    }));
    let record = Record::from(message.map(|message: Message| message).unwrap());
    assert_eq!((record.receive_count, record.group_id.as_deref(), record.trace.as_str()), (3, Some("g"), "t-1"));
}

#[test]
fn a_transient_fault_hides_its_message_longer_each_time() {
    let seconds = |count| backoff(count).get() / 1_000;
    assert_eq!([1, 2, 3, 5, 6, 20, 99].map(seconds), [1, 2, 4, 16, 30, 30, 30]);
}
