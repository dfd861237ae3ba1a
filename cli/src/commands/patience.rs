//! Waiting for what a deployment does after it has answered.

use std::thread;
use std::time::{Duration, Instant};

/// How long a cold function may take.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(500);

/// Looks again until it is there, or has had time enough to be.
pub(super) fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        wait();
        if let Some(found) = look() {
            return Some(found);
        }
    }
    None
}

#[allow(clippy::disallowed_methods, reason = "a person looks on; nothing of the money path waits here")]
fn wait() {
    thread::sleep(LOOK);
}
