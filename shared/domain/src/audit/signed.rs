//! What is signed of a closed day: the heads of all its chains in one table, by one digest.
//!
//! 1. Every closed day is signed, whether anybody changed anything or not: a chain that is added later is found as well.
//! 2. What is signed names the first day that ever was: signatures that are taken away leave a gap.

use super::{Chain, Head, Shelf};
use crate::clock::{Millis, Timestamp};
use crate::ids::Sha;

/// The first part of every digest: another format would be another word.
const FORMAT: &str = "moniqo audit day 1";

/// How long after its end a day waits for changes that were begun in it.
pub const CLOSES_AFTER: Millis = Millis::seconds(3_600);
/// How long after its end a day may be without a signature: a run each night, and a few hours.
const SIGNED_WITHIN: Millis = Millis::seconds(30 * 3_600);

/// The heads of a day, as they were when it was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayHeads {
    pub shelf: Shelf,
    /// In UTC, counted from 1970-01-01.
    pub day: i64,
    /// The first day that was ever signed of this table.
    pub first: i64,
    pub chains: u64,
    pub digest: Sha,
}

/// What is wrong with the signature of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayFlaw {
    /// There is none, and there should be one.
    Unsigned,
    /// It is not one of ours, or is of another day or table.
    Forged,
    /// The heads are not those that were signed: chains were added, taken away or made anew.
    Heads,
}

impl DayHeads {
    /// Of all chains of a day, in whatever order they come.
    pub fn of(shelf: Shelf, day: i64, first: i64, heads: &[(Chain, Head)]) -> Self {
        let chains = u64::try_from(heads.len()).unwrap_or(u64::MAX);
        Self { shelf, day, first, chains, digest: digest(shelf, day, heads) }
    }

    /// Whether these are the heads that were signed.
    pub fn are(&self, heads: &[(Chain, Head)]) -> bool {
        u64::try_from(heads.len()) == Ok(self.chains) && digest(self.shelf, self.day, heads) == self.digest
    }
}

fn digest(shelf: Shelf, day: i64, heads: &[(Chain, Head)]) -> Sha {
    let mut heads: Vec<_> = heads.iter().collect();
    heads.sort_by_key(|(chain, _)| &chain.user);
    let mut parts = vec![FORMAT.to_owned(), shelf.as_str().to_owned(), day.to_string()];
    for (chain, head) in heads {
        parts.extend([chain.user.to_string(), head.count.to_string(), head.hash.as_str().to_owned()]);
    }
    Sha::of_parts(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The newest day in which nothing changes any more.
pub fn last_closed(now: Timestamp) -> i64 {
    now.minus(CLOSES_AFTER).day().saturating_sub(1)
}

/// The newest day that has to be signed by now.
pub fn last_due(now: Timestamp) -> i64 {
    now.minus(SIGNED_WITHIN).day().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;

    fn head(user: &str, count: u64) -> (Chain, Head) {
        let chain = Chain { shelf: Shelf::Trading, day: 20_000, user: UserId::of(&[user]) };
        (chain, Head { count, hash: Sha::of_parts(&[user]) })
    }

    #[test]
    fn heads_are_those_that_were_signed_in_any_order_and_no_others() {
        let (ann, bob) = (head("ann", 2), head("bob", 1));
        let signed = DayHeads::of(Shelf::Trading, 20_000, 19_990, &[ann.clone(), bob.clone()]);
        assert!(signed.are(&[bob.clone(), ann.clone()]));
        let hashed_anew = (ann.0.clone(), Head { hash: Sha::of_parts(&["another"]), ..ann.1 });
        for others in [
            vec![ann.clone()],
            vec![ann.clone(), bob.clone(), head("eve", 1)],
            vec![hashed_anew, bob.clone()],
            vec![head("ann", 3), bob.clone()],
            Vec::new(),
        ] {
            assert!(!signed.are(&others), "{others:?}");
        }
        for other in [
            DayHeads { shelf: Shelf::Vault, ..signed.clone() },
            DayHeads { day: 20_001, ..signed.clone() },
            DayHeads { chains: 3, ..signed },
        ] {
            assert!(!other.are(&[ann.clone(), bob.clone()]), "{other:?}");
        }
    }

    #[test]
    fn a_day_closes_an_hour_after_its_end_and_is_due_a_night_later() {
        let midnight = Timestamp::from_millis(20_001 * Millis::DAY.get());
        let after = |hours: i64| midnight.plus(Millis::seconds(hours * 3_600));
        assert_eq!([after(0), after(1), after(24)].map(last_closed), [19_999, 20_000, 20_000]);
        assert_eq!([after(2), after(29), after(30)].map(last_due), [19_998, 19_999, 20_000]);
    }

    /// What the bytes are is a promise: days of today are checked by the code of tomorrow.
    #[test]
    fn the_digest_of_a_day_is_always_the_same() {
        let signed = DayHeads::of(Shelf::Trading, 20_000, 19_990, &[head("ann", 2), head("bob", 1)]);
        assert_eq!(signed.digest.as_str(), "b562b31ad15d2c82108f1830925187fb4a671fd889a1df04952b63e49453d0a5");
    }
}
