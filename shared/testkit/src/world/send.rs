//! The three queues, and the ports that fill them.

use super::World;
use super::queue::{Queue, check_size};
use crate::sim::Op;
use app::ports::{Bell, HideMessage, QueueDepth, Ring, SendSignal, SendTick, Signal, StoreError, Tick};
use domain::clock::{Millis, Timestamp};
use wire::messages::Message;

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

impl Default for Queues {
    fn default() -> Self {
        Self {
            signals: Queue::new(SIGNALS_VISIBILITY),
            orders: Queue::new(ORDERS_VISIBILITY),
            ticks: Queue::new(TICKS_VISIBILITY),
        }
    }
}

impl SendSignal for World {
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_signal"), |world| {
            let body = world.encoded(&signal.message(now))?;
            world.queues().signals.send_fifo(body, &signal.lane, signal.deduplication_id(), world.sim().now());
            Ok(())
        })
        .await
    }
}

impl Ring for World {
    async fn ring(&self, bell: &Bell, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("ring"), |world| {
            let body = world.encoded(&bell.message(now))?;
            let lane = bell.group.as_str();
            world.queues().orders.send_fifo(body, lane, bell.deduplication_id(), world.sim().now());
            Ok(())
        })
        .await
    }
}

impl SendTick for World {
    async fn send_tick(&self, tick: &Tick, delay: Millis, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_tick"), |world| {
            let body = world.encoded(&tick.message(now))?;
            let twice = world.sim().chance(world.strict().duplicates);
            for _ in 0..=u32::from(twice) {
                let late = delay.plus(world.tardiness(tick.slot));
                let sent = world.queues().ticks.send(body.clone(), late, world.sim().now());
                sent.map_err(|what| world.refused_by_cloud(what))?;
            }
            Ok(())
        })
        .await
    }
}

impl HideMessage for World {
    async fn hide_message(&self, queue: app::ports::Queue, receipt: &str, span: Millis) -> Result<(), StoreError> {
        self.call(Op::effect("hide_message"), |world| {
            let until = world.sim().now().plus(span);
            match queue {
                app::ports::Queue::Signals => world.queues().signals.hide_until(receipt, until),
                app::ports::Queue::Orders => world.queues().orders.hide_until(receipt, until),
            }
        })
        .await
    }
}

impl QueueDepth for World {
    async fn parked_messages(&self) -> Result<u64, StoreError> {
        self.call(Op::read("parked_messages"), |world| {
            let queues = world.queues();
            let dead = queues.signals.dead().len() + queues.orders.dead().len() + queues.ticks.dead().len();
            u64::try_from(dead).unwrap_or(u64::MAX)
        })
        .await
    }
}

impl World {
    /// At its worst, every other tick comes so late that it meets the next one.
    fn tardiness(&self, slot: i64) -> Millis {
        let most = self.strict().tardiness;
        match (self.strict().worst, slot % 2) {
            (true, 0) => most,
            (true, _) => Millis::ZERO,
            (false, _) => self.sim().span_up_to(most),
        }
    }

    fn encoded(&self, message: &Message) -> Result<String, StoreError> {
        let body = message.encode().map_err(|error| self.refused_by_cloud(error.to_string()))?;
        check_size(&body).map_err(|what| self.refused_by_cloud(what))?;
        Ok(body)
    }

    fn refused_by_cloud(&self, what: String) -> StoreError {
        self.sim().violation(&*what);
        StoreError::Unavailable(what)
    }
}
