//! Roles, plans and permissions of a deployment's own, each counted by whatever gives and takes it.

use super::World;
use super::identity::on_record;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, DefinitionChange, KeepDefinition, LoadDefinition, StoreError};
use domain::identity::{Definition, DefinitionKind, DefinitionName, Grant, Scope, User};
use std::collections::BTreeSet;

impl LoadDefinition for World {
    async fn load_definition(&self, name: &DefinitionName) -> Result<Option<Definition>, StoreError> {
        self.call(Op::read("load_definition"), |world| world.table().get(&key::definition(name)).and_then(kept)).await
    }

    async fn list_definitions(&self, kind: DefinitionKind) -> Result<Vec<Definition>, StoreError> {
        self.call(Op::read("list_definitions"), |world| {
            world.table().prefixed(key::definitions(kind)).filter_map(kept).collect()
        })
        .await
    }
}

impl KeepDefinition for World {
    async fn keep_definition(&self, change: &DefinitionChange, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_definition"), |world| {
            let mut actions = vec![on_record(audit)];
            actions.extend(changed(change));
            let carried = |of: &Option<Definition>| of.as_ref().map(Definition::carries).unwrap_or_default();
            let (before, after) = (carried(&change.seen), carried(&change.to));
            let named = |scopes: BTreeSet<Scope>| scopes.into_iter().map(DefinitionName::Permission).collect();
            actions.extend(handed(&named(&before - &after), &named(&after - &before)));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

/// Of somebody who is gone.
pub(super) fn left<'a>(user: &User) -> Vec<Action<'a>> {
    handed(&user.holds(), &BTreeSet::new())
}

/// Of somebody new.
pub(super) fn taken<'a>(user: &User) -> Vec<Action<'a>> {
    handed(&BTreeSet::new(), &user.holds())
}

/// Of somebody who has others now.
pub(super) fn held<'a>(before: &User, after: &User) -> Vec<Action<'a>> {
    let (before, after) = (before.holds(), after.holds());
    handed(&(&before - &after), &(&after - &before))
}

/// Each is as it was when this was reckoned.
pub(super) fn reckoned_by<'a>(grant: &Grant) -> Vec<Action<'a>> {
    let check = |(name, version): (DefinitionName, u64)| {
        Action::require(
            key::definition(&name),
            move |item| matches!(item, Item::Definition(of) if of.version() == version),
        )
    };
    grant.sources().map(check).collect()
}

fn handed<'a>(left: &BTreeSet<DefinitionName>, taken: &BTreeSet<DefinitionName>) -> Vec<Action<'a>> {
    let by = |more: bool| {
        move |name: &DefinitionName| {
            Action::update(
                key::definition(name),
                |_| true,
                move |item| {
                    if let Item::Definition(of) = item {
                        let holders = holders(of);
                        *holders = if more { *holders + 1 } else { holders.checked_sub(1).expect("somebody held it") };
                    }
                },
            )
        }
    };
    left.iter().map(by(false)).chain(taken.iter().map(by(true))).collect()
}

fn changed(change: &DefinitionChange) -> Option<Action<'_>> {
    let is_seen =
        |item: &Item, seen: &Definition| matches!(item, Item::Definition(of) if of.version() == seen.version());
    match (&change.seen, &change.to) {
        (None, None) => None,
        (None, Some(new)) => Some(Action::put_on_absence(key::definition(&new.name()), Item::Definition(new.clone()))),
        (Some(seen), Some(to)) => Some(Action::update(
            key::definition(&seen.name()),
            move |item| is_seen(item, seen),
            |item| {
                if let Item::Definition(of) = item {
                    let held = *holders(of);
                    *of = to.clone();
                    *holders(of) = held;
                }
            },
        )),
        (Some(seen), None) => {
            let guard = move |row: Option<&Item>| match row {
                Some(Item::Definition(of)) => of.version() == seen.version() && *holders(&mut of.clone()) == 0,
                _ => false,
            };
            Some(Action { key: key::definition(&seen.name()), guard: Box::new(guard), write: Write::Delete })
        }
    }
}

fn holders(of: &mut Definition) -> &mut u32 {
    match of {
        Definition::Role(role) => &mut role.holders,
        Definition::Plan(plan) => &mut plan.holders,
        Definition::Permission(permission) => &mut permission.holders,
    }
}

fn kept(item: &Item) -> Option<Definition> {
    if let Item::Definition(of) = item { Some(of.clone()) } else { None }
}
