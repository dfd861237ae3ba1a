//! One queue: FIFO with lanes and deduplication, or standard with delays, disorder and repeats.

use domain::clock::{Millis, Timestamp};
use domain::limits;
use std::collections::{BTreeMap, BTreeSet};

const DEDUPLICATION: Millis = Millis::seconds(300);
const RECEIVES_MAX: u32 = 20;
const DELAY_MAX: Millis = Millis::seconds(900);
const AWS_BYTES_MAX: usize = 256 * 1_024;
const DEAD_AT_ONCE: usize = 10;
const DEAD_HIDDEN: Millis = Millis::seconds(45);

/// A queue in memory with its dead letters.
#[derive(Debug)]
pub struct Queue {
    visibility: Millis,
    messages: Vec<Message>,
    dead: Vec<Message>,
    seen: BTreeMap<String, Timestamp>,
    sequence: u64,
}

#[derive(Debug)]
struct Message {
    number: u64,
    body: String,
    lane: Option<String>,
    sent_at: Timestamp,
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

/// A message of a dead-letter queue, on its way to whoever looks.
#[derive(Debug, Clone)]
pub struct Dead {
    pub id: String,
    pub receipt: String,
    pub body: String,
    pub lane: Option<String>,
    pub sent_at: Timestamp,
    pub receives: u32,
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
            self.push(body, Some(lane.to_owned()), now, now);
        }
    }

    /// # Errors
    /// Where the cloud would refuse the delay.
    pub fn send(&mut self, body: String, delay: Millis, now: Timestamp) -> Result<(), String> {
        if delay > DELAY_MAX {
            return Err(format!("a delay of {} ms", delay.get()));
        }
        self.push(body, None, now, now.plus(delay));
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

    /// Whether a message of this name was ever sent.
    pub fn has_taken(&self, deduplication: &str) -> bool {
        self.seen.contains_key(deduplication)
    }

    /// When the next message may go out that may not go out now.
    pub fn next_visible(&self, now: Timestamp) -> Option<Timestamp> {
        self.messages.iter().map(|message| message.visible_at).filter(|at| *at > now).min()
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// How many messages lie in it, those that are out among them.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// What was received too often.
    pub fn dead(&self) -> Vec<String> {
        self.dead.iter().map(|message| message.body.clone()).collect()
    }

    /// Those of them that could be received now.
    pub fn dead_ready(&mut self, now: Timestamp) -> usize {
        self.bury(now);
        self.dead.iter().filter(|message| message.visible_at <= now).count()
    }

    /// A message that nobody knows the history of.
    pub fn put_dead(&mut self, body: String, lane: Option<String>, now: Timestamp) {
        self.sequence += 1;
        let (number, receives) = (self.sequence, RECEIVES_MAX);
        self.dead.push(Message { number, body, lane, sent_at: now, visible_at: now, receives });
    }

    /// Several at once, and of a lane nothing while any of it is out.
    pub fn receive_dead(&mut self, now: Timestamp) -> Vec<Dead> {
        self.bury(now);
        let out: BTreeSet<String> = self
            .dead
            .iter()
            .filter(|message| message.visible_at > now)
            .filter_map(|message| message.lane.clone())
            .collect();
        let held = |message: &Message| message.lane.as_ref().is_some_and(|lane| out.contains(lane));
        let ready = self.dead.iter_mut().filter(|message| message.visible_at <= now && !held(message));
        ready.take(DEAD_AT_ONCE).map(|message| message.exhumed(now)).collect()
    }

    /// An outdated receipt deletes nothing.
    pub fn delete_dead(&mut self, receipt: &str) {
        self.dead.retain(|message| message.receipt() != receipt);
    }

    fn push(&mut self, body: String, lane: Option<String>, now: Timestamp, visible_at: Timestamp) {
        self.sequence += 1;
        self.messages.push(Message { number: self.sequence, body, lane, sent_at: now, visible_at, receives: 0 });
    }

    fn is_ready(&self, place: usize, now: Timestamp) -> bool {
        let message = &self.messages[place];
        let first = |lane: &String| self.messages[..place].iter().all(|earlier| earlier.lane.as_ref() != Some(lane));
        message.visible_at <= now && message.lane.as_ref().is_none_or(first)
    }

    fn bury(&mut self, now: Timestamp) {
        let spent = |message: &mut Message| message.receives >= RECEIVES_MAX && message.visible_at <= now;
        let dead = self.messages.extract_if(.., spent);
        self.dead.extend(dead);
    }
}

impl Message {
    fn exhumed(&mut self, now: Timestamp) -> Dead {
        self.visible_at = now.plus(DEAD_HIDDEN);
        self.receives += 1;
        Dead {
            id: self.number.to_string(),
            receipt: self.receipt(),
            body: self.body.clone(),
            lane: self.lane.clone(),
            sent_at: self.sent_at,
            receives: self.receives,
        }
    }

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
    fn a_dead_letter_stays_until_it_is_deleted_by_its_newest_receipt() {
        let mut queue = queue();
        queue.put_dead("m".to_owned(), Some("a".to_owned()), at(0));
        let old = queue.receive_dead(at(1)).remove(0);
        assert_eq!((old.sent_at, queue.receive_dead(at(2)).len()), (at(0), 0));
        let new = queue.receive_dead(at(60)).remove(0);
        assert_eq!((&new.id, new.sent_at), (&old.id, old.sent_at));
        queue.delete_dead(&old.receipt);
        assert_eq!(queue.dead(), ["m"]);
        queue.delete_dead(&new.receipt);
        assert!(queue.dead().is_empty());
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
