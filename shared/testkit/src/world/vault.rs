//! The vault's rows.

use super::World;
use super::item::{Item, key};
use super::readback::paged;
use super::table::{Action, Table, Write};
use crate::sim::Op;
use app::ports::{
    Audit, Claim, ClaimHolder, Credential, DayBalances, KeepCredential, KeepDayBalances, KeepLease, LeaseTaken,
    ListDayBalances, ListLeases, LoadCredential, MindAccountState, MoveCredential, NoteAnswers, Page, PageRequest,
    ReadLeases, Sealed, StoreError,
};
use domain::audit::Shelf;
use domain::ids::{AccountId, CredentialId, HolderId};
use domain::vault::{AccountState, VenueAnswers};
use std::collections::BTreeSet;

impl KeepLease for World {
    async fn keep_lease(&self, taken: &LeaseTaken) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_lease"), |world| {
            let row = Action::put_on_absence(key::lease(taken), Item::Lease(taken.clone()));
            world.all_or_none(vec![row], None).map(drop)
        })
        .await
    }
}

impl ListLeases for World {
    async fn list_leases(&self, credential: &CredentialId) -> Result<Vec<LeaseTaken>, StoreError> {
        self.call(Op::read("list_leases"), |world| {
            let taken: Vec<_> = world.table().prefixed(key::leases(credential)).filter_map(lease).collect();
            taken.into_iter().rev().collect()
        })
        .await
    }
}

impl ReadLeases for World {
    async fn opened_on(&self, day: i64) -> Result<Vec<CredentialId>, StoreError> {
        self.call(Op::read("opened_on"), |world| {
            let table = world.table();
            let taken = table.prefixed(key::ALL_LEASES.to_owned()).filter_map(lease);
            let opened = taken.filter(|taken| taken.at.day() == day).map(|taken| taken.binding.credential);
            opened.collect::<BTreeSet<_>>().into_iter().collect()
        })
        .await
    }

    async fn leases_on(
        &self,
        day: i64,
        credential: &CredentialId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LeaseTaken>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_wanted = |taken: &LeaseTaken| taken.at.day() == day && after.is_none_or(|after| *taken.place() > *after);
        self.call(Op::read("leases_on"), |world| {
            let table = world.table();
            let taken = table.prefixed(key::leases(credential)).filter_map(lease);
            taken.filter(is_wanted).take(limit).collect()
        })
        .await
    }
}

impl LoadCredential for World {
    async fn load_credential(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        self.call(Op::read("load_credential"), |world| {
            world.table().get(&key::credential(account)).and_then(credential)
        })
        .await
    }
}

impl KeepCredential for World {
    async fn keep_credential(
        &self,
        account: &AccountId,
        credential: Option<&Credential>,
        seen: &AccountState,
        state: &AccountState,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_credential"), |world| {
            let write = credential.map_or(Write::Delete, |credential| Write::Put(Item::Credential(credential.clone())));
            let secret = Action { key: key::credential(account), guard: Box::new(|_| true), write };
            world.all_or_none(vec![secret, changed(account, seen, state), on_record(audit)], Some(&audit.attempt))
        })
        .await
    }
}

impl MoveCredential for World {
    async fn move_credential(&self, account: &AccountId, seen: &Credential, to: &Sealed) -> Result<bool, StoreError> {
        self.try_call(Op::effect("move_credential"), |world| {
            let is_seen = |item: &Item| {
                let kept = credential(item);
                kept.is_some_and(|kept| kept.id == seen.id && kept.sealed.sealed_at == seen.sealed.sealed_at)
            };
            let moved = Action::update(key::credential(account), is_seen, |item| {
                if let Item::Credential(kept) = item {
                    kept.sealed = to.clone();
                }
            });
            world.all_or_none(vec![moved], None)
        })
        .await
    }
}

impl MindAccountState for World {
    async fn load_account_state(&self, account: &AccountId) -> Result<Option<AccountState>, StoreError> {
        self.call(Op::read("load_account_state"), |world| match world.table().get(&key::standing(account)) {
            Some(Item::Standing(state)) => Some(state.clone()),
            _ => None,
        })
        .await
    }

