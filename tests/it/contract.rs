//! The contract of the store ports, held by real tables. They are made after the template, beside the product's own:
//! no function looks at them, so that no case meets the minute or a pass.

use crate::support::Stack;
use crate::support::item::Item;
use crate::support::tables::{PATIENT, connect_to, make_like};
use crate::support::unique::{now, unique};
use app::ports::{Book, Bootstrap, Session, Standing};
use aws::{Aws, Config, Place};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::Sha;
use domain::market::Market;
use domain::token::WebhookToken;
use serde_json::json;
use std::time::Duration;
use testkit::contract::Harness;
use testkit::contract::change::Row;

const TABLES: [(Place, &str); 5] = [
    (Place::Trading, "TradingTable"),
    (Place::Catalog, "CatalogTable"),
    (Place::Vault, "VaultTable"),
    (Place::Market, "MarketTable"),
    (Place::Identity, "IdentityTable"),
];

struct Tables(Aws);

impl Tables {
    async fn new() -> Self {
        let mut config = Config::new(PATIENT);
        for (place, resource) in TABLES {
            config = config.with(place, made(resource).await);
        }
        Self(connect_to(config).await)
    }
}

/// A table like this one, made by whichever case is first in this run.
async fn made(resource: &str) -> String {
    let name = name(resource);
    make_like(resource, &name).await;
    name
}

/// Named as the deployment's own, so that whoever takes that away takes these as well.
fn name(resource: &str) -> String {
    let run = std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| std::process::id().to_string());
    format!("{}-contract-{run}-{resource}", Stack::get().deployment())
}

/// Where a row stands, as the architecture's table says.
fn item(row: &Row) -> Item {
    let trading = |pk: String, sk: String| Item::of(&name("TradingTable"), &pk, &sk);
    match row {
        Row::Account(account) => trading(format!("ACC#{account}"), "A".to_owned()),
        Row::Group(account, group) => trading(format!("ACC#{account}"), format!("G#{group}")),
        Row::Order(group, order) => trading(format!("GRP#{group}"), format!("O#{order}")),
        Row::Delivery(at) => trading(format!("USR#{}", at.user), format!("K#{}", at.key.as_str())),
        Row::Outbox(bell) => trading(format!("GRP#{}", bell.group), format!("H#{:010}", bell.version)),
        Row::Session(hash) => Item::of(&name("IdentityTable"), &format!("SES#{}", hash.as_str()), "S"),
    }
}

impl Harness for Tables {
    type Store = Aws;

    fn store(&self) -> &Aws {
        &self.0
    }

    fn unique(&self) -> String {
        unique()
    }

    fn now(&self) -> Timestamp {
        now()
    }

    async fn pause(&self) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    async fn widen(&self, row: &Row) {
        item(row).set("something_new", json!({"S": "as it was"})).await;
    }

    async fn is_widened(&self, row: &Row) -> bool {
        item(row).read().await["something_new"] == json!({"S": "as it was"})
    }

    async fn put_token(&self, token: &WebhookToken) {
        self.0.put_token(token).await.unwrap();
    }

    async fn put_account(&self, account: &Account, standing: Standing) {
        self.0.put_account(account, None, standing).await.unwrap();
    }

    async fn put_market(&self, market: &Market) {
        self.0.put_market(market).await.unwrap();
    }

    async fn put_book(&self, book: &Book) {
        self.0.put_book(book).await.unwrap();
    }

    async fn put_session(&self, token_hash: &Sha, session: &Session, expires_at: Timestamp) {
        self.0.put_session(token_hash, session, expires_at).await.unwrap();
    }

    async fn put_bootstrap(&self, bootstrap: &Bootstrap) {
        self.0.put_bootstrap(bootstrap).await.unwrap();
    }
}

macro_rules! in_tables {
    ($case:path) => {{
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { $case(&$crate::contract::Tables::new().await).await });
    }};
}

testkit::contract_cases!(in_tables);
