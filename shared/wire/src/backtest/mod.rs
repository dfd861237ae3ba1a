//! What wakes `backtest-worker`, by the API and by its state machine, and what it answers.
//!
//! [`Asked`] is what somebody asks for, and [`KeptPart`] what is kept of what came of a part of it.
//!
//! 1. `{"v":1,"step":"…"}` with whose backtest it is. A higher `v` or an unknown step is an error of the caller's, who is newer.

pub mod asked;
pub mod figures;
mod kept;

pub use asked::{Asked, AskedFunding, AskedSweep};
pub use kept::{Exact, KeptItem, KeptPart, KeptTested, KeptTrade, pack, unpack, unpack_at_most};

use crate::text::Text;
use domain::ids::{BacktestId, UserId};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    v: u32,
    #[serde(flatten)]
    step: Step,
    pub user: Text<UserId>,
    pub backtest: Text<BacktestId>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
}

/// What it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Plays it, or has it spread.
    Begin,
    /// Says which parts it has.
    Plan,
    /// Plays one of them.
    Part { part: u32 },
    /// Puts together what came of all parts.
    Gather,
    /// Ends what came to nothing.
    Failed {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownWork(pub u32);

impl Work {
    pub fn new(step: Step, user: UserId, backtest: BacktestId, trace: String) -> Self {
        Self { v: VERSION, step, user: Text(user), backtest: Text(backtest), trace }
    }

    /// The same backtest's next step.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        Self { step, ..self.clone() }
    }

    /// What is to be done, once it is known here.
    ///
    /// # Errors
    /// Where it is a newer caller's.
    pub fn known(&self) -> Result<&Step, UnknownWork> {
        if self.v <= VERSION { Ok(&self.step) } else { Err(UnknownWork(self.v)) }
    }
}

/// The answer to a plan: what is to be played, a piece of work each; none where it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    v: u32,
    pub user: Text<UserId>,
    pub backtest: Text<BacktestId>,
    pub parts: Vec<Work>,
}

impl Planned {
    /// So many parts of this work's backtest.
    pub fn of(work: &Work, parts: u32) -> Self {
        let parts = (0..parts).map(|part| work.then(Step::Part { part })).collect();
        Self { v: VERSION, user: work.user.clone(), backtest: work.backtest.clone(), parts }
    }
}
