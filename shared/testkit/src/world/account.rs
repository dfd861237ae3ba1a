//! Accounts, their standing, and markets.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused};
use crate::sim::Op;
use app::ports::{
    ActivateAccount, Audit, BeginPass, FindAccount, KeepDrift, KeepFees, KeepLooks, KeepOut, KeepVenuePause,
    ListAccounts, ListActive, LoadAccount, MarkLimited, RememberExit, SetHalt, StoreError, Told, WriteBalance,
};
use domain::account::{Account, Halt};
use domain::audit::Shelf;
use domain::clock::Timestamp;
use domain::drift::Drift;
use domain::fees::Fees;
use domain::ids::{AccountId, UserId};
use domain::looks::Wanted;
use domain::market::{Asset, Exchange, Symbol};
use domain::money::Amount;
use domain::seat::Seat;
use domain::shard;
use std::collections::{BTreeMap, BTreeSet};
use store::identity::stands;
use store::trading::as_it_says;

impl FindAccount for World {
    async fn find_account(
        &self,
        user: &UserId,
        exchange: &Exchange,
        label: &str,
    ) -> Result<Option<AccountId>, StoreError> {
        self.call(Op::read("find_account"), |world| {
            let place = format!("{}{exchange}#{label}", key::account_entries(user));
            world.table().get(&place).and_then(Item::as_entry).cloned()
        })
        .await
    }
}

impl LoadAccount for World {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        self.try_call(Op::read("load_account"), |world| {
            world.readable(account.as_str())?;
            Ok(world.table().account(account).cloned())
        })
        .await
    }
}

impl ListAccounts for World {
    async fn list_accounts(&self, user: &UserId) -> Result<Vec<AccountId>, StoreError> {
        self.call(Op::read("list_accounts"), |world| {
            world.table().prefixed(key::account_entries(user)).filter_map(Item::as_entry).cloned().collect()
        })
        .await
    }
}

impl ListActive for World {
    async fn list_active(&self, of: u8) -> Result<Vec<AccountId>, StoreError> {
        self.list(Op::read("list_active"), |item| match item {
            Item::Account { account, active: true } if shard::of(account.id.as_str()) == of => Some(account.id.clone()),
            _ => None,
        })
        .await
    }

    async fn active_shards(&self) -> Result<BTreeSet<u8>, StoreError> {
        let shards = self.list(Op::read("active_shards"), |item| match item {
            Item::Account { account, active: true } => Some(shard::of(account.id.as_str())),
            _ => None,
        });
        Ok(shards.await?.into_iter().collect())
    }
}

impl BeginPass for World {
    async fn begin_pass(&self, account: &AccountId, slot: i64, latest: i64) -> Result<Option<Account>, StoreError> {
        self.call(Op::effect("begin_pass"), |world| {
            let begun = world.change_account(
                account,
                |account| slot <= latest && (account.pass_slot < slot || account.pass_slot > latest),
                |account, _| account.pass_slot = slot,
            );
            begun.then(|| world.table().account(account).cloned()).flatten()
        })
        .await
    }

    async fn retire(&self, account: &AccountId) -> Result<(), StoreError> {
        self.call(Op::effect("retire"), |world| {
            let rests = |account: &Account| account.open_groups == 0 && account.looks.wanted.is_none();
            world.change_account(account, rests, |_, active| *active = false);
        })
        .await
    }
}

impl ActivateAccount for World {
    async fn activate(&self, account: &AccountId, wanted: &Wanted) -> Result<(), StoreError> {
        self.call(Op::effect("activate"), |world| {
            world.change_account(
                account,
                |_| true,
                |account, active| {
                    account.looks.wanted = Some(wanted.clone());
                    *active = true;
                },
            );
        })
        .await
    }
}

impl KeepLooks for World {
    async fn mark_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("mark_late"), |world| {
            world.change_account(account, |_| true, |known, _| _ = known.looks.late.insert(market.clone(), at));
        })
        .await
    }

    async fn end_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("end_late"), |world| {
            let as_seen = |known: &Account| known.looks.late.get(market) == Some(&at);
            world.change_account(account, as_seen, |known, _| _ = known.looks.late.remove(market));
        })
        .await
    }

    async fn keep_wanted(&self, account: &AccountId, left: &Wanted) -> Result<(), StoreError> {
        self.call(Op::effect("keep_wanted"), |world| {
            let as_seen = |known: &Account| known.looks.wanted.as_ref().is_some_and(|wanted| wanted.at == left.at);
            world.change_account(account, as_seen, |known, _| known.looks.wanted = Some(left.clone()));
        })
        .await
    }

    async fn end_wanted(&self, account: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("end_wanted"), |world| {
            let as_seen = |known: &Account| known.looks.wanted.as_ref().is_some_and(|wanted| wanted.at == at);
            world.change_account(account, as_seen, |known, _| known.looks.wanted = None);
        })
        .await
    }
}

impl MarkLimited for World {
    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError> {
        self.try_call(Op::effect("mark_limited"), |world| {
            let mark = Action::update(
                key::account(account),
                |_| true,
                move |item| {
                    if let Item::Account { account, .. } = item {
                        account.limited = limited;
                    }
                },
            );
            world.all_or_none(vec![Action::row(as_it_says(user, limited)), mark], None)
        })
        .await
    }
}

