//! What the template promises of its doors: callers call aliases that only `deploy` moves, and venues see the address
//! that was chosen. The doors with a fixed address are not known to emulators; here is their structure.

use crate::support::Stack;
use crate::template::{of_type, statements, strings, template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn every_function_has_one_alias_that_cloudformation_never_moves() {
    let aliases = of_type(template(), "AWS::Lambda::Alias");
    for function in of_type(template(), "AWS::Serverless::Function").keys() {
        let alias = &aliases[&*format!("{}Live", function.trim_end_matches("Function"))]["Properties"];
        // Anything more, or another version, and the next change set would put the alias back.
        assert_eq!(*alias, json!({"Name": "live", "FunctionName": {"Ref": function}, "FunctionVersion": "$LATEST"}));
    }
}

#[test]
fn whatever_wakes_a_function_calls_its_alias() {
    let template = template();
    let functions: BTreeSet<&str> = of_type(template, "AWS::Serverless::Function").into_keys().collect();
    let mut callers = 0;
    for (name, resource) in template["Resources"].as_object().unwrap() {
        // An alias, and what belongs to one, is the only thing that names its function.
        let Some(kind) = resource["Type"].as_str().filter(|kind| *kind != "AWS::Lambda::Alias") else { continue };
        for named in names(&resource["Properties"]).filter(|named| functions.contains(named)) {
            assert_eq!(resource["Properties"]["Qualifier"], "live", "{name} ({kind}) calls {named} past its alias");
        }
        callers += names(&resource["Properties"]).filter(|named| named.ends_with("Live")).count();
    }
    // At least three queues, four integrations with their permissions, and the schedules with their roles.
    assert!(callers >= 18, "{callers}: some were not looked at");
}

/// Exchanges see the fixed address where a key is used, and nothing else takes up what that address may ask.
#[test]
fn only_functions_that_open_exchange_keys_stand_in_the_network() {
    let openers = openers_of_exchange_keys();
    assert!(!openers.is_empty());
    for (name, function) in of_type(template(), "AWS::Serverless::Function") {
        let network = &function["Properties"]["VpcConfig"]["Fn::If"];
        if openers.contains(&role_of(name)) {
            assert_eq!(network[0], "WithFixedAddress", "{name}");
            assert_eq!(network[1]["SubnetIds"], json!([{"Ref": "PrivateSubnet"}]), "{name}");
            assert_eq!(network[2], json!({"Ref": "AWS::NoValue"}), "{name}");
        } else {
            assert!(network.is_null(), "{name} opens no exchange key");
        }
    }
}

#[test]
fn a_door_costs_nothing_unless_it_was_chosen() {
    assert_eq!(template()["Parameters"]["Egress"]["Default"], "shared");
    for (name, resource) in template()["Resources"].as_object().unwrap() {
        if resource["Type"].as_str().is_some_and(|kind| kind.starts_with("AWS::EC2::")) {
            assert!(resource["Condition"].as_str().is_some_and(|on| on.starts_with("With")), "{name}");
        }
    }
    for (kind, condition) in [("AWS::EC2::Instance", "WithNatInstance"), ("AWS::EC2::NatGateway", "WithNatGateway")] {
        let billed: Vec<&Value> = of_type(template(), kind).into_values().collect();
        assert_eq!(billed.len(), 1, "{kind}");
        assert_eq!(billed[0]["Condition"], condition);
    }
}

#[test]
fn in_the_network_tables_are_reached_without_the_door_and_nothing_comes_in() {
    let resources = &template()["Resources"];
    let endpoint = &resources["TablesEndpoint"]["Properties"];
    assert_eq!(endpoint["VpcEndpointType"], "Gateway");
    assert_eq!(endpoint["RouteTableIds"], json!([{"Ref": "PrivateRoutes"}]));
    let talkers = &resources["VenueTalkersGroup"]["Properties"];
    assert!(talkers.get("SecurityGroupIngress").is_none());
    assert_eq!(talkers["SecurityGroupEgress"][0]["FromPort"], 443);
    let door = &resources["NatInstanceGroup"]["Properties"];
    let inward = door["SecurityGroupIngress"].as_array().unwrap();
    assert_eq!(inward.len(), 1);
    assert_eq!(inward[0]["SourceSecurityGroupId"], json!({"Ref": "VenueTalkersGroup"}));
    assert_eq!(resources["NatInstance"]["Properties"]["SourceDestCheck"], false);
    let waits = &resources["NatInstance"]["CreationPolicy"]["ResourceSignal"]["Timeout"];
    assert_eq!(waits, "PT15M", "address and routes stay with the old one until the new one forwards");
}

/// Lambda itself uses these rights; the code that it runs is denied all of them.
#[test]
fn a_place_in_the_network_gives_a_functions_own_code_no_right() {
    let roles = of_type(template(), "AWS::IAM::Role");
    let mut with_doors = BTreeSet::new();
    for (name, role) in roles {
        for policy in role["Properties"]["Policies"].as_array().unwrap() {
            let Some(choice) = policy.get("Fn::If") else { continue };
            with_doors.insert(name.to_owned());
            assert_eq!(choice[0], "WithFixedAddress", "{name}");
            let statements = choice[1]["PolicyDocument"]["Statement"].as_array().unwrap();
            let [allowed, denied] = statements.as_slice() else { panic!("{name}: {statements:?}") };
            assert!(names_only(&allowed["Action"], "NetworkInterface DescribeSubnets PrivateIpAddresses"), "{name}");
            assert_eq!([&denied["Effect"], &denied["Action"]], ["Deny", "ec2:*"], "{name}");
            let code = denied["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"]["Fn::Sub"].as_str().unwrap();
            let function = Stack::get().name(&name.replace("Role", "Function"));
            let own = function.trim_start_matches(Stack::get().deployment());
            assert!(code.ends_with(&format!(":function:${{Deployment}}{own}")), "{name}: {code}");
        }
    }
    assert_eq!(with_doors, openers_of_exchange_keys());
}

/// Their roles.
fn openers_of_exchange_keys() -> BTreeSet<String> {
    let opens = |statement: &Value| {
        strings(&statement["Action"]).any(|action| action == "kms:Decrypt")
            && statement["Condition"].to_string().contains(r#""kms:EncryptionContext:kind":"exchange""#)
    };
    let roles = of_type(template(), "AWS::IAM::Role").into_iter();
    roles.filter(|(_, role)| statements(role).any(opens)).map(|(name, _)| name.to_owned()).collect()
}

fn role_of(function: &str) -> String {
    format!("{}Role", function.trim_end_matches("Function"))
}

fn names_only(actions: &Value, parts: &str) -> bool {
    let known = |action: &Value| parts.split(' ').any(|part| action.as_str().unwrap().contains(part));
    actions.as_array().unwrap().iter().all(known)
}

/// Every resource that a value names, by `Ref` or `GetAtt`.
fn names(value: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match value {
        Value::Array(values) => Box::new(values.iter().flat_map(names)),
        Value::Object(fields) => Box::new(fields.iter().flat_map(|(key, value)| match key.as_str() {
            "Ref" => Box::new(value.as_str().into_iter()),
            "Fn::GetAtt" => Box::new(value[0].as_str().into_iter()),
            _ => names(value),
        })),
        _ => Box::new(std::iter::empty()),
    }
}
