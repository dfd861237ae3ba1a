//! Accounts as their owner keeps them: rows of two tables, changed in one transaction.
//!
//! Entries stand beside deliveries, which nobody may delete: one that is not needed any more is marked as closed.

use crate::client::Aws;
use crate::keys;
use crate::{account, paper};
use app::ports::{
    Audit, Book, ChangeAccount, Groups, Idle, KeptAccount, ListAccounts, ListKeptAccounts, LoadAccount, LoadQuota,
    OpenAccount, StoreError,
};
use domain::account::Account;
use domain::ids::{AccountId, UserId};
use domain::vault::AccountState;
use store::audit;
use store::condition::{ABSENT, NO_OPEN_GROUP, PLACE_FREE, PLACE_TAKEN, PRESENT};
use store::item::{number, text, to_item};
use store::trading::{as_it_says, none_begun_since};
use store::vault::{Vault, credential_gone, credential_row, state_changed, state_row};
use store::{Key, Value, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl ListKeptAccounts for Aws {
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError> {
        let mut kept = Vec::new();
        for id in self.list_accounts(user).await? {
            // The version first: what is read after it is as new or newer, so a change on that version overwrites nothing
            // that it has not seen. The other way round an old limit would come back under the newest version.
            let state = Vault(self).load_account_state(&id).await?;
            let account = self.load_account(&id).await?;
            // An entry is found by its name alone: whose the account is, the account says.
            let Some(account) = account.filter(|account| account.user == *user) else { continue };
            let key = Vault(self).load_credential(&id).await?;
            kept.push(KeptAccount { account, state: state.unwrap_or_default(), key });
        }
        Ok(kept)
    }
}

impl OpenAccount for Aws {
    async fn open_account(&self, kept: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError> {
        let quota = self.load_quota(&kept.account.user).await?;
        let limited = quota.is_some_and(|quota| quota.positions.is_some());
        let account = &Account { limited, ..kept.account.clone() };
        let mut writes = vec![
            as_it_says(&account.user, limited),
            state_row(&account.id, &kept.state)?.when(ABSENT),
            Write::insert(keys::listed_account(&account.id), &entry(&account.id))?,
            Write::replace(keys::account(&account.id), account::item(account)?).when(ABSENT),
            taken(account)?,
            audit::row(audit)?,
        ];
        if let Some(key) = &kept.key {
            writes.push(credential_row(&account.id, key)?.when(ABSENT));
        }
        if let Some(book) = book {
            writes.push(Write::replace(keys::book(&book.account), to_item(&paper::book_row(book))?).when(ABSENT));
        }
        self.settled(writes, audit).await
    }
}

impl ChangeAccount for Aws {
    async fn change_account(
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
        self.settled(writes, audit).await
    }

    async fn close_account(&self, seen: &KeptAccount, bots: u64, audit: &Audit) -> Result<bool, StoreError> {
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
        self.settled(writes, audit).await
    }
}

impl Aws {
    pub(crate) async fn settled(&self, writes: Vec<Write>, audit: &Audit) -> Result<bool, StoreError> {
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

fn next(seen: &KeptAccount) -> u64 {
    seen.state.version.saturating_add(1)
}

fn entry(account: &AccountId) -> stored::AccountEntry {
    stored::AccountEntry { v: Schema, account: Text(account.clone()), closed: false }
}

/// Whatever stood there was somebody's before.
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
            let write = if forgets { account::without_balances(write, &seen.account, &to.account) } else { write };
            account::limits(&to.account)?.into_iter().fold(write, |write, (name, value)| write.set(name, value))
        }
    };
    let write = if groups == Groups::NoneOpen { write.when(NO_OPEN_GROUP).given("none", number(0)) } else { write };
    Ok(Some(write))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Patience, Place};
    use crate::fake::{connected, server};
    use serde_json::json;
    use std::sync::mpsc::channel;

    /// Else a change writes what another one has replaced, under the version of that one.
    #[tokio::test]
    async fn the_version_of_an_account_is_read_before_what_stands_under_it() {
        let (user, account) = (UserId::of(&["ann"]), AccountId::of(&["main"]));
        let entry = json!({"v": {"N": "1"}, "account": {"S": account.as_str()}});
        let (told, heard) = channel();
        // A table with one entry of an account and no other row.
        let url = server(move |asked| {
            let row = asked["Key"]["sk"]["S"].as_str();
            let answer = if row.is_some() { json!({}) } else { json!({"Items": [entry], "Count": 1}) };
            let _unheard = told.send(row.unwrap_or("entries").to_owned());
            (200, answer.to_string())
        });
        let config = Config::new(Patience::WORKER).with(Place::Trading, "trading").with(Place::Vault, "vault");
        let aws = connected(url, config).await;
        assert_eq!(aws.list_kept_accounts(&user).await, Ok(Vec::new()));
        let asked: Vec<_> = heard.try_iter().collect();
        assert_eq!(asked, ["entries", "F", &keys::account(&account).sk]);
    }
}
