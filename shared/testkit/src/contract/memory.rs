//! The harness of memory itself.

use super::Harness;
use super::change::Row;
use crate::world::World;
use app::ports::{Book, Bootstrap, Session, Standing};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use domain::market::Market;
use domain::token::WebhookToken;

/// The cases against a world.
#[derive(Debug)]
pub struct Memory(pub World);

impl Harness for Memory {
    type Store = World;

    fn store(&self) -> &World {
        &self.0
    }

    fn unique(&self) -> String {
        format!("case{}", self.0.sim().up_to(u64::MAX))
    }

    fn now(&self) -> Timestamp {
        self.0.sim().now()
    }

    async fn pause(&self) {
        self.0.sim().sleep(Millis::seconds(1)).await;
    }

    async fn widen(&self, row: &Row) {
        self.0.widen(row);
    }

    async fn is_widened(&self, row: &Row) -> bool {
        self.0.is_widened(row)
    }

    async fn put_token(&self, token: &WebhookToken) {
        self.0.put_token(token);
    }

    async fn put_account(&self, account: &Account, standing: Standing) {
        self.0.put_account(account, standing);
    }

    async fn put_market(&self, market: &Market) {
        self.0.put_market(market);
    }

    async fn put_book(&self, book: &Book) {
        self.0.put_book(book);
    }

    async fn put_session(&self, token_hash: &Sha, session: &Session, expires_at: Timestamp) {
        self.0.put_session(token_hash, session, expires_at);
    }

    async fn put_bootstrap(&self, bootstrap: &Bootstrap) {
        self.0.put_bootstrap(bootstrap);
    }
}
