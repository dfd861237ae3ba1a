//! How far a source was read, what is still to be done of it, and how it fares.

use super::{Blockchain, Change, Cursor, FeedFault};
use crate::clock::{Millis, Timestamp};
use crate::ids::SourceId;

/// After one failure the next minute tries again; after each further one twice as long is waited.
const WAIT: Millis = Millis::seconds(60);
const WAIT_MAX: Millis = Millis::seconds(3_600);

/// Of one source. It moves on, with all that has to be done for it, in one write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub source: SourceId,
    pub chain: Blockchain,
    /// Of changes of this row; 0 of one that is not stored.
    pub version: u64,
    /// The version of the source that was asked last.
    pub asked: u64,
    /// None before its first block.
    pub cursor: Option<Cursor>,
    /// Of a source without blocks: what was made before this time was listed.
    pub listed_to: Option<Timestamp>,
    /// What the cursor has moved past and may not be stored yet, in its order.
    pub changes: Vec<Change>,
    /// When it was read without a fault, last.
    pub read_at: Option<Timestamp>,
    pub fault: Option<Failing>,
    pub counts: Counts,
}

/// That it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// The last one, in a word.
    pub fault: String,
    pub since: Timestamp,
    /// In a row.
    pub times: u32,
    /// It is left alone until then.
    pub again_at: Timestamp,
}

/// What has become of large transactions that are no alert, since it was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub alerts: u64,
    /// No transfers: swaps, change, consolidations.
    pub silent: u64,
    /// Of assets without a price of their time.
    pub unpriced: u64,
    /// How often more was orphaned than is kept, so that blocks were left out.
    pub lost: u64,
    /// Alerts that there would have been, of blocks with more than a row has room for: the smaller ones.
    pub left_out: u64,
}

impl Watch {
    /// Of a source that was never read.
    pub fn new(source: SourceId, chain: Blockchain) -> Self {
        Self {
            source,
            chain,
            version: 0,
            asked: 0,
            cursor: None,
            listed_to: None,
            changes: Vec::new(),
            read_at: None,
            fault: None,
            counts: Counts::default(),
        }
    }

    /// The source in this version: one that was changed meanwhile is asked at once.
    #[must_use]
    pub fn asked_as(self, version: u64, now: Timestamp) -> Self {
        let is_changed = version != self.asked;
        let fault =
            self.fault.map(|failing| if is_changed { Failing { times: 1, again_at: now, ..failing } } else { failing });
        Self { asked: version, fault, ..self }
    }

    pub fn is_left_alone(&self, now: Timestamp) -> bool {
        self.fault.as_ref().is_some_and(|failing| now < failing.again_at)
    }

    /// It was read up to now.
    #[must_use]
    pub fn well(self, now: Timestamp) -> Self {
        Self { read_at: Some(now), fault: None, ..self }
    }

    /// It could not be read. A chain that has changed meanwhile is no failure of who tells of it, and one that stands still may go on at
    /// any time: the next run tries again.
    #[must_use]
    pub fn failed(self, fault: FeedFault, now: Timestamp) -> Self {
        let before = self.fault.as_ref();
        let (since, times) = before.map_or((now, 0), |before| (before.since, before.times));
        let times = times.saturating_add(1);
        let wait = match fault {
            FeedFault::Changed | FeedFault::Disagrees | FeedFault::Stale => Millis::ZERO,
            FeedFault::Busy(Some(told)) => told.max(wait_after(times)),
            _ => wait_after(times),
        };
        let again_at = now.plus(if wait.get() > WAIT_MAX.get() { WAIT_MAX } else { wait });
        Self { fault: Some(Failing { fault: fault.as_str().to_owned(), since, times, again_at }), ..self }
    }
}

fn wait_after(times: u32) -> Millis {
    let doubled = times.checked_sub(2).map_or(0, |beyond| 2_i64.saturating_pow(beyond));
    Millis::new(WAIT.get().saturating_mul(doubled))
}
