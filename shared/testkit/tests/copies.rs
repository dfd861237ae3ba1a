//! What keepers of copies promise, held by memory itself.

use domain::clock::Timestamp;
use testkit::contract::copies::KeepsCopies;
use testkit::world::World;

struct Memory(World);

impl KeepsCopies for Memory {
    type Copies = World;

    fn copies(&self) -> &World {
        &self.0
    }

    fn now(&self) -> Timestamp {
        self.0.sim().now()
    }
}

macro_rules! in_memory {
    ($case:path) => {{
        let world = $crate::World::calm();
        let harness = $crate::Memory(world.clone());
        world.sim().block_on("case", async move { $case(&harness).await });
    }};
}

testkit::copy_cases!(in_memory);
