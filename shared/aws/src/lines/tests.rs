use super::*;
use crate::fake::{NOW, server};
use domain::clock::Millis;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const LINE: (u16, &str) = (200, r#"{"events":[{"message":"a line"}]}"#);
const SLOW_DOWN: (u16, &str) = (400, r#"{"__type":"ThrottlingException"}"#);
const NO_BODY: (u16, &str) = (200, "");

/// A CloudWatch that says this, the last of it again and again; and how often it was asked.
fn cloud_watch(says: &'static [(u16, &'static str)]) -> (Lines, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let url = server(move |_| {
        let turn = count.fetch_add(1, Ordering::SeqCst);
        let (status, body) = says[turn.min(says.len() - 1)];
        (status, body.to_owned())
    });
    let lookup = move |variable: &str| match variable {
        "AWS_ENDPOINT_URL" => Some(url.clone()),
        _ => Some("eu-central-1".to_owned()),
    };
    (Lines::read("prod", lookup), asked)
}

async fn read(lines: &Lines) -> Result<LinesPage, StoreError> {
    let window = Window { from: NOW.minus(Millis::seconds(300)), to: NOW };
    lines.read_lines("webhook", window, None, NOW).await
}

#[tokio::test]
async fn what_is_throttled_is_asked_again() {
    let (lines, asked) = cloud_watch(&[SLOW_DOWN, SLOW_DOWN, LINE]);
    assert_eq!(read(&lines).await, Ok(LinesPage { lines: vec!["a line".to_owned()], next: None }));
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

/// The port promises so to whoever has a deadline.
#[tokio::test]
async fn an_answer_comes_in_time_or_none_does() {
    let begun = Instant::now();
    let ((throttled, _), (no_body, _)) = (cloud_watch(&[SLOW_DOWN]), cloud_watch(&[NO_BODY]));
    let (throttled, no_body) = tokio::join!(read(&throttled), read(&no_body));
    let took = begun.elapsed();
    assert!(
        throttled.is_err() && no_body.is_err() && took < PATIENCE.mul_f64(1.5),
        "{throttled:?} {no_body:?} {took:?}"
    );
}
