//! What nobody could carry out: messages and deliveries that are left to a person.
//!
//! 1. One row for each, however often it is found; it stays until its time is over, and says how it ended.
//! 2. It ends once: retried or dropped. What was retried and fails again is another row.

use crate::clock::Timestamp;
use crate::delivery::DeliveryRef;
use crate::ids::{AccountId, GroupId, ParkedId, UserId};
use crate::limits;
use crate::words::words;

/// The queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Queue {
    Signals,
    Orders,
    Ticks,
}

/// One thing that is left to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub id: ParkedId,
    /// Who sees it; [`deployment`] where it is nobody's own.
    pub user: UserId,
    pub subject: Subject,
    pub letter: Option<Letter>,
    /// Why, as far as it is known.
    pub why: String,
    /// How often sending or processing it failed.
    pub times: u32,
    pub trace: String,
    pub at: Timestamp,
    pub end: Option<End>,
}

/// What it is about, which says what a retry does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A group that was to be looked at.
    Bell { account: AccountId, group: GroupId, version: u64 },
    /// A delivery that was to be decided.
    Signal(DeliveryRef),
    /// A pass that is long over.
    Tick,
    /// A message that is not understood here, or names what is not known here.
    Message,
}

/// The message that a dead-letter queue held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Where it was received too often.
    pub queue: Queue,
    /// Its lane, on a queue that has any.
    pub lane: Option<String>,
    /// As it came, up to [`limits::MESSAGE_BYTES_MAX`].
    pub body: String,
    /// Whether the rest of it was cut off.
    pub cut: bool,
}

/// How a person has ended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub how: Ended,
    /// Why, in the words of whoever dropped it.
    pub reason: Option<String>,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Retried,
    Dropped,
}

/// What a retry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Rings the group again.
    Ring,
    /// Asks for a new decision about the delivery.
    Decide,
    /// Sends the message again as it came.
    Send,
}

/// Why there is no retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Worthless {
    #[error("what comes by the queue of ticks is worth nothing later: drop it")]
    Tick,
    #[error("the message was longer than {max} bytes and is kept in part: drop it", max = limits::MESSAGE_BYTES_MAX)]
    Cut,
}

/// Owns what is no user's own.
pub fn deployment() -> UserId {
    UserId::of(&["the deployment itself"])
}

impl Letter {
    /// Cut where it is longer than a message of ours can be.
    pub fn new(queue: Queue, lane: Option<String>, mut body: String) -> Self {
        let whole = body.len();
        body.truncate(body.floor_char_boundary(limits::MESSAGE_BYTES_MAX));
        Self { queue, lane, cut: body.len() < whole, body }
    }
}

impl Parked {
    /// # Errors
    /// [`Worthless`] where a retry would do nothing.
    pub fn retry(&self) -> Result<Retry, Worthless> {
        match (&self.subject, &self.letter) {
            (Subject::Bell { .. }, _) => Ok(Retry::Ring),
            (Subject::Signal(_), _) => Ok(Retry::Decide),
            (Subject::Tick, _) | (Subject::Message, None | Some(Letter { queue: Queue::Ticks, .. })) => {
                Err(Worthless::Tick)
            }
            (Subject::Message, Some(letter)) if letter.cut => Err(Worthless::Cut),
            (Subject::Message, Some(_)) => Ok(Retry::Send),
        }
    }

    #[must_use]
    pub fn ended(&self, how: Ended, reason: Option<&str>, at: Timestamp) -> Self {
        Self { end: Some(End { how, reason: reason.map(str::to_owned), at }), ..self.clone() }
    }
}

words! {
    Ended { Retried = "retried", Dropped = "dropped" }
    Queue { Signals = "signals", Orders = "orders", Ticks = "ticks" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parked(subject: Subject, letter: Option<Letter>) -> Parked {
        let at = Timestamp::from_millis(7);
        let (why, trace) = (String::new(), String::new());
        Parked {
            id: ParkedId::at(at, &["x"]),
            user: deployment(),
            subject,
            letter,
            why,
            times: 20,
            trace,
            at,
            end: None,
        }
    }

    #[test]
    fn what_a_retry_does_follows_from_what_is_parked() {
        let letter = |queue, body: &str| Some(Letter::new(queue, None, body.to_owned()));
        let long = "é".repeat(limits::MESSAGE_BYTES_MAX);
        let bell = Subject::Bell { account: AccountId::of(&["a"]), group: GroupId::of(&["g"]), version: 1 };
        let check = |subject: Subject, letter: Option<Letter>, expected| {
            assert_eq!(parked(subject.clone(), letter).retry(), expected, "{subject:?}");
        };
        check(bell.clone(), None, Ok(Retry::Ring));
        check(bell, letter(Queue::Orders, "{}"), Ok(Retry::Ring));
        check(Subject::Message, letter(Queue::Signals, "{"), Ok(Retry::Send));
        check(Subject::Message, letter(Queue::Signals, &long), Err(Worthless::Cut));
        check(Subject::Message, letter(Queue::Ticks, "{"), Err(Worthless::Tick));
        check(Subject::Tick, letter(Queue::Ticks, "{}"), Err(Worthless::Tick));
    }

    #[test]
    fn a_message_is_cut_between_characters() {
        let long = format!("x{}", "é".repeat(limits::MESSAGE_BYTES_MAX));
        let letter = Letter::new(Queue::Signals, None, long.clone());
        assert!(letter.cut && long.starts_with(&letter.body));
        assert_eq!(letter.body.len(), limits::MESSAGE_BYTES_MAX - 1);
        assert!(!Letter::new(Queue::Signals, None, "{}".to_owned()).cut);
    }
}
