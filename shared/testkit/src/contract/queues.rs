//! What queues promise to those who send: it arrives as it was sent, once per name, in the order of its lane.
//!
//! A suite of its own, since a queue is listened to and a table is not: [`queue_cases!`](crate::queue_cases) makes a
//! test of each case.

use app::ports::{Bell, Queue, Queues, Signal, Tick};
use domain::clock::{Millis, Timestamp};
use domain::delivery::DeliveryRef;
use domain::ids::{AccountId, DeliveryId, GroupId, Sha, UserId};
use wire::messages::Message;

/// Queues under test, which nobody else sends to or listens to.
pub trait Hears {
    type Sender: Queues;

    fn sender(&self) -> &Self::Sender;

    /// A text that no other case has, fit for ids: lower-case letters and digits.
    fn unique(&self) -> String;

    fn now(&self) -> Timestamp;

    /// The next message that may be heard by now, and done with; none where a while has brought none.
    async fn hear(&self, queue: Queue) -> Option<String>;
}

pub async fn what_is_heard_is_what_was_sent<H: Hears>(harness: &H) {
    let (given, sender) = (Given::new(harness), harness.sender());
    let (signal, bell, tick) = (given.signal(1), given.bell(7, Some("slot")), Tick { slot: 176_000_000, shard: 3 });
    sender.send_signal(&signal, given.now).await.unwrap();
    sender.ring(&bell, given.now).await.unwrap();
    sender.send_ticks(&[(tick, Millis::ZERO)], given.now).await.unwrap();
    assert_eq!(given.heard(harness, Queue::Signals).await, Some(signal.message(given.now)));
    assert_eq!(given.heard(harness, Queue::Orders).await, Some(bell.message(given.now)));
    assert_eq!(given.heard(harness, Queue::Ticks).await, Some(tick.message(given.now)));
}

pub async fn a_decision_is_asked_for_once_and_the_next_one_again<H: Hears>(harness: &H) {
    let (given, sender) = (Given::new(harness), harness.sender());
    for decision in [1, 1, 2, 1] {
        sender.send_signal(&given.signal(decision), given.now).await.unwrap();
    }
    for decision in [1, 2] {
        let heard = given.heard(harness, Queue::Signals).await;
        assert_eq!(heard, Some(given.signal(decision).message(given.now)));
    }
    assert_eq!(harness.hear(Queue::Signals).await, None);
}

/// A repair comes after the first was heard, and is none then.
pub async fn a_name_is_remembered_after_it_was_heard<H: Hears>(harness: &H) {
    let (given, sender) = (Given::new(harness), harness.sender());
    sender.ring(&given.bell(1, None), given.now).await.unwrap();
    assert!(given.heard(harness, Queue::Orders).await.is_some());
    sender.ring(&given.bell(1, None), given.now).await.unwrap();
    assert_eq!(harness.hear(Queue::Orders).await, None);
}

pub async fn a_bell_that_is_rung_again_on_purpose_is_heard_again<H: Hears>(harness: &H) {
    let (given, sender) = (Given::new(harness), harness.sender());
    let bells = [given.bell(1, None), given.bell(1, Some("slot 1")), given.bell(1, Some("slot 2"))];
    for bell in bells.iter().flat_map(|bell| [bell, bell]) {
        sender.ring(bell, given.now).await.unwrap();
    }
    for bell in &bells {
        assert_eq!(given.heard(harness, Queue::Orders).await, Some(bell.message(given.now)));
    }
    assert_eq!(harness.hear(Queue::Orders).await, None);
}

pub async fn a_lane_is_heard_in_the_order_it_was_sent<H: Hears>(harness: &H) {
    let (given, sender) = (Given::new(harness), harness.sender());
    for decision in 1..=5 {
        sender.send_signal(&given.signal(decision), given.now).await.unwrap();
    }
    for decision in 1..=5 {
        let heard = given.heard(harness, Queue::Signals).await;
        assert_eq!(heard, Some(given.signal(decision).message(given.now)));
    }
}

pub async fn a_tick_is_not_heard_before_its_delay<H: Hears>(harness: &H) {
    let (given, sender) = (Given::new(harness), harness.sender());
    let [early, late] = [1, 2].map(|slot| Tick { slot, shard: 0 });
    sender.send_ticks(&[(late, Millis::seconds(60)), (early, Millis::ZERO)], given.now).await.unwrap();
    assert_eq!(given.heard(harness, Queue::Ticks).await, Some(early.message(given.now)));
    assert_eq!(harness.hear(Queue::Ticks).await, None);
}

/// One case's own names.
struct Given {
    unique: String,
    now: Timestamp,
}

impl Given {
    fn new<H: Hears>(harness: &H) -> Self {
        Self { unique: harness.unique(), now: harness.now() }
    }

    fn signal(&self, decision: u32) -> Signal {
        let delivery = DeliveryRef {
            id: DeliveryId::of(&[&self.unique]),
            user: UserId::of(&[&self.unique]),
            key: Sha::of_bytes(self.unique.as_bytes()),
            first_at: self.now,
        };
        Signal { delivery, decision, lane: self.unique.clone(), trace: "trace".to_owned() }
    }

    fn bell(&self, version: u64, again: Option<&str>) -> Bell {
        let (account, group) = (AccountId::of(&[&self.unique]), GroupId::of(&[&self.unique]));
        Bell { account, group, version, again: again.map(str::to_owned), trace: "trace".to_owned() }
    }

    async fn heard<H: Hears>(&self, harness: &H, queue: Queue) -> Option<Message> {
        harness.hear(queue).await.map(|body| Message::decode(&body).unwrap())
    }
}

/// Makes a test of every case: `$run!(path)` runs one on queues of its own.
#[macro_export]
macro_rules! queue_cases {
    ($run:ident) => {
        $crate::contract_cases! { $run, queues:
            what_is_heard_is_what_was_sent,
            a_decision_is_asked_for_once_and_the_next_one_again,
            a_name_is_remembered_after_it_was_heard,
            a_bell_that_is_rung_again_on_purpose_is_heard_again,
            a_lane_is_heard_in_the_order_it_was_sent,
            a_tick_is_not_heard_before_its_delay
        }
    };
}
