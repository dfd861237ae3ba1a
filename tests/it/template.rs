//! What the template gives, compared with what the architecture promises.
//!
//! `RIGHTS` is the architecture's table "Functions and rights" in IAM's words: a right is added here
//! on purpose, or not at all.

use crate::support::Stack;
use app::ports::OldLog;
use cost::STANDING;
use domain::clock::Millis;
use domain::limits::{BACKTEST_SPREAD_GOES_ON_FOR, REFRESH_EVERY};
use domain::logs::RETENTION;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[rustfmt::skip]
pub(crate) const RIGHTS: &[(&str, &[(&str, &str)])] = &[
    ("AccountWatch", &[
        (EVERYTHING,                   "lambda: GetAccountSettings"),
        ("IdentityTable",              "dynamodb: PutItem"),
        ("MarketTable",                "dynamodb: GetItem Query"),
        ("OrdersQueue",                "sqs: SendMessage"),
        ("TicksQueue",                 "sqs: DeleteMessage GetQueueAttributes ReceiveMessage"),
        ("TradingTable",               "dynamodb: DescribeTable GetItem PutItem Query UpdateItem"),
        ("TradingTable/index/active",  "dynamodb: Query"),
        ("VaultKey",                   "kms: Decrypt"),
        ("VaultTable",                 "dynamodb: GetItem PutItem Query UpdateItem"),
    ]),
    ("ApiAccounts", &[
        ("BacktestWorkerFunction",     "lambda: InvokeFunction"),
        ("IdentityTable",              "dynamodb: ConditionCheckItem GetItem PutItem UpdateItem"),
        ("KeyCheckFunction",           "lambda: InvokeFunction"),
        ("MarketTable",                "dynamodb: DeleteItem GetItem PutItem Query UpdateItem"),
        ("RecordsBucket",              "s3: ListBucket"),
        ("RecordsBucket/backtests/*",  "s3: GetObject"),
        ("RecordsBucket/candles/*",    "s3: GetObject"),
        ("TradingTable",               "dynamodb: BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem"),
        ("TradingTable/index/by_user", "dynamodb: Query"),
        // It seals, and opens nothing.
        ("VaultKey",                   "kms: GenerateDataKey"),
        ("VaultTable",                 "dynamodb: DeleteItem GetItem PutItem Query UpdateItem"),
    ]),
    ("ApiIdentity", &[
        ("ApiIdentityFunction",        "lambda: InvokeFunction"),
        ("CatalogTable",               "dynamodb: DescribeTable Query"),
        ("DeploymentSecret",           "secretsmanager: GetSecretValue"),
        // What was signed under it stays signed; nothing else of it opens.
        (FORMER_KEYS,                  "kms: Decrypt"),
        (FUNCTION_LOGS,                "logs: FilterLogEvents"),
        ("IdentityTable",              "dynamodb: BatchGetItem ConditionCheckItem DeleteItem DescribeTable GetItem PutItem Query UpdateItem"),
        (MAIL,                         "ses: SendEmail"),
        ("MarketTable",                "dynamodb: DeleteItem DescribeTable GetItem Query UpdateItem"),
        ("OrdersDlq",                  "sqs: GetQueueAttributes"),
        ("OrdersQueue",                "sqs: GetQueueAttributes"),
        ("RecordsBucket/exports/*",    "s3: GetObject PutObject"),
        ("SignalsDlq",                 "sqs: GetQueueAttributes"),
        ("SignalsQueue",               "sqs: GetQueueAttributes"),
        ("TicksDlq",                   "sqs: GetQueueAttributes"),
        ("TicksQueue",                 "sqs: GetQueueAttributes"),
        ("TradingTable",               "dynamodb: BatchGetItem ConditionCheckItem DeleteItem DescribeTable GetItem PutItem Query UpdateItem"),
        ("VaultKey",                   "kms: Decrypt DescribeKey Encrypt"),
        ("VaultTable",                 "dynamodb: BatchGetItem DeleteItem DescribeTable GetItem Query UpdateItem"),
    ]),
    ("ApiTrading", &[
        ("CatalogTable",               "dynamodb: GetItem PutItem Query UpdateItem"),
        ("IdentityTable",              "dynamodb: ConditionCheckItem GetItem PutItem UpdateItem"),
        ("MarketTable",                "dynamodb: DeleteItem GetItem PutItem Query"),
        ("OrdersQueue",                "sqs: SendMessage"),
        ("SignalsQueue",               "sqs: SendMessage"),
        ("TicksQueue",                 "sqs: SendMessage"),
        ("TradingTable",               "dynamodb: BatchGetItem DeleteItem DescribeTable GetItem PutItem Query UpdateItem"),
        ("TradingTable/index/active",  "dynamodb: Query Scan"),
        ("TradingTable/index/by_user", "dynamodb: Query"),
    ]),
    ("BacktestWorker", &[
        ("Backtests",                  "states: StartExecution"),
        ("MarketTable",                "dynamodb: GetItem Query UpdateItem"),
        ("RecordsBucket",              "s3: ListBucket"),
        ("RecordsBucket/backtests/*",  "s3: GetObject PutObject"),
        ("RecordsBucket/candles/*",    "s3: GetObject"),
    ]),
    ("BotRunner", &[
        ("MarketTable",                "dynamodb: Query"),
        ("SignalsQueue",               "sqs: SendMessage"),
        ("TradingTable",               "dynamodb: GetItem PutItem Query UpdateItem"),
    ]),
    // It signs, and opens nothing; it reads what is on record, and changes none of it.
    ("Housekeeping", &[
        ("HousekeepingFunction",       "lambda: InvokeFunction"),
        ("IdentityTable",              "dynamodb: GetItem PutItem Query"),
        ("MarketTable",                "dynamodb: PutItem Query"),
        ("RecordsBucket",              "s3: ListBucket"),
        ("RecordsBucket/candles/*",    "s3: GetObject PutObject"),
        ("RecordsBucket/logs/*",       "s3: GetObject PutObject"),
        ("RecordsBucket/signed/*",     "s3: GetObject PutObject"),
        ("TradingTable",               "dynamodb: GetItem PutItem Query"),
        ("VaultKey",                   "kms: Encrypt"),
        ("VaultTable",                 "dynamodb: GetItem PutItem Query"),
    ]),
    ("Ingest", &[
        ("Bus",                        "events: PutEvents"),
        ("IngestFunction",             "lambda: InvokeFunction"),
        ("MarketTable",                "dynamodb: GetItem PutItem Query UpdateItem"),
    ]),
    ("KeyCheck", &[
        ("IdentityTable",              "dynamodb: PutItem"),
        ("MarketTable",                "dynamodb: BatchWriteItem DeleteItem GetItem PutItem Query"),
        ("TradingTable",               "dynamodb: GetItem Query UpdateItem"),
        // On AWS it seals nothing: what it wraps anew it does not see. An emulator without ReEncrypt has it seal.
        ("VaultKey",                   "kms: Decrypt GenerateDataKey ReEncryptFrom ReEncryptTo"),
        ("VaultTable",                 "dynamodb: GetItem PutItem Query UpdateItem"),
    ]),
    ("OrderExecutor", &[
        ("IdentityTable",              "dynamodb: PutItem"),
        ("MarketTable",                "dynamodb: GetItem Query"),
        ("OrdersQueue",                "sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage"),
        ("TicksQueue",                 "sqs: SendMessage"),
        ("TradingTable",               "dynamodb: ConditionCheckItem DescribeTable GetItem PutItem Query UpdateItem"),
        ("VaultKey",                   "kms: Decrypt"),
        ("VaultTable",                 "dynamodb: ConditionCheckItem GetItem PutItem Query UpdateItem"),
    ]),
    ("SignalWorker", &[
        ("CatalogTable",               "dynamodb: GetItem"),
        ("IdentityTable",              "dynamodb: PutItem"),
        ("MarketTable",                "dynamodb: GetItem Query"),
        ("OrdersQueue",                "sqs: SendMessage"),
        ("SignalsQueue",               "sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage"),
        ("TradingTable",               "dynamodb: ConditionCheckItem GetItem PutItem Query UpdateItem"),
        ("VaultTable",                 "dynamodb: GetItem Query"),
    ]),
    ("Ticker", &[
        ("IdentityTable",              "dynamodb: PutItem"),
        ("OrdersDlq",                  "sqs: DeleteMessage GetQueueAttributes ReceiveMessage"),
        ("OrdersQueue",                "sqs: SendMessage"),
        ("SignalsDlq",                 "sqs: DeleteMessage GetQueueAttributes ReceiveMessage"),
        ("SignalsQueue",               "sqs: SendMessage"),
        ("TicksDlq",                   "sqs: DeleteMessage GetQueueAttributes ReceiveMessage"),
        ("TicksQueue",                 "sqs: SendMessage"),
        ("TradingTable",               "dynamodb: GetItem PutItem UpdateItem"),
        ("TradingTable/index/active",  "dynamodb: Scan"),
        ("TradingTable/index/due",     "dynamodb: Query"),
    ]),
    ("Webhook", &[
        ("SignalsQueue",               "sqs: SendMessage"),
        ("TradingTable",               "dynamodb: GetItem PutItem UpdateItem"),
    ]),
];

