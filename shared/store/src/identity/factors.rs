//! Second factors, each beside its person.

use super::Identity;
use super::keys;
use super::users::changed;
use crate::audit;
use crate::condition::{ABSENT, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::number;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::identity::User;
use domain::ids::{Sha, UserId};
use wire::stored::{self, Schema};
use wire::text::Text;

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    pub user: UserId,
    /// The secret, which only a key of another place opens.
    pub sealed: String,
    /// Whether a code of it was seen: before, none is asked for.
    pub confirmed: bool,
    /// The half minute of the newest code that was used.
    pub used_step: i64,
    /// What is left of the codes on paper.
    pub recovery: Vec<Sha>,
    pub made_at: Timestamp,
    /// Raised by each change.
    pub version: u64,
}

impl<E: Engine> Identity<'_, E> {
    /// None where the person has none.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_factor(&self, user: &UserId) -> Result<Option<Factor>, StoreError> {
        Ok(Rows(self.0).load::<stored::Factor>(&keys::factor(user)).await?.map(read))
    }

    /// In the place of the version that was seen, none being there no version; with its user, on record. False where
    /// another change of either was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn set_factor(
        &self,
        user: &User,
        seen_user: u64,
        factor: Option<&Factor>,
        seen: Option<u64>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let write = match factor {
            Some(factor) => Write::upsert(keys::factor(&user.id), &row(factor))?,
            None => Write::delete(keys::factor(&user.id)),
        };
        let writes = vec![changed(user, seen_user), on(write, seen), audit::row_in(Table::Identity, audit)?];
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// In the place of the version that was seen, where its person stays as they are: a code was used, or its secret
    /// was sealed anew. False where another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_factor(&self, factor: &Factor, seen: u64) -> Result<bool, StoreError> {
        let write = on(Write::upsert(keys::factor(&factor.user), &row(factor))?, Some(seen));
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }
}

fn on(write: Write, seen: Option<u64>) -> Write {
    match seen {
        None => write.when(ABSENT),
        Some(seen) => write.when(VERSION_AS_SEEN).given("seen_version", number(seen)),
    }
}

fn row(factor: &Factor) -> stored::Factor {
    stored::Factor {
        v: Schema,
        user: Text(factor.user.clone()),
        sealed: factor.sealed.clone(),
        confirmed: factor.confirmed,
        used_step: factor.used_step,
        recovery: factor.recovery.iter().cloned().map(Text).collect(),
        made_at: factor.made_at.millis(),
        version: factor.version,
    }
}

fn read(row: stored::Factor) -> Factor {
    Factor {
        user: row.user.0,
        sealed: row.sealed,
        confirmed: row.confirmed,
        used_step: row.used_step,
        recovery: row.recovery.into_iter().map(|kept| kept.0).collect(),
        made_at: Timestamp::from_millis(row.made_at),
        version: row.version,
    }
}
