//! Writes that met another transaction or a throttle: not a lost race, only bad luck. They are repeated for a while.

use crate::config::Patience;
use std::time::Duration;
use store::StoreError;
use tokio::time::Instant;

const PAUSES_MAX: u32 = 8;
const PAUSE_MS_MIN: u64 = 10;
const PAUSE_MS_MAX: u64 = 200;

/// What is left of the patience of one write.
#[derive(Debug)]
pub struct Conflicts {
    until: Instant,
    pauses: u32,
}

impl Conflicts {
    pub(crate) fn new(patience: Patience) -> Self {
        Self { until: Instant::now() + patience.conflicts, pauses: 0 }
    }

    /// Waits before the next try; an error gives up.
    pub(crate) async fn pause(&mut self) -> Result<(), StoreError> {
        let pause = jittered();
        if self.pauses >= PAUSES_MAX || Instant::now() + pause > self.until {
            return Err(StoreError::Unavailable("other writes were in the way, again and again".to_owned()));
        }
        self.pauses = self.pauses.saturating_add(1);
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// Anywhere between the bounds, so that two writers do not meet again.
fn jittered() -> Duration {
    let spread = PAUSE_MS_MAX.saturating_sub(PAUSE_MS_MIN);
    let random = getrandom::u32().map_or(spread / 2, u64::from);
    Duration::from_millis(PAUSE_MS_MIN.saturating_add(random.checked_rem(spread).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_within_its_bounds() {
        let (shortest, longest) = (Duration::from_millis(PAUSE_MS_MIN), Duration::from_millis(PAUSE_MS_MAX));
        assert!((0..100).map(|_| jittered()).all(|pause| shortest <= pause && pause < longest));
    }
}