/// What a right names that has no resource of its own.
pub(crate) const EVERYTHING: &str = "*";
/// Whoever SES has verified as a sender; a condition names the one that is meant.
pub(crate) const MAIL: &str = "Mail";
/// Keys that were the vault's once.
pub(crate) const FORMER_KEYS: &str = "FormerVaultKeys";
/// What all functions of the deployment have written.
pub(crate) const FUNCTION_LOGS: &str = "FunctionLogs";
/// Rights that AWS grants for everything alone.
const WITHOUT_RESOURCE: [&str; 1] = ["lambda:GetAccountSettings"];

const ALARMS_MAX: usize = 10;
/// From the beginning of a day of a log until a night copies it.
const DAYS_BEFORE_COPIED: i64 = 8;
/// Its own log and nothing else of CloudWatch: every function has this, so the table does not repeat it.
pub(crate) const OWN_LOG: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

type Rights = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_function_has_the_rights_of_its_row_and_no_other() {
    let template = template();
    let functions = of_type(template, "AWS::Serverless::Function");
    let given: BTreeMap<String, Rights> =
        functions.iter().map(|(name, function)| (short(name), rights(template, function))).collect();
    let promised: BTreeMap<String, Rights> = RIGHTS
        .iter()
        .map(|(function, rows)| ((*function).to_owned(), rows.iter().map(|row| promised_row(*row)).collect()))
        .collect();
    assert_same(&given, &promised);
}

