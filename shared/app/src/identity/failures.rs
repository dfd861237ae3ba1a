//! Work of several parts, of which one that fails keeps none of the others from being done.

use super::IdentityError;

/// What has failed first.
#[derive(Debug, Default)]
pub(super) struct Failures(Option<IdentityError>);

impl Failures {
    /// What a part came to, where it did not fail.
    pub(super) fn note<T>(&mut self, done: Result<T, impl Into<IdentityError>>) -> Option<T> {
        match done {
            Ok(done) => Some(done),
            Err(error) => {
                self.0.get_or_insert_with(|| error.into());
                None
            }
        }
    }

    /// What all of it came to.
    pub(super) fn or<T>(self, done: T) -> Result<T, IdentityError> {
        self.0.map_or(Ok(done), Err)
    }
}
