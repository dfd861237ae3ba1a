//! Tokens by which a password is chosen anew.

use crate::audit;
use crate::client::Aws;
use crate::config::Place;
use crate::item::ttl;
use crate::keys;
use crate::write::Write;
use app::ports::{Audit, KeepReset, Reset, StoreError};
use domain::clock::Timestamp;
use domain::ids::Sha;
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepReset for Aws {
    async fn keep_reset(&self, reset: &Reset, audit: &Audit) -> Result<(), StoreError> {
        let row = stored::Reset {
            v: Schema,
            user: Text(reset.user.clone()),
            password_at: reset.password_at.millis(),
            expires_at: reset.expires_at.millis(),
        };
        let handed = Write::insert(keys::reset(&reset.hash), &row)?.set("ttl", ttl(reset.expires_at));
        self.all_or_none(vec![handed, audit::row_in(Place::Identity, audit)?], &audit.attempt).await.map(drop)
    }

    async fn find_reset(&self, hash: &Sha) -> Result<Option<Reset>, StoreError> {
        let row: Option<stored::Reset> = self.load(&keys::reset(hash)).await?;
        Ok(row.map(|row| Reset {
            hash: hash.clone(),
            user: row.user.0,
            password_at: Timestamp::from_millis(row.password_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        }))
    }
}
