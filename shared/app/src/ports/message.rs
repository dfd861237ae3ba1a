//! Doorbells as messages: what names each on its queue, and how it is written and read there.

use super::{Bell, RecoverAccount, Signal, Tick};
use domain::clock::Timestamp;
use domain::ids::Sha;
use wire::messages::{self, Body, GroupWork, Message, MessageError, SignalReceived};
use wire::stored::DeliveryRef;
use wire::text::Text;

impl Signal {
    /// The queue drops a second message of this name: one decision is asked for once, repairs included.
    pub fn deduplication_id(&self) -> String {
        format!("{}#{}", self.delivery.id, self.decision)
    }

    pub fn message(&self, now: Timestamp) -> Message {
        let (delivery, lane) = (DeliveryRef::from(&self.delivery), self.lane.clone());
        let body = Body::Signal(SignalReceived { delivery, decision: self.decision, lane });
        Message::new(self.deduplication_id(), now.millis(), self.trace.clone(), body)
    }
}

impl Bell {
    /// One version is rung once, unless it is rung again on purpose.
    pub fn deduplication_id(&self) -> String {
        let again = self.again.as_ref().map_or_else(String::new, |again| format!("#{again}"));
        nameable(format!("{}#{}{again}", self.group, self.version))
    }

    pub fn message(&self, now: Timestamp) -> Message {
        let (account, group) = (Text(self.account.clone()), Text(self.group.clone()));
        let body = Body::Work(GroupWork { account, group, version: self.version, again: self.again.clone() });
        Message::new(self.deduplication_id(), now.millis(), self.trace.clone(), body)
    }
}

impl Tick {
    pub fn message(&self, now: Timestamp) -> Message {
        let body = Body::Tick(messages::Tick { slot: self.slot, shard: self.shard });
        let trace = format!("tick-{}-{}", self.slot, self.shard);
        Message::new(format!("{}#{}", self.slot, self.shard), now.millis(), trace, body)
    }
}

impl RecoverAccount {
    pub fn message(&self, now: Timestamp) -> Message {
        let (account, table) = (Text(self.account.clone()), Text(self.table.clone()));
        let id = format!("{}#{}#{}", self.table, self.account, now.millis());
        let body = Body::Recover(messages::RecoverAccount { account, table });
        Message::new(id, now.millis(), self.trace.clone(), body)
    }
}

/// What SQS takes as a name (`MessageDeduplicationId` of `SendMessage` in botocore's model 2012-11-05, read 2026-11-26): letters,
/// digits and punctuation of ASCII.
const NAME_CHARACTERS_MAX: usize = 128;

/// The text where a queue takes it as a name, else its hash.
fn nameable(text: String) -> String {
    let fits = text.len() <= NAME_CHARACTERS_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { text } else { Sha::of_bytes(text.as_bytes()).as_str().to_owned() }
}

impl TryFrom<Message> for Signal {
    type Error = MessageError;

    fn try_from(message: Message) -> Result<Self, MessageError> {
        let Body::Signal(SignalReceived { delivery, decision, lane }) = message.body else {
            return Err(misplaced(&message));
        };
        Ok(Self { delivery: delivery.into(), decision, lane, trace: message.trace })
    }
}

impl TryFrom<Message> for Bell {
    type Error = MessageError;

    fn try_from(message: Message) -> Result<Self, MessageError> {
        let Body::Work(GroupWork { account, group, version, again }) = message.body else {
            return Err(misplaced(&message));
        };
        Ok(Self { account: account.0, group: group.0, version, again, trace: message.trace })
    }
}

impl TryFrom<Message> for Tick {
    type Error = MessageError;

    fn try_from(message: Message) -> Result<Self, MessageError> {
        let Body::Tick(messages::Tick { slot, shard }) = message.body else { return Err(misplaced(&message)) };
        Ok(Self { slot, shard })
    }
}

fn misplaced(message: &Message) -> MessageError {
    MessageError::Misplaced(message.body.kind().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::delivery;
    use domain::ids::{AccountId, DeliveryId, GroupId, UserId};
    use proptest::prelude::*;

    fn bell(again: Option<&str>) -> Bell {
        let (account, group) = (AccountId::of(&["a"]), GroupId::of(&["g"]));
        Bell { account, group, version: 7, again: again.map(str::to_owned), trace: "t".to_owned() }
    }

    fn over_the_wire(message: &Message) -> Message {
        Message::decode(&message.encode().unwrap()).unwrap()
    }

    #[test]
    fn a_doorbell_arrives_as_it_was_sent() {
        let now = Timestamp::from_millis(9);
        let signal = Signal {
            delivery: delivery::DeliveryRef {
                user: UserId::of(&["u"]),
                id: DeliveryId::of(&["d"]),
                key: Sha::of_bytes(b"k"),
                first_at: Timestamp::from_millis(5),
            },
            decision: 2,
            lane: "l".to_owned(),
            trace: "t".to_owned(),
        };
        let tick = Tick { slot: 3, shard: 15 };
        assert_eq!(Signal::try_from(over_the_wire(&signal.message(now))), Ok(signal));
        assert_eq!(Bell::try_from(over_the_wire(&bell(None).message(now))), Ok(bell(None)));
        assert_eq!(Tick::try_from(over_the_wire(&tick.message(now))), Ok(tick));
        assert!(matches!(Bell::try_from(tick.message(now)), Err(MessageError::Misplaced(_))));
    }

    #[test]
    fn a_bell_rung_again_is_another_message() {
        let group = GroupId::of(&["g"]);
        assert_eq!(bell(None).deduplication_id(), format!("{group}#7"));
        assert_eq!(bell(Some("s3")).deduplication_id(), format!("{group}#7#s3"));
    }

    #[test]
    fn names_that_a_queue_refuses_stay_apart() {
        let long = "s".repeat(NAME_CHARACTERS_MAX);
        let names = ["slot 1", "slot 2", "slot1", "é", &long].map(|again| bell(Some(again)).deduplication_id());
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len(), "{names:?}");
    }

    proptest! {
        #[test]
        fn every_bell_has_a_name_that_a_queue_takes(again in proptest::option::of(any::<String>())) {
            let name = bell(again.as_deref()).deduplication_id();
            prop_assert!((1..=NAME_CHARACTERS_MAX).contains(&name.len()), "{name}");
            prop_assert!(name.bytes().all(|byte| byte.is_ascii_graphic()), "{name}");
            prop_assert_eq!(name, bell(again.as_deref()).deduplication_id());
        }
    }
}
