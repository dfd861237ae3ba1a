//! One queue: FIFO with lanes and deduplication, or standard with delays, disorder and repeats.

use domain::clock::{Millis, Timestamp};
use domain::limits;
use std::collections::BTreeMap;

const DEDUPLICATION: Millis = Millis::seconds(300);
const RECEIVES_MAX: u32 = 20;
const DELAY_MAX: Millis = Millis::seconds(900);
const AWS_BYTES_MAX: usize = 256 * 1_024;

/// A queue in memory with its dead letters.
#[derive(Debug)]
pub struct Queue {
    visibility: Millis,
    messages: Vec<Message>,
    dead: Vec<String>,
    seen: BTreeMap<String, Timestamp>,
    sequence: u64,
}

#[derive(Debug)]
struct Message {
    number: u64,
    body: String,
    lane: Option<String>,
    visible_at: Timestamp,
    receives: u32,
}

/// A message on its way to a consumer.
#[derive(Debug, Clone)]
pub struct Received {
    pub body: String,
    /// From 1.
    pub receives: u32,
    /// By which the consumer deletes or hides it.
    pub receipt: String,
}

impl Queue {
    pub fn new(visibility: Millis) -> Self {
        Self { visibility, messages: Vec::new(), dead: Vec::new(), seen: BTreeMap::new(), sequence: 0 }
    }

    /// Nothing happens where the same was sent within five minutes, even if it has long been dealt with.
    pub fn send_fifo(&mut self, body: String, lane: &str, deduplication: String, now: Timestamp) {
        let repeated = self.seen.get(&deduplication).is_some_and(|at| now.since(*at) < DEDUPLICATION);
        if !repeated {
            self.seen.insert(deduplication, now);
            self.push(body, Some(lane.to_owned()), now);
        }
    }

    /// # Errors
    /// Where the cloud would refuse the delay.
    pub fn send(&mut self, body: String, delay: Millis, now: Timestamp) -> Result<(), String> {
        if delay > DELAY_MAX {
            return Err(format!("a delay of {} ms", delay.get()));
        }
        self.push(body, None, now.plus(delay));
        Ok(())
    }

    /// The next message that may go out: of a lane only its first, and only when that one is not out. Among the
    /// messages of a standard queue `pick` chooses, given how many there are.
    pub fn receive(&mut self, now: Timestamp, pick: impl FnOnce(usize) -> usize) -> Option<Received> {
        self.bury(now);
        let ready: Vec<usize> = (0..self.messages.len()).filter(|place| self.is_ready(*place, now)).collect();
        if ready.is_empty() {
            return None;
        }
        let message = &mut self.messages[ready[pick(ready.len())]];
        message.visible_at = now.plus(self.visibility);
        message.receives += 1;
        Some(Received { body: message.body.clone(), receives: message.receives, receipt: message.receipt() })
    }

    /// Dealt with. An outdated receipt of a FIFO message deletes nothing.
    pub fn delete(&mut self, receipt: &str) {
        self.messages.retain(|message| {
            let meant = message.receipt() == receipt || (message.lane.is_none() && message.is_named_by(receipt));
            !meant
        });
    }

    /// Visible again at this time, if the receipt is the newest.
    pub fn hide_until(&mut self, receipt: &str, at: Timestamp) {
        for message in self.messages.iter_mut().filter(|message| message.receipt() == receipt) {
            message.visible_at = at;
        }
    }

