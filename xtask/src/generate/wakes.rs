//! What wakes a function: a queue, schedules, events of the bus, and requests.

use super::manifest::{Bucket, Caller, Event, Function, RetryPolicy, Role, Route, Schedule};
use super::resource::sub;

pub(super) fn wakes(function: &Function) -> String {
    let queue = function.queue.as_deref().map(|queue| mapping(function, queue)).unwrap_or_default();
    let schedules: String = function.schedules.iter().map(|one| schedule(function, one)).collect();
    let roles: String = roles(function).iter().map(|role| schedule_role(function, role)).collect();
    let events: String = function.events.iter().map(|event| heard(function, event)).collect();
    let http = if function.routes.is_empty() { String::new() } else { http(function) };
    [queue, schedules, roles, events, http].concat()
}

/// One message is one piece of work: a batch would hide the work of one position behind that of another.
fn mapping(function: &Function, queue: &str) -> String {
    let id = format!("{}To{}", queue.trim_end_matches("Queue"), function.pascal());
    let alias = function.alias();
    format!(
        r"
  {id}:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt {queue}.Arn
      FunctionName: !Ref {alias}
      BatchSize: 1
      FunctionResponseTypes: [ReportBatchItemFailures]
"
    )
}

fn schedule(function: &Function, schedule: &Schedule) -> String {
    let Schedule { id, name, at, .. } = schedule;
    let (alias, role, retry) = (function.alias(), schedule.role().id, retry_policy(schedule.retry));
    let zone = if at.starts_with("cron") { "      ScheduleExpressionTimezone: UTC\n" } else { "" };
    let window = match schedule.flexible_minutes {
        Some(minutes) => format!("{{ Mode: FLEXIBLE, MaximumWindowInMinutes: {minutes} }}"),
        None => "{ Mode: \"OFF\" }".to_owned(),
    };
    let input = schedule.input.as_deref().map(|input| format!("        Input: '{input}'\n")).unwrap_or_default();
    format!(
        r#"
  {id}:
    Type: AWS::Scheduler::Schedule
    Properties:
      Name: !Sub "${{Deployment}}-{name}"
      ScheduleExpression: {at}
{zone}      FlexibleTimeWindow: {window}
      Target:
        Arn: !Ref {alias}
        RoleArn: !GetAtt {role}.Arn
{input}        RetryPolicy: {retry}
"#
    )
}

fn retry_policy(RetryPolicy { retries, age_s }: RetryPolicy) -> String {
    format!("{{ MaximumRetryAttempts: {retries}, MaximumEventAgeInSeconds: {age_s} }}")
}

/// Each once.
fn roles(function: &Function) -> Vec<Role> {
    let mut roles: Vec<Role> = function.schedules.iter().map(Schedule::role).collect();
    roles.dedup();
    roles
}

fn schedule_role(function: &Function, Role { id, name }: &Role) -> String {
    let alias = function.alias();
    format!(
        r#"
  {id}:
    Type: AWS::IAM::Role
    DeletionPolicy: Delete
    UpdateReplacePolicy: Retain
    Properties:
      RoleName: !Sub "${{Deployment}}-{name}-${{AWS::Region}}"
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{ Service: scheduler.amazonaws.com }}
            Action: sts:AssumeRole
            Condition: !If [WithIamConditions, {{ StringEquals: {{ aws:SourceAccount: !Ref AWS::AccountId }} }}, !Ref AWS::NoValue]
      Policies:
        - PolicyName: rights
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{{ Effect: Allow, Action: [lambda:InvokeFunction], Resource: !Ref {alias} }}]
"#
    )
}

fn heard(function: &Function, event: &Event) -> String {
    let Event { id, name, kind, retry } = event;
    let (alias, own, retry) = (function.alias(), &function.name, retry_policy(*retry));
    let rule = format!(
        r#"
  {id}:
    Type: AWS::Events::Rule
    Properties:
      Name: !Sub "${{Deployment}}-{name}"
      EventBusName: !Ref Bus
      EventPattern: {{ source: [moniqo], detail-type: [{kind}] }}
      Targets:
        - Id: {own}
          Arn: !Ref {alias}
          RetryPolicy: {retry}
"#
    );
    let permission = format!("{}MayBeCalled", function.pascal());
    rule + &permitted(&permission, &alias, "events.amazonaws.com", &format!("!GetAtt {id}.Arn"))
}

fn permitted(id: &str, alias: &str, principal: &str, source: &str) -> String {
    format!(
        r"
  {id}:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref {alias}
      Principal: {principal}
      SourceArn: {source}
"
    )
}

fn http(function: &Function) -> String {
    let (pascal, alias) = (function.pascal(), function.alias());
    let integration = format!(
        r#"
  {pascal}Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref HttpApi
      IntegrationType: AWS_PROXY
      IntegrationUri: !Ref {alias}
      PayloadFormatVersion: "2.0"
"#
    );
    let caller = |Caller { id, path }: &Caller| {
        let source =
            format!("arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{HttpApi}}/*/*{path}");
        permitted(id, &alias, "apigateway.amazonaws.com", &sub(&source))
    };
    let callers: String = function.callers.iter().map(caller).collect();
    let routes: String = function.routes.iter().map(|one| route(one, &pascal)).collect();
    [integration, callers, routes].concat()
}

fn route(Route { id, key, .. }: &Route, pascal: &str) -> String {
    format!(
        r#"
  {id}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref HttpApi
      RouteKey: {key}
      Target: !Sub "integrations/${{{pascal}Integration}}"
"#
    )
}

/// What the stage waits for: settings of a route that is not there yet are refused.
pub(super) fn depends_on(functions: &[Function]) -> String {
    let ids: Vec<&str> =
        functions.iter().flat_map(|function| &function.routes).map(|route| route.id.as_str()).collect();
    format!("    DependsOn: [{}]\n", ids.join(", "))
}

pub(super) fn throttles(functions: &[Function]) -> String {
    let of = |Route { key, bucket, .. }: &Route| {
        let Bucket { a_second, at_once } = (*bucket)?;
        Some(format!("        \"{key}\": {{ ThrottlingRateLimit: {a_second}, ThrottlingBurstLimit: {at_once} }}\n"))
    };
    functions.iter().flat_map(|function| &function.routes).filter_map(of).collect()
}
