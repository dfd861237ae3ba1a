//! Closed days are signed by the deployed function, and what is forged afterwards is found.

use crate::support::Stack;
use crate::support::http::ask;
use crate::support::own::Own;
use crate::support::program::key_of_program;
use crate::support::signed::Caller;
use crate::support::tables::{PATIENT, records};
use crate::support::unique::{now, unique};
use app::logs::{Verified, sign, verify};
use app::ports::Audit;
use aws::{AuditKey, Aws, Bucket, Place};
use domain::audit::{DayFlaw, Shelf, last_closed};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use reqwest::Method;
use serde_json::{Value, json};
use store::audit::Audits;
use store::identity::Identity;

/// What its schedule sends.
fn night() -> Value {
    serde_json::from_str(include_str!("../../events/housekeeping/night.v1.json")).unwrap()
}

pub(crate) async fn keep_house() {
    let said = Caller::root().invoke(&Stack::get().name("HousekeepingFunction"), &night()).await;
    assert_eq!((said.status, &said.body), (200, &Value::Null), "{said:?}");
}

#[tokio::test]
async fn the_night_signs_every_table_and_anybody_can_have_it_checked() {
    keep_house().await;
    keep_house().await;
    let reader = key_of_program("signed", &["logs:read"]).await;
    let day = wire::view::date(last_closed(now()));
    let path = format!("/api/logs/audit/verify?start_date={day}&end_date={day}");
    let check = ask(Method::GET, &path, Some(&reader), "").await;
    assert_eq!(check.status, 200, "{check:?}");
    assert_eq!(check.json()["signed_days"], 3, "{check:?}");
    assert!(check.json()["signed_since"].as_str().is_some_and(|since| *since <= *day), "{check:?}");
    assert_eq!(check.json()["problems"], json!([]));
}

/// Asked by the stack's administrator.
fn audit_key(key: &str) -> AuditKey {
    let stack = Stack::get();
    AuditKey::read(key, stack.deployment(), |variable| match variable {
        "AWS_REGION" => Some(stack.region.clone()),
        "AWS_ENDPOINT_URL" => Some(stack.endpoint.clone()),
        _ => std::env::var(variable).ok(),
    })
}

/// Tables of its own, signed by the deployment's key, with copies in a corner of its bucket.
struct House {
    own: Own,
    aws: Aws,
    key: AuditKey,
    copies: Bucket,
}

impl House {
    async fn new() -> Self {
        let (stack, own) = (Stack::get(), Own::make().await);
        let variables = Caller::root().variables(&stack.name("HousekeepingFunction")).await;
        let key = audit_key(variables["MONIQO_KMS_KEY"].as_str().unwrap());
        let copies = records().await.under(&format!("tests/{}", unique()));
        Self { aws: own.connect(PATIENT).await, own, key, copies }
    }

    async fn sign(&self) {
        sign(&self.aws, &self.key, &self.copies, now()).await.unwrap();
    }

    async fn verified(&self, day: i64) -> Verified {
        verify(&self.aws, &self.key, None, (day, day), now()).await.unwrap()
    }

    async fn change(&self, user: &str, day: i64) {
        let audit = Audit {
            user: UserId::of(&[user]),
            action: "change user".to_owned(),
            resource: "usr_1".to_owned(),
            reason: "as it was".to_owned(),
            before: None,
            after: None,
            at: Timestamp::from_millis(day * Millis::DAY.get() + 7),
            attempt: AttemptId::new(unique()),
            address: None,
            actor: None,
        };
        Identity(&self.aws).put_on_record(&audit).await.unwrap();
    }

    /// By somebody who may write the table.
    async fn take(&self, pk: &str, sk: &str) {
        let key = json!({"pk": {"S": pk}, "sk": {"S": sk}});
        let gone = json!({"TableName": self.own.name(Place::Identity), "Key": key});
        Caller::root().ask("dynamodb:DeleteItem", &gone).await;
    }
}

#[tokio::test]
async fn a_chain_that_is_taken_away_with_its_head_is_found_and_so_is_a_signature() {
    let (house, day) = (House::new().await, last_closed(now()));
    for user in ["ann", "bob"] {
        house.change(user, day).await;
    }
    house.sign().await;
    let whole = house.verified(day).await;
    assert!(whole.is_whole(), "{whole:?}");
    assert_eq!((whole.signed, whole.rows), (3, 2));

    let ann = UserId::of(&["ann"]);
    house.take(&format!("AUD#{day:05}#{ann}"), &format!("{:010}", 1)).await;
    house.take(&format!("AUD#{day:05}"), ann.as_str()).await;
    let found = [(Shelf::Identity, day, DayFlaw::Heads)];
    assert_eq!(house.verified(day).await.unproven, found, "nothing of the chain itself tells");

    house.take("SGN", &format!("{day:05}")).await;
    house.sign().await;
    assert_eq!(house.verified(day).await.unproven, found, "the same signature is put back, of what was there then");

    let forged = Audits(&house.aws).newest_signed_day(Shelf::Trading).await.unwrap().unwrap();
    let row = json!({
        "pk": {"S": "SGN"}, "sk": {"S": format!("{day:05}")}, "v": {"N": "1"}, "day": {"N": day.to_string()},
        "sealed": {"S": forged.sealed}, "signed_at": {"N": "7"},
    });
    let put = json!({"TableName": house.own.name(Place::Identity), "Item": row});
    Caller::root().ask("dynamodb:PutItem", &put).await;
    let forged = [(Shelf::Identity, day, DayFlaw::Forged)];
    assert_eq!(house.verified(day).await.unproven, forged, "another table's signature is none");
}

#[tokio::test]
async fn what_was_signed_by_a_former_key_stays_as_it_was_signed() {
    let (mut house, day) = (House::new().await, last_closed(now()));
    house.change("ann", day).await;
    house.sign().await;
    let before = Audits(&house.aws).newest_signed_day(Shelf::Identity).await.unwrap().unwrap();
    let made = Caller::root().ask("kms:CreateKey", &json!({"Description": "another key of the vault"})).await;
    house.key = audit_key(made["KeyMetadata"]["Arn"].as_str().unwrap());
    house.sign().await;
    assert_eq!(
        Audits(&house.aws).newest_signed_day(Shelf::Identity).await.unwrap().unwrap(),
        before,
        "never signed anew"
    );
    let found = house.verified(day).await;
    assert_eq!((found.is_whole(), found.signed), (true, 3), "{found:?}");
}
