//! Runs over rows in memory.

use super::*;
use domain::clock::Timestamp;
use store::PageRequest;
use store::trading::Trading;
use testkit::world::World;
use wire::view::RiskAssessment;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);

fn event(text: &str) -> Assess {
    serde_json::from_str(text).unwrap()
}

/// What a run has left of the newest assessments of this user.
fn after(text: &str, user: &UserId) -> Vec<RiskAssessment> {
    let world = World::calm_at(AT);
    let inner = world.clone();
    let (work, user) = (event(text), user.clone());
    world.sim().block_on("run", async move {
        let invocation = Invocation::begin("test", AT, AT.plus(Millis::seconds(60))).unwrap();
        run(&inner, work, &invocation).await.unwrap();
        let page = PageRequest { limit: 10, cursor: None };
        Trading(&inner).list_assessments(&user, &page).await.unwrap().items
    })
}

#[test]
fn nothing_is_kept_of_nobody_and_a_request_is_answered_all_the_same() {
    let user: UserId = "usr_2j5k7m3n4p6q2r5s7t3u4v6w2x".parse().unwrap();
    assert_eq!(after(include_str!("../../../events/risk-assess/hour.v1.json"), &user), []);
    assert_eq!(after(include_str!("../../../events/risk-assess/changes.v1.json"), &user), []);
    let made = after(include_str!("../../../events/risk-assess/user.v1.json"), &user);
    assert_eq!(made.len(), 1);
    assert!(made[0].books.is_empty());
}

#[test]
fn newer_callers_event_is_not_guessed_at() {
    let work: Assess = event(r#"{"v": 2, "type": "hour"}"#);
    assert!(work.known().is_err());
}
