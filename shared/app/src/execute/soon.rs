//! Passes for an account on which nothing was live: the minute has sent it no ticks, and will not before it comes again.
//!
//! Until then its first position has nobody else to look at its stop, nor at fills that its venue does not answer with. A
//! slot that is served twice is served once; where these ticks cannot be sent, the minute's own are in time for the next.

use crate::ports::{Queues, Tick};
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::{limits, shard};
use store::Engine;

/// Sends the ticks of all slots until those of the next minute are surely on their way.
pub(super) async fn watch<D: Engine + Queues>(deps: &D, account: &AccountId) {
    let now = deps.now();
    let _else_by_the_minute = deps.send_ticks(&ticks(account, now), now).await;
}

fn ticks(account: &AccountId, now: Timestamp) -> Vec<(Tick, Millis)> {
    let (slot, shard) = (limits::SLOT.get(), shard::of(account.as_str()));
    let next_minute = now.millis().div_euclid(MINUTE).saturating_add(1).saturating_mul(MINUTE);
    let end = Timestamp::from_millis(next_minute).plus(limits::MINUTE_LATE_MAX);
    let first = now.millis().div_euclid(slot).saturating_add(1);
    let starts = |slot_number: i64| Timestamp::from_millis(slot_number.saturating_mul(slot));
    (first..)
        .take_while(|number| starts(*number) < end)
        .map(|number| (Tick { slot: number, shard }, starts(number).since(now)))
        .collect()
}

const MINUTE: i64 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::TICKS_PER_CALL_MAX;

    fn slots(second: i64) -> Vec<(i64, i64)> {
        let ticks = ticks(&AccountId::of(&["a"]), Timestamp::from_millis(second * 1_000));
        ticks.iter().map(|(tick, delay)| (tick.slot, delay.get())).collect()
    }

    #[test]
    fn every_slot_until_the_next_minute_is_surely_under_way_has_a_tick() {
        assert_eq!(slots(57), [(6, 3_000), (7, 13_000)]);
        assert_eq!(slots(39), [(4, 1_000), (5, 11_000), (6, 21_000), (7, 31_000)]);
        assert_eq!(slots(60).len(), 7);
    }

    #[test]
    fn one_call_takes_them_all() {
        assert!((0..120).all(|second| slots(second).len() <= TICKS_PER_CALL_MAX));
    }
}
