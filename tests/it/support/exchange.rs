//! What stands in for exchanges on this machine, and traders who have an account there. A side of an exchange has one
//! account: a test that trades there has it for itself, and so one that shares a side with others takes its turn.

use super::alert::Alert;
use super::http::{Answer, ask, client};
use super::people::known;
use super::trader::Trader;
use super::unique::{now, unique};
use super::until::until_told;
use app::ports::{Audit, Groups, KeptAccount};
use aws::Aws;
use domain::account::Account;
use domain::identity::Role;
use domain::ids::{AccountId, AttemptId};
use domain::vault::AccountState;
use reqwest::Method;
use serde_json::{Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::market;
use store::trading::Trading;
use tokio::time::Instant;

/// One side of an exchange, as the simulator names it.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) exchange: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) market: &'static str,
    /// How alerts name the house and the market.
    pub(crate) named: (&'static str, &'static str),
}

pub(crate) const BINANCE: Side =
    Side { name: "binance", exchange: "BINANCE", mode: "live", market: "BTC/USDT", named: ("BINANCE", "BTC/USDT") };
pub(crate) const TESTNET: Side = Side { name: "binance-testnet", mode: "testnet", ..BINANCE };
pub(crate) const FUTURES: Side =
    Side { name: "binance-futures", exchange: "BINANCEUSDM", named: ("BINANCE", "BTCUSDT.P"), ..BINANCE };
pub(crate) const COINBASE: Side =
    Side { name: "coinbase", exchange: "COINBASE", mode: "live", market: "BTC/USD", named: ("COINBASE", "BTC/USD") };
pub(crate) const BYBIT: Side = Side { name: "bybit", exchange: "BYBIT", named: ("BYBIT", "BTC/USDT"), ..BINANCE };
pub(crate) const KRAKEN: Side = Side { name: "kraken", exchange: "KRAKEN", named: ("KRAKEN", "BTC/USD"), ..COINBASE };

/// What is asked for later waits no longer for a free function, nor does it run longer: then it is asked for once more.
const KEPT_WAITING: Duration = Duration::from_secs(120);

/// Where its candles are asked for.
pub(crate) const KLINES: &str = "/api/v3/klines";

impl Side {
    /// For as long as it is kept nobody else trades there, also in no other process. Of several, in the order of their names.
    pub(crate) fn turn(&self) -> File {
        let turn = File::create(beside_stack(&format!("turn-{}", self.name))).unwrap();
        turn.lock().unwrap();
        turn
    }

    /// A key of its account that may this.
    pub(crate) async fn key(&self, name: &str) -> (String, String) {
        let keys = self.ask("/keys").await;
        let is_meant = |key: &&Value| key["site"] == self.name && key["name"] == name;
        let key = keys.as_array().unwrap().iter().find(is_meant).unwrap();
        let text = |name: &str| key[name].as_str().unwrap().to_owned();
        (text("id"), text("secret"))
    }

    pub(crate) async fn price(&self, price: &str) {
        self.change("/price", json!({"market": self.market, "price": price})).await;
    }

    /// There and back again before anybody can look.
    pub(crate) async fn spike(&self, there: &str, back: &str) {
        self.change("/path", json!({"market": self.market, "steps": [[0, there], [0, back]]})).await;
    }

    /// What goes wrong there from now on.
    pub(crate) async fn fault(&self, kind: &str, more: Value) {
        let mut fault = json!({"kind": kind, "count": 1});
        fault.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.change("/faults", fault).await;
    }

    /// The same of its candles alone, where this stands in the query that asks for them.
    pub(crate) async fn fault_of_candles(&self, kind: &str, query: &str, more: &Value) {
        let mut of = json!({"on": "market", "path": KLINES, "query": query});
        of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.fault(kind, of).await;
    }

    /// Whether something of that is still to come.
    pub(crate) async fn faults_candles(&self, query: &str) -> bool {
        let to_come = self.ask("/faults").await;
        let is_meant =
            |fault: &Value| fault["venue"] == self.name && fault["path"] == KLINES && fault["query"] == query;
        to_come.as_array().unwrap().iter().any(is_meant)
    }

    /// Orders that it has, oldest first.
    pub(crate) async fn orders(&self) -> Vec<Value> {
        self.book().await["orders"].as_array().unwrap().clone()
    }

    /// The only order that it has under this client id.
    pub(crate) async fn order(&self, client_id: &str) -> Value {
        let all = self.orders().await;
        let same: Vec<&Value> = all.iter().filter(|order| order["client_order_id"] == client_id).collect();
        let [order] = same[..] else { panic!("{client_id} at {}: {same:?}", self.name) };
        order.clone()
    }

    /// What was asked of it with this client id, to place an order.
    pub(crate) async fn created(&self, client_id: &str) -> Vec<Value> {
        let is_meant = |seen: &Value| seen["purpose"] == "create" && seen["client_order_id"] == client_id;
        self.requests().await.into_iter().filter(is_meant).collect()
    }

    /// Balances, positions, orders and trades.
    pub(crate) async fn book(&self) -> Value {
        self.ask(&format!("/books?venue={}", self.name)).await
    }

