//! The lines that a function has left in a window, read within bounds.
//!
//! 1. What is handed over is in the order of its time.
//! 2. Where there is more than may be read, the newest is read: a window is then asked for from its end, in spans that grow.
//! 3. It ends: pages with lines are counted, and so are calls, since a page may be empty and not be the last.

use crate::ports::{LinesPage, ReadLines, StoreError, Window};
use domain::clock::{Millis, Timestamp};
use wire::line::Line;

/// Pages with lines of one function's log, of at most a megabyte each.
const PAGES_MAX: u32 = 5;
const CALLS_MAX: u32 = 20;
/// Of the window, from its end.
const PARTS: [i64; 5] = [16, 16, 8, 4, 2];

/// Hands over each line that is one of ours; whether there are more than could be read.
pub(super) async fn each_line<D: ReadLines>(
    deps: &D,
    function: &str,
    (span, now): (Millis, Timestamp),
    take: impl FnMut(Line),
) -> Result<bool, StoreError> {
    let (log, whole) = (Log { deps, function, now }, Window { from: now.minus(span), to: now });
    let Read { lines, cut } = log.read(whole, &mut Room::default()).await?;
    if !cut {
        lines.into_iter().for_each(take);
        return Ok(false);
    }
    let (parts, cut) = log.newest(whole).await?;
    parts.into_iter().rev().flatten().for_each(take);
    Ok(cut)
}

struct Log<'a, D> {
    deps: &'a D,
    function: &'a str,
    now: Timestamp,
}

/// What may still be read.
struct Room {
    pages: u32,
    calls: u32,
}

/// The lines of a window, from its beginning on; whether some were left out.
struct Read {
    lines: Vec<Line>,
    cut: bool,
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

impl<D: ReadLines> Log<'_, D> {
    async fn read(&self, window: Window, room: &mut Room) -> Result<Read, StoreError> {
        let (mut lines, mut after) = (Vec::new(), None);
        while room.calls > 0 {
            room.calls = room.calls.saturating_sub(1);
            let page = self.deps.read_lines(self.function, window, after.as_deref(), self.now).await?;
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

    /// Parts of the window, the newest first, until there is no more room.
    async fn newest(&self, whole: Window) -> Result<(Vec<Vec<Line>>, bool), StoreError> {
        let (mut parts, mut room) = (Vec::new(), Room::default());
        for window in from_the_end(whole) {
            let Read { lines, cut } = self.read(window, &mut room).await?;
            parts.push(lines);
            if cut {
                return Ok((parts, true));
            }
        }
        Ok((parts, false))
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
