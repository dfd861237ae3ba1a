//! What each function's role may really do, tried with the role's own keys: exactly what `infra/functions.toml` says.
//!
//! Every action is tried on every table, index, queue and key, in a form that changes nothing: a condition that cannot
//! hold, a receipt that nobody issued, a message that cannot be sent. Only "access denied" counts as denied.

use crate::manifest::{functions, is_of};
use crate::support::part;
use crate::support::signed::Said;
use crate::support::tables::{bucket, machine, queue_url};
use crate::support::{Caller, Stack};
use crate::template::{EVERYTHING, FORMER_KEYS, FUNCTION_LOGS, MAIL};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TABLE_ACTIONS: [&str; 10] = [
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:Scan",
    "dynamodb:BatchWriteItem",
    "dynamodb:DescribeTable",
];
/// Of these the call names no partition.
const WHOLE: [&str; 2] = ["dynamodb:Scan", "dynamodb:DescribeTable"];
/// One partition of each kind that a table has.
const PARTITIONS: [(&str, &str); 5] = [
    ("CatalogTable", "USR#n"),
    (
        "IdentityTable",
        "ARC AUD#n DEF#n DOR#n EML#n GSS#n IDM#n KEY#n LGN#n LOG#n RST#n SES#n SET#n SGN SYS UNM#n USERS USR#n",
    ),
    (
        "MarketTable",
        "BACKFILLS BKT#n CDL#n LABELS LBL#n MKT#n MONTHS RPL#n SENTIMENT SER#n WHA#n WHALEDAYS WHALEDUE WHALES WHALESON WHD#n WISHES",
    ),
    (
        "TradingTable",
        "ACC#n ACCOUNTS AUD#n BOT#n EAR#n GRP#n NTF#n PAP#n QTA#n RSA#n RSK#n RTE#n SGN STRATEGIES SYS TOK#n TRD#n USR#n",
    ),
    ("VaultTable", "ACC#n AUD#n CRD#n HLD#n SGN SOURCES VENUES WALLETS"),
];
const INDEX_ACTIONS: [&str; 2] = ["dynamodb:Query", "dynamodb:Scan"];
const INDICES: [&str; 3] = ["by_user", "due", "active"];
const QUEUE_ACTIONS: [&str; 6] = [
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "sqs:SetQueueAttributes",
];
const KEY_ACTIONS: [&str; 4] = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"];

/// What the emulator knows nothing of, and the template gives on AWS alone.
const ELSEWHERE: [&str; 2] = ["kms:ReEncryptFrom", "kms:ReEncryptTo"];

const BUCKET: &str = "RecordsBucket";
const OBJECT_ACTIONS: [&str; 3] = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
/// What is kept in the bucket, each under a prefix of its own, and what nobody keeps there.
const PREFIXES: [&str; 6] = ["signed", "logs", "exports", "backtests", "candles", "else"];
const LIST: &str = "s3:ListBucket";

/// Tried on one log of them.
const LINES: &str = "logs:FilterLogEvents";

/// Tried with an event that no rule hears.
const EVENT: &str = "events:PutEvents";

const SECRET: &str = "secretsmanager:GetSecretValue";

/// Tried with a letter that is from nobody and to nobody.
const LETTER: &str = "ses:SendEmail";
/// Tried by a case of its own.
const CALL: &str = "lambda:InvokeFunction";

/// Tried with what is no input. An emulator takes it, once under one name, and it comes to nothing.
const MACHINE: &str = "states:StartExecution";

/// What Lambda tells of its whole account.
const SETTINGS: &str = "lambda:GetAccountSettings";

const NOBODY: &str = "NOBODY";
const NEVER: &str = "attribute_exists(pk)";

/// One thing to try: the action, on which resource of the template, and how.
struct Attempt {
    action: &'static str,
    resource: String,
    /// Of a table.
    partition: Option<&'static str>,
    body: Value,
}

impl Attempt {
    fn new(action: &'static str, resource: impl Into<String>, body: Value) -> Self {
        Self { action, resource: resource.into(), partition: None, body }
    }
}

/// And reaches the partitions that its row says, and no other. An eighth of the functions in a run that plays an eighth of
/// the long tail.
#[tokio::test]
async fn each_function_is_denied_whatever_its_row_does_not_allow() {
    let attempts = attempts().await;
    let tried: BTreeSet<_> =
        attempts.iter().map(|attempt| (attempt.action.to_owned(), attempt.resource.clone())).collect();
    for (_, function) in functions().iter().enumerate().filter(|(place, _)| part::is_played(*place)) {
        let role = Caller::role(&Stack::get().name(&function.role())).await;
        for attempt in &attempts {
            let said = try_it(&role, attempt).await;
            let Attempt { action, resource, partition, .. } = attempt;
            let may = function.may(action, resource, *partition);
            assert_eq!(
                !said.is_denied(),
                may,
                "{}: {action} on {resource} {partition:?}: {}",
                function.name,
                said.body
            );
        }
        let promised = function.rights.iter().flat_map(|right| {
            right.resources().flat_map(|resource| right.actions().map(move |action| (action, resource.to_owned())))
        });
        for right in &function.rights {
            let is_tried = |key: &&str| right.resources().any(|table| kinds(table).any(|kind| is_of(kind, key)));
            let untried: Vec<_> = right.partitions().filter(|key| !is_tried(key)).collect();
            assert!(untried.is_empty(), "{}: no partition of these is tried: {untried:?}", function.name);
        }
        let untried: Vec<_> = promised
            // A deployment that has never rotated its vault has none.
            .filter(|(_, resource)| resource != FORMER_KEYS)
            .filter(|(action, _)| action != CALL && !ELSEWHERE.contains(&action.as_str()))
            .filter(|promised| !tried.contains(promised))
            .collect();
        assert!(untried.is_empty(), "{} has rights that are not tried: {untried:?}", function.name);
    }
}

