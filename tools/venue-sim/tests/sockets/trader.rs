//! A client of Binance's wire that is as small as can be, and the control calls.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;
use venue_sim::site::{Key, SiteName};
use venue_sim::{Settings, Simulator, Start};

/// So long nothing is waited for, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Trader {
    pub(crate) sim: Simulator,
    pub(crate) key: Key,
    http: reqwest::Client,
}

pub(crate) async fn trader() -> Trader {
    trader_with(&Settings::default()).await
}

pub(crate) async fn trader_with(settings: &Settings) -> Trader {
    let sim = Simulator::start(settings, Start::default()).await.unwrap();
    let key = sim.key(SiteName::Binance, "main").unwrap();
    let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
    Trader { sim, key, http }
}

/// What was answered: the status and the JSON.
pub(crate) type Answered = Result<(u16, Value), reqwest::Error>;

impl Trader {
    /// A limit order far below the price, which rests.
    pub(crate) async fn place(&self, id: &str) -> Answered {
        self.order(id, "60000", "").await
    }

    pub(crate) async fn order(&self, id: &str, price: &str, more: &str) -> Answered {
        let order = format!(
            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price={price}&newClientOrderId={id}{more}"
        );
        self.signed("POST", "/api/v3/order", &order).await
    }

    /// Gives up as soon as the exchange has what was sent: then there is no answer.
    pub(crate) async fn place_in_haste(&self, id: &str) -> Option<Answered> {
        tokio::select! {
            answered = self.place(id) => Some(answered),
            () = self.until(|trader| trader.sim.world().faults.pending().is_empty()) => None,
        }
    }

    pub(crate) async fn query(&self, id: &str) -> (u16, Value) {
        self.signed("GET", "/api/v3/order", &format!("symbol=BTCUSDT&origClientOrderId={id}")).await.unwrap()
    }

    pub(crate) async fn signed(&self, method: &str, path: &str, params: &str) -> Answered {
        let sent = self.sim.world().now();
        self.signed_at(method, path, params, sent).await
    }

    pub(crate) async fn signed_at(&self, method: &str, path: &str, params: &str, sent: i64) -> Answered {
        let payload = format!("{params}&timestamp={sent}").trim_start_matches('&').to_owned();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.secret.as_bytes()).unwrap();
        mac.update(payload.as_bytes());
        let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
        self.ask(method, &format!("{path}?{payload}&signature={signature}"), &self.key.id, "").await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, key: &str, body: &str) -> Answered {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.sim.url()));
        let answer = request.header("x-mbx-apikey", key).body(body.to_owned()).send().await?;
        let status = answer.status().as_u16();
        Ok((status, serde_json::from_str(&answer.text().await?).unwrap_or_default()))
    }

    pub(crate) async fn control(&self, path: &str, body: Value) {
        let (status, said) = self.ask("POST", path, "", &body.to_string()).await.unwrap();
        assert_eq!((status, said["done"].as_bool()), (200, Some(true)), "{path} {body}: {said}");
    }

    pub(crate) async fn fault(&self, kind: &str, more: Value) {
        let mut fault = json!({ "kind": kind, "venue": "binance" });
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.control("/sim/faults", fault).await;
    }

    /// How many orders have this id.
    pub(crate) fn taken(&self, id: &str) -> usize {
        let world = self.sim.world();
        world.sites[&SiteName::Binance].exchange.orders.values().filter(|order| order.draft.client_id == id).count()
    }

    /// How many requests have been worked off, whatever their fault.
    pub(crate) fn worked_off(&self) -> usize {
        self.sim.world().journal.seen().count()
    }

    /// Comes back when this holds.
    pub(crate) async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let seen = tokio::time::timeout(PATIENCE, async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        seen.await.unwrap();
    }
}
