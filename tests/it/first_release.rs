//! Rows as the first release left them: its pointers, exits and bells had rows of their own.

use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::now;
use crate::support::{Setting, Trader};
use app::ports::{ClearOutbox, LoadAccount, MindDue, RememberExit};
use aws::Aws;
use domain::clock::{Millis, Timestamp};
use domain::ids::GroupId;
use domain::limits::DUE_SHARDS;
use domain::seat::Seat;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn seat(text: &str) -> Seat {
    text.parse().unwrap()
}

/// The tables of a trader, with these rows added to them and the account as it was then.
async fn first_release(rows: impl Fn(&Trader) -> Vec<Value>) -> (Trader, Aws) {
    let own = Own::make().await;
    let trader = Trader::at(own.connect(PATIENT).await, Setting::default()).await;
    let account = format!("ACC#{}", trader.account);
    let mut before = own.rows().await;
    before.retain(|row| row["pk"]["S"] != "ACCOUNTS");
    for row in before.iter_mut().filter(|row| row["pk"]["S"] == *account && row["sk"]["S"] == "A") {
        row["v"] = json!({"N": "1"});
    }
    before.extend(rows(&trader));
    let aws = own.restored(&before).await.connect(PATIENT).await;
    (trader, aws)
}

#[tokio::test]
async fn an_account_knows_the_groups_and_exits_that_stood_beside_it() {
    let group = GroupId::of(&["live"]);
    let raised = now().minus(Millis::seconds(60));
    let (trader, aws) = first_release(|trader| {
        let pk = json!({"S": format!("ACC#{}", trader.account)});
        vec![
            json!({"pk": pk, "sk": {"S": "L#PAPER:BTC/USDT#60"}, "v": {"N": "1"}, "account": {"S": trader.account.as_str()},
                "exchange": {"S": "PAPER"}, "symbol": {"S": "BTC/USDT"}, "timeframe": {"S": "60"}, "group": {"S": group.as_str()}}),
            json!({"pk": pk, "sk": {"S": "E#PAPER:BTC/USDT#-"}, "v": {"N": "1"}, "event_at": {"N": raised.millis().to_string()}}),
        ]
    })
    .await;
    for _ in 0..2 {
        let account = aws.load_account(&trader.account).await.unwrap().unwrap();
        assert_eq!(account.live, BTreeMap::from([(seat("BTC/USDT#60"), group.clone())]));
        assert_eq!(account.exits, BTreeMap::from([(seat("BTC/USDT#-"), raised)]));
    }
    let account = aws.load_account(&trader.account).await.unwrap().unwrap();
    aws.remember_exit(&account, &seat("BTC/USDT#60"), now()).await.unwrap();
    let exits = aws.load_account(&trader.account).await.unwrap().unwrap().exits;
    assert_eq!(exits.len(), 2, "what is written later is not written over: {exits:?}");
}

#[tokio::test]
async fn a_bell_that_stood_by_itself_is_rung_and_goes() {
    let (trader, aws) = first_release(|trader| {
        let group = GroupId::of(&["live"]);
        let shard = domain::shard::due(trader.account.as_str());
        vec![json!({
            "pk": {"S": format!("GRP#{group}")}, "sk": {"S": "X#0000000002"}, "v": {"N": "1"}, "account": {"S": trader.account.as_str()},
            "group": {"S": group.as_str()}, "version": {"N": "2"}, "trace": {"S": "trace"}, "sends": {"N": "1"},
            "due_at": {"N": now().millis().to_string()}, "due_pk": {"S": format!("X#{shard:x}")},
        })]
    })
    .await;
    let later = now().plus(Millis::seconds(60));
    let found = due(&aws, later).await;
    let [bell] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&bell.bell.account, bell.bell.version), (&trader.account, 2));
    assert!(aws.postpone_outbox(bell, later).await.unwrap());
    aws.clear_outbox(&bell.bell).await.unwrap();
    assert_eq!(due(&aws, later.plus(Millis::seconds(60))).await, []);
}

async fn due(aws: &Aws, at: Timestamp) -> Vec<app::ports::Outbox> {
    let mut due = Vec::new();
    for shard in 0..DUE_SHARDS {
        due.extend(aws.due_outbox(shard, at).await.unwrap());
    }
    due
}