/// Each refresh of markets begins with another exchange than the one before.
#[test]
fn what_is_refreshed_in_turns_is_refreshed_as_often_as_its_turns_are_reckoned() {
    let every = |schedule: &str| {
        let schedule = &template()["Resources"][schedule]["Properties"];
        let expression = schedule["ScheduleExpression"].as_str().unwrap();
        let (count, unit) =
            expression.strip_prefix("rate(").unwrap().strip_suffix(')').unwrap().split_once(' ').unwrap();
        let unit = match unit.trim_end_matches('s') {
            "minute" => 60,
            "hour" => 3_600,
            other => unreachable!("{other}"),
        };
        Millis::seconds(count.parse::<i64>().unwrap() * unit)
    };
    assert_eq!(every("EverySixHours"), REFRESH_EVERY);
}

#[test]
fn no_two_functions_share_a_role() {
    let template = template();
    let roles: Vec<String> =
        of_type(template, "AWS::Serverless::Function").values().map(|function| role_of(function)).collect();
    assert_eq!(roles.iter().collect::<BTreeSet<_>>().len(), roles.len(), "{roles:?}");
}

#[test]
fn a_function_is_told_only_of_tables_and_queues_it_may_use() {
    let template = template();
    for (name, function) in of_type(template, "AWS::Serverless::Function") {
        let may = rights(template, function);
        let variables = function["Properties"]["Environment"]["Variables"].as_object().unwrap();
        let named = variables.values().filter_map(|value| value["Ref"].as_str());
        for resource in named.filter(|resource| template["Resources"].get(*resource).is_some()) {
            let part = format!("{resource}/");
            let knows = may.keys().any(|named| named == resource || named.starts_with(&part));
            assert!(knows, "{name} is told of {resource} and has no right to it");
        }
    }
}

