//! What wakes `housekeeping`: its schedule, and itself where one run was not enough.

use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;
const KIND: &str = "night";
/// Runs that follow on one another before the rest is left to another night.
const TURNS_MAX: u32 = 50;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    v: u32,
    #[serde(rename = "type")]
    kind: String,
    /// How many runs of this night were before it.
    #[serde(default)]
    turn: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is {kind} of v {v}, and {KIND} of v {VERSION} is known here")]
pub struct UnknownNight {
    kind: String,
    v: u32,
}

impl Night {
    /// The same, once it is known here.
    ///
    /// # Errors
    /// Where it is a newer caller's.
    pub fn known(self) -> Result<Self, UnknownNight> {
        if self.v <= VERSION && self.kind == KIND { Ok(self) } else { Err(UnknownNight { kind: self.kind, v: self.v }) }
    }

    /// The run after this one, under the same trace; none once there were enough.
    pub fn next(&self, trace: String) -> Option<Self> {
        let turn = self.turn.saturating_add(1);
        (turn < TURNS_MAX).then(|| Self { turn, trace, ..self.clone() })
    }
}
