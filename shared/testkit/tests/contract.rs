//! The contract, held by memory itself.

use testkit::contract::memory::Memory;
use testkit::world::World;

macro_rules! in_memory {
    ($case:path) => {{
        let world = $crate::World::calm();
        let harness = $crate::Memory(world.clone());
        world.sim().block_on("case", async move { $case(&harness).await });
    }};
}

testkit::contract_cases!(in_memory);
