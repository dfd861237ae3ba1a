//! Looking again until something is there.

use std::fmt::Debug;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Longer than the messages of three executors that died one after another, a fence of time and two passes together.
const PATIENCE: Duration = Duration::from_secs(440);
/// From the first look on, each time a quarter longer: ten tests wait at once, and what looks takes from what they wait for.
const LOOK_SOON: Duration = Duration::from_millis(250);
const LOOK_EVERY: Duration = Duration::from_secs(1);

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
    let (deadline, mut pause) = (Instant::now() + PATIENCE, LOOK_SOON);
    loop {
        match look().await {
            Ok(found) => return found,
            Err(instead) => assert!(Instant::now() < deadline, "waited too long for {what}: {instead:#?}"),
        }
        sleep(pause).await;
        pause = LOOK_EVERY.min(pause.mul_f64(1.25));
    }
}
