//! Whether every part answers, and whether work goes on.

use super::lines::each_line;
use crate::ports::{LookAtParts, PartSeen, ReadLines, StoreError};
use domain::clock::{Millis, Timestamp};
use std::collections::BTreeMap;
use wire::line::Line;

/// Whoever says every minute how late it is, whoever looks at accounts, and whoever checks keys every five minutes; and how
/// far back the newest values are looked for.
const SPEAKERS: [(&str, Millis); 3] =
    [("ticker", Millis::seconds(300)), ("account-watch", Millis::seconds(300)), ("key-check", Millis::seconds(900))];
const MINUTE: &str = "tick_lag_s";

/// As it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deep {
    pub parts: Vec<PartSeen>,
    pub work: Work,
}

/// What the minute and the passes have said last, within five minutes, and checks of keys within fifteen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// The newest value of each metric.
    pub newest: BTreeMap<String, i64>,
    /// Why nothing can be said.
    pub unread: Option<StoreError>,
}

impl Deep {
    pub fn is_well(&self) -> bool {
        self.parts.iter().all(|part| part.state.is_ok()) && self.work.goes_on()
    }
}

impl Work {
    /// Whether the minute is alive: it repairs whatever was left.
    pub fn goes_on(&self) -> bool {
        self.unread.is_none() && self.newest.contains_key(MINUTE)
    }
}

/// Everything at once; what cannot be found out is told and fails nothing.
pub async fn deep<D: LookAtParts + ReadLines>(deps: &D, now: Timestamp) -> Deep {
    let parts = deps.look_at_parts(now).await;
    let mut work = Work::default();
    for (speaker, span) in SPEAKERS {
        let read = each_line(deps, speaker, (span, now), |line| {
            let Line::Measured(measured) = line else { return };
            let newest = measured.into_iter().filter_map(|(metric, values)| Some((metric, *values.last()?)));
            work.newest.extend(newest);
        });
        if let Err(error) = read.await {
            work.unread = Some(error);
        }
    }
    Deep { parts, work }
}
