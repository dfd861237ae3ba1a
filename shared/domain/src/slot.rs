//! Slots of the watch: ten seconds each, in which every account is looked at once.

use crate::clock::{Millis, Timestamp};
use crate::limits;

/// The slot of this time.
pub const fn at(now: Timestamp) -> i64 {
    now.millis().div_euclid(limits::SLOT.get())
}

/// When a slot begins.
pub const fn begins(slot: i64) -> Timestamp {
    Timestamp::from_millis(slot.saturating_mul(limits::SLOT.get()))
}

/// The last slot that may have begun by another clock. A later one is of none.
pub const fn latest(now: Timestamp) -> i64 {
    at(now).saturating_add(limits::SLOTS_AHEAD_MAX)
}

/// Whether a tick of this slot says what time it is: it has not waited for long, and is not of the future.
pub fn is_believed(slot: i64, now: Timestamp) -> bool {
    slot <= latest(now) && now.since(begins(slot)) <= limits::TICK_LATE_MAX
}

/// The slot that a tick's pass is made for: that of now, if its own is not believed. No position is unwatched because somebody's
/// clock is wrong, or because many old ticks lie in the queue.
pub fn served(slot: i64, now: Timestamp) -> i64 {
    if is_believed(slot, now) { slot } else { at(now) }
}

/// How far a tick's slot is from now, on either side.
pub fn distance(slot: i64, now: Timestamp) -> Millis {
    Millis::new(now.since(begins(slot)).get().saturating_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_760_000_037_000);
    const SLOT: i64 = 176_000_003;

    #[test]
    fn slot_of_tick_is_served_within_its_bounds_and_that_of_now_beyond_them() {
        assert_eq!(at(NOW), SLOT);
        assert_eq!([-5, 0, 3].map(|ahead| served(SLOT + ahead, NOW)), [SLOT - 5, SLOT, SLOT + 3]);
        assert_eq!([-6, 4, 720].map(|ahead| served(SLOT + ahead, NOW)), [SLOT; 3]);
        assert_eq!([i64::MIN, i64::MAX].map(|slot| served(slot, NOW)), [SLOT; 2]);
    }

    #[test]
    fn tick_of_another_time_is_far_on_either_side() {
        let far = [SLOT - 720, SLOT + 720].map(|slot| distance(slot, NOW));
        assert_eq!(far, [Millis::seconds(7_207), Millis::seconds(7_193)]);
        assert!(distance(i64::MAX, NOW) > Millis::DAY && distance(i64::MIN, NOW) > Millis::DAY);
    }
}
