//! One run saves a group twice on one version.

use app::persist::{PersistError, Save, save};
use app::ports::CommitError;
use domain::ids::AttemptId;
use store::trading::Trading;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;

/// The first has come about and the run has not heard of it. What the second adds to the account is not added, and it hears so: taken
/// for applied, it would go on from a version that it has not written.
#[test]
fn a_save_that_is_refused_is_not_taken_for_an_earlier_one_of_its_run() {
    let world = World::calm();
    let (memory, asking) = (Memory(world.clone()), world.clone());
    world.sim().block_on("case", async move {
        let given = Given::new(&memory).await;
        let opened = given.open(&asking, "buy", None).await;
        let attempt = AttemptId::new("run");
        let after = |note: &str| {
            let mut after = opened.clone();
            after.group.attention = Some(note.to_owned());
            after
        };
        let saved = async |after| {
            let (before, why, now) = (Some(&opened), "seen", given.now);
            let (beside, bounds, bell, attempt) = (Vec::new(), None, false, &attempt);
            save(&asking, Save { before, after, why, beside, bounds, bell, attempt, now }).await
        };
        let (first, second) = (after("first"), after("second"));
        let kept = saved(&first).await.unwrap();
        assert_eq!(saved(&second).await, Err(PersistError::Commit(CommitError::LostRace)));
        assert_eq!(given.stored(&asking, &opened).await.group, kept.group);
        assert_eq!(Trading(&asking).load_account(&given.account).await.unwrap().unwrap().open_groups, 1);
    });
}
