//! What the store answers beside rows.

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Try again: throttled, timed out, or the answer was lost.
    #[error("the store or queue cannot be reached now: {0}")]
    Unavailable(String),
    /// A row that this code cannot read: a bug or a newer writer. Never written over.
    #[error("a stored row cannot be read: {0}")]
    Unreadable(String),
}

impl StoreError {
    /// For logs: a stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "store_unavailable",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// A row that this code cannot read or write.
    pub fn unreadable(error: impl std::fmt::Display) -> Self {
        Self::Unreadable(error.to_string())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Another change was first: reload and decide again.
    #[error("another change was first")]
    LostRace,
    #[error(transparent)]
    Store(#[from] StoreError),
}
