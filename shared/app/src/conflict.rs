//! Changes that are decided on rows as they were read, and written only if no other change came first.

use domain::limits::DECISIONS_PER_RUN_MAX;
use std::ops::ControlFlow;

/// Decides and writes until it is first. A try that answers `None` lost to another change; the next one reads the rows anew.
///
/// # Errors
/// The first error of a try, or `contended` after [`DECISIONS_PER_RUN_MAX`] tries.
pub async fn retry_on_conflict<T, E, F>(contended: E, mut decide: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<Option<T>, E>>,
{
    for _ in 0..DECISIONS_PER_RUN_MAX {
        if let Some(decided) = decide().await? {
            return Ok(decided);
        }
    }
    Err(contended)
}

/// The same, with a state that each try hands on to the next.
///
/// # Errors
/// As [`retry_on_conflict`].
pub async fn retry_from<S, T, E, F>(mut state: S, contended: E, mut decide: impl FnMut(S) -> F) -> Result<T, E>
where
    F: Future<Output = Result<ControlFlow<T, S>, E>>,
{
    for _ in 0..DECISIONS_PER_RUN_MAX {
        match decide(state).await? {
            ControlFlow::Break(decided) => return Ok(decided),
            ControlFlow::Continue(next) => state = next,
        }
    }
    Err(contended)
}
