//! Rows that are made beside the money path: by a seed today, by their own interfaces later. Each is put on absence, and
//! nothing that lives is changed.

use crate::client::Aws;
use crate::price::{Replay, replay_key};
use app::ports::{Book, Bootstrap, Session, Standing, StoreError};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::Sha;
use domain::market::{Market, MarketKey};
use domain::token::WebhookToken;
use domain::vault::{AccountState, Mode};
use store::condition::ABSENT;
use store::identity::Identity;
use store::item::to_item;
use store::market::Market as Markets;
use store::trading::{Trading, account_rows, book_row};
use store::vault::state_row;
use store::{Item, Key, Write};

impl Aws {
    /// Lets alerts in.
    ///
    /// # Errors
    /// Where the table cannot be written, as with all of these.
    pub async fn put_token(&self, token: &WebhookToken) -> Result<(), StoreError> {
        Trading(self).put_token(token).await
    }

    /// Lets API requests in until it expires.
    ///
    /// # Errors
    /// See [`Aws::put_token`].
    pub async fn put_session(&self, hash: &Sha, session: &Session, expires_at: Timestamp) -> Result<(), StoreError> {
        Identity(self).put_session(hash, session, expires_at).await
    }

    /// The code of a deployment's first admin.
    ///
    /// # Errors
    /// See [`Aws::put_token`].
    pub async fn put_bootstrap(&self, bootstrap: &Bootstrap) -> Result<(), StoreError> {
        Identity(self).put_bootstrap(bootstrap).await
    }

    /// An account, found by its exchange and label from now on; with its standing, and where it trades.
    ///
    /// # Errors
    /// See [`Aws::put_token`].
    pub async fn put_account(
        &self,
        account: &Account,
        mode: Option<Mode>,
        standing: Standing,
    ) -> Result<(), StoreError> {
        let Standing { enabled, validated } = standing;
        let state = AccountState { enabled, validated, mode, ..AccountState::default() };
        let state = state_row(&account.id, &state)?;
        for row in [state].into_iter().chain(account_rows(account)?) {
            self.rows().send(row.when(ABSENT)).await?;
        }
        Ok(())
    }

    /// A book at the paper venue.
    ///
    /// # Errors
    /// See [`Aws::put_token`].
    pub async fn put_book(&self, book: &Book) -> Result<(), StoreError> {
        self.rows().send(book_row(book)?.when(ABSENT)).await.map(drop)
    }

    /// A market.
    ///
    /// # Errors
    /// See [`Aws::put_token`].
    pub async fn put_market(&self, market: &Market) -> Result<(), StoreError> {
        Markets(self).put_market(market).await
    }

    /// A recorded series, unless one is replayed already.
    ///
    /// # Errors
    /// See [`Aws::put_token`].
    pub async fn put_replay(&self, market: &MarketKey, replay: &Replay) -> Result<(), StoreError> {
        self.put(replay_key(market), to_item(&replay.row(market))?).await
    }

    pub(crate) async fn put(&self, key: Key, item: Item) -> Result<(), StoreError> {
        self.rows().send(Write::replace(key, item).when(ABSENT)).await.map(drop)
    }
}
