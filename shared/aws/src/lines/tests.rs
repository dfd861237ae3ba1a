use super::*;
use domain::clock::Millis;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);
const LINE: (&str, &str) = ("200 OK", r#"{"events":[{"message":"a line"}]}"#);
const SLOW_DOWN: (&str, &str) = ("400 Bad Request", r#"{"__type":"ThrottlingException"}"#);
/// One that is announced and never comes.
const NO_BODY: (&str, &str) = ("200 OK", "");

/// A CloudWatch that says this, the last of it again and again; and how often it was asked.
fn cloud_watch(says: &'static [(&'static str, &'static str)]) -> (Lines, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let turn = count.fetch_add(1, Ordering::SeqCst);
            held.push(answered(stream.unwrap(), says[turn.min(says.len() - 1)]));
        }
    });
    let lookup = move |variable: &str| match variable {
        "AWS_ENDPOINT_URL" => Some(url.clone()),
        _ => Some("eu-central-1".to_owned()),
    };
    (Lines::read("prod", lookup), asked)
}

/// Whoever has waited for long enough has hung up.
fn answered(mut stream: TcpStream, (status, body): (&str, &str)) -> TcpStream {
    let (mut said, mut part) = (Vec::new(), [0_u8; 4096]);
    while !said.ends_with(b"}") {
        let read = stream.read(&mut part).unwrap();
        said.extend_from_slice(&part[..read]);
    }
    let length = body.len().max(1);
    let _gone = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream
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
