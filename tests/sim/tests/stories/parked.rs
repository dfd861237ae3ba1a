//! What nobody could carry out, and a person who carries it out again: with every fault at every place, and every pair
//! of them. Nothing is lost, nothing is done twice, and in the end nothing waits.

use app::actor::Act;
use app::commit::{Change, Replaces};
use app::park;
use app::trading::{ActError, Sees, drop_parked};
use domain::audit::Actor;
use domain::ids::AttemptId;
use domain::notice::Topic;
use domain::parked::Queue;
use domain::reason::Reason;
use sim::{Seen, alert, exhaustive, ms, s, scenario, stories};
use store::trading::Trading;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;

const FOREIGN: &str = r#"{"v":1,"type":"group.work","id":"m","at":1,"trace":"t","account":"acc_nobody","group":"grp_nobody","version":1}"#;

stories! {
    exhaustive;

    an_alert_that_nobody_decided_is_decided_when_its_user_says_so => |story| story
        .post(s(0), &alert().id("a"))
        .outage("send_signal", s(0), s(4_900))
        .retry_parked(s(4_920))
        .ends("the alert has grown old, if it came at all", |seen| seen.verdicts().iter().all(|v| v == "stale stale"))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["stale stale"]);
            assert_eq!(seen.parked(), ["signal retried"]);
            assert!(seen.positions.is_empty());
        });

    a_bell_that_the_queue_never_took_is_rung_when_its_user_says_so => |story| story
        .post(s(0), &alert())
        .outage("ring", s(0), s(70))
        .worn_out_bells(s(58))
        .retry_parked(s(72))
        .climbs()
        .ends("nothing waits", nothing_waits)
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.parked(), ["bell retried"]);
            assert_eq!(seen.verdicts(), ["expired expired"]);
        });

    a_message_that_is_none_is_shown_and_dropped => |story| story
        .minute_fails()
        .dead_letter(ms(1), Queue::Signals, "{")
        .drop_parked(s(140))
        .ends("it is dropped", |seen| seen.parked() == ["message dropped"])
        .calm(|seen| assert_eq!(seen.parked(), ["message dropped"]));

    a_message_about_nobody_is_sent_again_as_it_came => |story| story
        .minute_fails()
        .dead_letter(ms(1), Queue::Orders, FOREIGN)
        .retry_parked(s(140))
        .ends("it is carried out", |seen| seen.parked() == ["message retried"])
        .calm(|seen| assert_eq!(seen.parked(), ["message retried"]));

    a_tick_is_worth_nothing => |story| story
        .dead_letter(ms(1), Queue::Ticks, r#"{"v":1,"type":"tick","id":"m","at":1,"trace":"t","slot":7,"shard":0}"#)
        .retry_parked(s(80))
        .ends("nothing waits", nothing_waits)
        .calm(|seen| assert_eq!(seen.parked(), ["tick dropped"]));
}

#[test]
fn an_exit_that_nobody_decided_is_still_an_exit() {
    let story = scenario("exit").post(s(0), &alert().id("a").exit()).outage("send_signal", s(0), s(4_900));
    let seen = sim::calm(&story.retry_parked(s(4_920)).ends("nothing waits", nothing_waits));
    assert_eq!(seen.verdicts(), ["ignored nothing_open"]);
    assert_eq!(seen.parked(), ["signal retried"]);
}

/// The row is gone with the alert: nobody carries it out later.
#[test]
fn an_alert_that_is_dropped_undecided_has_its_verdict() {
    let story = scenario("dropped").post(s(0), &alert().id("a").exit()).outage("send_signal", s(0), s(4_900));
    let seen = sim::calm(&story.drop_parked(s(4_920)).ends("nothing waits", nothing_waits));
    assert_eq!(seen.verdicts(), ["ignored dropped"]);
    assert_eq!(seen.parked(), ["signal dropped"]);
    assert_eq!(seen.told(), [Topic::Parked], "its owner is notified once");
}

fn nothing_waits(seen: &Seen) -> bool {
    !seen.parked().iter().any(|row| row.ends_with("waiting"))
}

/// Of a kind that the worker does not know: it comes again twenty times, becomes a row, and the user may send it anew.
#[test]
fn a_newer_writers_message_is_kept_until_somebody_sends_it_to_a_newer_reader() {
    let story = scenario("newer").message(ms(1), Queue::Signals, r#"{"v":2,"type":"signal.received"}"#);
    let seen = sim::calm(&story.drop_parked(s(1_500)));
    assert_eq!(seen.parked(), ["message dropped"]);
}

/// It may be the way out of a position, as the exit of a bot is.
#[test]
fn a_programs_key_drops_no_signal_that_may_close_a_position() {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let delivery = given.delivery("sell", 0);
        Trading(&inner).put_delivery(&delivery, &given.stamp()).await.unwrap();
        let (verdict, row) = park::delivery(&delivery, Reason::Undecided, "nobody".to_owned(), given.now);
        let (judged, replaces) = (Box::new(delivery), Replaces::Undecided);
        let judged = Change::Verdict { delivery: judged, verdict, due_at: None, replaces };
        Trading(&inner).commit(&given.transaction(vec![judged, Change::Park(Box::new(row.clone()))])).await.unwrap();
        let drops = async |in_person: bool| {
            let attempt = AttemptId::new(format!("drop {in_person}"));
            let actor = if in_person { Actor::Person } else { Actor::Key };
            let act = Act { user: &given.user, attempt: &attempt, now: given.now, address: None, actor };
            drop_parked(&inner, &row.id, "a test says so", Sees::Own, act).await.map(drop)
        };
        assert!(matches!(drops(false).await, Err(ActError::NotInPerson(_))));
        assert_eq!(drops(true).await, Ok(()));
    });
}
