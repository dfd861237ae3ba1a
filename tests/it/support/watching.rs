//! Waiting for what becomes of an alert. Whoever waits looks into the tables, which costs little; what is asserted in the
//! end is what the API shows.
//!
//! A pass is made at most once in a slot of ten seconds. Whoever follows asks for the running slot's; the minute would
//! do the same, only later.

use super::alert::Alert;
use super::signed::Caller;
use super::stack::Stack;
use super::trader::Trader;
use super::unique::now;
use super::until::{until, until_told};
use app::ports::{PageRequest, Queues, Tick};
use domain::clock::Millis;
use domain::ids::GroupId;
use domain::{limits, shard};
use serde_json::json;
use std::fmt::Debug;
use store::Span;
use store::trading::Trading;
use wire::view::{Order, PositionGroupDetail, Verdict};

impl Trader {
    /// Sends an alert, and gives what was decided about it.
    pub(crate) async fn judged(&self, alert: &Alert) -> Verdict {
        let delivery = self.deliver(alert).await;
        self.verdict(&delivery, |_| true).await
    }

    /// The group that an alert opens.
    pub(crate) async fn open(&self, alert: &Alert) -> String {
        let verdict = self.judged(alert).await;
        assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("accepted", Some("opened")), "{verdict:?}");
        verdict.position_group_ids[0].clone()
    }

    /// The group that an entry opens, filled and with its take-profit resting.
    pub(crate) async fn hold(&self, alert: &Alert) -> PositionGroupDetail {
        let group = self.open(alert).await;
        self.follow(&group, "its take-profit to rest", is_protected).await
    }

    /// What was decided about a delivery.
    pub(crate) async fn verdict(&self, delivery: &str, wanted: impl Fn(&Verdict) -> bool) -> Verdict {
        until("a verdict", async || self.stored_verdict(delivery).await.filter(|verdict| wanted(verdict))).await;
        self.find_delivery(delivery).await.verdict.unwrap()
    }

    /// The same, for what the minute has to ask for; it is hurried as passes are.
    pub(crate) async fn verdict_by_the_minute(&self, delivery: &str, wanted: impl Fn(&Verdict) -> bool) -> Verdict {
        let mut slots = Slots::default();
        until("a verdict by the minute", async || {
            if slots.next().is_some() {
                minute().await;
            }
            self.stored_verdict(delivery).await.filter(|verdict| wanted(verdict))
        })
        .await;
        self.find_delivery(delivery).await.verdict.unwrap()
    }

    /// The group once it is as wanted, with every slot's pass made on the way.
    pub(crate) async fn follow(
        &self,
        group: &str,
        what: &str,
        wanted: impl Fn(&PositionGroupDetail) -> bool,
    ) -> PositionGroupDetail {
        self.look_told(what, async || {
            let stored = self.stored_group(group).await;
            stored.as_ref().is_some_and(&wanted).then_some(()).ok_or(stored)
        })
        .await;
        self.group(group).await
    }

    /// The same, with nothing hurried.
    pub(crate) async fn wait_for(
        &self,
        group: &str,
        what: &str,
        wanted: impl Fn(&PositionGroupDetail) -> bool,
    ) -> PositionGroupDetail {
        until(what, async || self.stored_group(group).await.filter(|group| wanted(group))).await;
        self.group(group).await
    }

    /// Whatever else is to come about, with every slot's pass made on the way.
    pub(crate) async fn look<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        self.look_told(what, async || look().await.ok_or("nothing")).await
    }

    async fn look_told<T, E: Debug>(&self, what: &str, look: impl AsyncFn() -> Result<T, E>) -> T {
        let mut slots = Slots::default();
        until_told(what, async || {
            let found = look().await;
            if let (Err(_), Some(slot)) = (&found, slots.next()) {
                self.tick(slot).await;
            }
            found
        })
        .await
    }

    /// So many slots go by, each with its pass.
    pub(crate) async fn passes(&self, mut count: u32) {
        let mut slots = Slots::default();
        until("passes", async || {
            if let Some(slot) = slots.next() {
                self.tick(slot).await;
                count = count.saturating_sub(1);
            }
            (count == 0).then_some(())
        })
        .await;
    }

    /// Once it is over.
    pub(crate) async fn closed(&self, group: &str) -> PositionGroupDetail {
        self.follow(group, "the group to be closed", |group| group.group.status == "closed").await
    }

    /// Behind the product's back.
    pub(crate) async fn stored_verdict(&self, delivery: &str) -> Option<Verdict> {
        let page = PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor: None };
        let listed = Trading(&self.aws).list_deliveries(&self.user, Span::default(), &page).await.unwrap().items;
        let found = listed.into_iter().find(|found| found.at.id.as_str() == delivery);
        found?.verdict.as_ref().map(Verdict::from)
    }

    /// Behind the product's back, and without its history.
    pub(crate) async fn stored_group(&self, id: &str) -> Option<PositionGroupDetail> {
        let id = GroupId::parse(id).unwrap();
        let position = Trading(&self.aws).load_position(&self.account, &id).await.unwrap()?;
        Some(PositionGroupDetail::of(&position, Vec::new()).unwrap())
    }

    async fn tick(&self, slot: i64) {
        let tick = Tick { slot, shard: shard::of(self.account.as_str()) };
        self.aws.send_ticks(&[(tick, Millis::ZERO)], now()).await.unwrap();
    }
}

/// What is due is sent again.
pub(crate) async fn minute() {
    let said = Caller::root().invoke(&Stack::get().name("TickerFunction"), &json!({})).await;
    assert!(said.status == 200 && said.body.get("errorType").is_none(), "{}", said.body);
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

/// How many of these were filled. One that a slow stack did not send in time was decided anew, and is none of them.
pub(crate) fn filled<'a>(orders: impl IntoIterator<Item = &'a Order>) -> usize {
    orders.into_iter().filter(|order| order.state == "filled").count()
}
