//! What wakes `bot-runner`: a candle that has closed, and a clock of its own for where none comes.

use crate::candle::Told;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Woken {
    Told(Box<Told>),
    Clock(Clock),
}

/// Looks for runs that hear nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    v: u32,
    #[serde(rename = "type")]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "look")]
    Look,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownClock(pub u32);

impl Clock {
    pub fn look() -> Self {
        Self { v: VERSION, kind: Kind::Look }
    }

    /// # Errors
    /// Where it is a newer writer's.
    pub fn known(&self) -> Result<(), UnknownClock> {
        if self.v <= VERSION { Ok(()) } else { Err(UnknownClock(self.v)) }
    }
}