fn kinds(table: &str) -> impl Iterator<Item = &'static str> {
    PARTITIONS.iter().filter(move |(name, _)| *name == table).flat_map(|(_, kinds)| kinds.split(' '))
}

/// Whoever had this could make an admin of anybody.
#[tokio::test]
async fn whoever_counts_requests_writes_nothing_else_of_a_session() {
    let table = Stack::get().name("IdentityTable");
    for (function, partition) in [
        ("ApiTrading", "SES#n"),
        ("ApiTrading", "LGN#n"),
        ("ApiAccounts", "SES#n"),
        ("ApiMarket", "SES#n"),
        ("ApiFlows", "SES#n"),
    ] {
        let role = Caller::role(&Stack::get().name(&format!("{function}Role"))).await;
        let update = async |update: &str, condition: &str| {
            let mut body = on_table("dynamodb:UpdateItem", &table, partition);
            body["UpdateExpression"] = update.into();
            body["ConditionExpression"] = condition.into();
            let parts = json!([{"Update": body.clone()}]);
            let alone = role.call("dynamodb:UpdateItem", &body).await.is_denied();
            let together = role.call("dynamodb:TransactWriteItems", &json!({"TransactItems": parts})).await.is_denied();
            assert_eq!(alone, together, "{function}: {update}");
            alone
        };
        assert!(!update("REMOVE requests, ai_window", NEVER).await, "{function} cannot count in {partition}");
        for other in ["scopes", "#role", "#user", "expires_at", "rates", "limits", "networks", "#key", "#ttl", "plan"] {
            let other = other.trim_start_matches('#');
            assert!(
                update(&format!("REMOVE requests, {other}"), NEVER).await,
                "{function} writes {other} in {partition}"
            );
            let asked = format!("attribute_exists({other}) AND {NEVER}");
            assert!(update("REMOVE requests", &asked).await, "{function} asks for {other} in {partition}");
        }
    }
}

#[tokio::test]
async fn a_function_calls_whom_its_row_names_and_nobody_else() {
    let stack = Stack::get();
    for function in functions() {
        let role = Caller::role(&stack.name(&function.role())).await;
        for other in functions() {
            let other = format!("{}Function", other.pascal());
            let said = role.invoke(&stack.name(&other), &json!({"Records": []})).await;
            assert_eq!(
                !said.is_denied(),
                function.may(CALL, &other, None),
                "{}: {other}: {}",
                function.name,
                said.body
            );
        }
    }
}

