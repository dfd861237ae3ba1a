//! Logs that are slow, throttled or long hold up nobody's answer beyond its time.

use super::*;
use crate::ports::{Clock, LinesPage, LookAtParts, PartKind, PartSeen, ReadLines, StoreError, Window};
use domain::clock::Millis;
use domain::functions::NAMES;
use domain::limits::{API_TIMEOUT, LOG_TIMEOUT};
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);
const LOOK: Look = Look { now: NOW, deadline: NOW.plus(API_TIMEOUT) };
const SPAN: Millis = Millis::seconds(900);
const STEP: Millis = Millis::new(50);

/// How a function's log answers, each time.
#[derive(Debug, Clone, Copy)]
enum Log {
    /// After so long, with all there is.
    Told(Millis),
    /// After so long, with a page of very many.
    Long(Millis),
    /// As the port promises, at the last moment.
    Silent,
}

/// A deployment whose time passes while somebody waits.
struct Given {
    at: Cell<Timestamp>,
    logs: fn(&str) -> Log,
    parts: bool,
}

impl Clock for Given {
    fn now(&self) -> Timestamp {
        self.at.get()
    }
}

impl LookAtParts for Given {
    async fn look_at_parts(&self, _: Timestamp) -> Vec<PartSeen> {
        let state = if self.parts { Ok(None) } else { Err(StoreError::Unavailable("AccessDenied".to_owned())) };
        vec![PartSeen { kind: PartKind::Table, name: "trading", took: STEP, state }]
    }
}

impl ReadLines for Given {
    async fn read_lines(
        &self,
        function: &str,
        window: Window,
        _: Option<&str>,
        _: Timestamp,
    ) -> Result<LinesPage, StoreError> {
        let log = (self.logs)(function);
        let (Log::Told(takes) | Log::Long(takes)) = log else {
            self.pass(LOG_TIMEOUT).await;
            return Err(StoreError::Unavailable("CloudWatch did not answer in time".to_owned()));
        };
        self.pass(takes).await;
        // Of a long log the last minute is one page, and everything before has no end.
        let is_long = matches!(log, Log::Long(_)) && window.to.since(window.from) > Millis::seconds(60);
        let lines = if function == "ticker" {
            r#"{"_aws":{},"minute_lag_s":2}"#.to_owned()
        } else {
            format!(r#"{{"outcome":"200","ms":7,"route":"GET /{function}"}}"#)
        };
        Ok(LinesPage { lines: vec![lines], next: is_long.then(|| "more".to_owned()) })
    }
}

impl Given {
    fn new(logs: fn(&str) -> Log) -> Self {
        Self { at: Cell::new(NOW), logs, parts: true }
    }

    async fn pass(&self, takes: Millis) {
        let until = self.at.get().plus(takes);
        poll_fn(|context| {
            context.waker().wake_by_ref();
            if self.at.get() < until { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }

    /// What came of it, and after how long.
    fn run<T>(&self, work: impl Future<Output = T>) -> (T, Millis) {
        let mut work = pin!(work);
        loop {
            match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(done) => return (done, self.at.get().since(NOW)),
                Poll::Pending => self.at.set(self.at.get().plus(STEP)),
            }
        }
    }

    fn performs(&self) -> (Performance, Millis) {
        self.run(performance(self, SPAN, LOOK))
    }
}

fn unread(performance: &Performance) -> Vec<&str> {
    performance.unread.keys().copied().collect()
}

#[test]
fn logs_are_read_side_by_side() {
    let (told, took) = Given::new(|_| Log::Told(Millis::seconds(1))).performs();
    assert_eq!((told.routes.len(), unread(&told)), (NAMES.len() - 1, vec![]));
    // One after another would take a second each.
    let one_by_one = Millis::seconds(i64::try_from(NAMES.len()).unwrap());
    assert!(took.get() < one_by_one.get() / 3, "{took:?}");
}

#[test]
fn one_that_does_not_answer_is_named_and_keeps_back_no_other() {
    let given = Given::new(|function| match function {
        "webhook" | "key-check" => Log::Silent,
        _ => Log::Told(Millis::new(100)),
    });
    let (told, took) = given.performs();
    assert_eq!(unread(&told), ["key-check", "webhook"]);
    assert!(told.routes.contains_key("GET /order-executor") && !told.more, "{told:?}");
    assert!(took < LOG_TIMEOUT.plus(Millis::seconds(1)), "{took:?}");
}

#[test]
fn whatever_logs_do_there_is_an_answer_in_time() {
    let cases: [fn(&str) -> Log; 4] = [
        |_| Log::Silent,
        |_| Log::Told(Millis::new(2_900)),
        |_| Log::Long(Millis::new(50)),
        |_| Log::Long(Millis::new(900)),
    ];
    for logs in cases {
        let (told, took) = Given::new(logs).performs();
        assert!(took < API_TIMEOUT, "{took:?}");
        let all = told.routes.len() + told.unread.len() + usize::from(!told.unread.contains_key("ticker"));
        assert_eq!(all, NAMES.len(), "each is told of, or named: {told:?}");
    }
}

#[test]
fn of_a_long_log_what_was_read_is_told() {
    let logs = |function: &str| match function {
        "webhook" => Log::Long(Millis::new(100)),
        _ => Log::Told(Millis::new(100)),
    };
    let (told, _) = Given::new(logs).performs();
    assert!(told.more && told.unread.is_empty() && told.routes.contains_key("GET /webhook"), "{told:?}");
}

#[test]
fn a_log_that_cannot_be_read_says_nothing_of_whether_work_goes_on() {
    let all = |_: &str| Log::Told(STEP);
    let no_keys = |function: &str| if function == "key-check" { Log::Silent } else { Log::Told(STEP) };
    let no_minute = |function: &str| if function == "ticker" { Log::Silent } else { Log::Told(STEP) };
    let none = |_: &str| Log::Silent;
    for (logs, parts, whole, minute) in [
        (all as fn(&str) -> Log, true, State::Up, State::Up),
        (no_keys, true, State::Unknown, State::Up),
        (no_minute, true, State::Unknown, State::Unknown),
        (none, true, State::Unknown, State::Unknown),
        (none, false, State::Down, State::Unknown),
        (all, false, State::Down, State::Up),
    ] {
        let given = Given { parts, ..Given::new(logs) };
        let (told, took) = given.run(deep(&given, LOOK));
        assert_eq!((told.state(), told.work.state()), (whole, minute), "{told:?}");
        assert!(took < API_TIMEOUT, "{took:?}");
    }
}

#[test]
fn a_silent_minute_is_down() {
    let silent = Deep { parts: Vec::new(), work: Work::default() };
    assert_eq!((silent.state(), silent.work.state()), (State::Down, State::Down));
}