#[test]
fn keys_open_only_for_their_kind_and_no_condition_can_be_left_out() {
    let template = template();
    for (name, role) in of_type(template, "AWS::IAM::Role") {
        for statement in statements(role) {
            let text = statement.to_string();
            assert!(!text.contains("IfExists"), "{name}: {text}");
            // What an emulator is given beside, AWS never is.
            let is_beside = name == "KeyCheckRole" && statement["Action"] == json!(["kms:GenerateDataKey"]);
            // Whether the key is enabled says nothing of what it has sealed.
            let is_look = statement["Action"] == json!(["kms:DescribeKey"]);
            if text.contains("kms:") && !is_beside && !is_look {
                // One that is there only with conditions has its own bare.
                let condition = &statement["Condition"];
                let context = condition.get("StringEquals").unwrap_or(&condition["Fn::If"][1]["StringEquals"]);
                let kind = context["kms:EncryptionContext:kind"].as_str().unwrap_or_default();
                let may = match kind {
                    "exchange" => !["ApiIdentityRole", "HousekeepingRole"].contains(&name),
                    "totp" => name == "ApiIdentityRole",
                    // One signs, and another one looks whether it was signed.
                    "audit" if name == "HousekeepingRole" => statement["Action"] == json!(["kms:Encrypt"]),
                    "audit" => name == "ApiIdentityRole" && statement["Action"] == json!(["kms:Decrypt"]),
                    _ => false,
                };
                let is_former = list(&statement["Resource"]).any(|resource| resource_name(resource) == FORMER_KEYS);
                assert!(may && (!is_former || kind == "audit"), "{name}: {text}");
                assert_eq!(context["kms:EncryptionContext:deployment"]["Ref"], "Deployment", "{name}: {text}");
            }
        }
    }
}

/// A function seals under the first key of those by which it may open: else what it seals opens nowhere.
#[test]
fn functions_seal_by_the_newest_of_the_keys_that_open() {
    let newest = json!({"Fn::If": [
        "WithVaultKeys", {"Fn::Select": [0, {"Ref": "VaultKeyArns"}]}, {"Fn::GetAtt": ["VaultKey", "Arn"]},
    ]});
    let template = template();
    let mut told = 0;
    for (name, function) in of_type(template, "AWS::Serverless::Function") {
        if let Some(key) = function["Properties"]["Environment"]["Variables"].get("MONIQO_KMS_KEY") {
            assert_eq!(*key, newest, "{name}");
            assert!(rights(template, function).contains_key("VaultKey"), "{name}");
            told += 1;
        }
    }
    assert_eq!((told, &template["Outputs"]["KmsKeyArn"]["Value"]), (6, &newest));
    for parameter in ["VaultKeyArns", "FormerVaultKeyArns"] {
        assert_eq!(template["Parameters"][parameter]["Default"], "", "{parameter}");
    }
}

#[test]
fn no_right_is_a_wildcard() {
    let template = template();
    for (name, role) in of_type(template, "AWS::IAM::Role") {
        for statement in statements(role) {
            let actions: Vec<_> = strings(&statement["Action"]).collect();
            assert!(actions.iter().all(|action| !action.contains('*')), "{name}: {actions:?}");
            let is_of_nothing = actions.iter().all(|action| WITHOUT_RESOURCE.contains(action));
            assert!(is_of_nothing || statement["Resource"] != EVERYTHING, "{name}: {actions:?}");
        }
    }
}

