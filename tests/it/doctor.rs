//! The deployment looks at itself: the probe goes the way of a tick, and the answer is what the API shows.

use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::now;
use crate::support::{Caller, Setting, Stack, Trader, until};
use app::doctor::{self, Check, Sights, State};
use aws::{Aws, Outside, Place};
use domain::clock::{Millis, Timestamp};
use domain::limits;
use lambda::Invocation;
use lambda::sqs::Record;
use serde_json::{Value, json};
use std::process::abort;
use venues::{Paper, Timed};

/// What is of the whole deployment.
const KEEPERS: [&str; 4] = ["region", "address", "clock", "concurrency"];

#[tokio::test]
async fn a_look_from_inside_is_asked_for_and_answered() {
    let keeper = Trader::keeper().await;
    let looked = until("the watch has looked around", async || {
        let checks = checks(&keeper).await;
        (state(&checks, "watch") == "ok").then_some(checks)
    })
    .await;
    // The others tell of the whole deployment, in which other tests break things.
    for check in ["region", "address", "clock", "parked"] {
        assert_eq!(state(&looked, check), "ok", "{check}: {looked}");
    }
    assert_ne!(state(&looked, "concurrency"), "not looked at", "{looked}");
    // An answer that is young enough is told again, and nobody is asked to look.
    assert_eq!(state(&checks(&keeper).await, "watch"), "ok");
}

#[tokio::test]
async fn whoever_does_not_keep_the_deployment_is_told_of_own_accounts_alone() {
    let trader = Trader::new().await;
    let looked = until("the watch has looked at this account", async || {
        let checks = checks(&trader).await;
        (state(&checks, "accounts") == "ok").then_some(checks)
    })
    .await;
    for check in ["watch", "venues", "limits", "parked"] {
        assert_eq!(state(&looked, check), "ok", "{check}: {looked}");
    }
    for check in KEEPERS {
        assert_eq!(state(&looked, check), "not looked at", "{check}: {looked}");
    }
    let venues = looked.as_array().unwrap().iter().find(|check| check["name"] == "venues").unwrap();
    assert_eq!(venues["meaning"], "accounts that answer: 1; markets with a live group: 0", "asked with nothing live");
}

#[tokio::test]
async fn however_many_ask_there_is_one_look_in_half_a_minute() {
    let own = Own::make().await;
    let (one, other) = (resident(&own).await, resident(&own).await);
    let begin = now();
    let asked = async |trader: &Trader, seconds: i64| ask(trader, begin.plus(Millis::seconds(seconds))).await;
    assert_eq!(watch(&asked(&one, 0).await).state, State::Fail, "nobody has looked yet");
    asked(&other, 0).await;
    asked(&one, 29).await;
    let probe = own.take(Place::Ticks).await.expect("the first has asked");
    own.done(Place::Ticks, &probe).await;
    assert!(own.take(Place::Ticks).await.is_none(), "the others are told of the same look");

    look_around(&one.aws, &probe).await;
    let seen = Sights(&one.aws).load_sight().await.unwrap().unwrap();
    for trader in [&one, &other] {
        let told = asked(trader, 10).await;
        assert_eq!(watch(&told).state, State::Ok, "{told:?}");
        assert!(watch(&told).meaning.contains("s ago"), "with its time: {told:?}");
        let venues = told.iter().find(|check| check.name == "venues").unwrap();
        assert_eq!(venues.meaning, "accounts that answer: 1; markets with a live group: 0");
    }
    assert!(own.take(Place::Ticks).await.is_none());
    ask(&other, seen.at.plus(limits::SIGHT_AGE_MAX).plus(Millis::seconds(1))).await;
    assert!(own.take(Place::Ticks).await.is_some(), "later a new one is asked for");
}

#[tokio::test]
async fn the_look_knows_how_many_functions_may_run_at_once_and_asks_venues_with_nothing_live() {
    let own = Own::make().await;
    let (trader, shut) = (resident(&own).await, resident(&own).await);
    forget_book(&own, &shut).await;
    ask(&trader, now()).await;
    let probe = own.take(Place::Ticks).await.unwrap();
    look_around(&trader.aws, &probe).await;
    let seen = Sights(&trader.aws).load_sight().await.unwrap().unwrap();
    assert!(seen.concurrency_max.as_ref().is_ok_and(|max| *max > 0), "{seen:?}");
    let venue_of = |trader: &Trader| {
        let facts = seen.accounts.iter().find(|facts| facts.id == trader.account).unwrap();
        facts.venue.is_ok()
    };
    assert_eq!((venue_of(&trader), venue_of(&shut)), (true, false), "{seen:?}");
    assert_eq!(seen.accounts[0].id, trader.account, "whoever asks is looked at first");
}

async fn resident(own: &Own) -> Trader {
    Trader::at(own.connect(PATIENT).await, Setting::default()).await
}

/// The venue knows this account no more.
async fn forget_book(own: &Own, trader: &Trader) {
    let key = json!({"pk": {"S": format!("PAP#{}", trader.account)}, "sk": {"S": "B"}});
    let trading = own.tables().swap_remove(0);
    Caller::root().ask("dynamodb:DeleteItem", &json!({"TableName": trading, "Key": key})).await;
}

async fn ask(trader: &Trader, at: Timestamp) -> Vec<Check> {
    doctor::ask(&trader.aws, &trader.user, false, at).await.unwrap()
}

/// The watch, called as Lambda calls it.
async fn look_around(aws: &Aws, probe: &Record) {
    let invocation = Invocation::begin("doctor", now(), now().plus(limits::WATCH_TIMEOUT)).unwrap();
    let venue = Timed::new(Paper::new(aws.clone(), abort));
    let Stack { endpoint, region, .. } = Stack::get();
    let outside = Outside::read(aws.clone(), |variable| match variable {
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        "AWS_REGION" => Some(region.clone()),
        other => std::env::var(other).ok(),
    });
    let deployment = Stack::get().deployment();
    Box::pin(account_watch::handle(
        aws,
        &venue,
        &outside,
        (deployment, &account_watch::Slow::default()),
        probe,
        &invocation,
    ))
    .await
    .unwrap();
}

fn watch(checks: &[Check]) -> &Check {
    checks.iter().find(|check| check.name == "watch").unwrap()
}

async fn checks(trader: &Trader) -> Value {
    let answer = trader.get("/doctor").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["checks"].clone()
}

fn state<'c>(checks: &'c Value, name: &str) -> &'c str {
    let found = checks.as_array().unwrap().iter().find(|check| check["name"] == name);
    found.map_or("not looked at", |check| check["state"].as_str().unwrap())
}
