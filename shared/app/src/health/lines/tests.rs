use super::*;
use domain::clock::Timestamp;
use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const SPAN: Millis = Millis::seconds(1_600);
const NOW: Timestamp = Timestamp::from_millis(10_000_000);

/// A line in each second, so many in a page, with so many empty pages before each that has any.
struct Given {
    per_page: usize,
    empty: usize,
    calls: Cell<u32>,
}

impl Clock for Given {
    fn now(&self) -> Timestamp {
        NOW
    }
}

impl ReadLines for Given {
    async fn read_lines(
        &self,
        _: &str,
        window: Window,
        after: Option<&str>,
        _: Timestamp,
    ) -> Result<LinesPage, StoreError> {
        self.calls.set(self.calls.get() + 1);
        let turn: usize = after.map_or(0, |after| after.parse().unwrap());
        let seconds: Vec<i64> =
            (8_401..=10_000).filter(|s| (window.from.millis()..=window.to.millis()).contains(&(s * 1_000))).collect();
        let page = turn / (self.empty + 1);
        let is_empty = turn % (self.empty + 1) < self.empty;
        let here = seconds.iter().skip(page * self.per_page).take(if is_empty { 0 } else { self.per_page });
        let lines = here.map(|second| format!(r#"{{"outcome":"done","ms":{second}}}"#)).collect();
        let more = is_empty || seconds.len() > (page + 1) * self.per_page;
        Ok(LinesPage { lines, next: more.then(|| (turn + 1).to_string()) })
    }
}

/// The seconds of the lines that were read, whether there was more, and after how many calls.
fn read(per_page: usize, empty: usize) -> (Vec<i64>, bool, u32) {
    let given = Given { per_page, empty, calls: Cell::default() };
    let look = Look { now: NOW, deadline: NOW.plus(Millis::seconds(10)) };
    let log = Log { deps: &given, function: "webhook", look };
    let read = match pin!(log.last(SPAN)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(read) => read.unwrap(),
        Poll::Pending => unreachable!("nothing is waited for"),
    };
    let second = |line| match line {
        Line::Worked(worked) => worked.ms,
        Line::Measured(measured) => unreachable!("{measured:?}"),
    };
    (read.lines.into_iter().map(second).collect(), read.cut, given.calls.get())
}

#[test]
fn what_fits_is_read_whole_and_once() {
    let all: Vec<i64> = (8_401..=10_000).collect();
    assert_eq!(read(1_600, 0), (all.clone(), false, 1));
    assert_eq!(read(320, 0), (all, false, 5));
}

#[test]
fn of_more_than_fits_the_newest_is_read_in_order() {
    let (seconds, cut, _) = read(100, 0);
    assert!(cut);
    let newest: Vec<i64> = seconds.iter().copied().filter(|second| *second >= 9_600).collect();
    assert_eq!(newest, (9_600..=10_000).collect::<Vec<_>>(), "whole parts from the end on, and nothing twice");
    assert!(seconds.is_sorted());
}

#[test]
fn empty_pages_are_not_counted_and_end_all_the_same() {
    let (seconds, cut, calls) = read(320, 2);
    assert_eq!((seconds.len(), cut, calls), (1_600, false, 15));
    let (seconds, cut, calls) = read(320, usize::MAX - 1);
    assert_eq!((seconds.len(), cut, calls), (0, true, 2 * CALLS_MAX));
}