async fn try_it(role: &Caller, attempt: &Attempt) -> Said {
    if attempt.action == SETTINGS {
        return role.account_settings().await;
    }
    if attempt.action == LETTER {
        let content = json!({"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}});
        return role.letter(&json!({"Content": content})).await;
    }
    if attempt.action.starts_with("s3:") {
        return role.object(attempt.action, attempt.body.as_str().unwrap()).await;
    }
    // A check is part of a transaction only.
    let action = attempt.action.replace("ConditionCheckItem", "TransactWriteItems");
    let said = role.call(&action, &attempt.body).await;
    assert!(said.status < 500, "{} on {}: {}", attempt.action, attempt.resource, said.body);
    said
}

async fn attempts() -> Vec<Attempt> {
    let stack = Stack::get();
    let mut attempts = Vec::new();
    for table in stack.of_type("AWS::DynamoDB::Table") {
        let name = stack.name(table);
        attempts.extend(WHOLE.map(|action| Attempt::new(action, table, on_table(action, &name, NOBODY))));
        let (_, partitions) = PARTITIONS.into_iter().find(|(named, _)| *named == table).unwrap();
        for partition in partitions.split(' ') {
            let on = |action| (action, on_table(action, &name, partition));
            let keyed = TABLE_ACTIONS.into_iter().filter(|action| !WHOLE.contains(action)).map(on);
            let attempt = |(action, body)| Attempt { partition: Some(partition), ..Attempt::new(action, table, body) };
            attempts.extend(keyed.map(attempt));
        }
    }
    for index in INDICES {
        for action in INDEX_ACTIONS {
            let mut body = on_table(action, &stack.name("TradingTable"), NOBODY);
            body["IndexName"] = index.into();
            attempts.push(Attempt::new(action, format!("TradingTable/index/{index}"), body));
        }
    }
    for queue in stack.of_type("AWS::SQS::Queue") {
        let url = queue_url(queue).await;
        attempts.extend(QUEUE_ACTIONS.map(|action| Attempt::new(action, queue, on_queue(action, &url))));
    }
    let sealed = sealed().await;
    attempts.extend(KEY_ACTIONS.map(|action| Attempt::new(action, "VaultKey", on_key(action, &sealed))));
    let bucket = bucket().await;
    for (prefix, action) in PREFIXES.into_iter().flat_map(|prefix| OBJECT_ACTIONS.map(|action| (prefix, action))) {
        let body = json!(format!("{bucket}/{prefix}/nobodys"));
        attempts.push(Attempt::new(action, format!("{BUCKET}/{prefix}/*"), body));
    }
    attempts.push(Attempt::new(LIST, BUCKET, json!(bucket)));
    let secret = json!({"SecretId": stack.name("DeploymentSecret")});
    let log = json!({"logGroupName": format!("/aws/lambda/{}-webhook", stack.deployment()), "limit": 1});
    attempts.push(Attempt::new(LINES, FUNCTION_LOGS, log));
    attempts.push(Attempt::new(SECRET, "DeploymentSecret", secret));
    let event = json!({"EventBusName": stack.name("Bus"), "Source": "nobody", "DetailType": "nothing", "Detail": "{}"});
    attempts.push(Attempt::new(EVENT, "Bus", json!({"Entries": [event]})));
    let machine = json!({"stateMachineArn": machine().await, "name": "nobodys", "input": "{"});
    attempts.push(Attempt::new(MACHINE, "Backtests", machine));
    attempts.push(Attempt::new(LETTER, MAIL, Value::Null));
    attempts.push(Attempt::new(SETTINGS, EVERYTHING, Value::Null));
    attempts
}

/// `partition` has no such row.
fn on_table(action: &str, table: &str, partition: &str) -> Value {
    let key = json!({"pk": {"S": partition}, "sk": {"S": "NOTHING"}});
    match action {
        "dynamodb:GetItem" => json!({"TableName": table, "Key": key}),
        "dynamodb:BatchGetItem" => json!({"RequestItems": {table: {"Keys": [key]}}}),
        "dynamodb:Query" => json!({
            "TableName": table, "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": key["pk"]},
            "Limit": 1,
        }),
        "dynamodb:PutItem" => json!({"TableName": table, "Item": key, "ConditionExpression": NEVER}),
        "dynamodb:UpdateItem" => json!({
            "TableName": table, "Key": key, "UpdateExpression": "REMOVE updated_at", "ConditionExpression": NEVER,
        }),
        "dynamodb:DeleteItem" => json!({"TableName": table, "Key": key, "ConditionExpression": NEVER}),
        "dynamodb:ConditionCheckItem" => {
            let check = json!({"TableName": table, "Key": key, "ConditionExpression": NEVER});
            json!({"TransactItems": [{"ConditionCheck": check}]})
        }
        "dynamodb:Scan" => json!({"TableName": table, "Limit": 1}),
        "dynamodb:DescribeTable" => json!({"TableName": table}),
        _ => json!({"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}),
    }
}

fn on_queue(action: &str, url: &str) -> Value {
    match action {
        // A character that no message may have: allowed or not, it is not sent.
        "sqs:SendMessage" => json!({"QueueUrl": url, "MessageBody": "\u{0}"}),
        "sqs:ReceiveMessage" => json!({"QueueUrl": url, "MaxNumberOfMessages": 1_000}),
        "sqs:DeleteMessage" => json!({"QueueUrl": url, "ReceiptHandle": "none"}),
        "sqs:ChangeMessageVisibility" => json!({"QueueUrl": url, "ReceiptHandle": "none", "VisibilityTimeout": 0}),
        "sqs:GetQueueAttributes" => json!({"QueueUrl": url, "AttributeNames": ["QueueArn"]}),
        _ => json!({"QueueUrl": url, "Attributes": {"VisibilityTimeout": "-1"}}),
    }
}

fn on_key(action: &str, sealed: &Value) -> Value {
    let key = &sealed["KeyId"];
    match action {
        "kms:Decrypt" => {
            json!({"KeyId": key, "CiphertextBlob": sealed["CiphertextBlob"], "EncryptionContext": context()})
        }
        "kms:DescribeKey" => json!({"KeyId": key}),
        "kms:Encrypt" => json!({"KeyId": key, "Plaintext": "eA==", "EncryptionContext": context()}),
        _ => json!({"KeyId": key, "KeySpec": "AES_256", "EncryptionContext": context()}),
    }
}

/// Something that the key really opens.
async fn sealed() -> Value {
    let key = Stack::get().name("VaultKeyAlias");
    let plain = json!({"KeyId": key, "Plaintext": "eA==", "EncryptionContext": context()});
    Caller::root().ask("kms:Encrypt", &plain).await
}

fn context() -> Value {
    json!({"deployment": Stack::get().deployment(), "user": "usr_1", "credential": "crd_1", "kind": "exchange"})
}
