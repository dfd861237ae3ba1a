//! A function's role: what it does not name, the function cannot do.

use super::manifest::{Function, Right};
use super::resource::{function_arn, own_log, sub};

/// What Lambda needs to place a function in the network, and the function's own code may not use.
const NETWORK: &str = "ec2:CreateNetworkInterface, ec2:DescribeNetworkInterfaces, ec2:DescribeSubnets, \
                       ec2:DeleteNetworkInterface, ec2:AssignPrivateIpAddresses, ec2:UnassignPrivateIpAddresses";
const NOTHING: &str = "!Ref AWS::NoValue";

pub(super) fn role(function: &Function) -> String {
    let Function { name, .. } = function;
    let (role, own_log) = (format!("{}Role", function.pascal()), own_log(name));
    let named = sub(&format!("${{Deployment}}-{name}-${{AWS::Region}}"));
    let egress = if function.fixed_address { egress(name) } else { String::new() };
    let rights: String = function.rights.iter().map(statement).collect();
    format!(
        r#"
  {role}:
    Type: AWS::IAM::Role
    DeletionPolicy: Delete
    UpdateReplacePolicy: Retain
    Properties:
      RoleName: {named}
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{{ Effect: Allow, Principal: {{ Service: lambda.amazonaws.com }}, Action: sts:AssumeRole }}]
      Policies:
{egress}        - PolicyName: rights
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [logs:CreateLogStream, logs:PutLogEvents]
                Resource: {own_log}
{rights}"#
    )
}

fn egress(name: &str) -> String {
    let function = function_arn(name);
    format!(
        r#"        # What Lambda needs to place the function in the network, and the function's own code may not use.
        - Fn::If:
            - WithFixedAddress
            - PolicyName: egress
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: [{NETWORK}]
                    Resource: "*"
                  - Effect: Deny
                    Action: ec2:*
                    Resource: "*"
                    Condition: {{ ArnEquals: {{ lambda:SourceFunctionArn: {function} }} }}
            - {NOTHING}
"#
    )
}

fn statement(right: &Right) -> String {
    let is_former = right.resources().any(|resource| resource.0 == "FormerVaultKeys");
    let beside = right.emulator.as_deref().map(|actions| allowed(&right.actions_of(actions), right, None));
    match (is_former, beside) {
        (true, _) => choice("WithFormerVaultKeys", &allowed(&right.actions(), right, condition(right)), None),
        // Both sides of it stand under the condition already.
        (_, Some(beside)) => choice("WithIamConditions", &allowed(&right.actions(), right, kind(right)), Some(&beside)),
        (_, None) => item(14, &allowed(&right.actions(), right, condition(right))),
    }
}

/// The lines of one statement.
fn allowed(actions: &[String], right: &Right, condition: Option<String>) -> Vec<String> {
    let arns: Vec<String> = right.resources().flat_map(|resource| resource.arns()).collect();
    let on = match arns.as_slice() {
        [one] => one.clone(),
        all => format!("[{}]", all.join(", ")),
    };
    let mut lines =
        vec!["Effect: Allow".to_owned(), format!("Action: [{}]", actions.join(", ")), format!("Resource: {on}")];
    lines.extend(condition.map(|condition| format!("Condition: {condition}")));
    lines
}

fn condition(right: &Right) -> Option<String> {
    if right.resources().any(|resource| resource.0 == "Mail") {
        return Some(with_conditions("{ StringEquals: { \"ses:FromAddress\": !Ref MailSender } }"));
    }
    let Some(partitions) = &right.partitions else { return kind(right).map(|kind| with_conditions(&kind)) };
    let attributes =
        right.attributes().map(|all| format!(", dynamodb:Attributes: [{}]", quoted(&all))).unwrap_or_default();
    let keys = quoted(partitions);
    Some(format!("{{ \"ForAllValues:StringLike\": {{ dynamodb:LeadingKeys: [{keys}]{attributes} }} }}"))
}

/// Only what was sealed as this kind.
fn kind(right: &Right) -> Option<String> {
    let context = "kms:EncryptionContext";
    let held = |kind: &String| {
        format!("{{ StringEquals: {{ \"{context}:deployment\": !Ref Deployment, \"{context}:kind\": {kind} }} }}")
    };
    right.kind.as_ref().map(held)
}

/// An emulator does not know the keys of such conditions.
fn with_conditions(condition: &str) -> String {
    format!("!If [WithIamConditions, {condition}, {NOTHING}]")
}

fn choice(on: &str, then: &[String], otherwise: Option<&[String]>) -> String {
    let otherwise = match otherwise {
        Some(lines) => item(18, lines),
        None => format!("                  - {NOTHING}\n"),
    };
    format!("              - Fn::If:\n                  - {on}\n{}{otherwise}", item(18, then))
}

/// As one item of a list, so far to the right.
fn item(indent: usize, lines: &[String]) -> String {
    let line = |(place, line): (usize, &String)| {
        let dash = if place == 0 { "- " } else { "  " };
        format!("{:indent$}{dash}{line}\n", "")
    };
    lines.iter().enumerate().map(line).collect()
}

fn quoted(words: &str) -> String {
    words.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}
