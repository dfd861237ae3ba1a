//! Doorbells as messages: what names each on its queue, and how it is written and read there.

use super::{RecoverAccount, Signal, Tick};
use domain::clock::Timestamp;
use wire::messages::{self, Body, Message, MessageError, SignalReceived};
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

impl TryFrom<Message> for Signal {
    type Error = MessageError;

    fn try_from(message: Message) -> Result<Self, MessageError> {
        let Body::Signal(SignalReceived { delivery, decision, lane }) = message.body else {
            return Err(misplaced(&message));
        };
        Ok(Self { delivery: delivery.into(), decision, lane, trace: message.trace })
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
    use super::super::Bell;
    use super::*;
    use domain::delivery;
    use domain::ids::{AccountId, DeliveryId, GroupId, Sha, UserId};

    fn bell() -> Bell {
        let (account, group) = (AccountId::of(&["a"]), GroupId::of(&["g"]));
        Bell { account, group, version: 7, again: None, trace: "t".to_owned() }
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
        assert_eq!(Bell::try_from(over_the_wire(&bell().message(now))), Ok(bell()));
        assert_eq!(Tick::try_from(over_the_wire(&tick.message(now))), Ok(tick));
        assert!(matches!(Bell::try_from(tick.message(now)), Err(MessageError::Misplaced(_))));
    }
}
