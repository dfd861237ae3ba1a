//! Looking again until something is there.

use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Longer than a dead executor's message, a fence of time and two passes together.
const PATIENCE: Duration = Duration::from_secs(240);
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What `look` finds in the end.
///
/// # Panics
/// Where it finds nothing in time.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited too long for {what}");
        sleep(LOOK_EVERY).await;
    }
}
