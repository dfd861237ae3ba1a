//! Who is who.

use super::Identity;
use super::definitions::taken;
use super::keys;
use crate::audit;
use crate::condition::{ABSENT, CODE_GOOD, PRESENT, STANDS_AS_SAID, UNEXPIRED, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, number, text, text_of, time, to_item};
use crate::key::Key;
use crate::key::Table;
use crate::page::Page;
use crate::page::PageRequest;
use crate::query::Query;
use crate::rows::Rows;
use crate::value::Item;
use crate::value::Value;
use crate::write::Write;
use domain::audit::Audit;
use domain::identity::{Email, Profile, User, Username};
use domain::ids::{Sha, UserId};
use std::collections::BTreeMap;
use wire::stored::{self, Schema};
use wire::text::Text;

/// The one code by which a deployment's first person becomes its admin: its first token, while that lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bootstrap {
    pub code: Sha,
    /// Whose deployment it is: their accounts are there before they are.
    pub user: UserId,
    pub spent: bool,
}

impl<E: Engine> Identity<'_, E> {
    /// Who has an address, however it is written.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_email(&self, email: &Email) -> Result<Option<UserId>, StoreError> {
        self.entry(&keys::email(email)).await
    }

    /// Who has a name, however it is written.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_username(&self, username: &Username) -> Result<Option<UserId>, StoreError> {
        self.entry(&keys::username(username)).await
    }

    /// None of a person who was removed.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        let row: Option<stored::User> = Rows(self.0).load(&keys::user(user)).await?;
        Ok(row.filter(|row| row.deleted_at.is_none()).map(User::from))
    }

    /// By their ids; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_users(&self, page: &PageRequest) -> Result<Page<User>, StoreError> {
        let (users, unreadable) = self.list_readable_users(page).await?;
        unreadable.map_or(Ok(users), Err)
    }

    /// The same without the people whose rows cannot be read, and what was wrong with the first of those.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable` where it is about the list itself.
    pub async fn list_readable_users(
        &self,
        page: &PageRequest,
    ) -> Result<(Page<User>, Option<StoreError>), StoreError> {
        let start = page.cursor.as_deref().map(after).transpose()?;
        let query = Query::of(Table::Identity, keys::EVERY_USER).limit(page.items()).start(start);
        let found = Rows(self.0).page(&query).await?;
        let next = found.next.as_ref().map(|last| text_of(last, "sk").map(str::to_owned)).transpose()?;
        let entries = found.items.into_iter().map(from_item::<stored::UserEntry>);
        let wanted = entries.map(|entry| Ok(keys::user(&entry?.user.0))).collect::<Result<Vec<_>, StoreError>>()?;
        // They come in no order.
        let (mut users, mut unreadable) = (BTreeMap::new(), None);
        for row in Rows(self.0).get_all(&wanted).await? {
            match from_item::<stored::User>(row) {
                // One may go meanwhile.
                Ok(row) if row.deleted_at.is_some() => {}
                Ok(row) => {
                    let user = User::from(row);
                    users.insert(user.id.clone(), user);
                }
                Err(error) => {
                    unreadable.get_or_insert(error);
                }
            }
        }
        Ok((Page { items: users.into_values().collect(), next }, unreadable))
    }

    /// On record; false where the id, the address or the name is taken, or the code was spent. The code is a token
    /// as well: one that lets no longer in creates no person.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn create_user(&self, user: &User, code: Option<&Sha>, audit: &Audit) -> Result<bool, StoreError> {
        let entry = entry(&user.id);
        let mut writes = vec![
            Write::insert(keys::user(&user.id), &stored::User::from(user))?,
            Write::insert(keys::email(&user.email), &entry)?,
            Write::insert(keys::username(&user.username), &entry)?,
            Write::insert(keys::listed_user(&user.id), &entry)?,
            audit::row_in(Table::Identity, audit)?,
        ];
        writes.extend(taken(user));
        if let Some(code) = code {
            let spend = Write::update(keys::bootstrap()).set("spent", Value::Bool(true)).when(CODE_GOOD);
            writes.push(spend.given("code", text(code.as_str())).given("no", Value::Bool(false)));
            writes.push(Write::check(keys::session(code)).when(UNEXPIRED).given("now", time(audit.at)));
        }
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// On record, and on the version that was seen; a reset goes with it, and has to be there. False where another
    /// change was first. Address and name stay.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn change_user(
        &self,
        user: &User,
        seen: u64,
        reset: Option<&Sha>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![changed(user, seen), audit::row_in(Table::Identity, audit)?];
        writes.extend(reset.map(|reset| Write::delete(keys::reset(reset)).when(PRESENT)));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// None where the deployment never had one.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_bootstrap(&self) -> Result<Option<Bootstrap>, StoreError> {
        let row: Option<stored::Bootstrap> = Rows(self.0).load(&keys::bootstrap()).await?;
        Ok(row.map(|row| Bootstrap { code: row.code.0, user: row.user.0, spent: row.spent }))
    }

    /// Puts the code of a deployment's first admin where none is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn put_bootstrap(&self, bootstrap: &Bootstrap) -> Result<(), StoreError> {
        Rows(self.0).send(bootstrap_row(bootstrap)?.when(ABSENT)).await.map(drop)
    }

    async fn entry(&self, key: &Key) -> Result<Option<UserId>, StoreError> {
        Ok(Rows(self.0).load::<stored::UserEntry>(key).await?.map(|entry| entry.user.0))
    }
}

