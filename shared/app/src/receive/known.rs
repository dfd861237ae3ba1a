//! What one process knows between its requests: tokens that it has seen, and how fast they send.

use domain::clock::Timestamp;
use domain::ids::{Sha, TokenId, UserId};
use domain::limits;
use domain::rate::Bucket;
use domain::token::WebhookToken;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Only tokens that exist are kept: strangers cannot fill it, and a new token opens at once.
#[derive(Debug, Default)]
pub struct KnownTokens {
    tokens: Mutex<HashMap<(UserId, Sha), (WebhookToken, Timestamp)>>,
    buckets: Mutex<HashMap<TokenId, Bucket>>,
}

impl KnownTokens {
    pub(super) fn token(&self, user: &UserId, hash: &Sha, now: Timestamp) -> Option<WebhookToken> {
        let tokens = lock(&self.tokens);
        let (token, seen) = tokens.get(&(user.clone(), hash.clone()))?;
        (now.since(*seen) < limits::TOKEN_CACHE).then(|| token.clone())
    }

    pub(super) fn keep(&self, token: WebhookToken, now: Timestamp) {
        let mut tokens = lock(&self.tokens);
        make_room(&mut tokens);
        tokens.insert((token.user.clone(), token.hash.clone()), (token, now));
    }

    /// Counts one alert of the token; false where it has sent more than it may. Each process counts for itself.
    pub(super) fn admit(&self, token: &TokenId, now: Timestamp) -> bool {
        let mut buckets = lock(&self.buckets);
        make_room(&mut buckets);
        buckets.entry(token.clone()).or_insert_with(|| Bucket::full(now)).take(now)
    }
}

/// Forgetting all costs one look-up each, and is simpler than choosing.
fn make_room<K, V>(kept: &mut HashMap<K, V>) {
    if kept.len() >= limits::TOKENS_CACHED_MAX {
        kept.clear();
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
