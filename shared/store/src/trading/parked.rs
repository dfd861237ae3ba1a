//! Rows of what is left to a person. They stand under their user by time; those that have not ended are due to be
//! looked at, in a partition of the index of what is due.

use super::Trading;
use super::keys;
use crate::condition::{NOT_ENDED, PRESENT};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, text, text_of, time, ttl};
use crate::key::{Key, Table, of_user};
use crate::page::{Page, PageRequest};
use crate::query::{Index, Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use data_encoding::BASE64URL_NOPAD;
use domain::ids::{ParkedId, UserId};
use domain::limits;
use domain::parked::Parked;
use wire::stored;

impl<E: Engine> Trading<'_, E> {
    /// Puts the row on absence; one that is there already is success.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_parked(&self, parked: &Parked) -> Result<(), StoreError> {
        Rows(self.0).send(put(parked)?).await.map(drop)
    }

    /// Rows of all users that have not ended, up to [`domain::limits::PARKED_COUNTED_MAX`]; may lag.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_parked(&self) -> Result<u64, StoreError> {
        let query = Query::index(Index::Due, keys::due_parked()).limit(limits::PARKED_COUNTED_MAX);
        let rows = Rows(self.0).page(&query).await?.items.len();
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    /// Newest first, the ended ones too; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_parked(&self, user: &UserId, page: &PageRequest) -> Result<Page<Parked>, StoreError> {
        let start = page.cursor.as_deref().map(|cursor| start(user, cursor)).transpose()?;
        let query = Query::of(Table::Trading, of_user(user)).within(Within::prefix(keys::PARKED));
        let found = Rows(self.0).page(&query.newest_first().limit(page.items()).start(start)).await?;
        let next = found.next.as_ref().map(cursor).transpose()?;
        let items = found.items.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// The time is part of the id and of the key; what else is part of the key is not the same for all kinds.
    /// None where the user has none of this id.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_parked(&self, user: &UserId, id: &ParkedId) -> Result<Option<Parked>, StoreError> {
        let Some(at) = id.time() else { return Ok(None) };
        let items = Rows(self.0).query(Table::Trading, &of_user(user), &keys::parked_at(at)).await?;
        let rows = items.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().find(|row| row.id == *id))
    }
}

/// On absence, and due to be looked at.
pub(super) fn put(parked: &Parked) -> Result<Write, StoreError> {
    let expires = ttl(parked.at.plus(limits::AUDIT_RETENTION));
    let write = Write::insert(keys::parked(parked), &stored::Parked::from(parked))?.set("ttl", expires);
    Ok(write.set("due_pk", text(keys::due_parked())).set("due_at", time(parked.at)))
}

/// With its end, once; nobody has to look at it any more.
pub(super) fn end(parked: &Parked) -> Result<Write, StoreError> {
    let write = Write::upsert(keys::parked(parked), &stored::Parked::from(parked))?;
    Ok(write.when(PRESENT).when(NOT_ENDED).remove("due_pk").remove("due_at"))
}

pub(super) fn read(item: Item) -> Result<Parked, StoreError> {
    Parked::try_from(from_item::<stored::Parked>(item)?).map_err(StoreError::unreadable)
}

fn cursor(last: &Item) -> Result<String, StoreError> {
    Ok(BASE64URL_NOPAD.encode(text_of(last, "sk")?.as_bytes()))
}

/// The user is not taken from the cursor: a foreign one leads nowhere else.
fn start(user: &UserId, cursor: &str) -> Result<Item, StoreError> {
    let bad = || StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    let sk = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let sk = sk.filter(|sk| sk.starts_with(keys::PARKED)).ok_or_else(bad)?;
    Ok(Key::new(Table::Trading, of_user(user), sk).item())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::to_item;
    use domain::clock::Timestamp;
    use domain::ids::{AccountId, GroupId};
    use domain::parked::{Ended, Subject};

    /// As the release 0.1.0 wrote it.
    fn old() -> (Item, String) {
        let frozen = include_str!("../../../../events/frozen/0.1.0/stored/parked.v1.json");
        let json: serde_json::Value = serde_json::from_str(frozen).unwrap();
        let group = json["group"].as_str().unwrap();
        let sk = format!("Z#{:013}#{group}#{:010}", json["at"].as_i64().unwrap(), json["version"].as_u64().unwrap());
        (to_item(&json).unwrap(), sk)
    }

    #[test]
    fn a_row_of_the_first_release_is_found_by_its_id_and_ended_where_it_stands() {
        let (item, sk) = old();
        let row = read(item).unwrap();
        assert!(matches!(row.subject, Subject::Bell { .. }));
        assert_eq!(keys::parked(&row).sk, sk);
        assert!(sk.starts_with(&keys::parked_at(row.id.time().unwrap())));
        assert_eq!(end(&row.ended(Ended::Dropped, Some("old"), row.at)).unwrap().key.sk, sk);
    }

    #[test]
    fn a_cursor_leads_to_no_other_rows() {
        let user = UserId::of(&["u"]);
        let (account, group) = (AccountId::of(&["a"]), GroupId::of(&["g"]));
        let at = Timestamp::from_millis(7);
        let row = Parked {
            id: ParkedId::at(at, &["x"]),
            user: user.clone(),
            subject: Subject::Bell { account, group, version: 1 },
            letter: None,
            why: String::new(),
            times: 8,
            trace: String::new(),
            at,
            end: None,
        };
        let key = keys::parked(&row).item();
        assert_eq!(start(&user, &cursor(&key).unwrap()).unwrap(), key);
        assert!(start(&user, &BASE64URL_NOPAD.encode(b"K#delivery")).is_err());
        assert!(start(&user, "no cursor").is_err());
    }
}
