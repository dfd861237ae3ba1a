//! What is due and cannot be carried out makes way for the rest.
#![allow(clippy::unwrap_used, reason = "a test")]

use app::commit::Change;
use app::minute::{Sent, minute};
use app::ports::{Bell, Outbox};
use domain::clock::Millis;
use domain::ids::GroupId;
use domain::limits::{OUTBOX_DUE_MAX, OUTBOX_SENDS_MAX};
use domain::shard;
use store::trading::Trading;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;

#[test]
fn bell_that_cannot_be_parked_makes_way_for_others() {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let (account, group) = (given.account.clone(), GroupId::of(&["worn"]));
        let bell = Bell { account: account.clone(), group, version: 1, again: None, trace: String::new() };
        let worn = Outbox { bell, due_at: given.now, sends: OUTBOX_SENDS_MAX };
        Trading(&inner).commit(&given.transaction(vec![Change::Outbox(worn)])).await.unwrap();
        inner.set_unreadable(account.as_str(), true);
        assert!(minute(&inner, &mut Sent::default(), given.now).await.is_err(), "nobody can say whose it is");
        let due = async |later: Millis| {
            let shard = shard::due(account.as_str());
            Trading(&inner).due_outbox(shard, given.now.plus(later)).await.unwrap().len()
        };
        let before = OUTBOX_DUE_MAX.minus(Millis::new(1));
        assert_eq!((due(before).await, due(OUTBOX_DUE_MAX).await), (0, 1));
    });
}
