//! A table that is lost and restored while the venue went on. The paper venue's own rows stand in the same table: they are
//! copied as they are, all others as they were.

use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::{now, unique};
use crate::support::{Alert, Setting, Trader};
use app::execute::{End, execute};
use app::ports::{Bell, LoadAccount, LoadPosition, Signal};
use app::receive::RawAlert;
use app::recover::{self, ConfirmError, Looked, recover};
use app::run::Run;
use app::trading::Act;
use aws::{Aws, Place};
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;
use domain::limits;
use domain::order::Status;
use std::process::abort;
use venues::{Paper, Timed};
use webhook::{Door, Receives};
use wire::alert::Secret;
use wire::messages::Message;

const DEPLOYMENT: &str = "restored";

#[tokio::test]
async fn a_restored_table_waits_asks_the_venue_and_goes_on_once_a_person_says_so() {
    let own = Own::make().await;
    let trader = Trader::at(own.connect(PATIENT).await, Setting::default()).await;
    let bell = opened(&own, &trader).await;
    let before = own.rows().await;
    assert_eq!(work(&trader.aws, &bell).await, End::Rests);
    let known = trader.aws.load_position(&bell.account, &bell.group).await.unwrap().unwrap();

    let restored = own.restored(&before).await;
    let (first, later) = (restored.connect_at(PATIENT, now).await, restored.connect_at(PATIENT, in_a_minute).await);
    assert_eq!(work(&first, &bell).await, End::NotRecovered);
    let act_at = |now, attempt| Act { user: &trader.user, attempt, now };
    let attempt = AttemptId::new(unique());
    let early = recover::confirm(&first, "too early", act_at(now(), &attempt)).await;
    assert!(matches!(early, Err(ConfirmError::NotReady(_))), "{early:?}");
    for aws in [&first, &later] {
        let recovery = recover::state(aws, act_at(now(), &attempt)).await.unwrap();
        let venue = Timed::new(Paper::new(aws.clone(), abort));
        let looked =
            Box::pin(recover(aws, &venue, &trader.account, &recovery.table, &run(in_a_minute()))).await.unwrap();
        let Looked::Reported(report) = looked else { panic!("nothing was looked at") };
        assert_eq!(report.strays, []);
        assert!(report.changes.iter().any(|change| change.before == Some(Status::Planned)), "{report:?}");
    }
    let regained = first.load_position(&bell.account, &bell.group).await.unwrap().unwrap();
    assert_eq!(regained.ledger().unwrap(), known.ledger().unwrap());

    let confirmed = recover::confirm(&later, "the difference is none", act_at(in_a_minute(), &attempt)).await.unwrap();
    assert!(confirmed.is_recovered());
    assert_eq!(work(&first, &bell).await, End::Rests);
    let after = first.load_position(&bell.account, &bell.group).await.unwrap().unwrap();
    assert_eq!(after.orders.len(), known.orders.len(), "nothing was sent again: {after:?}");
    assert!(first.load_account(&trader.account).await.unwrap().is_some());
}

/// An alert taken and decided; its bell is rung and not heard yet.
async fn opened(own: &Own, trader: &Trader) -> Bell {
    let body = Alert::entry(&trader.market.key.symbol.to_string()).to_string();
    let secret = Some(Secret::new(trader.webhook_token.clone()));
    let (user, body, trace) = (trader.user.as_str(), body.as_bytes(), unique());
    let raw = RawAlert { user, secret, body, source_ip: None, trace };
    Door::new(trader.aws.clone()).receive(raw, &AttemptId::new(unique()), now()).await.unwrap();
    let record = own.take(Place::Signals).await.unwrap();
    let signal = Signal::try_from(Message::decode(&record.body).unwrap()).unwrap();
    app::decide::decide(&trader.aws, &signal, &run(now()), now()).await.unwrap();
    let record = own.take(Place::Orders).await.unwrap();
    Bell::try_from(Message::decode(&record.body).unwrap()).unwrap()
}

async fn work(aws: &Aws, bell: &Bell) -> End {
    let venue = Timed::new(Paper::new(aws.clone(), abort));
    Box::pin(execute(aws, &venue, &bell.account, &bell.group, &run(now()))).await.unwrap().end
}

fn run(now: Timestamp) -> Run {
    let (deployment, attempt) = (DEPLOYMENT.to_owned(), AttemptId::new(unique()));
    Run { deployment, attempt, deadline: now.plus(limits::WATCH_TIMEOUT) }
}

fn in_a_minute() -> Timestamp {
    now().plus(Millis::seconds(60))
}
