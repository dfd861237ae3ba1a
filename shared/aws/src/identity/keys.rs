//! Public keys of tokens, all in one row.

use crate::client::Aws;
use crate::keys;
use app::ports::{KeepTokenKeys, StoreError, TokenKey};
use domain::clock::Timestamp;
use store::Write;
use store::Written;
use store::condition::{ABSENT, VERSION_AS_SEEN};
use store::item::number;
use wire::stored::{self, Schema};

impl KeepTokenKeys for Aws {
    async fn load_token_keys(&self) -> Result<Vec<TokenKey>, StoreError> {
        Ok(self.token_keys().await?.map(|row| read(&row)).unwrap_or_default())
    }

    async fn publish_token_keys(&self, seen: &[TokenKey], published: &[TokenKey]) -> Result<bool, StoreError> {
        let there = self.token_keys().await?;
        if there.as_ref().map(read).unwrap_or_default() != seen {
            return Ok(false);
        }
        let version = there.map(|row| row.version);
        let row = stored::TokenKeys {
            v: Schema,
            keys: published.iter().map(written).collect(),
            version: version.unwrap_or_default().saturating_add(1),
        };
        let write = Write::upsert(keys::token_keys(), &row)?;
        let write = match version {
            None => write.when(ABSENT),
            Some(version) => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
        };
        Ok(matches!(self.rows().send(write).await?, Written::Done(_)))
    }
}

impl Aws {
    async fn token_keys(&self) -> Result<Option<stored::TokenKeys>, StoreError> {
        self.rows().load(&keys::token_keys()).await
    }
}

fn read(row: &stored::TokenKeys) -> Vec<TokenKey> {
    let key = |key: &stored::TokenKey| TokenKey {
        id: key.id.clone(),
        public: key.public.clone(),
        until: key.until.map(Timestamp::from_millis),
    };
    row.keys.iter().map(key).collect()
}

fn written(key: &TokenKey) -> stored::TokenKey {
    stored::TokenKey { id: key.id.clone(), public: key.public.clone(), until: key.until.map(Timestamp::millis) }
}
