//! What a minute has begin beside what trades, over rows in memory.

use super::*;
use domain::clock::{Millis, Timestamp};
use domain::ids::SourceId;
use testkit::world::World;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// No run of `whale-watch` can be started.
struct Unreachable;

impl StartWhaleWatch for Unreachable {
    async fn start_whale_watch(&self, _: &WatchWhales, _: Timestamp) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("no answer".to_owned()))
    }
}

/// A minute of this world: what it came to, with a source that is enabled or without one.
fn minute_of<W: StartWhaleWatch + 'static>(world: &World, enabled: bool, watcher: W) -> Result<(), String> {
    if enabled {
        world.put_watched(&SourceId::of(&["it"]));
    }
    let inner = world.clone();
    world.sim().block_on("ticker", async move {
        let invocation = Invocation::begin("test", AT, AT.plus(Millis::seconds(30))).unwrap();
        handle(&inner, &watcher, &Mutex::default(), &invocation).await.map_err(|error| error.to_string())
    })
}

#[test]
fn sources_are_watched_in_minutes_in_which_one_is_enabled_alone() {
    for enabled in [false, true] {
        let world = World::calm_at(AT);
        assert_eq!(minute_of(&world, enabled, world.clone()), Ok(()));
        assert_eq!(world.whale_watches_begun().len(), usize::from(enabled), "{enabled}");
    }
}

#[test]
fn minute_is_none_the_worse_for_sources_that_cannot_be_watched() {
    assert_eq!(minute_of(&World::calm_at(AT), true, Unreachable), Ok(()));
}
