//! The lines that a function has left in a window, read within bounds.
//!
//! 1. What is handed over is in the order of its time.
//! 2. Where there is more than may be read, the newest is read: a window is then asked for from its end, in spans that grow.
//! 3. It ends: pages with lines are counted, and so are calls, since a page may be empty and not be the last; and no page
//!    is asked for that may come when whoever asked is gone.

use super::Look;
use crate::ports::{Clock, LinesPage, ReadLines, StoreError, Window};
use domain::clock::Millis;
use domain::limits::{LOG_MARGIN, LOG_TIMEOUT};
use futures_util::stream::{self, StreamExt};
use std::collections::BTreeMap;
use wire::line::Line;

/// Pages with lines of one function's log, of at most a megabyte each.
const PAGES_MAX: u32 = 5;
const CALLS_MAX: u32 = 20;
/// Logs at once: CloudWatch answers five questions in a second in some regions, and up to 25 in others.
const SIDE_BY_SIDE: usize = 4;
/// Of the window, from its end.
const PARTS: [i64; 5] = [16, 16, 8, 4, 2];

/// Functions whose log could not be read, and why.
pub type Unread = BTreeMap<&'static str, StoreError>;

/// Lines in the order of their time; whether some were left out.
pub(super) struct Read {
    pub(super) lines: Vec<Line>,
    pub(super) cut: bool,
}

/// What each of these functions has left in so long until now. They are read side by side: one that cannot be read, or not
/// in time, keeps back no other.
pub(super) async fn of_each<D: ReadLines + Clock>(
    deps: &D,
    functions: &[(&'static str, Millis)],
    look: Look,
) -> BTreeMap<&'static str, Result<Read, StoreError>> {
    let reads: Vec<_> = functions
        .iter()
        .map(|&(function, span)| async move { (function, Log { deps, function, look }.last(span).await) })
        .collect();
    stream::iter(reads).buffer_unordered(SIDE_BY_SIDE).collect().await
}

struct Log<'a, D> {
    deps: &'a D,
    function: &'a str,
    look: Look,
}

/// What may still be read.
struct Room {
    pages: u32,
    calls: u32,
}

impl Default for Room {
    fn default() -> Self {
        Self { pages: PAGES_MAX, calls: CALLS_MAX }
    }
}

impl Room {
    /// Whether the page may be kept.
    fn takes(&mut self, page: &LinesPage) -> bool {
        if page.lines.is_empty() {
            return true;
        }
        let had = self.pages;
        self.pages = had.saturating_sub(1);
        had > 0
    }
}

impl<D: ReadLines + Clock> Log<'_, D> {
    async fn last(&self, span: Millis) -> Result<Read, StoreError> {
        let whole = Window { from: self.look.now.minus(span), to: self.look.now };
        let read = self.read(whole, &mut Room::default()).await?;
        if read.cut { self.newest(whole).await } else { Ok(read) }
    }

    /// From the beginning of a window on.
    async fn read(&self, window: Window, room: &mut Room) -> Result<Read, StoreError> {
        let (mut lines, mut after) = (Vec::new(), None);
        while room.calls > 0 {
            room.calls = room.calls.saturating_sub(1);
            let page = self.page(window, after.as_deref()).await?;
            if !room.takes(&page) {
                break;
            }
            lines.extend(page.lines.iter().filter_map(|text| Line::read(text)));
            if page.next.is_none() {
                return Ok(Read { lines, cut: false });
            }
            after = page.next;
        }
        Ok(Read { lines, cut: true })
    }

    /// Parts of the window, the newest first, until there is no more room; what fails after the first takes nothing away.
    async fn newest(&self, whole: Window) -> Result<Read, StoreError> {
        let (mut parts, mut room, mut cut) = (Vec::new(), Room::default(), false);
        for window in from_the_end(whole) {
            match self.read(window, &mut room).await {
                Err(error) if parts.is_empty() => return Err(error),
                Err(_) => cut = true,
                Ok(read) => {
                    cut = read.cut;
                    parts.push(read.lines);
                }
            }
            if cut {
                break;
            }
        }
        Ok(Read { lines: parts.into_iter().rev().flatten().collect(), cut })
    }

    async fn page(&self, window: Window, after: Option<&str>) -> Result<LinesPage, StoreError> {
        let Look { now, deadline } = self.look;
        if self.deps.now().plus(LOG_TIMEOUT).plus(LOG_MARGIN) > deadline {
            return Err(StoreError::Unavailable("there was no time to read on".to_owned()));
        }
        self.deps.read_lines(self.function, window, after, now).await
    }
}

/// Both ends of a window are in it: none begins where another ends.
fn from_the_end(whole: Window) -> impl Iterator<Item = Window> {
    let (span, last) = (whole.to.since(whole.from).get(), PARTS.len().saturating_sub(1));
    let mut to = whole.to;
    PARTS.iter().enumerate().map(move |(index, part)| {
        let wide = Millis::new(span.checked_div(*part).unwrap_or(span));
        let from = if index == last { whole.from } else { to.minus(wide) };
        let window = Window { from, to };
        to = from.minus(Millis::new(1));
        window
    })
}

#[cfg(test)]
mod tests;