impl RememberExit for World {
    async fn remember_exit(&self, account: &Account, seat: &Seat, event_at: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("remember_exit"), |world| {
            let outdated = account.outdated_exit(world.sim().now());
            let outdated = outdated.map(|(seat, at)| (seat.clone(), at));
            world.change_account(
                &account.id,
                |known| known.exits.get(seat).is_none_or(|known| *known <= event_at),
                |known, _| {
                    known.exits.insert(seat.clone(), event_at);
                    if let Some((outdated, raised_at)) = outdated
                        && known.exits.get(&outdated) == Some(&raised_at)
                    {
                        known.exits.remove(&outdated);
                    }
                },
            );
        })
        .await
    }
}

impl WriteBalance for World {
    async fn write_balance(
        &self,
        seen: &Account,
        balances: &BTreeMap<Asset, Amount>,
        times: Told,
    ) -> Result<bool, StoreError> {
        self.call(Op::effect("write_balance"), |world| {
            world.change_account(
                &seen.id,
                |account| {
                    let is_older =
                        account.balance_at < times.asked_at || account.balance_at.is_of_the_future(times.told_at);
                    is_older && account.filled_at == seen.filled_at
                },
                |account, _| {
                    account.balances.clone_from(balances);
                    account.balance_at = times.asked_at;
                    account.balance_told_at = times.told_at;
                },
            )
        })
        .await
    }
}

impl KeepDrift for World {
    async fn keep_drift(&self, account: &AccountId, drift: &Drift, seen: &Drift) -> Result<bool, StoreError> {
        self.call(Op::effect("keep_drift"), |world| {
            let as_seen =
                |known: &Drift| known.is_empty() == seen.is_empty() && (seen.is_empty() || known.at == seen.at);
            let kept = if drift.is_empty() { Drift::default() } else { drift.clone() };
            world.change_account(account, |account| as_seen(&account.drift), |account, _| account.drift = kept)
        })
        .await
    }
}

impl KeepVenuePause for World {
    async fn keep_venue_pause(
        &self,
        account: &AccountId,
        until: Timestamp,
        latest: Timestamp,
    ) -> Result<bool, StoreError> {
        self.call(Op::effect("keep_venue_pause"), |world| {
            let is_none = |known: Timestamp| known < until || known > latest;
            let is_longer = |account: &Account| account.venue_paused_until.is_none_or(is_none);
            world.change_account(account, is_longer, |account, _| account.venue_paused_until = Some(until))
        })
        .await
    }
}

impl KeepFees for World {
    async fn keep_fees(&self, account: &AccountId, seen: &Fees, next: &Fees) -> Result<(), StoreError> {
        if seen == next {
            return Ok(());
        }
        self.call(Op::effect("keep_fees"), |world| {
            world.change_account(
                account,
                |_| true,
                |known, _| {
                    merge(&mut known.fees.wanted, &seen.wanted, &next.wanted);
                    merge(&mut known.fees.known, &seen.known, &next.known);
                    if seen.of != next.of {
                        known.fees.of.clone_from(&next.of);
                    }
                },
            );
        })
        .await
    }
}

/// What differs from what was seen takes its place; what others have written since stays.
fn merge<K: Ord + Clone, T: PartialEq + Clone>(
    known: &mut BTreeMap<K, T>,
    seen: &BTreeMap<K, T>,
    next: &BTreeMap<K, T>,
) {
    known.retain(|name, _| next.contains_key(name) || !seen.contains_key(name));
    let changed = next.iter().filter(|(name, value)| seen.get(*name) != Some(*value));
    known.extend(changed.map(|(name, value)| (name.clone(), value.clone())));
}

impl SetHalt for World {
    async fn set_halt(
        &self,
        account: &AccountId,
        halt: Option<&Halt>,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("set_halt"), |world| {
            let lifts = move |halt: &Halt| halt.kept_out.is_none() && (in_person || !halt.by_person);
            let free = move |row: &Item| matches!(row, Item::Account { account, .. } if account.halted.as_ref().is_none_or(lifts));
            world.write_halt(account, free, halt, None, audit)
        })
        .await
    }
}

impl KeepOut for World {
    async fn keep_out(
        &self,
        account: &AccountId,
        user: &UserId,
        halt: &Halt,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_out"), |world| {
            let standing = Action::row(stands(user, halt.kept_out.is_none()));
            world.write_halt(account, |_| true, Some(halt), Some(standing), audit)
        })
        .await
    }
}

impl World {
    fn write_halt(
        &self,
        account: &AccountId,
        guard: impl Fn(&Item) -> bool,
        halt: Option<&Halt>,
        standing: Option<Action<'_>>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let set = Action::update(key::account(account), guard, |row| {
            if let Item::Account { account, .. } = row {
                account.halted = halt.cloned();
            }
        });
        let told = Action::record(Shelf::Trading, audit);
        let actions = [set, told].into_iter().chain(standing).collect();
        match self.table_mut().transact(actions, Some(&audit.attempt), self.sim().now()) {
            Ok(()) => Ok(true),
            Err(Refused::Guard) => Ok(false),
            Err(limit) => Err(self.unavailable(limit)),
        }
    }

    fn change_account(
        &self,
        id: &AccountId,
        guard: impl Fn(&Account) -> bool,
        change: impl FnOnce(&mut Account, &mut bool),
    ) -> bool {
        let meant = |row: &Item| matches!(row, Item::Account { account, .. } if guard(account));
        let action = Action::update(key::account(id), meant, |row| {
            if let Item::Account { account, active } = row {
                change(account, active);
            }
        });
        let changed = self.table_mut().transact(vec![action], None, self.sim().now());
        changed.map_err(|refused| self.unavailable(refused)).is_ok()
    }
}
