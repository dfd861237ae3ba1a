//! Whether every part answers, and whether work goes on.

use super::Look;
use super::lines::{Read, Unread, of_each};
use crate::ports::{Clock, LookAtParts, PartSeen, ReadLines};
use domain::clock::Millis;
use futures_util::future::join;
use std::collections::BTreeMap;
use wire::line::Line;

/// Whoever says every minute how late it is, whoever looks at accounts, whoever checks keys every five minutes, and whoever keeps candles;
/// and how far back the newest values are looked for.
const SPEAKERS: [(&str, Millis); 4] = [
    (TICKER, Millis::seconds(300)),
    ("account-watch", Millis::seconds(300)),
    ("key-check", Millis::seconds(900)),
    ("ingest", Millis::seconds(900)),
];
const TICKER: &str = "ticker";
const MINUTE: &str = "minute_lag_s";

/// As it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deep {
    pub parts: Vec<PartSeen>,
    pub work: Work,
}

/// What the minute and the passes have said last, within five minutes, and checks of keys and ingestion within fifteen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// The newest value of each metric.
    pub newest: BTreeMap<String, i64>,
    /// Who may have said more.
    pub unread: Unread,
}

/// How the whole does, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Up,
    /// What could be looked at is up; the rest may be.
    Unknown,
    Down,
}

impl Deep {
    pub fn state(&self) -> State {
        let is_down = self.parts.iter().any(|part| part.state.is_err());
        match self.work.state() {
            State::Down => State::Down,
            State::Up | State::Unknown if is_down => State::Down,
            State::Up if self.work.unread.is_empty() => State::Up,
            State::Up | State::Unknown => State::Unknown,
        }
    }
}

impl Work {
    /// Whether the minute is alive: it repairs whatever was left.
    pub fn state(&self) -> State {
        match (self.newest.contains_key(MINUTE), self.unread.contains_key(TICKER)) {
            (true, _) => State::Up,
            (false, true) => State::Unknown,
            (false, false) => State::Down,
        }
    }
}

/// Everything at once; what cannot be found out is told and fails nothing.
pub async fn deep<D: LookAtParts + ReadLines + Clock>(deps: &D, look: Look) -> Deep {
    let (parts, said) = join(deps.look_at_parts(look.now), of_each(deps, &SPEAKERS, look)).await;
    let mut work = Work::default();
    for (speaker, read) in said {
        match read {
            Ok(Read { lines, .. }) => work.newest.extend(lines.into_iter().flat_map(newest)),
            Err(error) => {
                work.unread.insert(speaker, error);
            }
        }
    }
    Deep { parts, work }
}

fn newest(line: Line) -> Vec<(String, i64)> {
    let Line::Measured(measured) = line else { return Vec::new() };
    measured.into_iter().filter_map(|(metric, values)| Some((metric, *values.last()?))).collect()
}
