//! Rules that the template keeps, whatever `infra/functions.toml` says: what no right may be, what outlives a stack, and that
//! its numbers are those of `domain::limits`.

use crate::support::Stack;
use app::ports::OldLog;
use cost::STANDING;
use domain::clock::Millis;
use domain::limits::{self, BACKTEST_SPREAD_GOES_ON_FOR, REFRESH_EVERY};
use domain::logs::RETENTION;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

const QUEUES: [(&str, Millis); 3] = [
    ("Signals", limits::SIGNALS_VISIBILITY),
    ("Orders", limits::ORDERS_VISIBILITY),
    ("Ticks", limits::TICKS_VISIBILITY),
];
/// A new account's, for all functions together.
const EXECUTIONS: u64 = 10;

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
fn keys_open_only_for_their_kind_and_no_condition_can_be_left_out() {
    let template = template();
    for (name, role) in of_type(template, "AWS::IAM::Role") {
        for statement in statements(role) {
            let text = statement.to_string();
            assert!(!text.contains("IfExists"), "{name}: {text}");
            // What an emulator is given beside, AWS never is.
            let is_sealing = statement["Action"] == json!(["kms:GenerateDataKey"]);
            let is_beside = ["KeyCheckRole", "WhaleWatchRole"].contains(&name) && is_sealing;
            // Whether the key is enabled says nothing of what it has sealed.
            let is_look = statement["Action"] == json!(["kms:DescribeKey"]);
            if text.contains("kms:") && !is_beside && !is_look {
                // One that is there only with conditions has its own bare.
                let condition = &statement["Condition"];
                let context = condition.get("StringEquals").unwrap_or(&condition["Fn::If"][1]["StringEquals"]);
                let kind = context["kms:EncryptionContext:kind"].as_str().unwrap_or_default();
                let may = match kind {
                    "exchange" => {
                        !["ApiFlowsRole", "ApiIdentityRole", "HousekeepingRole", "WhaleWatchRole"].contains(&name)
                    }
                    "source" => name == "WhaleWatchRole" || name == "ApiFlowsRole" && is_sealing,
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
            told += 1;
        }
    }
    assert_eq!((told, &template["Outputs"]["KmsKeyArn"]["Value"]), (8, &newest));
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
fn tables_the_key_and_buckets_outlive_the_stack() {
    let template = template();
    let kept = ["AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket"].map(|kind| of_type(template, kind));
    assert_eq!(kept.iter().map(BTreeMap::len).collect::<Vec<_>>(), [5, 1, 2]);
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

/// An emulator has no distribution: this is what one is made from.
#[test]
fn the_distribution_hands_on_the_api_as_it_is_and_keeps_nothing_of_it() {
    let resources = &template()["Resources"];
    let distribution = &resources["DashboardDistribution"]["Properties"]["DistributionConfig"];
    for error in distribution["CustomErrorResponses"].as_array().unwrap() {
        assert_eq!(*error, json!({"ErrorCode": error["ErrorCode"], "ErrorCachingMinTTL": 0}), "it stays what it is");
    }
    let behaviours = distribution["CacheBehaviors"].as_array().unwrap();
    let paths: Vec<_> = behaviours.iter().map(|one| one["PathPattern"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/api/*", "/oauth2/*", "/docs*", "/openapi.json", "/health*"]);
    for one in behaviours {
        assert_eq!([&one["TargetOriginId"], &one["ViewerProtocolPolicy"]], ["api", "https-only"], "{one}");
        assert_eq!(one["Compress"], false, "a version in an ETag would become a weak one: {one}");
        assert_eq!(one["CachePolicyId"]["Ref"], "DashboardApiCache", "{one}");
        assert_eq!(one["OriginRequestPolicyId"]["Ref"], "DashboardApiRequests", "{one}");
        assert_eq!(one.get("FunctionAssociations"), None, "no address of the API is written over: {one}");
    }
    let cache = &resources["DashboardApiCache"]["Properties"]["CachePolicyConfig"];
    assert_eq!([&cache["MinTTL"], &cache["DefaultTTL"], &cache["MaxTTL"]], [0, 0, 1]);
    let key = &cache["ParametersInCacheKeyAndForwardedToOrigin"];
    assert_eq!(key["HeadersConfig"]["Headers"], json!(["Authorization"]), "the viewer's address may not be named here");
    assert_eq!(
        (&key["CookiesConfig"]["CookieBehavior"], &key["QueryStringsConfig"]["QueryStringBehavior"]),
        (&json!("all"), &json!("all"))
    );
    let sent = &resources["DashboardApiRequests"]["Properties"]["OriginRequestPolicyConfig"]["HeadersConfig"];
    let headers: Vec<_> = strings(&sent["Headers"]).map(str::to_ascii_lowercase).collect();
    assert!(headers.len() <= 10 && headers.contains(&"cloudfront-viewer-address".to_owned()), "{headers:?}");
    assert!(
        !headers.iter().any(|header| ["host", "authorization", "x-moniqo-origin"].contains(&&**header)),
        "{headers:?}"
    );
    let api = distribution["Origins"].as_array().unwrap().iter().find(|origin| origin["Id"] == "api").unwrap();
    assert_eq!(
        api["OriginCustomHeaders"],
        json!([{"HeaderName": "X-Moniqo-Origin", "HeaderValue": {"Ref": "OriginSecret"}}])
    );
    assert_eq!(api["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only");
    assert_eq!(template()["Parameters"]["OriginSecret"]["NoEcho"], true);
}

/// An alert's address is what a token allows: of it no header is believed.
#[test]
fn functions_of_the_api_believe_the_distribution_and_the_webhook_does_not() {
    let functions = of_type(template(), "AWS::Serverless::Function");
    let believing: Vec<_> = functions
        .into_iter()
        .filter(|(_, function)| !function["Properties"]["Environment"]["Variables"]["MONIQO_ORIGIN_SECRETS"].is_null())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        believing,
        ["ApiAccountsFunction", "ApiFlowsFunction", "ApiIdentityFunction", "ApiMarketFunction", "ApiTradingFunction"]
    );
}

/// What is public are files of a build, read by one distribution.
#[test]
fn the_dashboard_is_left_out_by_its_parameter_and_its_bucket_is_read_by_its_distribution_alone() {
    let template = template();
    assert_eq!(template["Parameters"]["Dashboard"]["Default"], "off");
    let named = template["Resources"].as_object().unwrap().iter().filter(|(name, _)| name.starts_with("Dashboard"));
    let (mut parts, cloudfront) = (0, "AWS::CloudFront::");
    // A route of the API is called so, too.
    let is_of_api =
        |part: &Value| ["AWS::ApiGatewayV2::Route", "AWS::Lambda::Permission"].iter().any(|of| part["Type"] == *of);
    for (name, part) in named.filter(|(_, part)| !is_of_api(part)) {
        assert_eq!(part["Condition"], "WithDashboard", "{name}");
        parts += usize::from(part["Type"].as_str().unwrap().starts_with(cloudfront));
    }
    assert_eq!(parts, 7);
    let policy = &template["Resources"]["DashboardBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"];
    let [by_tls, by_distribution] = &policy.as_array().unwrap()[..] else { unreachable!("{policy}") };
    assert_eq!((&by_tls["Effect"], &by_distribution["Action"]), (&json!("Deny"), &json!("s3:GetObject")));
    assert_eq!(by_distribution["Principal"], json!({"Service": "cloudfront.amazonaws.com"}));
    let source = by_distribution["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"].as_str().unwrap();
    assert!(source.ends_with("distribution/${DashboardDistribution}"), "{source}");
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

#[test]
fn what_hashes_passwords_is_slowed_down_before_it_takes_all_executions() {
    let stages = of_type(template(), "AWS::ApiGatewayV2::Stage");
    let settings = stages["HttpStage"]["Properties"]["RouteSettings"].as_object().unwrap();
    let hashing = settings.iter().filter(|(key, _)| key.ends_with("auth/{proxy+}"));
    let bursts: Vec<_> = hashing.map(|(_, limits)| limits["ThrottlingBurstLimit"].as_u64().unwrap()).collect();
    assert_eq!(bursts.len(), 2, "under both of its paths");
    assert!(bursts.iter().all(|burst| *burst < EXECUTIONS), "{bursts:?}");
}

/// Who is spread elsewhere than in tests is spread where the rules say.
#[test]
fn one_worker_plays_as_many_bars_alone_as_the_rules_say() {
    let alone = &template()["Parameters"]["BacktestAloneBars"];
    assert_eq!([&alone["Default"], &alone["MaxValue"]], [limits::BACKTEST_ALONE_BARS_MAX; 2]);
    // Of a new account's, whatever all people have played leaves some to those that trade.
    let [workers, at_once] =
        ["BacktestWorkers", "BacktestsAtOnce"].map(|name| template()["Parameters"][name]["Default"].as_u64().unwrap());
    assert_eq!(at_once, u64::try_from(limits::BACKTESTS_AT_ONCE).unwrap());
    assert_eq!(EXECUTIONS - workers * at_once, 7);
}

#[test]
fn queues_hide_keep_and_give_up_as_the_rules_reckon() {
    let all = of_type(template(), "AWS::SQS::Queue");
    assert_eq!(all.len(), 2 * QUEUES.len(), "a queue is missing in this test's table");
    for (name, hidden) in QUEUES {
        let (queue, dead) = (&all[&*format!("{name}Queue")]["Properties"], &all[&*format!("{name}Dlq")]["Properties"]);
        let told = queue["VisibilityTimeout"]["Ref"].as_str().unwrap();
        assert_eq!(told, format!("{name}HiddenSeconds"));
        assert_eq!(millis(&template()["Parameters"][told]["Default"]), hidden, "{name}");
        assert_eq!(millis(&queue["MessageRetentionPeriod"]), limits::QUEUE_RETENTION, "{name}");
        assert_eq!(queue["RedrivePolicy"]["maxReceiveCount"], limits::RECEIVES_MAX, "{name}");
        assert_eq!(millis(&dead["MessageRetentionPeriod"]), limits::DEAD_RETENTION, "{name}");
        // One message is one piece of work: a batch would hide the work of one position behind that of another.
        let mapping = of_type(template(), "AWS::Lambda::EventSourceMapping")
            .into_values()
            .find(|mapping| mapping["Properties"]["EventSourceArn"]["Fn::GetAtt"][0] == format!("{name}Queue"));
        assert_eq!(mapping.unwrap()["Properties"]["BatchSize"], 1, "{name}");
    }
}

fn millis(seconds: &Value) -> Millis {
    Millis::seconds(seconds.as_i64().unwrap())
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

/// Tables and keys by their names in the template; any other resource by its text.
pub(crate) fn resource_name(resource: &Value) -> String {
    if let Some(name) = resource["Fn::GetAtt"][0].as_str() {
        return name.to_owned();
    }
    if resource["Ref"] == "FormerVaultKeyArns" { FORMER_KEYS.to_owned() } else { resource.to_string() }
}

pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    let many = value.as_array().map(|values| values.iter());
    let one = many.is_none().then_some(value);
    many.into_iter().flatten().chain(one)
}

pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    list(value).filter_map(Value::as_str)
}
