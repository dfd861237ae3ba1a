//! A table that is lost and restored while the venue went on. The paper venue's own rows stand in the same table: they are
//! copied as they are, all others as they were.

use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::{now, unique};
use crate::support::{Alert, Setting, Stack, Trader};
use app::actor::Act;
use app::execute::{End, execute};
use app::ports::{Bell, Signal, Tick};
use app::receive::{self, KnownTokens, RawAlert};
use app::recover::{self, ConfirmError, Looked, Word, recover};
use app::remarks::Remarks;
use app::run::Run;
use aws::{Aws, Outside, Place};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::AttemptId;
use domain::order::Status;
use domain::{limits, shard};
use lambda::Invocation;
use lambda::sqs::Record;
use serde_json::{Value, json};
use std::process::abort;
use store::trading::Trading;
use tower::ServiceExt;
use venues::{Paper, Timed};
use wire::alert::Secret;
use wire::messages::Message;

#[tokio::test]
async fn a_restored_table_waits_asks_the_venue_and_goes_on_once_a_person_says_so() {
    let own = Own::make().await;
    let trader = Trader::at(own.connect(PATIENT).await, Setting::default()).await;
    let bell = opened(&own, &trader).await;
    let before = own.rows().await;
    assert_eq!(work(&trader.aws, &bell).await, End::Rests);
    let known = Trading(&trader.aws).load_position(&bell.account, &bell.group).await.unwrap().unwrap();

    let restored = own.restored(&before).await;
    let (first, later) = (restored.connect_at(PATIENT, now).await, restored.connect_at(PATIENT, once_settled).await);
    assert_eq!(work(&first, &bell).await, End::NotRecovered);
    let act_at = |now, attempt| Act { user: &trader.user, attempt, now, address: None, actor: Actor::Person };
    let attempt = AttemptId::new(unique());
    let word = Word { reason: "the difference is none".to_owned(), ..Word::default() };
    let early = recover::confirm(&first, &word, act_at(now(), &attempt)).await;
    assert!(matches!(early, Err(ConfirmError::NotReady(_))), "{early:?}");
    for aws in [&first, &later] {
        let recovery = recover::state(aws, act_at(now(), &attempt)).await.unwrap();
        let venue = Timed::new(Paper::new(aws.clone(), abort));
        let looked =
            Box::pin(recover(aws, &venue, &trader.account, &recovery.table, &run(once_settled()))).await.unwrap();
        let Looked::Reported(report) = looked else { panic!("nothing was looked at") };
        assert_eq!(report.strays, []);
        assert!(report.changes.iter().any(|change| change.before == Some(Status::Planned)), "{report:?}");
    }
    let regained = Trading(&first).load_position(&bell.account, &bell.group).await.unwrap().unwrap();
    assert_eq!(regained.ledger().unwrap(), known.ledger().unwrap());

    let confirmed = recover::confirm(&later, &word, act_at(once_settled(), &attempt)).await.unwrap();
    assert!(confirmed.is_recovered());
    assert_eq!(work(&first, &bell).await, End::Rests);
    let after = Trading(&first).load_position(&bell.account, &bell.group).await.unwrap().unwrap();
    assert_eq!(after.orders.len(), known.orders.len(), "nothing was sent again: {after:?}");
    assert!(Trading(&first).load_account(&trader.account).await.unwrap().is_some());
}

