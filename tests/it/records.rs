//! Old rows are copied into the bucket, and large exports are linked to there.

use crate::support::bucket::unpacked;
use crate::support::http::{Answer, answered, ask, client};
use crate::support::own::Own;
use crate::support::program::key_of_program;
use crate::support::tables::{PATIENT, records};
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack};
use app::logs::archive;
use app::ports::{ArchivePart, Audit, Binding, Lease, LeaseTaken, OldLog};
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, CredentialId, UserId};
use domain::vault::SecretKind;
use reqwest::Method;
use serde_json::{Value, json};
use store::identity::Identity;
use store::objects::Copies;
use store::vault::Vault;
use wire::archive::{Line, unpack};

const ROWS: i64 = 5_100;
const TABLES: [&str; 3] = ["TradingTable", "IdentityTable", "VaultTable"];

#[tokio::test]
async fn old_changes_and_openings_of_secrets_are_copied_and_read_back_from_the_bucket() {
    let own = Own::make().await;
    let (aws, copies) = (own.connect(PATIENT).await, records().await.under(&format!("tests/{}", unique())));
    let day = now().day() - 9;
    let audit = Audit {
        user: UserId::of(&["ann"]),
        action: "change user".to_owned(),
        resource: "usr_1".to_owned(),
        reason: "as it was".to_owned(),
        before: None,
        after: None,
        at: Timestamp::from_millis(day * Millis::DAY.get() + 7),
        attempt: AttemptId::new(unique()),
        address: Some("203.0.113.9".to_owned()),
        actor: None,
    };
    Identity(&aws).put_on_record(&audit).await.unwrap();
    let (user, credential, kind) = (audit.user.clone(), CredentialId::of(&["gone"]), SecretKind::Exchange);
    let lease = Lease { function: "it".to_owned(), why: "a test".to_owned(), attempt: audit.attempt.clone() };
    let (at, binding) = (audit.at, Binding { user, credential: credential.clone(), kind });
    Vault(&aws).keep_lease(&LeaseTaken { binding, lease, at, until: at.plus(Millis::seconds(300)) }).await.unwrap();
    while archive(&aws, &copies, now()).await.more {}
    let part = ArchivePart { log: OldLog::Audit(Shelf::Identity), day, part: 1 };
    let packed = Copies(&copies).archived(part, now()).await.unwrap().unwrap();
    let lines = unpack(&packed).unwrap();
    assert!(matches!(&lines[..], [Line::Head { count: 1, .. }, Line::Change(row)] if row.reason == "as it was"));
    assert!(!format!("{lines:?}").contains("203.0.113.9"), "where from is left out");
    let opened = Copies(&copies).archived(ArchivePart { log: OldLog::Leases, ..part }, now()).await.unwrap().unwrap();
    assert!(matches!(&unpack(&opened).unwrap()[..], [Line::Lease(row)] if row.credential.0 == credential));
}

/// Rows of a person's changes of today, more than fit into an answer; nothing follows from anything, since nobody checks
/// them here.
async fn many(user: &UserId) {
    let (today, root) = (now().day(), Caller::root());
    for table in TABLES {
        let rows = (1..=ROWS / 3).map(|number| {
            json!({
                "pk": {"S": format!("AUD#{today:05}#{user}")}, "sk": {"S": format!("{number:010}")}, "v": {"N": "1"},
                "user": {"S": user.as_str()}, "action": {"S": "halt"}, "resource": {"S": "acc_1"},
                "reason": {"S": "=a storm"}, "at": {"N": (today * 86_400_000 + number).to_string()},
                "attempt": {"S": format!("{table}{number}")}, "number": {"N": number.to_string()},
            })
        });
        let head = json!({
            "pk": {"S": format!("AUD#{today:05}")}, "sk": {"S": user.as_str()}, "v": {"N": "1"},
            "count": {"N": (ROWS / 3).to_string()}, "hash": {"S": "0".repeat(64)}, "last": {"S": "aud_last"},
        });
        let rows: Vec<_> = rows.chain([head]).map(|item| json!({"PutRequest": {"Item": item}})).collect();
        let table = Stack::get().name(table);
        for some in rows.chunks(25) {
            let told = root.ask("dynamodb:BatchWriteItem", &json!({"RequestItems": {&table: some}})).await;
            assert!(told["UnprocessedItems"].as_object().is_none_or(serde_json::Map::is_empty), "{told}");
        }
    }
}

async fn export(bearer: &str, body: &Value) -> Answer {
    ask(Method::POST, "/api/logs/export", Some(bearer), body.to_string()).await
}

#[tokio::test]
async fn an_export_that_is_too_large_for_an_answer_is_a_link_to_that_file_alone() {
    let user = UserId::of(&["it", "exported", &unique()]);
    many(&user).await;
    let keeper = key_of_program("export", &["logs:read", "logs:export"]).await;
    let linked = export(&keeper, &json!({"logs": "audit", "format": "csv", "user_id": user.as_str()})).await;
    assert_eq!(linked.status, 201, "{linked:?}");
    let told = linked.json();
    assert_eq!((&told["rows"], &told["packed"]), (&json!(ROWS), &json!("gzip")));
    let url = told["url"].as_str().unwrap();
    let file = client().get(url).send().await.unwrap();
    assert_eq!(file.status().as_u16(), 200);
    let packed = file.bytes().await.unwrap();
    let text = unpacked(&packed);
    assert_eq!(text.lines().count() as i64, ROWS + 1);
    assert!(text.starts_with("\"id\",") && text.contains("\"'=a storm\""));
    // The link is of this object: of another name it is worth nothing.
    let other = url.replacen("/exports/", "/signed/", 1);
    assert_eq!(answered(client().get(other)).await.status, 403);
    let bare = url.split('?').next().unwrap();
    assert_eq!(answered(client().get(bare)).await.status, 403);

    // Whoever may export and not read others takes their own rows, and no system log.
    let own = key_of_program("export", &["logs:export"]).await;
    let others = export(&own, &json!({"logs": "audit", "format": "csv", "user_id": user.as_str()})).await;
    assert_eq!(others.status, 404, "{others:?}");
    let mine = export(&own, &json!({"logs": "audit", "format": "json"})).await;
    assert_eq!((mine.status, mine.json()), (200, json!([])), "their own, of which there are none");
    assert_eq!(export(&own, &json!({"logs": "system", "format": "json"})).await.status, 403);
}
