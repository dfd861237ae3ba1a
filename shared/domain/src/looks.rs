//! Where the venue of an account is looked at more closely than in any pass, and until when.

use crate::clock::Timestamp;
use crate::limits;
use crate::market::Symbol;
use std::collections::BTreeMap;

/// What of an account is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// Where an order that was sent was called absent, and when the last was: it may still come, and trade.
    pub late: BTreeMap<Symbol, Timestamp>,
    pub wanted: Option<Wanted>,
}

/// A look that a person has asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub at: Timestamp,
    /// Beside those in which something is live, or orders of nobody were seen.
    pub markets: Vec<Symbol>,
}

impl Looks {
    /// Where what was called absent may still come.
    pub fn late_at(&self, now: Timestamp) -> impl Iterator<Item = (&Symbol, Timestamp)> {
        let late = self.late.iter().filter(move |(_, at)| now < at.plus(limits::LATE_FOR));
        late.map(|(symbol, at)| (symbol, *at))
    }

    /// Where nothing is awaited any more.
    pub fn over(&self, now: Timestamp) -> impl Iterator<Item = (&Symbol, Timestamp)> {
        let over = self.late.iter().filter(move |(_, at)| at.plus(limits::LATE_FOR) <= now);
        over.map(|(symbol, at)| (symbol, *at))
    }
}

impl Wanted {
    /// Whether it is given up, whatever could not be looked at.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.at.plus(limits::LOOK_WITHIN) <= now
    }
}
