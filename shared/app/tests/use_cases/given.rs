//! What tests begin with, and how they are run.

use app::actor::Act;
use domain::account::{Account, AccountLimits};
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId, UserId};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::world::World;

/// Runs a test to its end in this world. What the cloud would refuse fails it.
pub(crate) fn played<T: 'static, F: Future<Output = T> + 'static>(world: &World, work: impl FnOnce(World) -> F) -> T {
    let done = world.sim().block_on("test", work(world.clone()));
    assert_eq!(world.sim().violations(), Vec::<String>::new());
    done
}

/// Who asks in most tests.
pub(crate) fn ann() -> &'static UserId {
    static ANN: LazyLock<UserId> = LazyLock::new(|| UserId::of(&["ann"]));
    &ANN
}

/// An attempt that no other has: a row that bears one's own is taken for one's own.
pub(crate) fn attempt() -> &'static AttemptId {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    Box::leak(Box::new(AttemptId::new(format!("attempt-{number}"))))
}

/// Ann's, in person.
pub(crate) fn act(now: Timestamp) -> Act<'static> {
    Act { user: ann(), attempt: attempt(), now, address: None, actor: Actor::Person }
}

/// One of Ann's that may do little and has done nothing.
pub(crate) fn account(exchange: &str, label: &str, now: Timestamp) -> Account {
    let id = AccountId::of(&["ann", exchange, label]);
    let account = testkit::sample::account(id, ann().clone(), (exchange, label), now);
    let limits = AccountLimits { open_groups_max: 1, ..account.limits };
    Account { limits, filled_at: now, ..account }
}
