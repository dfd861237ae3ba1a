//! Yield points: where a call to the outside stands, others run, and the plan may strike.

use super::{Sim, Strike};
use domain::clock::Millis;
use std::future::pending;

/// A call to the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Op {
    name: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Effect,
    VenueRead,
    VenueEffect,
}

/// How a call goes on. A crash does not: its future is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    Go,
    /// The effect is to happen; the caller must not hear of it.
    ReplyLost,
    /// The effect is not to happen.
    Refused,
    /// The request is to be held up on its way.
    Late,
    TooLate,
}

impl Op {
    pub const fn read(name: &'static str) -> Self {
        Self { name, kind: Kind::Read }
    }

    pub const fn effect(name: &'static str) -> Self {
        Self { name, kind: Kind::Effect }
    }

    pub const fn venue_read(name: &'static str) -> Self {
        Self { name, kind: Kind::VenueRead }
    }

    pub const fn venue_effect(name: &'static str) -> Self {
        Self { name, kind: Kind::VenueEffect }
    }

    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Of a read of the store a refusal and a lost reply are one and the same.
    pub fn is_store_read(self) -> bool {
        self.kind == Kind::Read
    }

    pub(super) fn is_effect(self) -> bool {
        matches!(self.kind, Kind::Effect | Kind::VenueEffect)
    }

    pub(super) fn is_venue(self) -> bool {
        matches!(self.kind, Kind::VenueRead | Kind::VenueEffect)
    }
}

impl Sim {
    /// Waits as long as the call takes, and says how it goes on.
    pub async fn point(&self, op: Op) -> Passage {
        let latency = self.0.dice.borrow_mut().latency(op);
        self.sleep(latency).await;
        let running = self.0.current.borrow().clone().expect("only tasks reach a yield point");
        let struck = if running.strikable { self.0.dice.borrow_mut().strike(op) } else { None };
        self.log(&running.name, struck, op.name);
        match struck.and_then(|(_, strike)| strike) {
            None => Passage::Go,
            Some(Strike::LoseReply) => Passage::ReplyLost,
            Some(Strike::Refuse) => Passage::Refused,
            Some(Strike::Late) => Passage::Late,
            Some(Strike::TooLate) => Passage::TooLate,
            Some(Strike::Crash) => {
                self.0.crashed.set(true);
                pending().await
            }
        }
    }

    /// From here on `chooser` says what strikes at a point, by its number, where no call is struck by its name.
    pub fn choose_by(&self, chooser: impl FnMut(usize, Op) -> Option<Strike> + 'static) {
        self.0.dice.borrow_mut().choose_by(Box::new(chooser));
    }

    /// The points that were numbered so far, in turn.
    pub fn ops(&self) -> Vec<Op> {
        self.0.dice.borrow().points().to_vec()
    }

    /// From here on nothing fails.
    pub fn end_faults(&self) {
        self.note(|| "faults end".to_owned());
        self.0.dice.borrow_mut().switch_off();
    }

    /// A throw of the dice: true `rate` times in a thousand, and never once the faults have ended.
    pub fn chance(&self, rate: u32) -> bool {
        let mut dice = self.0.dice.borrow_mut();
        rate > 0 && dice.is_on() && dice.rng().u32(..1_000) < rate
    }

    /// A number from 0 to `max`, both included.
    pub fn up_to(&self, max: u64) -> u64 {
        if max == 0 { 0 } else { self.0.dice.borrow_mut().rng().u64(0..=max) }
    }

    /// A span from zero to `max`.
    pub fn span_up_to(&self, max: Millis) -> Millis {
        let max = u64::try_from(max.get()).unwrap_or_default();
        Millis::new(i64::try_from(self.up_to(max)).unwrap_or_default())
    }
}
