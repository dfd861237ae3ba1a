//! Somebody who is forgotten.

use super::{Audit, StoreError};
use domain::audit::Chain;
use domain::identity::User;
use domain::ids::UserId;
use domain::logs::Note;
use store::Engine;
use store::audit::Audits;
use store::identity::Identity;
use store::trading::Trading;

pub trait BlankUser {
    /// Somebody who was removed: nobody else asks for them.
    async fn load_removed(&self, user: &UserId) -> Result<Option<User>, StoreError>;

    /// Of who was removed no more is kept than this; on record, and on the version that was seen. False where another
    /// change was first.
    async fn blank_user(&self, kept: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError>;
}

pub trait ForgetAddresses {
    /// Rows of a chain do not say any more from where its user asked; the chain holds.
    async fn forget_audited(&self, chain: &Chain) -> Result<(), StoreError>;

    /// Neither do entries about somebody in a day of the system log.
    async fn forget_noted(&self, user: &UserId, day: i64) -> Result<(), StoreError>;
}

pub trait ForgetInbox {
    /// Nothing is left of a person's inbox, nor of from where they came.
    async fn forget_inbox(&self, user: &UserId) -> Result<(), StoreError>;
}

pub trait NotesOf {
    /// Entries about somebody in a day of the system log, oldest first.
    async fn notes_of(&self, user: &UserId, day: i64) -> Result<Vec<Note>, StoreError>;
}

impl<E: Engine> BlankUser for E {
    async fn load_removed(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        Identity(self).load_removed(user).await
    }

    async fn blank_user(&self, kept: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).blank_user(kept, seen, audit).await
    }
}

impl<E: Engine> NotesOf for E {
    async fn notes_of(&self, user: &UserId, day: i64) -> Result<Vec<Note>, StoreError> {
        Identity(self).notes_of(user, day).await
    }
}

impl<E: Engine> ForgetAddresses for E {
    async fn forget_audited(&self, chain: &Chain) -> Result<(), StoreError> {
        Audits(self).forget_addresses(chain).await
    }

    async fn forget_noted(&self, user: &UserId, day: i64) -> Result<(), StoreError> {
        Identity(self).forget_noted(user, day).await
    }
}

impl<E: Engine> ForgetInbox for E {
    async fn forget_inbox(&self, user: &UserId) -> Result<(), StoreError> {
        Trading(self).forget_inbox(user).await
    }
}
