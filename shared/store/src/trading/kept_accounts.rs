//! Accounts as their owner keeps them: rows of two tables, changed in one transaction.
//!
//! Entries stand beside deliveries, which no function may delete: one that is not needed any more is marked as closed.

use super::Trading;
use super::account::{account_rows, limits, without_balances};
use super::bots::none_begun_since;
use super::keys;
use super::paper::{Book, book_row};
use super::quotas::as_it_says;
use super::risk::is_ruled;
use crate::audit;
use crate::condition::{ABSENT, NO_OPEN_GROUP, PLACE_FREE, PLACE_TAKEN, PRESENT};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{number, text};
use crate::key::Key;
use crate::rows::Rows;
use crate::value::Value;
use crate::vault::Credential;
use crate::vault::{Vault, credential_gone, credential_row, state_changed, state_row};
use crate::write::Write;
use domain::account::Account;
use domain::audit::Audit;
use domain::ids::{AccountId, UserId};
use domain::vault::AccountState;
use wire::stored::{self, Schema};
use wire::text::Text;

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
    /// What [`Trading::bot_changes`] said before none was seen to trade with it; none where they may go on.
    pub bots: Option<u64>,
}

impl From<Groups> for Idle {
    fn from(groups: Groups) -> Self {
        Self { groups, bots: None }
    }
}

impl<E: Engine> Trading<'_, E> {
    /// On record, and found from now on by its exchange and label; with a book where the paper venue holds it. False
    /// where an account of the user has this label there. It asks for its user's quota where that limits them, and for risk
    /// rules where its user keeps any.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn open_account(
        &self,
        kept: &KeptAccount,
        book: Option<&Book>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let quota = self.load_quota(&kept.account.user).await?;
        let limited = quota.is_some_and(|quota| quota.positions.is_some());
        let ruled = self.load_risk_count(&kept.account.user).await?.is_some();
        let account = &Account { limited, ruled, ..kept.account.clone() };
        let [listed, row, _] = account_rows(account)?.map(|row| row.when(ABSENT));
        let mut writes = vec![
            as_it_says(&account.user, limited),
            is_ruled(&account.user, ruled),
            state_row(&account.id, &kept.state)?.when(ABSENT),
            listed,
            row,
            taken(account)?,
        ];
        if let Some(key) = &kept.key {
            writes.push(credential_row(&account.id, key)?.when(ABSENT));
        }
        writes.push(audit::row(audit)?);
        if let Some(book) = book {
            writes.push(book_row(book)?.when(ABSENT));
        }
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// All of a user, as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError> {
        let mut kept = Vec::new();
        for id in self.list_accounts(user).await? {
            // The version first: what is read after it is as new or newer, so a change on that version overwrites nothing
            // that it has not seen. The other way round an old limit would come back under the newest version.
            let state = Vault(self.0).load_account_state(&id).await?;
            let account = self.load_account(&id).await?;
            // An entry is found by its name alone: whose the account is, the account says.
            let Some(account) = account.filter(|account| account.user == *user) else { continue };
            let key = Vault(self.0).load_credential(&id).await?;
            kept.push(KeptAccount { account, state: state.unwrap_or_default(), key });
        }
        Ok(kept)
    }

    /// On record, in the place of what was seen: its label, its right to enter, its key; and that its balances are not known
    /// any more. False where another change was first, where another account has the label, where other balances were
    /// written meanwhile that are to be forgotten, or where something goes on that must not.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn change_account(
        &self,
        seen: &KeptAccount,
        to: &KeptAccount,
        idle: Idle,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let id = &seen.account.id;
        let mut writes = vec![state_changed(id, &seen.state, &to.state)?, audit::row(audit)?];
        let renamed = seen.account.label != to.account.label;
        if renamed {
            writes.push(left(&seen.account));
            writes.push(taken(&to.account)?);
        }
        writes.extend(of_account(seen, to, idle.groups)?);
        writes.extend(idle.bots.map(|changes| none_begun_since(&seen.account.user, changes)));
        match &to.key {
            key if *key == seen.key => {}
            // Another secret: nothing that was said of the one before is said of it.
            Some(key) => writes.push(credential_row(id, key)?),
            None => writes.push(credential_gone(id)),
        }
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// On record, where no group is open and no bot was started since (see [`Idle::bots`]): it
    /// is found no more, may not enter, and has no key and no address. What it traded stays.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn close_account(&self, seen: &KeptAccount, bots: u64, audit: &Audit) -> Result<bool, StoreError> {
        let id = &seen.account.id;
        let (address, version) = (None, next(seen));
        let ended = AccountState { enabled: false, validated: false, address, version, ..seen.state.clone() };
        let mut writes = vec![
            state_changed(id, &seen.state, &ended)?,
            left(&seen.account),
            Write::delete(keys::listed_account(id)),
            credential_gone(id),
            audit::row(audit)?,
        ];
        writes.extend(of_account(seen, seen, Groups::NoneOpen)?);
        writes.push(none_begun_since(&seen.account.user, bots));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

fn next(seen: &KeptAccount) -> u64 {
    seen.state.version.saturating_add(1)
}

fn entry(account: &AccountId) -> stored::AccountEntry {
    stored::AccountEntry { v: Schema, account: Text(account.clone()), closed: false }
}

/// In the place of what stood there, where that is closed.
fn taken(account: &Account) -> Result<Write, StoreError> {
    let write = Write::upsert(entry_of(account), &entry(&account.id))?;
    Ok(write.when(PLACE_FREE).given("yes", Value::Bool(true)))
}

fn left(account: &Account) -> Write {
    Write::update(entry_of(account)).set("closed", Value::Bool(true)).when(PLACE_TAKEN)
}

fn entry_of(account: &Account) -> Key {
    keys::account_entry(&account.user, &account.exchange, &account.label)
}

/// Of the account's own row: its label and limits, its balances where they are forgotten, and whether a group is open.
fn of_account(seen: &KeptAccount, to: &KeptAccount, groups: Groups) -> Result<Option<Write>, StoreError> {
    let row = keys::account(&to.account.id);
    let forgets = to.forgets_balances(seen);
    let is_same = !forgets && (&seen.account.label, seen.account.limits) == (&to.account.label, to.account.limits);
    let write = match (is_same, groups) {
        (true, Groups::Any) => return Ok(None),
        (true, Groups::NoneOpen) => Write::check(row),
        (false, _) => {
            let write = Write::update(row).when(PRESENT).set("label", text(&to.account.label));
            let write = if forgets { without_balances(write, &seen.account, &to.account) } else { write };
            limits(&to.account)?.into_iter().fold(write, |write, (name, value)| write.set(name, value))
        }
    };
    let write = if groups == Groups::NoneOpen { write.when(NO_OPEN_GROUP).given("none", number(0)) } else { write };
    Ok(Some(write))
}
