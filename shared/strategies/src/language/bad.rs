//! What is wrong with rules.

/// A field of rules that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {allowed}")]
pub struct BadRules {
    /// Its path: `entry.all[1].left.period`; `rules` for the whole.
    pub field: String,
    /// What it must be, or that it is not known and what is.
    pub allowed: String,
}

impl BadRules {
    pub(super) fn new(field: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { field: field.into(), allowed: allowed.into() }
    }

    pub(super) fn whole(allowed: impl Into<String>) -> Self {
        Self::new("rules", allowed)
    }
}