/// The whole way, through the functions: the API asks, the queue brings it to the watch, the API shows and confirms.
#[tokio::test]
async fn a_recovery_goes_from_the_api_by_the_queue_to_the_watch_and_back() {
    let own = Own::make().await;
    let system = Setting { scopes: &["trading:read", "trading:write", "system"], ..Setting::default() };
    let keeper = Trader::at(own.connect(PATIENT).await, system).await;
    let resting = Trader::at(own.connect(PATIENT).await, Setting::default()).await;
    let bell = opened(&own, &keeper).await;
    let before = own.rows().await;
    assert_eq!(work(&keeper.aws, &bell).await, End::Rests);
    resting.leave_by_hand("1").await;
    let forgotten = resting.order_by_hand().await;

    let restored = own.restored(&before).await;
    let (first, later) = (restored.connect_at(PATIENT, now).await, restored.connect_at(PATIENT, once_settled).await);
    let tick = Tick { slot: slot(now()), shard: shard::of(keeper.account.as_str()) }.message(now());
    let told = watched(&first, &tick.encode().unwrap()).await;
    assert!(told.contains("no passes: table not recovered"), "{told}");
    let passed = Trading(&first).load_account(&keeper.account).await.unwrap().unwrap().pass_slot;
    assert_eq!(passed, 0, "the tick has made no pass");

    for aws in [&first, &later] {
        let (status, asked) = api(aws, &keeper, "POST", "recover", "").await;
        assert_eq!((status, &asked["recovered"]), (202, &json!(false)), "{asked}");
        for _ in asked["accounts"].as_array().unwrap() {
            let record = asked_to_recover(&restored).await;
            let told = watched(aws, &record.body).await;
            assert!(told.contains("recovered"), "{told}");
            restored.done(Place::Ticks, &record).await;
        }
    }
    let (_, found) = api(&first, &keeper, "GET", "recover", "").await;
    let account = |trader: &Trader| {
        let id = json!(trader.account.as_str());
        found["accounts"].as_array().unwrap().iter().find(|account| account["id"] == id).unwrap()
    };
    assert_eq!(account(&keeper)["report"]["changes"][0]["before"], "planned", "{found}");
    let forgot = &account(&resting)["report"]["unknown_orders"][0]["client_order_id"];
    assert_eq!(*forgot, forgotten, "another user's order of the lost time: {found}");

    let reason = r#"{"reason": "the difference is known"}"#;
    let (status, refused) = api(&first, &keeper, "POST", "recover/confirm", reason).await;
    assert_eq!((status, &refused["code"]), (403, &json!("missing_scope")), "a person's word: {refused}");
    let (attempt, reason) = (AttemptId::new(unique()), "the difference is known".to_owned());
    let act = Act { user: &keeper.user, attempt: &attempt, now: now(), address: None, actor: Actor::Person };
    let confirmed = recover::confirm(&first, &Word { reason, ..Word::default() }, act).await.unwrap();
    assert!(confirmed.is_recovered());
    let tick = Tick { slot: slot(now()), shard: shard::of(keeper.account.as_str()) }.message(now());
    let told = watched(&first, &tick.encode().unwrap()).await;
    assert!(told.contains("1 passes, 1 groups, 0 missed"), "{told}");
    assert_eq!(work(&first, &bell).await, End::Rests);
}

/// What comes beside ticks.
async fn asked_to_recover(own: &Own) -> Record {
    loop {
        let record = own.take(Place::Ticks).await.unwrap();
        if matches!(Message::decode(&record.body).unwrap().body, wire::messages::Body::Recover(_)) {
            return record;
        }
        own.done(Place::Ticks, &record).await;
    }
}

/// What the watch, called as Lambda calls it, leaves in its line.
async fn watched(aws: &Aws, body: &str) -> String {
    let record = Record { body: body.to_owned(), ..Own::record() };
    let invocation = Invocation::begin("restored", now(), once_settled().plus(limits::WATCH_TIMEOUT)).unwrap();
    let venue = Timed::new(Paper::new(aws.clone(), abort));
    let outside = Outside::from_env(aws.clone());
    Box::pin(account_watch::handle(
        aws,
        &venue,
        &outside,
        (Stack::get().deployment(), &account_watch::Slow::default()),
        &record,
        &invocation,
    ))
    .await
    .unwrap();
    format!("{invocation:?}")
}

/// A request to the function that serves it.
async fn api(aws: &Aws, trader: &Trader, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {}", trader.bearer));
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let api = lambda::edge::prepare(api_trading::router(api_trading::Api::new(
        aws.clone(),
        aws::Later::from_env("none"),
        Stack::get().deployment(),
    )));
    let (parts, body) = api.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), serde_json::from_slice(&body).unwrap())
}

fn slot(at: Timestamp) -> i64 {
    at.millis().div_euclid(limits::SLOT.get())
}

/// An alert taken and decided; its bell is rung and not heard yet.
async fn opened(own: &Own, trader: &Trader) -> Bell {
    let body = Alert::entry(&trader.market.key.symbol.to_string()).to_string();
    let secret = Some(Secret::new(trader.webhook_token.clone()));
    let (user, body, trace) = (trader.user.as_str(), body.as_bytes(), unique());
    let raw = RawAlert { user, secret, body, source_ip: None, trace };
    receive::receive(&trader.aws, &KnownTokens::default(), raw, &AttemptId::new(unique()), now()).await.unwrap();
    let record = own.take(Place::Signals).await.unwrap();
    let signal = Signal::try_from(Message::decode(&record.body).unwrap()).unwrap();
    Box::pin(app::decide::decide(&trader.aws, &testkit::world::NoBooks, &signal, &run(now()), now())).await.unwrap();
    let record = own.take(Place::Orders).await.unwrap();
    Bell::try_from(Message::decode(&record.body).unwrap()).unwrap()
}

async fn work(aws: &Aws, bell: &Bell) -> End {
    let venue = Timed::new(Paper::new(aws.clone(), abort));
    Box::pin(execute(aws, &venue, &bell.account, &bell.group, &run(now()))).await.unwrap().end
}

fn run(now: Timestamp) -> Run {
    let (deployment, attempt) = (Stack::get().deployment().to_owned(), AttemptId::new(unique()));
    let deadline = now.plus(limits::WATCH_TIMEOUT);
    Run { deployment, attempt, deadline, remarks: Remarks::default() }
}

fn once_settled() -> Timestamp {
    now().plus(limits::RECOVERY_SETTLES)
}
