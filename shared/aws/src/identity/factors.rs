//! Second factors, each beside its person.

use super::users::changed;
use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, Factor, KeepFactor, StoreError};
use domain::clock::Timestamp;
use domain::identity::User;
use domain::ids::UserId;
use store::Written;
use store::audit;
use store::condition::{ABSENT, VERSION_AS_SEEN};
use store::item::number;
use store::{Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepFactor for Aws {
    async fn load_factor(&self, user: &UserId) -> Result<Option<Factor>, StoreError> {
        Ok(self.rows().load::<stored::Factor>(&keys::factor(user)).await?.map(read))
    }

    async fn set_factor(
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
        self.rows().all_or_none(writes, &audit.attempt).await
    }

    async fn keep_factor(&self, factor: &Factor, seen: u64) -> Result<bool, StoreError> {
        let write = on(Write::upsert(keys::factor(&factor.user), &row(factor))?, Some(seen));
        Ok(matches!(self.rows().send(write).await?, Written::Done(_)))
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
