//! Rows as the first release left them: its pointers, exits and bells had rows of their own.

use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::now;
use crate::support::{Setting, Trader};
use app::ports::StoreError;
use aws::Aws;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryKey, Identity};
use domain::ids::{GroupId, Sha, UserId};
use domain::limits::DUE_SHARDS;
use domain::seat::Seat;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use store::trading::Trading;

fn seat(text: &str) -> Seat {
    text.parse().unwrap()
}

/// The tables of a trader, with these rows added to them and the account as it was then.
async fn first_release(rows: impl Fn(&Trader) -> Vec<Value>) -> (Trader, Own) {
    let own = Own::make().await;
    let trader = Trader::at(own.connect(PATIENT).await, Setting::default()).await;
    let account = format!("ACC#{}", trader.account);
    let mut before = own.rows().await;
    before.retain(|row| row["pk"]["S"] != "ACCOUNTS");
    for row in before.iter_mut().filter(|row| row["pk"]["S"] == *account && row["sk"]["S"] == "A") {
        row["v"] = json!({"N": "1"});
    }
    before.extend(rows(&trader));
    let restored = own.restored(&before).await;
    (trader, restored)
}

#[tokio::test]
async fn an_account_knows_the_groups_and_exits_that_stood_beside_it() {
    let group = GroupId::of(&["live"]);
    let raised = now().minus(Millis::seconds(60));
    let (trader, own) = first_release(|trader| {
        let pk = json!({"S": format!("ACC#{}", trader.account)});
        vec![
            json!({"pk": pk, "sk": {"S": "L#PAPER:BTC/USDT#60"}, "v": {"N": "1"}, "account": {"S": trader.account.as_str()},
                "exchange": {"S": "PAPER"}, "symbol": {"S": "BTC/USDT"}, "timeframe": {"S": "60"}, "group": {"S": group.as_str()}}),
            json!({"pk": pk, "sk": {"S": "E#PAPER:BTC/USDT#-"}, "v": {"N": "1"}, "event_at": {"N": raised.millis().to_string()}}),
        ]
    })
    .await;
    let known = |account: &Account| {
        assert_eq!(account.live, BTreeMap::from([(seat("BTC/USDT#60"), group.clone())]));
        assert_eq!(account.exits, BTreeMap::from([(seat("BTC/USDT#-"), raised)]));
    };
    known(&Trading(&own.connect(PATIENT).await).load_account(&trader.account).await.unwrap().unwrap());
    assert_eq!(schema(&own).await, "1", "who only reads it leaves it as it is");

    let deciding = own.connect_deciding(later).await;
    let early = Trading(&deciding).load_account(&trader.account).await;
    assert!(matches!(early, Err(StoreError::Unavailable(_))), "a run of before may still write: {early:?}");
    LATER.store(30_000, Ordering::Relaxed);
    known(&Trading(&deciding).load_account(&trader.account).await.unwrap().unwrap());
    assert_eq!(schema(&own).await, "2");
    let account = Trading(&deciding).load_account(&trader.account).await.unwrap().unwrap();
    Trading(&deciding).remember_exit(&account, &seat("BTC/USDT#60"), now()).await.unwrap();
    let exits = Trading(&deciding).load_account(&trader.account).await.unwrap().unwrap().exits;
    assert_eq!(exits.len(), 2, "what is written later is not written over: {exits:?}");
}

/// How much later it is for whoever decides.
static LATER: AtomicI64 = AtomicI64::new(0);

fn later() -> Timestamp {
    now().plus(Millis::new(LATER.load(Ordering::Relaxed)))
}

async fn schema(own: &Own) -> String {
    let is_account = |row: &Value| row["sk"]["S"] == "A" && row["pk"]["S"].as_str().unwrap().starts_with("ACC#");
    let row = own.rows().await.into_iter().find(is_account).unwrap();
    row["v"]["N"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_bell_that_stood_by_itself_is_rung_and_goes() {
    let (trader, own) = first_release(|trader| {
        let group = GroupId::of(&["live"]);
        let shard = domain::shard::due(trader.account.as_str());
        vec![json!({
            "pk": {"S": format!("GRP#{group}")}, "sk": {"S": "X#0000000002"}, "v": {"N": "1"}, "account": {"S": trader.account.as_str()},
            "group": {"S": group.as_str()}, "version": {"N": "2"}, "trace": {"S": "trace"}, "sends": {"N": "1"},
            "due_at": {"N": now().millis().to_string()}, "due_pk": {"S": format!("X#{shard:x}")},
        })]
    })
    .await;
    let aws = own.connect(PATIENT).await;
    let later = now().plus(Millis::seconds(60));
    let found = due(&aws, later).await;
    let [bell] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&bell.bell.account, bell.bell.version), (&trader.account, 2));
    assert!(Trading(&aws).postpone_outbox(bell, later).await.unwrap());
    Trading(&aws).clear_outbox(&bell.bell).await.unwrap();
    assert_eq!(due(&aws, later.plus(Millis::seconds(60))).await, []);
}

#[tokio::test]
async fn an_alert_is_read_as_it_was_kept() {
    let frozen = include_str!("../../events/frozen/0.1.0/stored/delivery.v1.json");
    let frozen: Value = serde_json::from_str(frozen).unwrap();
    let text = |name: &str| frozen[name].as_str().unwrap();
    let (user, key) = (UserId::parse(text("user")).unwrap(), Sha::of_bytes(b"first release"));
    let first_at = Timestamp::from_millis(frozen["first_at"].as_i64().unwrap());
    let key = DeliveryKey { identity: Identity::Clockless, hash: key };
    let at = Delivery::reference(&user, &key, first_at);
    let (_, own) = first_release(|_| {
        let mut row = typed(&frozen);
        row["pk"] = json!({"S": format!("USR#{user}")});
        row["sk"] = json!({"S": format!("K#{}", at.key.as_str())});
        vec![row]
    })
    .await;
    let read = Trading(&own.connect(PATIENT).await).load_delivery(&at).await.unwrap().unwrap();
    assert_eq!((read.at, &*read.body, &*read.trace), (at, text("body"), text("trace")));
    assert_eq!(read.verdict.unwrap().reason.as_deref(), Some("insufficient_balance"));
}

/// As the table has it, without what is absent.
fn typed(value: &Value) -> Value {
    let one = |value: &Value| match value {
        Value::String(text) => json!({"S": text}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::Bool(truth) => json!({"BOOL": truth}),
        Value::Array(items) => {
            json!({"L": items.iter().map(|item| typed(&json!({"i": item}))["i"].clone()).collect::<Vec<_>>()})
        }
        object => json!({"M": typed(object)}),
    };
    let members = value.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
    members.map(|(name, value)| (name.clone(), one(value))).collect::<serde_json::Map<_, _>>().into()
}

async fn due(aws: &Aws, at: Timestamp) -> Vec<app::ports::Outbox> {
    let mut due = Vec::new();
    for shard in 0..DUE_SHARDS {
        due.extend(Trading(aws).due_outbox(shard, at).await.unwrap());
    }
    due
}
