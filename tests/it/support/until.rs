//! Looking again until something is there.

use std::fmt::Debug;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Longer than the messages of three executors that died one after another, a fence of time and two passes together.
const PATIENCE: Duration = Duration::from_secs(440);
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What `look` finds in the end.
///
/// # Panics
/// Where it finds nothing in time.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    until_told(what, async || look().await.ok_or("nothing")).await
}

/// The same, where whoever looks says what stands there instead.
///
/// # Panics
/// Where it finds nothing in time, with what stood there in the end.
pub(crate) async fn until_told<T, E: Debug>(what: &str, mut look: impl AsyncFnMut() -> Result<T, E>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(instead) => assert!(Instant::now() < deadline, "waited too long for {what}: {instead:#?}"),
        }
        sleep(LOOK_EVERY).await;
    }
}
