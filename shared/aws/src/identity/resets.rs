//! Tokens by which a password is chosen anew.

use super::users::changed;
use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, KeepReset, Reset, StoreError};
use domain::clock::Timestamp;
use domain::identity::User;
use domain::ids::Sha;
use store::audit;
use store::item::ttl;
use store::{Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepReset for Aws {
    async fn keep_reset(&self, reset: &Reset, user: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let row = stored::Reset {
            v: Schema,
            user: Text(reset.user.clone()),
            password_at: reset.password_at.millis(),
            expires_at: reset.expires_at.millis(),
        };
        let handed = Write::insert(keys::reset(&reset.hash), &row)?.set("ttl", ttl(reset.expires_at));
        let writes = vec![changed(user, seen), handed, audit::row_in(Table::Identity, audit)?];
        self.rows().all_or_none(writes, &audit.attempt).await
    }

    async fn find_reset(&self, hash: &Sha) -> Result<Option<Reset>, StoreError> {
        let row: Option<stored::Reset> = self.rows().load(&keys::reset(hash)).await?;
        Ok(row.map(|row| Reset {
            hash: hash.clone(),
            user: row.user.0,
            password_at: Timestamp::from_millis(row.password_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        }))
    }
}
