//! Requests that are done once, however often they are sent: those with an `Idempotency-Key`.
//!
//! 1. The row of a key is put by the first transaction of its request: what is done, and that it is done, stand together.
//! 2. If the row of another request stands there, the transaction is not applied.
//! 3. The answer is written when it is known. Until then, and if it was lost, the row says that the request was begun.
//! 4. Without a key nothing is read and nothing written.

use crate::condition::{KEY_FREE, REQUEST_OWN};
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{text, time, to_item, to_value, ttl};
use crate::key::{Key, Table};
use crate::rows::Rows;
use crate::write::{Kind, Write};
use domain::clock::Timestamp;
use domain::ids::{Sha, UserId};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wire::stored::{Answer, KeyedRequest};

pub(crate) const TAKEN: &str = "another request with this key was first";

/// One request with a key, which its engine carries along.
#[derive(Debug, Default)]
pub struct Once(Mutex<State>);

/// How far it is.
#[derive(Debug, Default)]
enum State {
    /// Who asks is not known yet.
    #[default]
    New,
    /// Who asks is known, and the row that it is to put.
    Begun(Box<Stands>),
    /// Another request of this user with the same key was first.
    Taken(UserId),
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

/// A request as it stands.
#[derive(Debug, Clone)]
struct Stands {
    begun: Begun,
    /// Whether its row stands with what was changed, as far as is known.
    is_put: bool,
}

impl Once {
    /// From here on the first transaction puts this row.
    pub fn begin(&self, begun: Begun) {
        *self.state() = State::Begun(Box::new(Stands { begun, is_put: false }));
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
    /// `Unavailable`: another request with this key was first, so that this one changes nothing.
    pub(crate) fn due(&self, writes: &[Write], now: Timestamp) -> Result<Option<Write>, StoreError> {
        let changes = writes.iter().any(|write| write.kind != Kind::Check);
        match &*self.state() {
            State::Begun(stands) if changes && !stands.is_put => stands.begun.put(now).map(Some),
            State::Taken(_) => Err(StoreError::Unavailable(TAKEN.to_owned())),
            _ => Ok(None),
        }
    }

    /// Its row was put. If that is not known, the next transaction puts it again.
    pub(crate) fn applied(&self) {
        if let State::Begun(stands) = &mut *self.state() {
            stands.is_put = true;
        }
    }

    /// Another request has put the row; not if it was this one.
    pub(crate) fn lost(&self) {
        let mut state = self.state();
        let user = match &*state {
            State::Begun(stands) if !stands.is_put => stands.begun.user.clone(),
            _ => return,
        };
        *state = State::Taken(user);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stands(&self) -> Option<Stands> {
        match &*self.state() {
            State::Begun(stands) => Some(Stands::clone(stands)),
            State::New | State::Taken(_) => None,
        }
    }
}

impl Begun {
    fn put(&self, now: Timestamp) -> Result<Write, StoreError> {
        let seen = self.instead_of.as_ref().map_or("", |seen| seen.request.0.as_str());
        let put = Write::replace(key(&self.user, &self.key), to_item(&self.row)?).when(KEY_FREE);
        let put = put.given("now", time(now)).given("seen_request", text(seen));
        let put = put.given("own_request", text(self.row.request.0.as_str()));
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

    /// Keeps the answer of a request: with the row that it has put, or with one of its own if it changed nothing. False if another
    /// request with this key was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep(&self, once: &Once, answer: Answer, now: Timestamp) -> Result<bool, StoreError> {
        let write = match once.stands() {
            None => return Ok(true),
            Some(Stands { begun, is_put: true }) => {
                own(Write::update(key(&begun.user, &begun.key)), &begun).set("answer", to_value(&answer)?)
            }
            Some(Stands { mut begun, is_put: false }) => {
                begun.row.answer = Some(answer);
                begun.put(now)?
            }
        };
        let is_kept = matches!(Rows(self.0).send(write).await?, Written::Done(_));
        if !is_kept {
            once.lost();
        }
        Ok(is_kept)
    }

    /// Frees the key of a request that was applied in part, or may have been: it may be done again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn free(&self, once: &Once) -> Result<(), StoreError> {
        let Some(Stands { begun, .. }) = once.stands() else { return Ok(()) };
        Rows(self.0).send(own(Write::delete(key(&begun.user, &begun.key)), &begun)).await.map(drop)
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
