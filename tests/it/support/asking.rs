//! Asking the product, and reading its answers.

use super::alert::Alert;
use super::http::{Answer, ask_once};
use super::trader::Trader;
use super::until::until;
use reqwest::Method;
use wire::view::{AccountState, Delivery, HaltStates, List, Order, PositionGroupDetail};

/// The answer that an alert got in the end.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) answer: Answer,
    /// Whether it had to be sent again; then it may have been kept before.
    pub(crate) repeated: bool,
}

impl Trader {
    /// Posts an alert that is accepted, and gives its delivery.
    pub(crate) async fn deliver(&self, alert: &Alert) -> String {
        let Taken { answer, repeated } = self.send(alert).await;
        let status = answer.json()["status"].clone();
        assert!(answer.status == 202 && (status == "accepted" || repeated), "{answer:?}");
        answer.json()["delivery_id"].as_str().unwrap().to_owned()
    }

    /// Sends an alert as TradingView does: again, when it is told that it is not safely queued.
    pub(crate) async fn send(&self, alert: &Alert) -> Taken {
        let mut repeated = false;
        until("an alert to be taken", async || {
            let answer = ask_once(Method::POST, &self.webhook(), None, alert.to_string()).await;
            let taken = !answer.says_come_again();
            repeated |= !taken;
            taken.then_some(Taken { answer, repeated })
        })
        .await
    }

    pub(crate) async fn find_delivery(&self, id: &str) -> Delivery {
        self.get(&format!("/deliveries/{id}")).await.read()
    }

    /// Newest first.
    pub(crate) async fn deliveries(&self) -> Vec<Delivery> {
        self.get("/deliveries").await.read::<List<Delivery>>().items
    }

    pub(crate) async fn orders(&self) -> Vec<Order> {
        self.get("/orders").await.read::<List<Order>>().items
    }

    pub(crate) async fn group(&self, id: &str) -> PositionGroupDetail {
        self.get(&format!("/position-groups/{id}")).await.read()
    }

    pub(crate) async fn account_state(&self) -> AccountState {
        let accounts = self.get("/halt").await.read::<HaltStates>().accounts;
        accounts.into_iter().find(|account| account.id == self.account.as_str()).unwrap()
    }
}
