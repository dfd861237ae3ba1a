//! Who is who.

use super::definitions::taken;
use crate::client::Aws;
use crate::keys;
use app::ports::{
    Audit, Bootstrap, ChangeUser, CreateUser, FindBootstrap, FindUser, ListUsers, Page, PageRequest, StoreError,
};
use domain::identity::{Email, Profile, User, Username};
use domain::ids::{Sha, UserId};
use std::collections::BTreeMap;
use store::audit;
use store::condition::{CODE_GOOD, PRESENT, UNEXPIRED, VERSION_AS_SEEN};
use store::item::{from_item, number, text, text_of, time};
use store::{Item, Key, Query, Table, Value, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl FindUser for Aws {
    async fn find_email(&self, email: &Email) -> Result<Option<UserId>, StoreError> {
        self.entry(&keys::email(email)).await
    }

    async fn find_username(&self, username: &Username) -> Result<Option<UserId>, StoreError> {
        self.entry(&keys::username(username)).await
    }

    async fn load_user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        let row: Option<stored::User> = self.rows().load(&keys::user(user)).await?;
        Ok(row.filter(|row| row.deleted_at.is_none()).map(User::from))
    }
}

impl ListUsers for Aws {
    async fn list_users(&self, page: &PageRequest) -> Result<Page<User>, StoreError> {
        let start = page.cursor.as_deref().map(after).transpose()?;
        let query = Query::of(Table::Identity, keys::EVERY_USER).limit(page.items()).start(start);
        let found = self.rows().page(&query).await?;
        let next = found.next.as_ref().map(|last| text_of(last, "sk").map(str::to_owned)).transpose()?;
        let entries = found.items.into_iter().map(from_item::<stored::UserEntry>);
        let wanted = entries.map(|entry| Ok(keys::user(&entry?.user.0))).collect::<Result<Vec<_>, StoreError>>()?;
        let users = self.rows().get_all(&wanted).await?.into_iter().map(from_item::<stored::User>);
        // One may go meanwhile.
        let users = users.filter(|row| !row.as_ref().is_ok_and(|row| row.deleted_at.is_some()));
        let users = users.map(|row| row.map(User::from).map(|user| (user.id.clone(), user)));
        // They come in no order.
        let users: BTreeMap<_, _> = users.collect::<Result<_, _>>()?;
        Ok(Page { items: users.into_values().collect(), next })
    }
}

impl CreateUser for Aws {
    async fn create_user(&self, user: &User, code: Option<&Sha>, audit: &Audit) -> Result<bool, StoreError> {
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
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

impl ChangeUser for Aws {
    async fn change_user(
        &self,
        user: &User,
        seen: u64,
        reset: Option<&Sha>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![changed(user, seen), audit::row_in(Table::Identity, audit)?];
        writes.extend(reset.map(|reset| Write::delete(keys::reset(reset)).when(PRESENT)));
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

impl FindBootstrap for Aws {
    async fn find_bootstrap(&self) -> Result<Option<Bootstrap>, StoreError> {
        let row: Option<stored::Bootstrap> = self.rows().load(&keys::bootstrap()).await?;
        Ok(row.map(|row| Bootstrap { code: row.code.0, user: row.user.0, spent: row.spent }))
    }
}

impl Aws {
    async fn entry(&self, key: &Key) -> Result<Option<UserId>, StoreError> {
        Ok(self.rows().load::<stored::UserEntry>(key).await?.map(|entry| entry.user.0))
    }
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