/// The row of the code of a deployment's first admin.
///
/// # Errors
/// See [`to_item`].
pub fn bootstrap_row(bootstrap: &Bootstrap) -> Result<Write, StoreError> {
    let Bootstrap { code, user, spent } = bootstrap.clone();
    let row = stored::Bootstrap { v: Schema, code: Text(code), user: Text(user), spent };
    Ok(Write::replace(keys::bootstrap(), to_item(&row)?))
}

/// The row of a person.
///
/// # Errors
/// See [`to_item`].
pub fn user_row(user: &User) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::user(&user.id), to_item(&stored::User::from(user))?))
}

/// A person's rows: their own, those of their address and their name, and the list's.
///
/// # Errors
/// See [`to_item`].
pub fn user_rows(user: &User) -> Result<[Write; 4], StoreError> {
    let entry = to_item(&entry(&user.id))?;
    let place = |key| Write::replace(key, entry.clone());
    let (email, username) = (keys::email(&user.email), keys::username(&user.username));
    Ok([user_row(user)?, place(email), place(username), place(keys::listed_user(&user.id))])
}

/// In a transaction: the person has not been changed since.
pub fn is_at(user: &UserId, version: u64) -> Write {
    Write::check(keys::user(user)).when(VERSION_AS_SEEN).given("seen_version", number(version))
}

/// In a transaction: the person may come in, or may not.
pub fn stands(user: &UserId, active: bool) -> Write {
    Write::check(keys::user(user)).when(STANDS_AS_SAID).given("active", Value::Bool(active))
}

pub(super) fn entry(user: &UserId) -> stored::UserEntry {
    stored::UserEntry { v: Schema, user: Text(user.clone()) }
}

/// A log-in of the same moment writes the same row, and nothing of this.
pub(super) fn changed(user: &User, seen: u64) -> Write {
    let Profile { name, preferences } = &user.profile;
    let write = Write::update(keys::user(&user.id));
    let write = match name {
        Some(name) => write.set("name", text(name.as_str())),
        None => write.remove("name"),
    };
    let write = match preferences {
        kept if kept.is_empty() => write.remove("preferences"),
        kept => write.set("preferences", text(kept.as_str())),
    };
    write
        .set("email", text(user.email.as_str()))
        .set("username", text(user.username.as_str()))
        .set("password", text(user.password.as_str()))
        .set("password_at", number(user.password_at.millis()))
        .set("role", text(user.role.as_str()))
        .set("plan", text(user.plan.as_str()))
        .set("active", Value::Bool(user.active))
        .set("version", number(user.version))
        .when(VERSION_AS_SEEN)
        .given("seen_version", number(seen))
}

fn after(cursor: &str) -> Result<Item, StoreError> {
    let bad = |_| StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    UserId::parse(cursor).map(|user| keys::listed_user(&user).item()).map_err(bad)
}
