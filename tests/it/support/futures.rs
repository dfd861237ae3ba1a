//! What an owner does at the simulator's futures without telling anybody here, and what is held there then.

use super::exchange::{Side, simulator};
use super::http::client;
use data_encoding::HEXLOWER;
use domain::money::Decimal;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

/// Of its market.
const SYMBOL: (&str, &str) = ("symbol", "BTCUSDT");

/// The contracts of its market.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Held {
    pub(crate) side: String,
    pub(crate) quantity: String,
    pub(crate) leverage: u32,
    pub(crate) isolated: bool,
}

impl Held {
    pub(crate) fn isolated(side: &str, quantity: &str, leverage: u32) -> Self {
        Self { side: side.to_owned(), quantity: quantity.to_owned(), leverage, isolated: true }
    }
}

impl Side {
    /// None where nothing is held.
    pub(crate) async fn held(&self) -> Option<Held> {
        let book = self.book().await;
        let held = book["positions"].as_array().unwrap().iter().find(|held| held["market"] == self.market)?;
        Some(Held::deserialize(held).unwrap())
    }

    /// What new orders may take.
    pub(crate) async fn free(&self) -> Decimal {
        self.book().await["balances"]["main"]["USDT"]["free"].as_str().unwrap().parse().unwrap()
    }

    /// What was to change something there after this time, oldest first: method and path, and what was asked.
    pub(crate) async fn told_after(&self, at: i64) -> Vec<(String, String)> {
        let all = self.requests().await;
        let told = all.iter().filter(|seen| seen["at"].as_i64().unwrap() > at && seen["method"] != "GET");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let what = |seen: &Value| format!("{} {}", text(&seen["method"]), text(&seen["path"]));
        told.map(|seen| (what(seen), text(&seen["asked"]))).collect()
    }

    /// As the account was before anybody traded there. What is so already is refused, and so be it.
    pub(crate) async fn begin_anew(&self) {
        self.by_hand(Method::DELETE, "allOpenOrders", &[SYMBOL]).await;
        self.hedge_by_hand(false).await;
        if let Some(held) = self.held().await {
            self.trade_by_hand(if held.side == "long" { "SELL" } else { "BUY" }, &held.quantity).await;
        }
        self.by_hand(Method::POST, "marginType", &[SYMBOL, ("marginType", "CROSSED")]).await;
        self.by_hand(Method::POST, "leverage", &[SYMBOL, ("leverage", "20")]).await;
        assert_eq!(self.held().await, None);
    }

    /// Both sides of a market at once from now on, or one.
    pub(crate) async fn hedge_by_hand(&self, is_hedged: bool) {
        self.by_hand(Method::POST, "positionSide/dual", &[("dualSidePosition", &is_hedged.to_string())]).await;
    }

    /// At the market.
    pub(crate) async fn trade_by_hand(&self, side: &str, quantity: &str) {
        let order = [SYMBOL, ("side", side), ("type", "MARKET"), ("quantity", quantity)];
        let done = self.by_hand(Method::POST, "order", &order).await;
        assert!(done["orderId"].is_number(), "{done}");
    }

    /// What it says, which may be a refusal.
    async fn by_hand(&self, method: Method, what: &str, asked: &[(&str, &str)]) -> Value {
        let (key, secret) = self.key("main").await;
        let asked: String = asked.iter().map(|(name, value)| format!("{name}={value}&")).collect();
        let asked = format!("{asked}timestamp={}", self.now().await);
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(asked.as_bytes());
        let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
        let url = format!("{}/fapi/v1/{what}?{asked}&signature={signature}", simulator());
        let answer = client().request(method, url).header("X-MBX-APIKEY", key).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}
