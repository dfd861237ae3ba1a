//! What queues promise, held by memory itself.

use app::ports::Queue;
use domain::clock::Timestamp;
use testkit::contract::queues::Hears;
use testkit::world::World;

struct Memory(World);

impl Hears for Memory {
    type Sender = World;

    fn sender(&self) -> &World {
        &self.0
    }

    fn unique(&self) -> String {
        format!("case{}", self.0.sim().up_to(u64::MAX))
    }

    fn now(&self) -> Timestamp {
        self.0.sim().now()
    }

    async fn hear(&self, queue: Queue) -> Option<String> {
        let now = self.0.sim().now();
        let mut queues = self.0.queues();
        let received = queues.of(queue).receive(now, |_| 0)?;
        queues.of(queue).delete(&received.receipt);
        Some(received.body)
    }
}

macro_rules! in_memory {
    ($case:path) => {{
        let world = $crate::World::calm();
        let harness = $crate::Memory(world.clone());
        world.sim().block_on("case", async move { $case(&harness).await });
    }};
}

testkit::queue_cases!(in_memory);
