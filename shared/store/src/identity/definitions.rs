//! Roles, plans and permissions of a deployment's own. Whatever gives or takes one counts its holders in the same
//! transaction.

use super::Identity;
use super::keys;
use crate::audit;
use crate::condition::{HELD_BY_NONE, PRESENT, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, number};
use crate::key::Table;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::audit::Audit;
use domain::identity::{Definition, DefinitionKind, DefinitionName, Scope, User};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use wire::stored;

/// One that is made, changed or taken away; not both are none, and both have one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionChange {
    /// As it was seen; none where there was none.
    pub seen: Option<Definition>,
    pub to: Option<Definition>,
}

impl<E: Engine> Identity<'_, E> {
    /// None where the deployment has none of this name.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_definition(&self, name: &DefinitionName) -> Result<Option<Definition>, StoreError> {
        Rows(self.0).get(&keys::definition(name)).await?.map(|item| read(name.kind(), item)).transpose()
    }

    /// By their names; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_definitions(&self, kind: DefinitionKind) -> Result<Vec<Definition>, StoreError> {
        let items = Rows(self.0).query(Table::Identity, &keys::of_definitions(kind), "").await?;
        items.into_iter().map(|item| read(kind, item)).collect()
    }

    /// On record, on the version that was seen. One that is held is not taken away, and a role carries
    /// permissions that are there. False where any of it does not hold.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_definition(&self, change: &DefinitionChange, audit: &Audit) -> Result<bool, StoreError> {
        let mut writes = vec![audit::row_in(Table::Identity, audit)?];
        writes.extend(changed(change)?);
        let carried = |of: &Option<Definition>| of.as_ref().map(Definition::carries).unwrap_or_default();
        let (before, after) = (carried(&change.seen), carried(&change.to));
        let named = |scopes: BTreeSet<Scope>| scopes.into_iter().map(DefinitionName::Permission).collect();
        writes.extend(handed(&named(&before - &after), &named(&after - &before)));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

/// Of a person who is gone.
pub(super) fn left(user: &User) -> Vec<Write> {
    handed(&user.holds(), &BTreeSet::new())
}

/// Of a new person.
pub(super) fn taken(user: &User) -> Vec<Write> {
    handed(&BTreeSet::new(), &user.holds())
}

/// Of a person who has others now.
pub(super) fn held(before: &User, after: &User) -> Vec<Write> {
    let (before, after) = (before.holds(), after.holds());
    handed(&(&before - &after), &(&after - &before))
}

/// One holder less, and one more.
fn handed(left: &BTreeSet<DefinitionName>, taken: &BTreeSet<DefinitionName>) -> Vec<Write> {
    let by = |many: i64| {
        move |name: &DefinitionName| Write::update(keys::definition(name)).add("holders", number(many)).when(PRESENT)
    };
    left.iter().map(by(-1)).chain(taken.iter().map(by(1))).collect()
}

fn changed(change: &DefinitionChange) -> Result<Option<Write>, StoreError> {
    let on =
        |write: Write, seen: &Definition| write.when(VERSION_AS_SEEN).given("seen_version", number(seen.version()));
    Ok(match (&change.seen, &change.to) {
        (None, None) => None,
        (None, Some(new)) => Some(written(new, true)?),
        (Some(seen), Some(to)) => Some(on(written(to, false)?, seen)),
        (Some(seen), None) => {
            let gone = on(Write::delete(keys::definition(&seen.name())), seen);
            Some(gone.when(HELD_BY_NONE).given("none", number(0)))
        }
    })
}

fn written(to: &Definition, is_new: bool) -> Result<Write, StoreError> {
    fn row<T: Serialize + DeserializeOwned>(to: &Definition, row: &T, is_new: bool) -> Result<Write, StoreError> {
        let key = keys::definition(&to.name());
        if is_new { Write::insert(key, row) } else { Ok(Write::upsert(key, row)?.leaving("holders")) }
    }
    match to {
        Definition::Role(role) => row(to, &stored::Role::from(role), is_new),
        Definition::Plan(plan) => row(to, &stored::Plan::from(plan), is_new),
        Definition::Permission(permission) => row(to, &stored::Permission::from(permission), is_new),
    }
}

fn read(kind: DefinitionKind, item: Item) -> Result<Definition, StoreError> {
    Ok(match kind {
        DefinitionKind::Role => {
            let row: stored::Role = from_item(item)?;
            Definition::Role(row.try_into().map_err(StoreError::unreadable)?)
        }
        DefinitionKind::Plan => Definition::Plan(from_item::<stored::Plan>(item)?.into()),
        DefinitionKind::Permission => Definition::Permission(from_item::<stored::Permission>(item)?.into()),
    })
}
