//! Accounts as their owner keeps them.

use super::{Audit, Book, StoreError};
use domain::ids::UserId;
use store::Engine;
use store::trading::Trading;

pub use store::trading::{Groups, Idle, KeptAccount};

pub trait ListKeptAccounts {
    /// All of a user, as they are now.
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError>;
}

pub trait OpenAccount {
    /// On record, and found from now on by its exchange and label; with a book where the paper venue holds it. False
    /// where an account of the user has this label there. It asks for its user's quota where that limits them.
    async fn open_account(&self, kept: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError>;
}

pub trait ChangeAccount {
    /// On record, in the place of what was seen: its label, its right to enter, its key; and that its balances are not known
    /// any more. False where another change was first, where another account has the label, where other balances were
    /// written meanwhile that are to be forgotten, or where something goes on that must not.
    async fn change_account(
        &self,
        seen: &KeptAccount,
        to: &KeptAccount,
        idle: Idle,
        audit: &Audit,
    ) -> Result<bool, StoreError>;

    /// On record, where no group is open and no bot was started since (see [`Idle::bots`]): it
    /// is found no more, may not enter, and has no key and no address. What it traded stays.
    async fn close_account(&self, seen: &KeptAccount, bots: u64, audit: &Audit) -> Result<bool, StoreError>;
}

impl<E: Engine> ListKeptAccounts for E {
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError> {
        Trading(self).list_kept_accounts(user).await
    }
}

impl<E: Engine> OpenAccount for E {
    async fn open_account(&self, kept: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError> {
        Trading(self).open_account(kept, book, audit).await
    }
}

impl<E: Engine> ChangeAccount for E {
    async fn change_account(
        &self,
        seen: &KeptAccount,
        to: &KeptAccount,
        idle: Idle,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Trading(self).change_account(seen, to, idle, audit).await
    }

    async fn close_account(&self, seen: &KeptAccount, bots: u64, audit: &Audit) -> Result<bool, StoreError> {
        Trading(self).close_account(seen, bots, audit).await
    }
}
