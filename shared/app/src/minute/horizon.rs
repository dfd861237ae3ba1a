//! Which ticks are on their way: each minute adds what comes into its horizon, and sends nothing twice.

use crate::ports::Tick;
use domain::clock::{Millis, Timestamp};
use domain::limits;
use std::collections::{BTreeMap, BTreeSet};

/// The slots that are on their way, shard by shard. Whoever has forgotten them sends them again: the watch makes a
/// pass once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// The first slot that was not sent yet.
    next: BTreeMap<u8, i64>,
}

impl Sent {
    /// What these shards still need of the horizon, the nearest slots first. Other shards are forgotten.
    pub(super) fn due(&mut self, shards: &BTreeSet<u8>, now: Timestamp) -> Vec<(Tick, Millis)> {
        let first = now.millis().div_euclid(limits::SLOT.get());
        let end = first.saturating_add(limits::TICK_HORIZON.get() / limits::SLOT.get());
        self.next.retain(|shard, _| shards.contains(shard));
        for shard in shards {
            let next = self.next.entry(*shard).or_insert(first);
            // One that is further than the horizon was noted by a clock that has been put back.
            *next = if *next > end { first } else { (*next).max(first) };
        }
        let slot = |slot: i64| {
            let starts = Timestamp::from_millis(slot.saturating_mul(limits::SLOT.get()));
            let delay = starts.since(now).max(Millis::ZERO);
            self.next
                .iter()
                .filter(move |(_, next)| **next <= slot)
                .map(move |(shard, _)| (Tick { slot, shard: *shard }, delay))
        };
        (first..end).flat_map(slot).collect()
    }

    /// Notes what was sent, and says how many. What comes after a gap is not noted, so that the gap is sent.
    pub(super) fn note(&mut self, ticks: &[(Tick, Millis)]) -> u32 {
        for (tick, _) in ticks {
            if let Some(next) = self.next.get_mut(&tick.shard).filter(|next| **next == tick.slot) {
                *next = next.saturating_add(1);
            }
        }
        u32::try_from(ticks.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::from_millis(minutes * 60_000)
    }

    fn slots(due: &[(Tick, Millis)], shard: u8) -> Vec<i64> {
        due.iter().filter(|(tick, _)| tick.shard == shard).map(|(tick, _)| tick.slot).collect()
    }

    #[test]
    fn each_minute_sends_what_has_come_into_its_horizon() {
        let (mut sent, shards) = (Sent::default(), BTreeSet::from([3, 7]));
        let due = sent.due(&shards, minute(10));
        assert_eq!(slots(&due, 3), (60..72).collect::<Vec<_>>());
        assert_eq!(due.first().unwrap().0.slot, due.get(1).unwrap().0.slot, "the nearest slot of all shards first");
        sent.note(&due);
        assert_eq!(slots(&sent.due(&shards, minute(11)), 7), (72..78).collect::<Vec<_>>());
        assert_eq!(slots(&sent.due(&shards, minute(20)), 7), (120..132).collect::<Vec<_>>());
    }

    #[test]
    fn what_failed_is_sent_again_and_what_came_after_it_too() {
        let (mut sent, shards) = (Sent::default(), BTreeSet::from([3]));
        let due = sent.due(&shards, minute(10));
        sent.note(due.get(..4).unwrap());
        sent.note(due.get(8..).unwrap());
        assert_eq!(slots(&sent.due(&shards, minute(10)), 3), (64..72).collect::<Vec<_>>());
    }

    #[test]
    fn a_shard_that_nobody_watched_meanwhile_begins_anew() {
        let (mut sent, shards) = (Sent::default(), BTreeSet::from([3]));
        let due = sent.due(&shards, minute(10));
        sent.note(&due);
        assert!(sent.due(&BTreeSet::new(), minute(10)).is_empty());
        assert_eq!(slots(&sent.due(&shards, minute(10)), 3).len(), 12);
    }

    #[test]
    fn a_clock_that_was_put_back_sends_again() {
        let (mut sent, shards) = (Sent::default(), BTreeSet::from([3]));
        let due = sent.due(&shards, minute(100));
        sent.note(&due);
        assert_eq!(slots(&sent.due(&shards, minute(10)), 3).len(), 12);
    }
}
