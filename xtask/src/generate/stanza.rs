//! All that a template says of one function.

use std::collections::BTreeMap;

use super::manifest::{Function, Manifest, RetryPolicy, Right};
use super::resource::sub;
use super::{role, wakes};

pub(super) fn stanzas(manifest: &Manifest) -> String {
    manifest.functions.iter().map(stanza).collect::<Vec<_>>().join("\n")
}

fn stanza(function: &Function) -> String {
    let about = format!("  # {}\n", function.about);
    [about, properties(function), role::role(function), log(function), alias(function), wakes::wakes(function)].concat()
}

fn properties(function: &Function) -> String {
    let Function { name, memory_mb, timeout_s, .. } = function;
    let (resource, pascal) = (function.resource(), function.pascal());
    let network = if function.fixed_address { NETWORK } else { "" };
    let variables: String =
        variables(function).iter().map(|(name, value)| format!("          {name}: {value}\n")).collect();
    format!(
        r#"  {resource}:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub "${{Deployment}}-{name}"
      CodeUri: ../../target/lambda-local/{name}/
      Role: !GetAtt {pascal}Role.Arn
{network}      MemorySize: {memory_mb}
      Timeout: {timeout_s}
      LoggingConfig: {{ LogFormat: JSON, SystemLogLevel: WARN, LogGroup: !Sub "/aws/lambda/${{Deployment}}-{name}" }}
      Environment:
        Variables:
{variables}"#
    )
}

const NETWORK: &str = "      VpcConfig: !If [WithFixedAddress, { SubnetIds: [!Ref PrivateSubnet], \
                       SecurityGroupIds: [!Ref VenueTalkersGroup] }, !Ref AWS::NoValue]\n";

/// The names of all that it has a right to, and its settings.
fn variables(function: &Function) -> BTreeMap<String, String> {
    let rights = function.rights.iter().filter(|right| !is_of_what_wakes(function, right));
    let resources = rights.flat_map(Right::resources).filter_map(|resource| resource.variable(&function.name));
    let settings = function.settings.iter().map(|(name, value)| (name.clone(), value.clone()));
    let all = resources.chain(settings).map(|(name, value)| (format!("MONIQO_{name}"), value));
    let always = [("MONIQO_DEPLOYMENT", "!Ref Deployment"), ("RUST_LOG", "!Ref LogLevel")];
    all.chain(always.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
}

/// Lambda receives for it.
fn is_of_what_wakes(function: &Function, right: &Right) -> bool {
    let queue = function.queue.as_deref();
    right.resources().any(|resource| Some(resource.0) == queue)
        && right.actions().iter().any(|action| action == "sqs:ReceiveMessage")
}

fn log(function: &Function) -> String {
    let (id, group) = (function.name.replace('-', ""), sub(&format!("/aws/lambda/${{Deployment}}-{}", function.name)));
    format!(
        r"
  Logs{id}:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: {group}
      RetentionInDays: !Ref LogRetentionDays
"
    )
}

fn alias(function: &Function) -> String {
    let (alias, resource) = (function.alias(), function.resource());
    let calls = function.asynchronous.map(|retry| calls(&alias, &resource, retry)).unwrap_or_default();
    format!(
        r"
  {alias}:
    Type: AWS::Lambda::Alias
    Properties: {{ Name: live, FunctionName: !Ref {resource}, FunctionVersion: $LATEST }}
{calls}"
    )
}

fn calls(alias: &str, resource: &str, RetryPolicy { retries, age_s }: RetryPolicy) -> String {
    format!(
        r"
  {alias}Calls:
    Type: AWS::Lambda::EventInvokeConfig
    DependsOn: {alias}
    Properties:
      FunctionName: !Ref {resource}
      Qualifier: live
      MaximumRetryAttempts: {retries}
      MaximumEventAgeInSeconds: {age_s}
"
    )
}
