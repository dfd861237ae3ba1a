//! What an account pays its venue as a taker, as the venue tells whoever has its key.
//!
//! 1. A route that has reckoned with a market wants the account's rate there; where none does, nobody asks.
//! 2. A rate is of the account at the venue that it was told of: for another one, by another key, it says nothing.
//! 3. What is older than [`FEE_GOOD_FOR`] is not known any more.

use crate::clock::Timestamp;
use crate::ids::HolderId;
use crate::limits::{FEE_GOOD_FOR, FEE_READ_EVERY, FEE_WANTED_FOR, FEES_WANTED_MAX};
use crate::market::Symbol;
use crate::money::Rate;
use std::collections::BTreeMap;

/// What is known of an account's rates, and which of them are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fees {
    /// Under what the account was claimed that they were told of; none where nothing claims it, as on paper.
    pub of: Option<HolderId>,
    /// Each is wanted.
    pub known: BTreeMap<Symbol, KnownFee>,
    /// When a route reckoned with the market, to the day; at most [`FEES_WANTED_MAX`].
    pub wanted: BTreeMap<Symbol, Timestamp>,
}

/// A taker's rate, and when it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFee {
    pub taker: Rate,
    pub read_at: Timestamp,
}

impl Fees {
    /// The rate in this market, where it is known and told lately of the account that is claimed so.
    pub fn taker(&self, market: &Symbol, claim: Option<&HolderId>, now: Timestamp) -> Option<Rate> {
        let known = self.known.get(market).filter(|_| self.of.as_ref() == claim)?;
        (now.since(known.read_at) <= FEE_GOOD_FOR).then_some(known.taker)
    }

    /// What is to be kept once a route reckons with this market; none where that is known. Whichever was wanted longest ago
    /// makes way.
    #[must_use]
    pub fn wanting(&self, market: &Symbol, now: Timestamp) -> Option<Self> {
        if self.wanted.get(market).is_some_and(|at| now.since(*at) < FEE_READ_EVERY) {
            return None;
        }
        let mut next = self.clone();
        next.wanted.remove(market);
        while next.wanted.len() >= FEES_WANTED_MAX {
            let (oldest, _) = next.wanted.iter().min_by_key(|(_, at)| **at)?;
            let oldest = oldest.clone();
            next.wanted.remove(&oldest);
            next.known.remove(&oldest);
        }
        next.wanted.insert(market.clone(), now);
        Some(next)
    }

    /// The markets whose rate is to be read for the account that is claimed so.
    pub fn due(&self, claim: Option<&HolderId>, now: Timestamp) -> impl Iterator<Item = &Symbol> {
        let is_its = self.of.as_ref() == claim;
        let is_new = move |known: &KnownFee| is_its && now.since(known.read_at) < FEE_READ_EVERY;
        let wanted = self.wanted.iter().filter(move |(_, at)| is_wanted(**at, now));
        wanted.map(|(market, _)| market).filter(move |market| !self.known.get(*market).is_some_and(is_new))
    }

    /// With what was told now of the account that is claimed so; without what is of another one, and what nobody has wanted
    /// for long.
    #[must_use]
    pub fn told(&self, claim: Option<&HolderId>, told: BTreeMap<Symbol, KnownFee>, now: Timestamp) -> Self {
        let of = if told.is_empty() { self.of.clone() } else { claim.cloned() };
        let mut next = Self { known: BTreeMap::new(), wanted: self.wanted.clone(), of };
        next.wanted.retain(|_, at| is_wanted(*at, now));
        if next.of == self.of {
            next.known.clone_from(&self.known);
        }
        next.known.extend(told);
        next.known.retain(|market, _| next.wanted.contains_key(market));
        next
    }
}

fn is_wanted(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) <= FEE_WANTED_FOR
}
