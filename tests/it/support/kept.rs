//! Alerts that were kept and never queued: the webhook's process has ended in between.

use super::alert::Alert;
use super::trader::Trader;
use super::unique::{now, unique};
use app::ports::{Kept, PageRequest};
use domain::clock::Millis;
use domain::delivery::{Delivery, DeliveryKey};
use domain::ids::{AttemptId, Sha};
use domain::limits;
use store::Span;
use store::trading::Trading;

impl Trader {
    /// Keeps an alert as if it had come so long ago, and gives its delivery.
    pub(crate) async fn keep_undecided(&self, alert: &Alert, ago: Millis) -> String {
        let delivery = self.received(alert, ago);
        let kept = Trading(&self.aws).put_delivery(&delivery, &AttemptId::new(unique())).await.unwrap();
        assert_eq!(kept, Kept::First);
        delivery.at.id.to_string()
    }

    /// An alert as if it had come so long ago; nothing is kept of it.
    pub(crate) fn received(&self, alert: &Alert, ago: Millis) -> Delivery {
        let (body, first_at) = (wire::alert::open(alert.to_string().as_bytes()).body, now().minus(ago));
        let (hash, understood) = (Sha::of_bytes(body.as_bytes()), wire::alert::parse(&body, None).unwrap());
        let key = DeliveryKey::of(&self.user, &self.token_id(), Some(&understood), &hash);
        Delivery {
            at: Delivery::reference(&self.user, &key, first_at),
            identity: key.identity,
            token: self.token_id(),
            account: None,
            exchange: None,
            body,
            body_hash: hash,
            grant: domain::token::Grant::default(),
            source_ip: None,
            lane: unique(),
            trace: unique(),
            decisions: 1,
            repeats: 0,
            verdict: None,
            due_at: Some(first_at.plus(limits::DELIVERY_DUE)),
            expires_at: first_at.plus(limits::DEDUPE),
            part: None,
            by_hand: None,
            bot: None,
        }
    }

    /// The row of a delivery.
    pub(crate) async fn stored_delivery(&self, id: &str) -> Delivery {
        let page = PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor: None };
        let listed = Trading(&self.aws).list_deliveries(&self.user, Span::default(), &page).await.unwrap().items;
        listed.into_iter().find(|found| found.at.id.as_str() == id).unwrap()
    }
}
