//! The contract, held by memory itself.

use app::ports::{Book, Session, Standing};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use domain::market::Market;
use domain::token::WebhookToken;
use testkit::contract::Harness;
use testkit::contract::change::Row;
use testkit::world::World;

struct Memory(World);

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
        self.0.put_token(token.clone());
    }

    async fn put_account(&self, account: &Account, standing: Standing) {
        self.0.put_account(account.clone(), standing);
    }

    async fn put_market(&self, market: &Market) {
        self.0.put_market(market.clone());
    }

    async fn put_book(&self, book: &Book) {
        self.0.put_book(book.clone());
    }

    async fn put_session(&self, token_hash: &Sha, session: &Session, expires_at: Timestamp) {
        self.0.put_session(token_hash, session.clone(), expires_at);
    }
}

macro_rules! in_memory {
    ($case:path) => {{
        let world = $crate::World::calm();
        let harness = $crate::Memory(world.clone());
        world.sim().block_on("case", async move { $case(&harness).await });
    }};
}

testkit::contract_cases!(in_memory);
