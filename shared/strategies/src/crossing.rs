//! The one way in which these strategies decide: a line crosses a level.

use crate::signal::{Action, Crossing, Pair, Rule, Signal, Why};
use domain::alert::Side;
use domain::clock::Millis;

/// On one bar, what an entry waits for and what an exit waits for.
pub(crate) type Both = [Pair; 2];

/// Waits for two crossings: of an entry, and of an exit.
#[derive(Debug, Clone)]
pub(crate) struct Crossings {
    enter: Rule,
    exit: Rule,
    /// Of both at once the exit is said, else the entry.
    leaves_first: bool,
    /// Where each UTC day has levels of its own, the one of the bar before, in days since 1970.
    day: Option<i64>,
    are_of_days: bool,
    before: Option<Both>,
    seen: usize,
    warm_up: usize,
}

impl Crossings {
    /// `warm_up` is the index of the first bar on which both pairs are defined.
    pub(crate) fn new(enter: Rule, exit: Rule, warm_up: usize) -> Self {
        Self { enter, exit, leaves_first: false, day: None, are_of_days: false, before: None, seen: 0, warm_up }
    }

    /// The same, where what crosses both levels at once has gone too far to be entered.
    pub(crate) fn leaving_first(self) -> Self {
        Self { leaves_first: true, ..self }
    }

    /// The same, where between two UTC days a level jumps, and no price crosses it.
    pub(crate) fn within_days(self) -> Self {
        Self { are_of_days: true, ..self }
    }

    pub(crate) fn warm_up(&self) -> usize {
        self.warm_up
    }

    /// After one bar more, which opens at `time_ms`.
    pub(crate) fn next(&mut self, time_ms: i64, now: Option<Both>) -> Signal {
        self.seen = self.seen.saturating_add(1);
        let begins_a_day = self.begins_a_day(time_ms);
        let before = std::mem::replace(&mut self.before, now).filter(|_| !begins_a_day);
        let (Some(now), Some(before)) = (now, before) else {
            let needed = self.warm_up.saturating_add(2);
            let is_warm = self.seen >= needed;
            let why = if is_warm { Why::Undefined } else { Why::WarmingUp { seen: self.seen, needed } };
            return Signal { action: Action::Hold, why };
        };
        let ([entry, left], [entry_before, left_before]) = (now, before);
        let leaves = left.has_crossed(&left_before, self.exit.direction);
        if entry.has_crossed(&entry_before, self.enter.direction) && !(leaves && self.leaves_first) {
            let crossing = Crossing { rule: self.enter, before: entry_before, now: entry };
            Signal { action: Action::Enter(Side::Long), why: Why::Crossed(crossing) }
        } else if leaves {
            let crossing = Crossing { rule: self.exit, before: left_before, now: left };
            Signal { action: Action::Exit, why: Why::Crossed(crossing) }
        } else {
            let why = Why::Between { enter: self.enter, exit: self.exit, at: now };
            Signal { action: Action::Hold, why }
        }
    }

    fn begins_a_day(&mut self, time_ms: i64) -> bool {
        let day = time_ms.div_euclid(Millis::DAY.get());
        self.are_of_days && self.day.replace(day) != Some(day)
    }
}
