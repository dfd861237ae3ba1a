//! A bell for a group: the message that has an executor look at it.

use domain::clock::Timestamp;
use domain::ids::{AccountId, GroupId, Sha};
use wire::messages::{Body, GroupWork, Message, MessageError};
use wire::text::Text;

/// "Look at this group."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bell {
    pub account: AccountId,
    pub group: GroupId,
    /// Makes the message unique, and is compared with nothing.
    pub version: u64,
    /// Set where the same version is rung again on purpose (by a slot, a resume, an executor out of time): the
    /// deduplication id is `group#version`, and with it `group#version#again`. Repairs of lost bells leave it empty.
    pub again: Option<String>,
    pub trace: String,
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

/// What SQS takes as a name (`MessageDeduplicationId` of `SendMessage` in botocore's model 2012-11-05, read 2026-11-26): letters,
/// digits and punctuation of ASCII.
const NAME_CHARACTERS_MAX: usize = 128;

impl TryFrom<Message> for Bell {
    type Error = MessageError;

    fn try_from(message: Message) -> Result<Self, MessageError> {
        let Body::Work(GroupWork { account, group, version, again }) = message.body else {
            return Err(MessageError::Misplaced(message.body.kind().to_owned()));
        };
        Ok(Self { account: account.0, group: group.0, version, again, trace: message.trace })
    }
}

/// The text where a queue takes it as a name, else its hash.
fn nameable(text: String) -> String {
    let fits = text.len() <= NAME_CHARACTERS_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { text } else { Sha::of_bytes(text.as_bytes()).as_str().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bell(again: Option<&str>) -> Bell {
        let (account, group) = (AccountId::of(&["a"]), GroupId::of(&["g"]));
        Bell { account, group, version: 7, again: again.map(str::to_owned), trace: "t".to_owned() }
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
