//! How many writes an index misses, and bells that were rung too often.

use super::World;
use app::ports::Bell;
use domain::ids::AccountId;
use domain::limits;
use store::Write;
use store::item::{number, text};
use store::trading::keys;

impl World {
    /// Every bell in the outbox has been sent as often as it may be.
    pub fn wear_out_bells(&self) {
        let bells: Vec<Bell> = self.table().bells().map(|row| row.bell.clone()).collect();
        for bell in bells {
            self.seed_row(Write::update(keys::outbox(&bell)).set("sends", number(limits::OUTBOX_SENDS_MAX)));
        }
    }

    /// The account is in the index of those that trade, as the first commit of a position puts it there.
    pub fn mark_active(&self, account: &AccountId) {
        let active = keys::active(keys::shard_of_account(account));
        let row = Write::update(keys::account(account)).set("active_pk", text(active));
        self.seed_row(row.set("active_sk", text(account.as_str())));
    }

    pub(super) fn missed_writes(&self) -> u64 {
        let most = self.strict().lag_writes;
        if self.strict().worst { most } else { self.sim().up_to(most) }
    }
}
