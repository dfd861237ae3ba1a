//! Two deployments of one account, in one region or in two, do not meet.

use crate::template::{of_type, template};
use serde_json::{Value, json};

/// What IAM takes for a role's name.
const ROLE_NAME_CHARS_MAX: usize = 64;
/// The longest that the template takes for a deployment.
const DEPLOYMENT_CHARS_MAX: usize = 24;
const LONG_REGION: &str = "ap-southeast-1";

/// Those that the template repeats among them.
fn alarms() -> Vec<&'static Value> {
    let resources = template()["Resources"].as_object().unwrap();
    let repeated = resources.iter().filter(|(name, _)| name.starts_with("Fn::ForEach::"));
    let repeated = repeated.flat_map(|(_, each)| each[2].as_object().unwrap().values());
    resources.values().chain(repeated).filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm").collect()
}

#[test]
fn alarms_watch_the_metrics_of_their_own_deployment() {
    let of_aws = |alarm: &&Value| {
        alarm["Properties"]["Namespace"].as_str().is_some_and(|namespace| namespace.starts_with("AWS/"))
    };
    let (of_aws, ours): (Vec<_>, Vec<_>) = alarms().into_iter().partition(of_aws);
    assert_eq!((of_aws.len(), ours.len()), (3, 5));
    for alarm in ours {
        assert_eq!(alarm["Properties"]["Namespace"], json!({"Fn::Sub": "Moniqo/${Deployment}"}), "{alarm}");
    }
    for (name, function) in of_type(template(), "AWS::Serverless::Function") {
        let told = &function["Properties"]["Environment"]["Variables"]["MONIQO_DEPLOYMENT"];
        assert_eq!(*told, json!({"Ref": "Deployment"}), "{name} writes its metrics elsewhere");
    }
}

/// IAM knows no regions: the second of two deployments of one name would find its roles taken.
#[test]
fn roles_are_named_by_their_region_and_outlive_the_version_that_runs_as_them() {
    let deployment = "d".repeat(DEPLOYMENT_CHARS_MAX);
    for (name, role) in of_type(template(), "AWS::IAM::Role") {
        let called = role["Properties"]["RoleName"]["Fn::Sub"].as_str().unwrap();
        assert!(called.starts_with("${Deployment}-") && called.ends_with("-${AWS::Region}"), "{name}: {called}");
        let longest = called.replace("${Deployment}", &deployment).replace("${AWS::Region}", LONG_REGION);
        assert!(longest.len() <= ROLE_NAME_CHARS_MAX, "{longest}");
        assert_eq!((&role["UpdateReplacePolicy"], &role["DeletionPolicy"]), (&json!("Retain"), &json!("Delete")));
    }
}

/// The policy by which services write logs is of the account, and full where it names each group.
#[test]
fn the_access_log_takes_no_room_in_the_accounts_policy_of_logs() {
    let log = &template()["Resources"]["HttpLogs"];
    assert_eq!(log["Properties"]["LogGroupName"]["Fn::Sub"], "/aws/vendedlogs/${Deployment}/http");
    assert_eq!(log["UpdateReplacePolicy"], "Retain", "what was written under a former name");
}