    /// When the next message may go out that may not go out now.
    pub fn next_visible(&self, now: Timestamp) -> Option<Timestamp> {
        self.messages.iter().map(|message| message.visible_at).filter(|at| *at > now).min()
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// What was received too often.
    pub fn dead(&self) -> &[String] {
        &self.dead
    }

    fn push(&mut self, body: String, lane: Option<String>, visible_at: Timestamp) {
        self.sequence += 1;
        self.messages.push(Message { number: self.sequence, body, lane, visible_at, receives: 0 });
    }

    fn is_ready(&self, place: usize, now: Timestamp) -> bool {
        let message = &self.messages[place];
        let first = |lane: &String| self.messages[..place].iter().all(|earlier| earlier.lane.as_ref() != Some(lane));
        message.visible_at <= now && message.lane.as_ref().is_none_or(first)
    }

    fn bury(&mut self, now: Timestamp) {
        let spent = |message: &mut Message| message.receives >= RECEIVES_MAX && message.visible_at <= now;
        let dead = self.messages.extract_if(.., spent).map(|message| message.body);
        self.dead.extend(dead);
    }
}

impl Message {
    fn receipt(&self) -> String {
        format!("{}/{}", self.number, self.receives)
    }

    fn is_named_by(&self, receipt: &str) -> bool {
        receipt.split_once('/').is_some_and(|(number, _)| number == self.number.to_string())
    }
}

/// # Errors
/// Where the message is larger than ours or the cloud's may be.
pub(super) fn check_size(body: &str) -> Result<(), String> {
    let max = AWS_BYTES_MAX.min(limits::MESSAGE_BYTES_MAX);
    if body.len() > max { Err(format!("a message of {} bytes", body.len())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn queue() -> Queue {
        Queue::new(Millis::seconds(30))
    }

    fn first(_: usize) -> usize {
        0
    }

    #[test]
    fn a_lane_is_held_back_while_its_first_message_is_out_and_others_are_not() {
        let mut queue = queue();
        for (body, lane) in [("a1", "a"), ("a2", "a"), ("b1", "b")] {
            queue.send_fifo(body.to_owned(), lane, body.to_owned(), at(0));
        }
        let a1 = queue.receive(at(1), first).unwrap();
        assert_eq!(a1.body, "a1");
        assert_eq!(queue.receive(at(1), first).unwrap().body, "b1");
        assert!(queue.receive(at(2), first).is_none());
        queue.delete(&a1.receipt);
        assert_eq!(queue.receive(at(2), first).unwrap().body, "a2");
    }

    #[test]
    fn a_message_that_was_not_deleted_comes_again_and_an_old_receipt_deletes_nothing() {
        let mut queue = queue();
        queue.send_fifo("m".to_owned(), "a", "m".to_owned(), at(0));
        let old = queue.receive(at(0), first).unwrap();
        let new = queue.receive(at(30), first).unwrap();
        assert_eq!(new.receives, 2);
        queue.delete(&old.receipt);
        assert!(!queue.is_empty());
        queue.delete(&new.receipt);
        assert!(queue.is_empty());
    }

    #[test]
    fn the_same_is_sent_once_in_five_minutes_even_after_it_was_dealt_with() {
        let mut queue = queue();
        for (second, arrives) in [(0, true), (1, false), (299, false), (300, true)] {
            queue.send_fifo("m".to_owned(), "a", "same".to_owned(), at(second));
            let received = queue.receive(at(second), first);
            assert_eq!(received.is_some(), arrives, "at {second} s");
            if let Some(received) = received {
                queue.delete(&received.receipt);
            }
        }
    }

    #[test]
    fn a_message_that_nobody_deletes_ends_among_the_dead() {
        let mut queue = queue();
        queue.send("m".to_owned(), Millis::ZERO, at(0)).unwrap();
        for receive in 0..20 {
            assert!(queue.receive(at(receive * 30), first).is_some());
        }
        assert!(queue.receive(at(600), first).is_none());
        assert_eq!(queue.dead(), ["m"]);
    }

    #[test]
    fn a_delayed_message_waits_and_too_long_a_delay_is_refused() {
        let mut queue = queue();
        queue.send("m".to_owned(), Millis::seconds(5), at(0)).unwrap();
        assert!(queue.receive(at(4), first).is_none());
        assert_eq!(queue.next_visible(at(0)), Some(at(5)));
        assert!(queue.receive(at(5), first).is_some());
        assert!(queue.send("m".to_owned(), Millis::seconds(901), at(0)).is_err());
    }
}