#[test]
fn tables_the_key_and_the_bucket_outlive_the_stack() {
    let template = template();
    let kept = ["AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket"].map(|kind| of_type(template, kind));
    assert_eq!(kept.iter().map(BTreeMap::len).collect::<Vec<_>>(), [5, 1, 1]);
    for (name, resource) in kept.iter().flatten() {
        assert_eq!(resource["DeletionPolicy"], "Retain", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
    }
    for (name, table) in of_type(template, "AWS::DynamoDB::Table") {
        let properties = &table["Properties"];
        let protection = &properties["DeletionProtectionEnabled"]["Fn::If"];
        assert_eq!(*protection, json!(["WithDeletionProtection", true, false]), "{name}");
        assert_eq!(properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true, "{name}");
    }
    assert_eq!(template["Parameters"]["DeletionProtection"]["Default"], "true");
}

#[test]
fn records_are_private_kept_in_versions_and_read_by_tls_alone() {
    let template = template();
    let bucket = &template["Resources"]["RecordsBucket"]["Properties"];
    let blocked = bucket["PublicAccessBlockConfiguration"].as_object().unwrap();
    assert_eq!((blocked.len(), blocked.values().all(|value| *value == true)), (4, true), "{blocked:?}");
    assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
    let rules = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"];
    assert_eq!(rules[0]["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
    let policy = &template["Resources"]["RecordsBucketPolicy"];
    assert_eq!(policy["Condition"], "WithIamConditions", "an emulator is asked without TLS");
    let statement = &policy["Properties"]["PolicyDocument"]["Statement"][0];
    assert_eq!([&statement["Effect"], &statement["Principal"], &statement["Action"]], ["Deny", "*", "s3:*"]);
    assert_eq!(statement["Condition"], json!({"Bool": {"aws:SecureTransport": "false"}}));
}

/// An emulator does not ask what it may.
#[test]
fn the_machine_of_backtests_calls_its_worker_and_begins_its_own_parts_and_nothing_else() {
    let template = template();
    let role = &template["Resources"]["BacktestsRole"];
    let rows: Vec<_> = statements(role).collect();
    let actions: Vec<_> = rows.iter().flat_map(|statement| strings(&statement["Action"])).collect();
    let wanted = ["lambda:InvokeFunction", "states:StartExecution", "states:DescribeExecution", "states:StopExecution"];
    assert_eq!(actions, wanted);
    assert_eq!(rows[0]["Resource"], json!({"Ref": "BacktestWorkerLive"}));
    for resource in rows[1..].iter().flat_map(|statement| list(&statement["Resource"])) {
        assert!(resource["Fn::Sub"].as_str().unwrap().contains("${Deployment}-backtests"), "{resource}");
    }
    let machine = &template["Resources"]["Backtests"]["Properties"];
    assert_eq!(machine["StateMachineName"]["Fn::Sub"], "${Deployment}-backtests");
    let definition = machine["DefinitionString"]["Fn::Sub"][0].as_str().unwrap();
    let ends = format!("\"TimeoutSeconds\": {},", BACKTEST_SPREAD_GOES_ON_FOR.get() / 1_000);
    assert!(definition.contains(&ends), "no machine outlives what it plays");
    let calls = definition.split(r#""Resource": "#).skip(1);
    assert_eq!(calls.map(|call| call.starts_with(r#""${BacktestWorkerLive}""#)).collect::<Vec<_>>(), [true; 4]);
}

/// Signatures, changes and openings of secrets are kept for good.
#[test]
fn of_what_is_copied_the_system_log_ends_when_its_rows_would_have_and_nothing_else_does() {
    let rules = &template()["Resources"]["RecordsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"];
    let days = |rule: &Value| {
        [&rule["ExpirationInDays"], &rule["NoncurrentVersionExpiration"]["NoncurrentDays"]].map(Value::as_i64)
    };
    let ending = rules.as_array().unwrap().iter().filter(|rule| days(rule)[0].is_some());
    let ending: BTreeMap<_, _> =
        ending.map(|rule| (rule["Prefix"].as_str().unwrap(), days(rule).map(Option::unwrap))).collect();
    let system_log = format!("logs/{}/", OldLog::System);
    assert_eq!(ending, BTreeMap::from([("backtests/", [30, 1]), ("exports/", [1, 1]), (&*system_log, [21, 1])]));
    let in_the_bucket: i64 = ending[&*system_log].iter().sum();
    assert_eq!(Millis::seconds((DAYS_BEFORE_COPIED + in_the_bucket) * 86_400), RETENTION);
    for log in OldLog::ALL.into_iter().filter(|log| *log != OldLog::System) {
        let kept = format!("logs/{log}/");
        assert!(!ending.keys().any(|prefix| kept.starts_with(prefix)), "{kept} ends: {ending:?}");
    }
}

/// Rows are put by whoever changes something, in the same transaction; what keeps house reads them.
#[test]
fn housekeeping_changes_no_row_of_a_chain_and_deletes_nothing() {
    let role = &template()["Resources"]["HousekeepingRole"];
    for statement in statements(role) {
        let actions: Vec<_> = strings(&statement["Action"]).collect();
        assert!(!actions.iter().any(|action| action.contains("Delete") || action.contains("Update")), "{actions:?}");
        if actions.contains(&"dynamodb:PutItem") {
            let keys = partitions(statement);
            assert!(strings(keys).all(|key| ["SGN", "ARC", "LOG#*", "MONTHS"].contains(&key)), "{keys}");
        }
    }
}

/// It copies who has opened a secret. What is sealed stands beside its account or its person.
#[test]
fn housekeeping_reads_no_partition_in_which_anything_is_sealed() {
    let role = &template()["Resources"]["HousekeepingRole"];
    for statement in statements(role).filter(|statement| statement.to_string().contains("dynamodb:")) {
        let keys = partitions(statement);
        assert!(strings(keys).next().is_some(), "{statement}");
        assert!(
            strings(keys).all(|key| ["SGN", "ARC", "AUD#*", "LOG#*", "CRD#*", "CDL#*", "MONTHS"].contains(&key)),
            "{keys}"
        );
    }
}

#[test]
fn the_access_log_never_holds_a_token() {
    let template = template();
    let format = template["Resources"]["HttpStage"]["Properties"]["AccessLogSettings"]["Format"].as_str().unwrap();
    assert!(format.contains("$context.routeKey"));
    for telling in ["path", "query", "body", "authorizer", "identity", "domainName"] {
        assert!(!format.contains(telling), "{telling} in {format}");
    }
}

#[test]
fn alarms_stay_within_the_free_number_and_are_those_of_the_cost_model() {
    let template = template();
    let all = template["Resources"].as_object().unwrap();
    let repeated = all.iter().filter(|(name, _)| name.starts_with("Fn::ForEach::"));
    let repeated = repeated.filter(|(_, each)| each[2].to_string().contains("AWS::CloudWatch::Alarm"));
    let repeated: usize = repeated.map(|(_, each)| each[1].as_array().unwrap().len()).sum();
    let alarms = of_type(template, "AWS::CloudWatch::Alarm").len() + repeated;
    assert!((1..=ALARMS_MAX).contains(&alarms), "{alarms} alarms");
    assert_eq!(u32::try_from(alarms), Ok(STANDING.alarms));
}

pub(crate) fn template() -> &'static Value {
    &Stack::get().template
}

pub(crate) fn of_type<'t>(template: &'t Value, kind: &str) -> BTreeMap<&'t str, &'t Value> {
    let all = template["Resources"].as_object().unwrap();
    all.iter()
        .filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str(), resource))
        .collect()
}

pub(crate) fn short(function: &str) -> String {
    function.trim_end_matches("Function").to_owned()
}

pub(crate) fn role_of(function: &Value) -> String {
    function["Properties"]["Role"]["Fn::GetAtt"][0].as_str().unwrap().to_owned()
}

pub(crate) fn statements(role: &Value) -> impl Iterator<Item = &Value> {
    let policies = role["Properties"]["Policies"].as_array().unwrap();
    assert!(role["Properties"]["ManagedPolicyArns"].is_null(), "managed policies say more than a row of the table");
    // What a door adds stands under a condition, and has its own test (`doors`).
    let always = policies.iter().filter(|policy| policy.get("Fn::If").is_none());
    let all = always.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    // Both sides of a choice: what is allowed somewhere stands in the table.
    let all = all.flat_map(|statement| match statement["Fn::If"].as_array() {
        Some(choice) => choice[1..].iter().collect(),
        None => vec![statement],
    });
    all.filter(|statement| statement["Ref"] != "AWS::NoValue")
}

/// Those that a statement is held to; null where it is held to none.
pub(crate) fn partitions(statement: &Value) -> &Value {
    &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
}

fn rights(template: &Value, function: &Value) -> Rights {
    let mut rights = Rights::new();
    for statement in statements(&template["Resources"][role_of(function)]) {
        assert_eq!(statement["Effect"], "Allow");
        for resource in list(&statement["Resource"]).map(resource_name) {
            let actions = strings(&statement["Action"]).filter(|action| !OWN_LOG.contains(action)).map(str::to_owned);
            rights.entry(resource).or_default().extend(actions);
        }
    }
    rights.retain(|_, actions| !actions.is_empty());
    rights
}

/// `!GetAtt TradingTable.Arn` and `!Sub "${TradingTable.Arn}/index/due"`, as people say them.
pub(crate) fn resource_name(resource: &Value) -> String {
    if resource == EVERYTHING {
        return EVERYTHING.to_owned();
    }
    if let Some(name) = resource["Fn::GetAtt"][0].as_str() {
        return name.to_owned();
    }
    // Its own, or those that are named in its place.
    if resource["Fn::If"] == json!(["WithVaultKeys", {"Ref": "VaultKeyArns"}, {"Fn::GetAtt": ["VaultKey", "Arn"]}]) {
        return "VaultKey".to_owned();
    }
    if resource["Ref"] == "FormerVaultKeyArns" {
        return FORMER_KEYS.to_owned();
    }
    // What an emulator does not know stands beside it.
    let resource = if resource["Fn::If"][0] == "WithIamConditions" { &resource["Fn::If"][1] } else { resource };
    let text = resource["Fn::Sub"].as_str().expect("a resource is written as GetAtt or Sub");
    // Its ARN ends in what nobody knows before.
    if text.ends_with(":secret:${Deployment}/deployment-??????") {
        return "DeploymentSecret".to_owned();
    }
    if text.contains(":ses:") && text.ends_with(":identity/*") {
        return MAIL.to_owned();
    }
    if text.ends_with(":log-group:/aws/lambda/${Deployment}-*") {
        return FUNCTION_LOGS.to_owned();
    }
    if text.ends_with(":stateMachine:${Deployment}-backtests") {
        return "Backtests".to_owned();
    }
    if let Some(function) = text.split_once(":function:${Deployment}-").map(|(_, function)| function) {
        return function_name(function.trim_end_matches(":live"));
    }
    text.replace("${", "").replace(".Arn}", "")
}

/// `api-identity`, as the template calls it.
fn function_name(name: &str) -> String {
    let part = |part: &str| part.get(..1).unwrap_or_default().to_uppercase() + part.get(1..).unwrap_or_default();
    format!("{}Function", name.split('-').map(part).collect::<String>())
}

/// The resource, and what may be done to it.
pub(crate) fn promised_row((resource, row): (&str, &str)) -> (String, BTreeSet<String>) {
    let (service, actions) = row.split_once(": ").unwrap();
    (resource.to_owned(), actions.split(' ').map(|action| format!("{service}:{action}")).collect())
}

pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    let many = value.as_array().map(|values| values.iter());
    let one = many.is_none().then_some(value);
    many.into_iter().flatten().chain(one)
}

pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    list(value).filter_map(Value::as_str)
}

/// Names the function and resource that differ, rather than printing both tables.
fn assert_same(given: &BTreeMap<String, Rights>, promised: &BTreeMap<String, Rights>) {
    let flat = |all: &BTreeMap<String, Rights>| -> BTreeSet<String> {
        let row = |(function, rights): (&String, &Rights)| -> Vec<String> {
            let one = |(resource, actions): (&String, &BTreeSet<String>)| {
                actions.iter().map(|action| format!("{function} {action} {resource}")).collect::<Vec<_>>()
            };
            rights.iter().flat_map(one).collect()
        };
        all.iter().flat_map(row).collect()
    };
    let (given, promised) = (flat(given), flat(promised));
    let too_many: Vec<_> = given.difference(&promised).collect();
    let missing: Vec<_> = promised.difference(&given).collect();
    assert!(too_many.is_empty() && missing.is_empty(), "not in the table: {too_many:#?}\nmissing: {missing:#?}");
}
