//! A strategy off for the whole deployment, and on again.

use crate::given::{act, played};
use crate::races::{before, disturbed};
use app::bots;
use app::trading::ActError;
use domain::clock::{Millis, Timestamp};
use store::trading::Trading;
use testkit::world::World;

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const NAME: &str = "RSI_CROSS";

async fn said(world: World, enabled: bool, seconds: i64) -> Result<(), ActError> {
    let act = act(NOW.plus(Millis::seconds(seconds)));
    bots::switch(&world, NAME, (enabled, "said"), act).await.map(drop)
}

/// At whatever call the disabling comes: its answer holds.
#[test]
fn a_strategy_that_is_put_off_while_it_is_put_on_stays_off() {
    for was_off in [false, true] {
        let mut refused = 0;
        for call in 0.. {
            let world = World::calm_at(NOW);
            if was_off {
                played(&world, |world| said(world, false, 0)).unwrap();
            }
            let off = |world: World| async move { said(world, false, 2).await.unwrap() };
            let (put, deeds) = disturbed(&world, before(call), off, |world| said(world, true, 1));
            let kept = played(&world, |world| async move { Trading(&world).load_switch(NAME).await.unwrap().unwrap() });
            if deeds == 0 {
                assert_eq!((put, kept.enabled), (Ok(()), true));
                break;
            }
            // Put off before it was asked how things stand, it is what the person has seen and puts on.
            assert_eq!(kept.enabled, put.is_ok() && call == 0, "before call {call}: {put:?}");
            refused += u32::from(put == Err(ActError::DisabledMeanwhile));
        }
        assert!(refused > 0);
    }
}