    async fn keep_account_state(
        &self,
        account: &AccountId,
        seen: &AccountState,
        state: &AccountState,
        audit: Option<&Audit>,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_account_state"), |world| {
            let actions = [changed(account, seen, state)].into_iter().chain(audit.map(on_record));
            world.all_or_none(actions.collect(), None)
        })
        .await
    }
}

impl ClaimHolder for World {
    async fn load_claim(&self, of: &HolderId) -> Result<Option<Claim>, StoreError> {
        self.call(Op::read("load_claim"), |world| match world.table().get(&key::claim(of)) {
            Some(Item::Claim(claim)) => Some(claim.clone()),
            _ => None,
        })
        .await
    }

    async fn keep_claim(&self, claim: &Claim, seen: &AccountState, state: &AccountState) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_claim"), |world| {
            let before = claim.version.saturating_sub(1);
            let is_before = move |row: Option<&Item>| match row {
                Some(Item::Claim(kept)) => kept.version == before,
                Some(_) => false,
                None => before == 0,
            };
            let write = Write::Put(Item::Claim(claim.clone()));
            let row = Action { key: key::claim(&claim.of), guard: Box::new(is_before), write };
            world.all_or_none(vec![changed(&claim.account, seen, state), row], None)
        })
        .await
    }
}

impl NoteAnswers for World {
    async fn list_answers(&self) -> Result<Vec<VenueAnswers>, StoreError> {
        let answers = |item: &Item| if let Item::Answers(answers) = item { Some(answers.clone()) } else { None };
        self.call(Op::read("list_answers"), |world| {
            world.table().prefixed(key::ALL_ANSWERS.to_owned()).filter_map(answers).collect()
        })
        .await
    }

    async fn keep_answers(&self, answers: &VenueAnswers) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_answers"), |world| {
            let put = Action::put(key::answers(answers), Item::Answers(answers.clone()));
            world.all_or_none(vec![put], None).map(drop)
        })
        .await
    }
}

impl KeepDayBalances for World {
    async fn keep_day_balances(&self, balances: &DayBalances) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_day_balances"), |world| {
            let is_newer = |row: Option<&Item>| row.and_then(day).is_none_or(|kept| kept.at < balances.at);
            let write = Write::Put(Item::DayBalances(balances.clone()));
            let key = key::day_balances(&balances.account, balances.day);
            world.all_or_none(vec![Action { key, guard: Box::new(is_newer), write }], None).map(drop)
        })
        .await
    }
}

impl ListDayBalances for World {
    async fn list_day_balances(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<DayBalances>, StoreError> {
        let days = self
            .call(Op::read("list_day_balances"), |world| {
                world.table().prefixed(key::all_day_balances(account)).filter_map(day).collect()
            })
            .await?;
        Ok(paged(days, page, |balances: &DayBalances| format!("{:010}", balances.day)))
    }
}

impl Table {
    pub fn credential(&self, account: &AccountId) -> Option<&Credential> {
        if let Some(Item::Credential(credential)) = self.get(&key::credential(account)) {
            Some(credential)
        } else {
            None
        }
    }
}

fn changed<'a>(account: &AccountId, seen: &'a AccountState, state: &'a AccountState) -> Action<'a> {
    let is_seen = |item: &Item| matches!(item, Item::Standing(kept) if kept.version == seen.version);
    Action::update(key::standing(account), is_seen, |item| *item = Item::Standing(state.clone()))
}

fn on_record(audit: &Audit) -> Action<'_> {
    Action::record(Shelf::Vault, audit)
}

fn lease(item: &Item) -> Option<LeaseTaken> {
    if let Item::Lease(taken) = item { Some(taken.clone()) } else { None }
}

fn credential(item: &Item) -> Option<Credential> {
    if let Item::Credential(credential) = item { Some(credential.clone()) } else { None }
}

fn day(item: &Item) -> Option<DayBalances> {
    if let Item::DayBalances(balances) = item { Some(balances.clone()) } else { None }
}
