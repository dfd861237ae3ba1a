//! Which accounts ask for the quota of their user.

use crate::client::Aws;
use crate::keys;
use app::ports::{MarkLimited, StoreError};
use domain::ids::{AccountId, UserId};
use store::condition::PRESENT;
use store::trading::as_it_says;
use store::{Value, Write};

impl MarkLimited for Aws {
    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError> {
        let mark = Write::update(keys::account(account)).when(PRESENT);
        let mark = if limited { mark.set("limited", Value::Bool(true)) } else { mark.remove("limited") };
        self.rows().all_or_none(vec![as_it_says(user, limited), mark], &self.rows().stamp()?).await
    }
}
