//! Webhook tokens: found by their hash, and listed by their user.

use super::Trading;
use super::keys;
use crate::audit;
use crate::condition::{ABSENT, UNVERSIONED, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::identity::{is_at, may_still};
use crate::item::{from_item, number, to_item, ttl};
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::SessionId;
use domain::ids::{Sha, UserId};
use domain::limits;
use domain::token::WebhookToken;
use wire::stored;

/// One secret of a token, as it is kept. A token that is rotated has two for a while, of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptToken {
    pub token: WebhookToken,
    pub label: Option<String>,
    /// How the secret begins: too little to guess the rest by.
    pub hint: Option<String>,
    /// None where a seed has put it.
    pub created_at: Option<Timestamp>,
    /// Of the resource; 0 where what a seed has put was never changed.
    pub version: u64,
    /// Another secret took its place.
    pub replaced: bool,
    pub revoked_at: Option<Timestamp>,
}

/// What is written together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenChange {
    /// Where none is yet.
    pub made: Option<KeptToken>,
    /// Each in the place of the version that was seen.
    pub changed: Vec<(KeptToken, u64)>,
    /// The log-in of its user by which it is done, where one is named: it has to be there still, and to permit it.
    pub login: Option<SessionId>,
    /// The version of their user that it rests on, where it does.
    pub standing: Option<u64>,
}

impl<E: Engine> Trading<'_, E> {
    /// None where there is none by this hash.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        let row: Option<stored::WebhookToken> = Rows(self.0).load_settled(&keys::token(user, hash)).await?;
        Ok(row.map(WebhookToken::from))
    }

    /// All of a user, with those that were replaced or revoked; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::tokens(user), "").await?;
        items.into_iter().map(|item| from_item(item).map(kept)).collect()
    }

    /// Lets alerts in. One that is there already stays as it is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn put_token(&self, token: &WebhookToken) -> Result<(), StoreError> {
        Rows(self.0).send(token_row(token)?.when(ABSENT)).await.map(drop)
    }

    /// On record; false where another change was first, or the log-in is over or permits it no more.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError> {
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
        Rows(self.0).all_or_none(writes, &audit.attempt).await
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

/// The row of a token as a seed puts it.
///
/// # Errors
/// See [`to_item`].
pub fn token_row(token: &WebhookToken) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::token(&token.user, &token.hash), to_item(&stored::WebhookToken::from(token))?))
}
