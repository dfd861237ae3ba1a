//! How many writes an index misses, and bells that were rung too often.

use super::World;
use app::ports::Bell;
use domain::limits;
use store::Write;
use store::item::number;
use store::trading::keys;

impl World {
    /// Every bell in the outbox has been sent as often as it may be.
    pub fn wear_out_bells(&self) {
        let bells: Vec<Bell> = self.table().bells().map(|row| row.bell.clone()).collect();
        for bell in bells {
            self.seed_row(Write::update(keys::outbox(&bell)).set("sends", number(limits::OUTBOX_SENDS_MAX)));
        }
    }

    pub(super) fn missed_writes(&self) -> u64 {
        let most = self.strict().lag_writes;
        if self.strict().worst { most } else { self.sim().up_to(most) }
    }
}
