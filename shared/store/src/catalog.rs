//! Presets: of each name one row as it is now, and one row for every version that it had.

use crate::audit;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, text_of};
use crate::key::{Key, Table, of_user};
use crate::page::{Page, PageRequest};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use data_encoding::BASE64URL_NOPAD;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::preset::{PresetName, PresetRef};
use std::borrow::Borrow;
use wire::stored::{self, Schema};
use wire::text::Text;

/// What the sort keys of presets as they are now begin with.
const PRESETS: &str = "P#";

/// One version of a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPreset {
    pub user: UserId,
    pub at: PresetRef,
    /// As [`wire::preset::Document`] writes it.
    pub document: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    /// Its user has taken it away. The version counts on from here where its name is taken again.
    pub deleted: bool,
}

/// What users keep of their own settings.
#[derive(Debug)]
pub struct Catalog<'a, E>(pub &'a E);

impl<E: Engine> Catalog<'_, E> {
    /// The newest version, a deleted one too.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_preset(&self, user: &UserId, name: &PresetName) -> Result<Option<KeptPreset>, StoreError> {
        Ok(Rows(self.0).load::<stored::Preset>(&newest_key(user, name)).await?.map(kept))
    }

    /// The newest version of each by name, without the deleted ones; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_presets(&self, user: &UserId) -> Result<Vec<KeptPreset>, StoreError> {
        let items = Rows(self.0).query(Table::Catalog, &of_user(user), PRESETS).await?;
        let presets = items.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(presets.into_iter().filter(|preset| !preset.deleted).collect())
    }

    /// Every version that a name had, newest first; as they are now.
    ///
    /// # Errors
    /// `Unavailable`; `Unreadable`, also for a cursor that was not answered for this name.
    pub async fn list_preset_versions(
        &self,
        user: &UserId,
        name: &PresetName,
        page: &PageRequest,
    ) -> Result<Page<KeptPreset>, StoreError> {
        let start = page.cursor.as_deref().map(|cursor| start(user, name, cursor)).transpose()?;
        let query = Query::of(Table::Catalog, of_user(user)).within(Within::Prefix(versions(name)));
        let found = Rows(self.0).page(&query.newest_first().limit(page.items()).start(start)).await?;
        let next = found.next.as_ref().map(cursor).transpose()?;
        let items = found.items.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// Puts a version in the place of the one that was seen, beside those before it, with an audit row; false where
    /// another version stands.
    ///
    /// # Errors
    /// `Unavailable`: whether it was put is not known.
    pub async fn keep_preset(&self, preset: &KeptPreset, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let version = Write::insert(version_key(&preset.user, &preset.at), &row(preset))?;
        let writes = vec![newest(preset, seen)?, version, audit::row(audit)?];
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

fn newest(preset: &KeptPreset, seen: Option<u64>) -> Result<Write, StoreError> {
    Write::versioned(newest_key(&preset.user, &preset.at.name), &row(preset), seen)
}

fn row(preset: &KeptPreset) -> stored::Preset {
    stored::Preset {
        v: Schema,
        user: Text(preset.user.clone()),
        name: Text(preset.at.name.clone()),
        version: preset.at.version,
        document: preset.document.clone(),
        created_at: preset.created_at.millis(),
        updated_at: preset.updated_at.millis(),
        updated_by: Text(preset.updated_by.clone()),
        deleted: preset.deleted,
    }
}

/// A preset's row of either kind.
///
/// # Errors
/// `Unreadable`: this code does not know such a row.
pub fn read(item: impl Borrow<Item>) -> Result<KeptPreset, StoreError> {
    from_item(item).map(kept)
}

fn kept(row: stored::Preset) -> KeptPreset {
    KeptPreset {
        user: row.user.0,
        at: PresetRef { name: row.name.0, version: row.version },
        document: row.document,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
        updated_by: row.updated_by.0,
        deleted: row.deleted,
    }
}

fn cursor(last: &Item) -> Result<String, StoreError> {
    Ok(BASE64URL_NOPAD.encode(text_of(last, "sk")?.as_bytes()))
}

/// Neither the user nor the name is taken from the cursor: a foreign one leads nowhere else.
fn start(user: &UserId, name: &PresetName, cursor: &str) -> Result<Item, StoreError> {
    let bad = || StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    let sk = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let sk = sk.filter(|sk| sk.starts_with(&versions(name))).ok_or_else(bad)?;
    Ok(Key::new(Table::Catalog, of_user(user), sk).item())
}

fn newest_key(user: &UserId, name: &PresetName) -> Key {
    Key::new(Table::Catalog, of_user(user), format!("{PRESETS}{name}"))
}

/// What the sort keys of all versions of a preset begin with.
fn versions(name: &PresetName) -> String {
    format!("V#{name}#")
}

fn version_key(user: &UserId, at: &PresetRef) -> Key {
    Key::new(Table::Catalog, of_user(user), format!("{}{:010}", versions(&at.name), at.version))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preset(version: u64, deleted: bool) -> KeptPreset {
        let at = Timestamp::from_millis(7);
        let user = UserId::of(&["u"]);
        KeptPreset {
            at: PresetRef { name: "grid".parse().unwrap(), version },
            document: "{}".to_owned(),
            created_at: at,
            updated_at: at,
            updated_by: user.clone(),
            user,
            deleted,
        }
    }

    #[test]
    fn one_that_is_taken_again_is_deleted_no_more() {
        let update = |preset: &KeptPreset| newest(preset, Some(1)).unwrap().parts().update.unwrap();
        assert!(update(&preset(2, true)).contains("#deleted = :set_deleted"));
        assert!(update(&preset(3, false)).contains("REMOVE #deleted"));
    }

    #[test]
    fn versions_sort_by_their_number_and_a_cursor_leads_to_no_other_name() {
        let sk = |version| version_key(&UserId::of(&["u"]), &preset(version, false).at).sk;
        assert!(sk(9) < sk(10));
        let (user, name) = (UserId::of(&["u"]), "grid".parse().unwrap());
        let key = version_key(&user, &preset(9, false).at).item();
        assert_eq!(start(&user, &name, &cursor(&key).unwrap()).unwrap(), key);
        assert!(start(&user, &"gri".parse().unwrap(), &cursor(&key).unwrap()).is_err());
    }
}
