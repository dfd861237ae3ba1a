//! Webhook tokens: one row for each secret.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused};
use crate::sim::Op;
use app::ports::{Audit, ChangeTokens, FindToken, KeptToken, ListTokens, StoreError, TokenChange};
use domain::audit::Shelf;
use domain::identity::Permission;
use domain::ids::{Sha, UserId};
use domain::token::WebhookToken;
use store::identity::{is_at, may_still};

impl FindToken for World {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        let find = |world: &World| world.table().get(&key::token(user, hash)).and_then(kept);
        Ok(self.call(Op::read("find_token"), find).await?.map(|kept| kept.token))
    }
}

impl ListTokens for World {
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError> {
        self.call(Op::read("list_tokens"), |world| world.table().prefixed(key::tokens(user)).filter_map(kept).collect())
            .await
    }
}

impl ChangeTokens for World {
    async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("change_tokens"), |world| {
            let place = |row: &KeptToken| key::token(&row.token.user, &row.token.hash);
            let made = change.made.iter().map(|row| Action::put_on_absence(place(row), Item::Token(row.clone())));
            let changed = change.changed.iter().map(|(row, seen)| {
                let is_seen = move |item: &Item| kept(item).is_some_and(|kept| kept.version == *seen);
                Action::update(place(row), is_seen, move |item| *item = Item::Token(row.clone()))
            });
            let record = Action::record(Shelf::Trading, audit);
            let may_still = |login| Action::row(may_still(&audit.user, login, Permission::ACCOUNTS, audit.at));
            let login = change.login.iter().map(may_still);
            let rests_on = change.standing.zip(change.changed.first());
            let standing = rests_on.map(|(version, (row, _))| Action::row(is_at(&row.token.user, version)));
            let actions = made.chain(changed).chain([record]).chain(login).chain(standing).collect();
            let now = world.sim().now();
            match world.table_mut().transact(actions, Some(&audit.attempt), now) {
                Ok(()) => Ok(true),
                Err(Refused::Guard) => Ok(false),
                Err(Refused::Limit(what)) => {
                    world.sim().violation(&*what);
                    Err(StoreError::Unavailable(what))
                }
            }
        })
        .await
    }
}

fn kept(item: &Item) -> Option<KeptToken> {
    if let Item::Token(kept) = item { Some(kept.clone()) } else { None }
}
