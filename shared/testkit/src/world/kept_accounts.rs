//! Accounts as their owner keeps them: what finds them, their right to enter and their key are rows of their own.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Table, Write};
use crate::sim::Op;
use app::ports::{Audit, Book, ChangeAccount, Groups, Idle, KeptAccount, ListKeptAccounts, OpenAccount, StoreError};
use domain::account::Account;
use domain::audit::Shelf;
use domain::ids::{AccountId, UserId};
use domain::vault::AccountState;
use store::condition::ABSENT;
use store::trading::{as_it_says, none_begun_since};
use store::vault::{credential_gone, credential_row, state_changed, state_row};

impl ListKeptAccounts for World {
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError> {
        self.call(Op::read("list_kept_accounts"), |world| {
            let table = world.table();
            let found = table.prefixed(key::account_entries(user)).filter_map(Item::as_entry);
            found.filter_map(|account| kept(&table, account)).collect()
        })
        .await
    }
}

impl OpenAccount for World {
    async fn open_account(&self, new: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("open_account"), |world| {
            let limited = world.table().quota(&new.account.user).is_some_and(|quota| quota.positions.is_some());
            let account = Account { limited, ..new.account.clone() };
            let mut actions = vec![
                Action::row(as_it_says(&account.user, limited)),
                Action::put_on_absence(key::account_entry(&account), Item::AccountEntry(account.id.clone())),
                Action::row(state_row(&account.id, &new.state).expect("a state").when(ABSENT)),
                on_record(audit),
            ];
            if let Some(key) = &new.key {
                let row = credential_row(&new.account.id, key).expect("a secret");
                actions.push(Action::row(row.when(ABSENT)));
            }
            if let Some(book) = book {
                actions.push(Action::put_on_absence(key::book(&account.id), Item::Book(book.clone())));
            }
            let row = Item::Account { account, active: false };
            actions.push(Action::put_on_absence(key::account(&new.account.id), row));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

impl ChangeAccount for World {
    async fn change_account(
        &self,
        seen: &KeptAccount,
        to: &KeptAccount,
        idle: Idle,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("change_account"), |world| {
            let mut actions = of_state(seen, to);
            actions.push(on_record(audit));
            let (from, place) = (key::account_entry(&seen.account), key::account_entry(&to.account));
            if from != place {
                actions.push(Action { write: Write::Delete, ..present(from) });
                actions.push(Action::put_on_absence(place, Item::AccountEntry(to.account.id.clone())));
            }
            let (next, forgets) = (to.account.clone(), to.forgets_balances(seen));
            let is_allowed = allowed(idle.groups);
            let guard = move |item: &Item| is_allowed(item) && (!forgets || has_balances_of(item, &seen.account));
            actions.push(Action::update(key::account(&to.account.id), guard, move |item| {
                if let Item::Account { account, .. } = item {
                    account.label = next.label;
                    account.limits = next.limits;
                    if forgets {
                        account.balances = next.balances;
                        account.balance_at = next.balance_at;
                        account.balance_told_at = next.balance_told_at;
                        account.filled_at = next.filled_at;
                    }
                }
            }));
            actions.extend(idle.bots.map(|changes| Action::row(none_begun_since(&seen.account.user, changes))));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }

    async fn close_account(&self, seen: &KeptAccount, bots: u64, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("close_account"), |world| {
            let version = seen.state.version.saturating_add(1);
            let address = None;
            let state = AccountState { enabled: false, validated: false, address, version, ..seen.state.clone() };
            let mut actions = of_state(seen, &KeptAccount { state, key: None, ..seen.clone() });
            actions.push(Action { write: Write::Delete, ..present(key::account_entry(&seen.account)) });
            actions.push(Action::require(key::account(&seen.account.id), allowed(Groups::NoneOpen)));
            actions.push(Action::row(none_begun_since(&seen.account.user, bots)));
            actions.push(on_record(audit));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

/// Both rows of the right to enter, in the place of the version that was seen.
fn of_state<'a>(seen: &KeptAccount, to: &KeptAccount) -> Vec<Action<'a>> {
    let id = &seen.account.id;
    let state = state_changed(id, &seen.state, &to.state).expect("a state");
    let secret = match &to.key {
        Some(key) => credential_row(id, key).expect("a secret"),
        None => credential_gone(id),
    };
    vec![Action::row(state), Action::row(secret)]
}

fn present<'a>(key: String) -> Action<'a> {
    Action::require(key, |_| true)
}

fn allowed(groups: Groups) -> impl Fn(&Item) -> bool {
    move |item| match item {
        Item::Account { account, .. } => groups == Groups::Any || account.open_groups == 0,
        _ => false,
    }
}

fn has_balances_of(item: &Item, seen: &Account) -> bool {
    let as_seen = |account: &Account| (account.balance_at, account.filled_at) == (seen.balance_at, seen.filled_at);
    matches!(item, Item::Account { account, .. } if as_seen(account))
}

fn on_record(audit: &Audit) -> Action<'_> {
    Action::record(Shelf::Trading, audit)
}

fn kept(table: &Table, id: &AccountId) -> Option<KeptAccount> {
    let account: Account = match table.get(&key::account(id))? {
        Item::Account { account, .. } => account.clone(),
        _ => return None,
    };
    let state = table.account_state(id).unwrap_or_default();
    let key = table.credential(id);
    Some(KeptAccount { account, state, key })
}