    /// What was asked of it, oldest first.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        self.ask(&format!("/requests?venue={}", self.name)).await.as_array().unwrap().clone()
    }

    /// The time there, in milliseconds.
    pub(crate) async fn now(&self) -> i64 {
        self.ask("/clock").await["now_ms"].as_i64().unwrap()
    }

    /// Client order ids that came more than once.
    pub(crate) async fn duplicates(&self) -> Value {
        self.ask("/duplicates").await
    }

    pub(crate) async fn change(&self, path: &str, mut call: Value) {
        call["venue"] = json!(self.name);
        self.control(Method::POST, path, &call).await;
    }

    async fn ask(&self, path: &str) -> Value {
        self.control(Method::GET, path, &Value::Null).await
    }

    async fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let url = format!("{}/sim{path}", simulator());
        let answer = client().request(method, url).body(body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Whoever had the account there before, in another test or run, has it no more: it is connected once.
    async fn leave(&self, aws: &Aws) {
        for id in Trading(aws).list_every_account().await.unwrap() {
            // Another test may just show what becomes of rows that a newer release has written.
            let Ok(Some(account)) = Trading(aws).load_account(&id).await else { continue };
            while account.exchange.as_str() == self.exchange {
                let theirs = Trading(aws).list_kept_accounts(&account.user).await.unwrap();
                let is_here = |kept: &KeptAccount| kept.state.mode.is_some_and(|mode| mode.as_str() == self.mode);
                let kept = theirs.into_iter().find(|kept| kept.account.id == id && is_here(kept));
                let Some(kept) = kept.filter(|kept| kept.state.claim.is_some()) else { break };
                let (version, mode) = (kept.state.version + 1, kept.state.mode);
                let state = AccountState { mode, version, ..AccountState::default() };
                let left = KeptAccount { state, ..kept.clone() };
                if Trading(aws).change_account(&kept, &left, Groups::Any.into(), &record(&account)).await.unwrap() {
                    break;
                }
            }
        }
    }

    /// Somebody with a key there that was found good, and who has let it enter.
    pub(crate) async fn trader(&self) -> Trader {
        let mut trader = Trader::new().await;
        trader.bearer = known(trader.user.clone(), Role::Trader).await.token;
        trader.account = self.join(&trader).await;
        trader
    }

    /// An account there for whoever is logged in, by a key that was found good, and which may enter.
    pub(crate) async fn join(&self, trader: &Trader) -> AccountId {
        self.leave(&trader.aws).await;
        let saved = self.save(trader, "main", &Value::Null).await;
        assert_eq!(saved.status, 201, "{saved:?}");
        let id = AccountId::parse(saved.json()["id"].as_str().unwrap()).unwrap();
        let send =
            async |method, path: &str, body: Value| ask(method, path, Some(&trader.bearer), body.to_string()).await;
        let validate = async || {
            let found = send(Method::PUT, &format!("/api/keys/{}/validate", self.exchange), json!({})).await;
            assert_eq!((found.status, &found.json()["validated"]), (200, &json!(true)), "{found:?}");
            Instant::now()
        };
        let mut asked = validate().await;
        // Nobody waits for the markets and what the account has, but whoever trades at once.
        let exchange = self.exchange.parse().unwrap();
        until_told("the markets and balances there", async || {
            let account = Trading(&trader.aws).load_account(&id).await.unwrap().unwrap();
            let listed = market::Market(&trader.aws).listed_whole(&exchange).await.unwrap();
            if listed.is_some() && !account.balances.is_empty() {
                return Ok(());
            }
            if asked.elapsed() > KEPT_WAITING {
                asked = validate().await;
            }
            Err(format!("listed: {listed:?}, balances: {}", account.balances.len()))
        })
        .await;
        let one = format!("/api/v1/user-wallets/{id}");
        assert_eq!(send(Method::PATCH, &one, json!({"enabled": true})).await.json()["enabled"], true);
        id
    }

    /// Saves a key of this name for whoever is logged in.
    pub(crate) async fn save(&self, trader: &Trader, name: &str, more: &Value) -> Answer {
        let (id, secret) = self.key(name).await;
        let mut body = json!({"mode": self.mode, "api_key": id, "api_secret": secret});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        ask(Method::POST, &format!("/api/keys/{}", self.exchange), Some(&trader.bearer), body.to_string()).await
    }

    /// An alert of this market, with the price that it was raised at.
    pub(crate) fn entry(&self, price: &str) -> Alert {
        self.unpriced().tv("price", price)
    }

    /// The same without a price.
    pub(crate) fn unpriced(&self) -> Alert {
        let (house, symbol) = self.named;
        Alert::entry(symbol).tv("exchange", house)
    }

    pub(crate) fn exit(&self) -> Alert {
        let (house, symbol) = self.named;
        Alert::exit(symbol).tv("exchange", house)
    }
}

fn record(account: &Account) -> Audit {
    Audit {
        user: account.user.clone(),
        action: "change account".to_owned(),
        resource: account.id.to_string(),
        reason: "for a test".to_owned(),
        before: None,
        after: None,
        at: now(),
        attempt: AttemptId::new(unique()),
        address: None,
        actor: None,
    }
}

/// Where it answers: it says so beside the stack that it was started with.
pub(super) fn simulator() -> String {
    let said = std::fs::read_to_string(beside_stack("venue-sim.log")).unwrap();
    said.lines().find_map(|line| line.strip_prefix("url=")).unwrap().to_owned()
}

fn beside_stack(name: &str) -> PathBuf {
    Path::new(&std::env::var("MONIQO_STACK").unwrap()).with_file_name(name)
}
