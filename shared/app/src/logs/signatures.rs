//! Whether the heads of closed days are those that were signed.

use super::LogsError;
use crate::ports::SealDay;
use domain::audit::{Chain, DayFlaw, DayHeads, Head, Shelf, last_due};
use domain::clock::Timestamp;
use std::collections::BTreeMap;
use store::Engine;
use store::audit::Audits;

/// The signatures of one table, opened.
#[derive(Debug)]
pub(super) struct Signatures {
    /// None of what stands there and is not ours.
    days: BTreeMap<i64, Option<DayHeads>>,
    /// The first day that ever was signed, as far as any signature tells.
    first: Option<i64>,
    due: i64,
}

impl Signatures {
    /// Of these days, the last included, and of the newest besides: it says how far back there have to be any.
    pub(super) async fn read<D: Engine, K: SealDay>(
        deps: &D,
        key: &K,
        shelf: Shelf,
        (first, last): (i64, i64),
        now: Timestamp,
    ) -> Result<Self, LogsError> {
        let mut found = Audits(deps).signed_days(shelf, first, last).await?;
        found.extend(
            Audits(deps).newest_signed_day(shelf).await?.filter(|newest| !(first..=last).contains(&newest.day)),
        );
        let mut days = BTreeMap::new();
        for signed in found {
            let opened = key.open_day(&signed, now).await?;
            days.insert(signed.day, opened.filter(|heads| (heads.shelf, heads.day) == (shelf, signed.day)));
        }
        let first = days.values().flatten().map(|heads| heads.first).min();
        Ok(Self { days, first, due: last_due(now) })
    }

    pub(super) fn first(&self) -> Option<i64> {
        self.first
    }

    /// Where a table has no signature at all: all tables are signed in the same nights, so those of others tell since when.
    pub(super) fn suppose(&mut self, first: Option<i64>) {
        self.first = self.first.or(first);
    }

    /// Whether there is one of this day, so that all heads are asked for.
    pub(super) fn has(&self, day: i64) -> bool {
        self.days.contains_key(&day)
    }

    /// Ok where it is signed, or need not be.
    pub(super) fn check(&self, day: i64, heads: &[(Chain, Head)]) -> Result<bool, DayFlaw> {
        match self.days.get(&day) {
            Some(Some(signed)) if signed.are(heads) => Ok(true),
            Some(Some(_)) => Err(DayFlaw::Heads),
            Some(None) => Err(DayFlaw::Forged),
            None if day <= self.due && self.has_to_be(day, heads) => Err(DayFlaw::Unsigned),
            None => Ok(false),
        }
    }

    /// Where no table has any signature, whatever was changed on a day that is long closed should have been signed in a night.
    fn has_to_be(&self, day: i64, heads: &[(Chain, Head)]) -> bool {
        self.first.map_or(!heads.is_empty(), |first| first <= day)
    }
}
