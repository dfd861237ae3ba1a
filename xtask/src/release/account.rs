//! Whose account it is, and how much it may do at once.

use anstream::eprintln;
use anstyle::Style;
use aws::Keys;
use serde::Deserialize;
use serde_json::Value;

use super::DeployOptions;
use super::answers::{agrees, somebody_is_there};
use crate::aws_cli::{Aws, Endpoint};
use crate::failure::{Failure, Result, While};
use crate::process::capture;
use crate::python::Tools;

/// What a deployment can use; new accounts have 10, and all of Moniqo works inside that.
const CONCURRENCY_WANTED: u64 = 1_000;
/// Lambda's concurrent executions, as Service Quotas calls it.
const QUOTA: [&str; 4] = ["--service-code", "lambda", "--quota-code", "L-B99A9384"];

/// This AWS command line is of the first line, which cannot print what it has found; what it is made of can.
const FIND_CREDENTIALS: &str = "\
import boto3, json
found = boto3.Session().get_credentials().get_frozen_credentials()
print(json.dumps({'id': found.access_key, 'secret': found.secret_key, 'session': found.token}))";

#[derive(Deserialize)]
struct Found {
    id: String,
    secret: String,
    session: Option<String>,
}

/// The credentials that the AWS command line would use, whatever they come from: a profile, single sign-on, a role.
///
/// # Errors
/// Where there are none, with what to do.
pub(crate) fn log_in(tools: &Tools, options: &DeployOptions) -> Result<Endpoint> {
    let mut command = tools.command("python");
    command.args(["-c", FIND_CREDENTIALS]);
    command.envs(options.profile.iter().map(|profile| ("AWS_PROFILE", profile)));
    let found = capture(&mut command).map_err(|_| no_credentials(options))?;
    let Found { id, secret, session } = serde_json::from_str(&found).while_doing("reading the credentials")?;
    Ok(Endpoint::in_region(options.endpoint.as_deref(), &options.region, Keys { id, secret, session }))
}

fn no_credentials(options: &DeployOptions) -> Failure {
    let what = match &options.profile {
        Some(profile) => format!("the AWS command line has no valid credentials in the profile {profile}"),
        None => "there are no AWS credentials".to_owned(),
    };
    Failure::new(what).next(
        "`aws configure`, or `aws sso login`; then --profile NAME or AWS_PROFILE. \
         Without an account, `cargo xtask deploy --dry-run` shows what would be done",
    )
}

/// Says where it is going.
pub(crate) fn introduce(aws: &Aws<'_>) -> Result<()> {
    let caller = aws.ask(["sts", "get-caller-identity"]).map_err(|failure| {
        failure.next("the credentials are refused: log in again (`aws sso login`) or make new ones")
    })?;
    let word = |name| caller.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    let bold = Style::new().bold();
    eprintln!("{bold}Account {} in {}{bold:#}, as {}", word("Account"), aws.endpoint.region, word("Arn"));
    Ok(())
}

/// Prints how many functions the account may run at once, and asks for more where a person agrees.
pub(crate) fn mind_the_limit(aws: &Aws<'_>, options: &DeployOptions) -> Result<()> {
    let words = ["lambda", "get-account-settings", "--query", "AccountLimit.ConcurrentExecutions"];
    let Some(limit) = aws.ask(words)?.as_u64() else {
        eprintln!("Lambda does not say how many functions this account may run at once.");
        return Ok(());
    };
    eprintln!("Lambda runs {limit} functions of this account at once.");
    if limit >= CONCURRENCY_WANTED {
        return Ok(());
    }
    eprintln!("  {CONCURRENCY_WANTED} are usual and free; everything works with less, in turns under a burst.");
    if is_asked_for(aws) {
        eprintln!("  More was asked for already; AWS has not answered yet.");
        return Ok(());
    }
    let wanted = CONCURRENCY_WANTED.to_string();
    let request: Vec<&str> = ["service-quotas", "request-service-quota-increase"]
        .into_iter()
        .chain(QUOTA)
        .chain(["--desired-value", &wanted])
        .collect();
    if options.yes || !somebody_is_there() || !agrees("  Ask AWS for it now?", false)? {
        eprintln!("  To ask: aws --region {} {}", aws.endpoint.region, request.join(" "));
        return Ok(());
    }
    match aws.ask(request) {
        Ok(_) => eprintln!("  Asked; AWS answers in hours or days."),
        Err(refused) => eprintln!("  AWS refuses the request, and the deployment goes on: {refused}"),
    }
    Ok(())
}

fn is_asked_for(aws: &Aws<'_>) -> bool {
    let words = ["service-quotas", "list-requested-service-quota-change-history-by-quota"];
    let query = ["--query", "RequestedQuotas[?Status=='PENDING' || Status=='CASE_OPENED'].Id"];
    let asked = aws.ask(words.into_iter().chain(QUOTA).chain(query));
    asked.is_ok_and(|asked| asked.as_array().is_some_and(|requests| !requests.is_empty()))
}
