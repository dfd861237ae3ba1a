//! The three queues and their dead letters.

use super::World;
use super::queue::{Dead, Queue, check_size};
use crate::sim::Op;
use app::ports::{self, Bell, DeadLetter, RecoverAccount, Signal, StoreError, TICKS_PER_CALL_MAX, Tick};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::parked::Letter;
use wire::messages::{Body, Message, Probe};
use wire::text::Text;

const NAME_CHARACTERS_MAX: usize = 128;

const SIGNALS_VISIBILITY: Millis = Millis::seconds(60);
const ORDERS_VISIBILITY: Millis = Millis::seconds(120);
const TICKS_VISIBILITY: Millis = Millis::seconds(150);

/// What the functions are rung by.
#[derive(Debug)]
pub struct Queues {
    pub signals: Queue,
    pub orders: Queue,
    pub ticks: Queue,
}

impl Queues {
    pub fn of(&mut self, queue: ports::Queue) -> &mut Queue {
        match queue {
            ports::Queue::Signals => &mut self.signals,
            ports::Queue::Orders => &mut self.orders,
            ports::Queue::Ticks => &mut self.ticks,
        }
    }
}

impl Default for Queues {
    fn default() -> Self {
        Self {
            signals: Queue::new(SIGNALS_VISIBILITY),
            orders: Queue::new(ORDERS_VISIBILITY),
            ticks: Queue::new(TICKS_VISIBILITY),
        }
    }
}

impl ports::Queues for World {
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_signal"), |world| {
            let (body, name) = (world.encoded(&signal.message(now))?, world.named(signal.deduplication_id())?);
            world.queues().signals.send_fifo(body, &signal.lane, name, world.sim().now());
            Ok(())
        })
        .await
    }

    async fn ring(&self, bell: &Bell, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("ring"), |world| {
            let (body, name) = (world.encoded(&bell.message(now))?, world.named(bell.deduplication_id())?);
            world.queues().orders.send_fifo(body, bell.group.as_str(), name, world.sim().now());
            Ok(())
        })
        .await
    }

    async fn send_ticks(&self, ticks: &[(Tick, Millis)], now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_ticks"), |world| {
            if ticks.len() > TICKS_PER_CALL_MAX {
                return Err(world.refused_by_cloud(format!("{} messages in one call", ticks.len())));
            }
            ticks.iter().try_for_each(|(tick, delay)| world.send_tick(tick, *delay, now))
        })
        .await
    }

    async fn send_probe(&self, user: Option<&UserId>, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_probe"), |world| {
            let name = format!("probe-{}", now.millis());
            let probe = Probe { user: user.cloned().map(Text) };
            let body = world.encoded(&Message::new(name.clone(), now.millis(), name, Body::Probe(probe)))?;
            let sent = world.queues().ticks.send(body, Millis::ZERO, world.sim().now());
            sent.map_err(|what| world.refused_by_cloud(what))
        })
        .await
    }

    async fn ask_recovery(&self, recovery: &RecoverAccount, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("ask_recovery"), |world| {
            let body = world.encoded(&recovery.message(now))?;
            let sent = world.queues().ticks.send(body, Millis::ZERO, world.sim().now());
            sent.map_err(|what| world.refused_by_cloud(what))
        })
        .await
    }

    async fn hide_message(&self, queue: ports::Queue, receipt: &str, span: Millis) -> Result<(), StoreError> {
        self.call(Op::effect("hide_message"), |world| {
            let until = world.sim().now().plus(span);
            world.queues().of(queue).hide_until(receipt, until);
        })
        .await
    }

    async fn dead_letters(&self, queue: ports::Queue) -> Result<u64, StoreError> {
        self.call(Op::read("dead_letters"), |world| {
            let ready = world.queues().of(queue).dead_ready(world.sim().now());
            u64::try_from(ready).unwrap_or(u64::MAX)
        })
        .await
    }

    async fn receive_dead(&self, queue: ports::Queue) -> Result<Vec<DeadLetter>, StoreError> {
        self.call(Op::effect("receive_dead"), |world| {
            let now = world.sim().now();
            if world.queues().of(queue).dead().is_empty() {
                world.sim().violation("an empty dead-letter queue is asked for messages: that is polling");
            }
            world.queues().of(queue).receive_dead(now).into_iter().map(|dead| letter(queue, dead)).collect()
        })
        .await
    }

    async fn delete_dead(&self, queue: ports::Queue, receipt: &str) -> Result<(), StoreError> {
        self.call(Op::effect("delete_dead"), |world| world.queues().of(queue).delete_dead(receipt)).await
    }

    async fn send_again(&self, letter: &Letter, name: &str) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_again"), |world| {
            let (body, now) = (letter.body.clone(), world.sim().now());
            let lane = letter.lane.as_deref().unwrap_or(name);
            let mut queues = world.queues();
            let queue = queues.of(letter.queue);
            match letter.queue {
                ports::Queue::Ticks => queue.send(body, Millis::ZERO, now).map_err(StoreError::Unavailable),
                ports::Queue::Signals | ports::Queue::Orders => {
                    queue.send_fifo(body, lane, name.to_owned(), now);
                    Ok(())
                }
            }
        })
        .await
    }
}

fn letter(queue: ports::Queue, dead: Dead) -> DeadLetter {
    let Dead { id, receipt, body, lane, sent_at, receives } = dead;
    DeadLetter { id, receipt, sent_at, receives, letter: Letter::new(queue, lane, body) }
}

impl World {
    fn send_tick(&self, tick: &Tick, delay: Millis, now: Timestamp) -> Result<(), StoreError> {
        let body = self.encoded(&tick.message(now))?;
        let twice = self.sim().chance(self.strict().duplicates);
        for _ in 0..=u32::from(twice) {
            let late = delay.plus(self.tardiness(tick.slot));
            let sent = self.queues().ticks.send(body.clone(), late, self.sim().now());
            sent.map_err(|what| self.refused_by_cloud(what))?;
        }
        Ok(())
    }

    /// At its worst, every other tick comes so late that it meets the next one.
    fn tardiness(&self, slot: i64) -> Millis {
        let most = self.strict().tardiness;
        match (self.strict().worst, slot % 2) {
            (true, 0) => most,
            (true, _) => Millis::ZERO,
            (false, _) => self.sim().span_up_to(most),
        }
    }

    pub(super) fn encoded(&self, message: &Message) -> Result<String, StoreError> {
        let body = message.encode().map_err(|error| self.refused_by_cloud(error.to_string()))?;
        check_size(&body).map_err(|what| self.refused_by_cloud(what))?;
        Ok(body)
    }

    /// A name that SQS takes: letters, digits and punctuation of ASCII, and not many of them.
    fn named(&self, name: String) -> Result<String, StoreError> {
        let fits = (1..=NAME_CHARACTERS_MAX).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(name) } else { Err(self.refused_by_cloud(format!("the name {name:?}"))) }
    }

    pub(super) fn refused_by_cloud(&self, what: String) -> StoreError {
        self.sim().violation(&*what);
        StoreError::Unavailable(what)
    }
}
