//! What became of secrets in one run that puts them under the key that is used now.

use domain::limits::RESEAL_FAILURES_TOLD_MAX;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resealed {
    pub moved: u32,
    /// Under that key already.
    #[serde(default)]
    pub stays: u32,
    pub failed: u32,
    /// The first of those that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Unmoved>,
    /// Ask again with this; none where all were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Whose secret was not moved, and the stable word for why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmoved {
    pub of: String,
    pub code: String,
}

/// What was done with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    /// There is none.
    Missing,
    Stays,
    Moved,
}

impl Resealed {
    pub fn count(&mut self, of: &impl Display, done: Result<Renewed, &str>) {
        match done {
            Ok(Renewed::Missing) => {}
            Ok(Renewed::Stays) => self.stays = self.stays.saturating_add(1),
            Ok(Renewed::Moved) => self.moved = self.moved.saturating_add(1),
            Err(code) => {
                self.failed = self.failed.saturating_add(1);
                self.tell([Unmoved { of: of.to_string(), code: code.to_owned() }]);
            }
        }
    }

    /// With the run that went on from here.
    #[must_use]
    pub fn and(mut self, next: Self) -> Self {
        self.tell(next.failures);
        Self {
            moved: self.moved.saturating_add(next.moved),
            stays: self.stays.saturating_add(next.stays),
            failed: self.failed.saturating_add(next.failed),
            failures: self.failures,
            after: next.after,
        }
    }

    fn tell(&mut self, failures: impl IntoIterator<Item = Unmoved>) {
        let room = RESEAL_FAILURES_TOLD_MAX.saturating_sub(self.failures.len());
        self.failures.extend(failures.into_iter().take(room));
    }
}
