//! A stop that is set while a request that takes its time lifts the one before it.

use super::leaving::{give_account, halted};
use super::*;
use app::trading::{ActError, halt, resume};
use domain::audit::Actor;

async fn stop(town: &Town, who: &UserId, why: &str) {
    town.run(async |run| halt(&town.world, None, why, in_person(run, who)).await.map(drop)).await.unwrap();
}

async fn lift(town: &Town, who: &UserId) -> Result<(), ActError> {
    town.run(async |run| resume(&town.world, None, "over", in_person(run, who)).await.map(drop)).await
}

fn in_person<'a>(run: Run<'a>, who: &'a UserId) -> app::actor::Act<'a> {
    app::actor::Act { actor: Actor::Person, ..run.act(who) }
}

/// How it went, by where the resume was in its work when its owner halted again.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Went {
    /// It had seen nothing yet.
    LiftedTheLater,
    Refused,
    /// It had lifted the first before, and the later one stands.
    LiftedTheFirst,
}

#[test]
fn no_resume_lifts_a_stop_that_it_has_not_seen() {
    check(async |town| {
        let admin = town.admin().await;
        for is_halted in [true, false] {
            let mut went = Vec::new();
            for polls in 0_u32.. {
                let ann = town.register(&format!("ann{is_halted}{polls}"), None, Invited::By(&admin)).await.unwrap();
                let account = give_account(&town, &ann.id, 1);
                if is_halted {
                    stop(&town, &ann.id, "a first look").await;
                }
                let mut lifting = pin!(lift(&town, &ann.id));
                if cut_off(lifting.as_mut(), polls).await.is_some() {
                    break;
                }
                stop(&town, &ann.id, "a second look").await;
                let (lifted, stands) = (lifting.await, halted(&town, &account).await.0);
                assert!(lifted.is_ok() || (stands && lifted == Err(ActError::HaltedMeanwhile)), "{polls}: {lifted:?}");
                went.push(match (lifted.is_ok(), stands) {
                    (true, false) => Went::LiftedTheLater,
                    (true, true) => Went::LiftedTheFirst,
                    (false, _) => Went::Refused,
                });
            }
            assert!(went.is_sorted(), "{went:?}");
            for each in [Went::LiftedTheLater, Went::Refused, Went::LiftedTheFirst] {
                assert!(went.contains(&each), "{each:?} in {went:?}");
            }
        }
    });
}
