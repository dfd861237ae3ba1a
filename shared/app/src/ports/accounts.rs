//! Accounts as their owner keeps them.

use super::{Audit, Book, Credential, StoreError};
use domain::account::Account;
use domain::ids::UserId;
use domain::vault::AccountState;

/// An account with its right to enter and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    pub account: Account,
    /// Its version is the resource's.
    pub state: AccountState,
    pub key: Option<Credential>,
}

impl KeptAccount {
    /// Whether it knows nothing any more of the balances that were seen: they are of another wallet.
    pub fn forgets_balances(&self, seen: &Self) -> bool {
        self.account.balances != seen.account.balances || self.account.balance_at != seen.account.balance_at
    }
}

pub trait ListKeptAccounts {
    /// All of a user, as they are now.
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError>;
}

pub trait OpenAccount {
    /// On record, and found from now on by its exchange and label; with a book where the paper venue holds it. False
    /// where an account of the user has this label there. It asks for its user's quota where that limits them.
    async fn open_account(&self, kept: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError>;
}

/// What a change asks of the account's groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    Any,
    /// None is open.
    NoneOpen,
}

/// What must not go on while an account is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle {
    pub groups: Groups,
    /// What [`super::CountRunning::bot_changes`] said before none was seen to trade with it; none where they may go on.
    pub bots: Option<u64>,
}

impl From<Groups> for Idle {
    fn from(groups: Groups) -> Self {
        Self { groups, bots: None }
    }
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
