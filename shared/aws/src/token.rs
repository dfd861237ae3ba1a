//! Webhook tokens: found by their hash, and listed by their user.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, ChangeTokens, FindToken, KeptToken, ListTokens, StoreError, TokenChange};
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::{Sha, UserId};
use domain::limits;
use domain::token::WebhookToken;
use store::audit;
use store::condition::{ABSENT, UNVERSIONED, VERSION_AS_SEEN};
use store::identity::{is_at, may_still};
use store::item::{from_item, number, ttl};
use store::{Table, Write};
use wire::stored;

impl FindToken for Aws {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        let row: Option<stored::WebhookToken> = self.rows().load_settled(&keys::token(user, hash)).await?;
        Ok(row.map(WebhookToken::from))
    }
}

impl ListTokens for Aws {
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError> {
        let items = self.rows().query(Table::Trading, &keys::tokens(user), "").await?;
        items.into_iter().map(|item| from_item(item).map(kept)).collect()
    }
}

impl ChangeTokens for Aws {
    async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError> {
        let mut writes = vec![audit::row(audit)?];
        if let Some(made) = &change.made {
            writes.push(write(made)?.when(ABSENT));
        }
        for (changed, seen) in &change.changed {
            writes.push(match seen {
                0 => write(changed)?.when(UNVERSIONED),
                _ => write(changed)?.when(VERSION_AS_SEEN).given("seen_version", number(*seen)),
            });
        }
        if let Some(login) = &change.login {
            writes.push(may_still(&audit.user, login, Permission::ACCOUNTS, audit.at));
        }
        let user = change.changed.first().map(|(row, _)| &row.token.user);
        if let (Some(version), Some(user)) = (change.standing, user) {
            writes.push(is_at(user, version));
        }
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

/// What lets in no more is shown in no list, and goes when its deliveries have gone.
fn write(kept: &KeptToken) -> Result<Write, StoreError> {
    let write = Write::upsert(keys::token(&kept.token.user, &kept.token.hash), &row(kept))?;
    Ok(match kept.token.expires_at {
        Some(end) => write.set("ttl", ttl(end.plus(limits::AUDIT_RETENTION))),
        None => write.remove("ttl"),
    })
}

fn row(kept: &KeptToken) -> stored::WebhookToken {
    stored::WebhookToken {
        label: kept.label.clone(),
        hint: kept.hint.clone(),
        created_at: kept.created_at.map(Timestamp::millis),
        version: kept.version,
        replaced: kept.replaced,
        revoked_at: kept.revoked_at.map(Timestamp::millis),
        ..stored::WebhookToken::from(&kept.token)
    }
}

fn kept(row: stored::WebhookToken) -> KeptToken {
    KeptToken {
        label: row.label.clone(),
        hint: row.hint.clone(),
        created_at: row.created_at.map(Timestamp::from_millis),
        version: row.version,
        replaced: row.replaced,
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
        token: row.into(),
    }
}
