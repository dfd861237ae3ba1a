//! Writes of rows as the world makes them: a refusal of the service is a violation, whatever the caller makes of it.

use super::World;
use super::table::{Action, Refused};
use app::ports::StoreError;
use domain::ids::AttemptId;
use store::memory;

impl World {
    /// False where a guard did not hold.
    pub(super) fn all_or_none(&self, actions: Vec<Action<'_>>, stamp: Option<&AttemptId>) -> Result<bool, StoreError> {
        let now = self.sim().now();
        match self.table_mut().transact(actions, stamp, now) {
            Ok(()) => Ok(true),
            Err(Refused::Guard) => Ok(false),
            Err(limit) => Err(self.unavailable(limit)),
        }
    }

    /// Writes without a question.
    pub(super) fn seed_row(&self, write: store::Write) {
        let now = self.sim().now();
        assert_eq!(self.table_mut().apply(&[write], now), Ok::<(), memory::Refused>(()));
    }

    /// What the service would not look at is a violation, whatever the caller makes of it.
    pub(super) fn unavailable(&self, refused: Refused) -> StoreError {
        match refused {
            Refused::Guard => StoreError::Unavailable("a write without a condition was refused".to_owned()),
            Refused::Limit(what) => {
                self.sim().violation(&*what);
                StoreError::Unavailable(what)
            }
        }
    }
}
