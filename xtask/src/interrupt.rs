//! Ctrl-C, a closed terminal or `kill`: nothing is cut off in the middle, whoever waits is woken and cleans up.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result, While};

static CAME: Mutex<bool> = Mutex::new(false);
static WAKE: Condvar = Condvar::new();

pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        *CAME.lock().unwrap_or_else(PoisonError::into_inner) = true;
        WAKE.notify_all();
    })
    .while_doing("listening for Ctrl-C")
}

pub(crate) fn came() -> bool {
    *CAME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Goes on as if none had come: for cleaning up, which the next one ends.
pub(crate) fn forget() {
    *CAME.lock().unwrap_or_else(PoisonError::into_inner) = false;
}

/// Waits that long; an interruption ends the wait at once, and the command with it.
pub(crate) fn pause(time: Duration) -> Result<()> {
    let until = Instant::now() + time;
    let mut came = CAME.lock().unwrap_or_else(PoisonError::into_inner);
    while !*came {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        came = WAKE.wait_timeout(came, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    Err(Failure::interrupted())
}

/// Waits that long even when interrupted: for cleaning up.
pub(crate) fn rest(time: Duration) {
    let nobody = Condvar::new();
    let alone = Mutex::new(());
    let guard = alone.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = nobody.wait_timeout(guard, time);
}
