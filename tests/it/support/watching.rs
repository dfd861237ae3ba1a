//! Following what becomes of an alert, through the product's own API.
//!
//! A pass is made at most once in a slot of ten seconds. Whoever follows asks for the running slot's; the minute would
//! do the same, only later.

use super::alert::Alert;
use super::http::{Answer, COME_AGAIN, ask_once};
use super::signed::Caller;
use super::stack::Stack;
use super::trader::Trader;
use super::unique::now;
use super::until::until;
use app::ports::{SendTick, Tick};
use domain::clock::Millis;
use domain::{limits, shard};
use reqwest::Method;
use serde_json::json;
use wire::view::{AccountState, Delivery, HaltStates, List, Order, PositionGroupDetail, Verdict};

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
            let taken = answer.status != COME_AGAIN;
            repeated |= !taken;
            taken.then_some(Taken { answer, repeated })
        })
        .await
    }

    /// The same, and what was decided about it.
    pub(crate) async fn judged(&self, alert: &Alert) -> Verdict {
        let delivery = self.deliver(alert).await;
        self.verdict(&delivery, |_| true).await
    }

    /// The group that an alert opens.
    pub(crate) async fn open(&self, alert: &Alert) -> String {
        let verdict = self.judged(alert).await;
        assert_eq!((&*verdict.kind, verdict.reason.as_deref()), ("accepted", Some("opened")), "{verdict:?}");
        verdict.position_group_ids[0].clone()
    }

    /// The group that an entry opens, filled and with its take-profit resting.
    pub(crate) async fn hold(&self, alert: &Alert) -> PositionGroupDetail {
        let group = self.open(alert).await;
        self.follow(&group, "its take-profit to rest", is_protected).await
    }

    /// What was decided about a delivery.
    pub(crate) async fn verdict(&self, delivery: &str, wanted: impl Fn(&Verdict) -> bool) -> Verdict {
        until("a verdict", async || self.find_delivery(delivery).await.verdict.filter(|verdict| wanted(verdict))).await
    }

    /// The same, for what the minute has to ask for; it is hurried as passes are.
    pub(crate) async fn verdict_by_the_minute(&self, delivery: &str, wanted: impl Fn(&Verdict) -> bool) -> Verdict {
        let mut slots = Slots::default();
        until("a verdict by the minute", async || {
            if slots.next().is_some() {
                minute().await;
            }
            self.find_delivery(delivery).await.verdict.filter(|verdict| wanted(verdict))
        })
        .await
    }

    pub(crate) async fn find_delivery(&self, id: &str) -> Delivery {
        let found = self.deliveries().await.into_iter().find(|delivery| delivery.id == id);
        found.unwrap_or_else(|| panic!("{id} is not listed"))
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
        self.get("/halt").await.read::<HaltStates>().accounts.remove(0)
    }

    /// The group once it is as wanted, with every slot's pass made on the way.
    pub(crate) async fn follow(
        &self,
        group: &str,
        what: &str,
        wanted: impl Fn(&PositionGroupDetail) -> bool,
    ) -> PositionGroupDetail {
        self.look(what, async || Some(self.group(group).await).filter(|group| wanted(group))).await
    }

    /// The same, with nothing hurried.
    pub(crate) async fn wait_for(
        &self,
        group: &str,
        what: &str,
        wanted: impl Fn(&PositionGroupDetail) -> bool,
    ) -> PositionGroupDetail {
        until(what, async || Some(self.group(group).await).filter(|group| wanted(group))).await
    }

    /// Whatever else is to come about, with every slot's pass made on the way.
    pub(crate) async fn look<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let mut slots = Slots::default();
        until(what, async || {
            let found = look().await;
            if let (None, Some(slot)) = (&found, slots.next()) {
                self.tick(slot).await;
            }
            found
        })
        .await
    }

    /// Once it is over.
    pub(crate) async fn closed(&self, group: &str) -> PositionGroupDetail {
        self.follow(group, "the group to be closed", |group| group.group.status == "closed").await
    }

    async fn tick(&self, slot: i64) {
        let tick = Tick { slot, shard: shard::of(self.account.as_str()) };
        self.aws.send_tick(&tick, Millis::ZERO, now()).await.unwrap();
    }
}

/// The answer that an alert got in the end.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) answer: Answer,
    /// Whether it had to be sent again; then it may have been kept before.
    pub(crate) repeated: bool,
}

/// What is due is sent again.
async fn minute() {
    let said = Caller::root().invoke(&Stack::get().name("TickerFunction"), &json!({})).await;
    assert_eq!(said.status, 200, "{}", said.body);
}

/// Slots, each taken once.
#[derive(Debug, Default)]
pub(crate) struct Slots(i64);

impl Slots {
    /// The running slot, the first time that it is asked for.
    pub(crate) fn next(&mut self) -> Option<i64> {
        let slot = now().millis() / limits::SLOT.get();
        (slot > std::mem::replace(&mut self.0, slot)).then_some(slot)
    }
}

/// Filled, and what protects it rests at the venue.
pub(crate) fn is_protected(group: &PositionGroupDetail) -> bool {
    group.group.status == "live" && group.take_profit_orders.iter().any(|order| order.state == "open")
}

/// The orders that were to buy, oldest first.
pub(crate) fn entries(group: &PositionGroupDetail) -> Vec<&Order> {
    group.pyramids.iter().flat_map(|pyramid| &pyramid.legs).flat_map(|leg| &leg.orders).collect()
}
