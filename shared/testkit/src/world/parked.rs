//! Dead letters, and the rows of what is left to a person.

use super::World;
use super::item::{Item, key};
use super::queue::Dead;
use crate::sim::Op;
use app::ports::{DeadLetter, DrainDeadLetters, Queue, SendAgain, StoreError};
use domain::clock::Millis;
use domain::ids::UserId;
use domain::parked::{Letter, Parked};

impl DrainDeadLetters for World {
    async fn dead_letters(&self, queue: Queue) -> Result<u64, StoreError> {
        self.call(Op::read("dead_letters"), |world| {
            let ready = world.queues().of(queue).dead_ready(world.sim().now());
            u64::try_from(ready).unwrap_or(u64::MAX)
        })
        .await
    }

    async fn receive_dead(&self, queue: Queue) -> Result<Vec<DeadLetter>, StoreError> {
        self.call(Op::effect("receive_dead"), |world| {
            let now = world.sim().now();
            if world.queues().of(queue).dead().is_empty() {
                world.sim().violation("an empty dead-letter queue is asked for messages: that is polling");
            }
            world.queues().of(queue).receive_dead(now).into_iter().map(|dead| letter(queue, dead)).collect()
        })
        .await
    }

    async fn delete_dead(&self, queue: Queue, receipt: &str) -> Result<(), StoreError> {
        self.call(Op::effect("delete_dead"), |world| world.queues().of(queue).delete_dead(receipt)).await
    }
}

fn letter(queue: Queue, dead: Dead) -> DeadLetter {
    let Dead { id, receipt, body, lane, sent_at, receives } = dead;
    DeadLetter { id, receipt, sent_at, receives, letter: Letter::new(queue, lane, body) }
}

impl SendAgain for World {
    async fn send_again(&self, letter: &Letter, name: &str) -> Result<(), StoreError> {
        self.try_call(Op::effect("send_again"), |world| {
            let (body, now) = (letter.body.clone(), world.sim().now());
            let lane = letter.lane.as_deref().unwrap_or(name);
            let mut queues = world.queues();
            let queue = queues.of(letter.queue);
            match letter.queue {
                Queue::Ticks => queue.send(body, Millis::ZERO, now).map_err(StoreError::Unavailable),
                Queue::Signals | Queue::Orders => {
                    queue.send_fifo(body, lane, name.to_owned(), now);
                    Ok(())
                }
            }
        })
        .await
    }
}

impl World {
    /// The rows of one user as they are, without a yield point.
    pub fn parked_of(&self, user: &UserId) -> Vec<Parked> {
        let row = |item: &Item| if let Item::Parked(row) = item { Some(row.clone()) } else { None };
        self.table().prefixed(key::parked_of(user)).filter_map(row).collect()
    }
}
