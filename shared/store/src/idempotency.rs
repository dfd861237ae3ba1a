//! Requests that are done once, however often they are sent: those with an `Idempotency-Key`.
//!
//! 1. The row of a key is put by the first transaction of its request: what is done, and that it is done, stand together.
//! 2. If the row of another request stands there, the transaction is not applied.
//! 3. The answer is written when it is known. Until then, and if it was lost, the row says that the request was begun.
//! 4. Without a key nothing is read and nothing written.

use crate::condition::{KEY_FREE, REQUEST_OWN};
use crate::engine::Engine;
use crate::error::{CommitError, StoreError};
use crate::item::{text, time, to_item, to_value, ttl};
use crate::key::{Key, Table};
use crate::rows::Rows;
use crate::write::{Kind, Write};
use domain::clock::Timestamp;
use domain::ids::{Sha, UserId};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wire::stored::{Answer, KeyedRequest};

/// One request with a key, which its engine carries along.
#[derive(Debug, Default)]
pub struct Once(Mutex<State>);

/// How far it is.
#[derive(Debug, Default)]
enum State {
    /// Who asks is not known yet.
    #[default]
    New,
    /// Nothing was changed so far.
    Begun(Box<Begun>),
    /// Its row stands, with what was changed.
    Applied(Box<Begun>),
    /// Another request of this user with the same key was first.
    Taken(UserId),
    /// Whether its first transaction was applied is not known.
    Unknown,
}

/// The row of a key, before it is put.
#[derive(Debug, Clone)]
pub struct Begun {
    pub user: UserId,
    /// Of the route and the key.
    pub key: Sha,
    pub row: KeyedRequest,
    /// An unfinished request, in whose place it is put.
    pub instead_of: Option<KeyedRequest>,
}

impl Once {
    /// From here on the first transaction puts this row.
    pub fn begin(&self, begun: Begun) {
        *self.state() = State::Begun(Box::new(begun));
    }

    /// Another request with the same key was first: this one does nothing.
    pub fn take(&self, user: UserId) {
        *self.state() = State::Taken(user);
    }

    /// Whose other request was first.
    pub fn taken_from(&self) -> Option<UserId> {
        match &*self.state() {
            State::Taken(user) => Some(user.clone()),
            _ => None,
        }
    }

    /// What a transaction has to put besides.
    ///
    /// # Errors
    /// `Unavailable`: what this request has changed is not known, so that it changes nothing more.
    pub(crate) fn due(&self, writes: &[Write], now: Timestamp) -> Result<Option<Write>, StoreError> {
        match &*self.state() {
            State::Begun(begun) if writes.iter().any(|write| write.kind != Kind::Check) => begun.put(now).map(Some),
            State::Unknown => Err(StoreError::Unavailable("whether this request was applied is not known".to_owned())),
            _ => Ok(None),
        }
    }

    /// Notes what became of the transaction with its row.
    pub(crate) fn came_to(&self, applied: &Result<(), CommitError>) {
        let mut state = self.state();
        *state = match (std::mem::take(&mut *state), applied) {
            (State::Begun(begun), Ok(())) => State::Applied(begun),
            (State::Begun(_), Err(CommitError::Store(_))) => State::Unknown,
            (state, _) => state,
        };
    }

    pub(crate) fn lost(&self) {
        let mut state = self.state();
        *state = match std::mem::take(&mut *state) {
            State::Begun(begun) => State::Taken(begun.user),
            state => state,
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request as it stands, and whether its row does.
    fn begun(&self) -> Option<(Begun, bool)> {
        match &*self.state() {
            State::Begun(begun) => Some((Begun::clone(begun), false)),
            State::Applied(begun) => Some((Begun::clone(begun), true)),
            _ => None,
        }
    }
}

impl Begun {
    fn put(&self, now: Timestamp) -> Result<Write, StoreError> {
        let seen = self.instead_of.as_ref().map_or("", |seen| seen.request.0.as_str());
        let put = Write::replace(key(&self.user, &self.key), to_item(&self.row)?).when(KEY_FREE);
        let put = put.given("now", time(now)).given("seen_request", text(seen));
        Ok(put.set("ttl", ttl(Timestamp::from_millis(self.row.ends_at))))
    }
}

/// Requests with keys.
#[derive(Debug)]
pub struct KeyedRequests<'a, E>(pub &'a E);

impl<E: Engine> KeyedRequests<'_, E> {
    /// None where the key is free.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find(&self, user: &UserId, of: &Sha, now: Timestamp) -> Result<Option<KeyedRequest>, StoreError> {
        let row: Option<KeyedRequest> = Rows(self.0).load(&key(user, of)).await?;
        Ok(row.filter(|row| row.ends_at > now.millis()))
    }

    /// Keeps the answer of a request: with the row that it has put, or with one of its own if it changed nothing.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep(&self, once: &Once, answer: Answer, now: Timestamp) -> Result<(), StoreError> {
        let write = match once.begun() {
            None => return Ok(()),
            Some((begun, true)) => {
                own(Write::update(key(&begun.user, &begun.key)), &begun).set("answer", to_value(&answer)?)
            }
            Some((mut begun, false)) => {
                begun.row.answer = Some(answer);
                begun.put(now)?
            }
        };
        Rows(self.0).send(write).await.map(drop)
    }

    /// Frees the key of a request that was applied in part: it may be done again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn free(&self, once: &Once) -> Result<(), StoreError> {
        match once.begun() {
            Some((begun, true)) => {
                Rows(self.0).send(own(Write::delete(key(&begun.user, &begun.key)), &begun)).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Deletes all keys of a user.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn forget(&self, user: &UserId) -> Result<(), StoreError> {
        Rows(self.0).forget(Table::Identity, &partition(user), |_| true).await
    }
}

/// If it is the row of this very request.
fn own(write: Write, begun: &Begun) -> Write {
    write.when(REQUEST_OWN).given("own_request", text(begun.row.request.0.as_str()))
}

/// Apart from the user, so that every function with an API may write there and nowhere else.
fn partition(user: &UserId) -> String {
    format!("IDM#{user}")
}

fn key(user: &UserId, of: &Sha) -> Key {
    Key::new(Table::Identity, partition(user), of.as_str())
}
