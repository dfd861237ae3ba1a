//! The clocks of functions: each shows the one time of the simulation, unless a story sets it ahead or behind.

use super::Sim;
use domain::clock::{Millis, Timestamp};

impl Sim {
    /// From here on the clock of every run of this function is so far ahead, or behind where that is below zero.
    pub fn set_clock(&self, function: &'static str, ahead: Millis) {
        self.note(|| format!("the clock of {function} is {} s ahead", ahead.get() / 1_000));
        self.0.clocks.borrow_mut().insert(function, ahead);
    }

    /// What the clock shows of whichever function runs now.
    pub fn shown(&self) -> Timestamp {
        let running = self.0.current.borrow();
        let clocks = self.0.clocks.borrow();
        let ahead = running.as_ref().and_then(|running| clocks.get(&*running.name)).copied();
        self.now().plus(ahead.unwrap_or_default())
    }
}
