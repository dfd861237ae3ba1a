//! Whose turn it is to ask with a key: the exchange wants a greater number with each of its requests.
//!
//! 1. With one key one request is under way at a time, and they leave in the order in which they were begun.
//! 2. A number is never behind the clock in microseconds, and greater than every one before it.
//! 3. Other processes have numbers of their own, close to these: where two ask at once with one key, the later may
//!    arrive first. The exchange refuses the other, which counts as a refusal for the clock and is decided anew. A key
//!    with a nonce window of 10000000 (ten seconds of such numbers) has no such refusals.

use app::ports::Secret;
use domain::clock::Timestamp;
use domain::ids::Sha;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

/// The last number of each key, which is known here by its hash alone.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<BTreeMap<Sha, Arc<Queue<u64>>>>);

/// The right to ask with a key. Whoever is next waits until it is dropped.
#[derive(Debug)]
pub(super) struct Turn(OwnedMutexGuard<u64>);

impl Turns {
    /// The next turn, once all before it are over.
    pub(super) async fn take(&self, key: &Secret) -> Turn {
        Turn(self.queue(key).lock_owned().await)
    }

    fn queue(&self, key: &Secret) -> Arc<Queue<u64>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(key.hash()).or_default())
    }
}

impl Turn {
    /// A number that was never used with this key, by this time.
    pub(super) fn nonce(&mut self, now: Timestamp) -> u64 {
        let clock = now.millis().unsigned_abs().saturating_mul(1_000);
        *self.0 = self.0.saturating_add(1).max(clock);
        *self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[tokio::test]
    async fn numbers_of_a_key_grow_even_where_the_clock_stands_or_goes_back() {
        let (turns, key) = (Turns::default(), Secret::new("key".to_owned()));
        let mut numbers = Vec::new();
        for ms in [1_000, 1_000, 999, 1_001, 5] {
            numbers.push(turns.take(&key).await.nonce(at(ms)));
        }
        assert_eq!(numbers, [1_000_000, 1_000_001, 1_000_002, 1_001_000, 1_001_001]);
    }

    #[tokio::test]
    async fn a_turn_waits_for_the_one_before_it_and_for_no_other_key() {
        let (turns, key) = (Turns::default(), Secret::new("key".to_owned()));
        let first = turns.take(&key).await;
        let second = turns.take(&key);
        tokio::pin!(second);
        assert!(tokio::time::timeout(std::time::Duration::ZERO, &mut second).await.is_err());
        let other = Secret::new("other".to_owned());
        assert!(tokio::time::timeout(std::time::Duration::ZERO, turns.take(&other)).await.is_ok());
        drop(first);
        second.await;
    }
}
