//! Puts the template into the account behind an endpoint, through CloudFormation as on AWS: the local stack at once, and
//! in the steps that `release` takes on AWS.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::aws_cli::Aws;
use crate::failure::{Failure, Result, While};
use crate::functions;
use crate::mails::{self, SENDER};
use crate::pack;
use crate::place::{Place, StackFolder};
use crate::process::capture;
use crate::progress::step;
use crate::venue_sim::VenueSim;

/// Name of the CloudFormation stack and prefix of all names in it.
pub(crate) const DEPLOYMENT: &str = "moniqo";

/// Whose pages may ask the local stack from a browser: what is developed beside it.
const LOCAL_PAGES: &str = "http://localhost:3000,http://localhost:5173";

pub(crate) type Outputs = BTreeMap<String, String>;

pub(crate) fn deploy(place: &Place, folder: &StackFolder, aws: &Aws<'_>) -> Result<Outputs> {
    let deploying = step("Deploying the template");
    deploying.now("bucket for the code");
    let bucket = artifact_bucket(aws, DEPLOYMENT)?;
    deploying.now("uploading the functions");
    let (template, packaged) = (folder.file("template.yaml"), folder.file("packaged.json"));
    pack::zips(place, aws.tools, functions::STAGED, pack::QUICK)?;
    fs::write(&template, pack::template(place, functions::STAGED)?).while_doing("writing the template")?;
    package(aws, &bucket, &template, &packaged)?;
    deploying.now("CloudFormation");
    create_or_update(aws, &bucket, &packaged, VenueSim::find(folder).as_ref())?;
    if aws.endpoint.is_local() {
        mails::verify(aws, SENDER);
    }
    let outputs = outputs(aws, DEPLOYMENT)?;
    deploying.done("");
    Ok(outputs)
}

/// Buckets share one namespace on AWS, so account and region are part of the name.
pub(crate) fn artifact_bucket(aws: &Aws<'_>, deployment: &str) -> Result<String> {
    let caller = aws
        .ask(["sts", "get-caller-identity"])
        .map_err(|failure| failure.next("check AWS_ENDPOINT_URL and the credentials that belong to it"))?;
    let account = caller.get("Account").and_then(Value::as_str).unwrap_or("local");
    let bucket = format!("{deployment}-artifacts-{account}-{}", aws.endpoint.region);
    if !aws.succeeds(["s3api", "head-bucket", "--bucket", &bucket]) {
        capture(&mut aws.command(["s3", "mb", &format!("s3://{bucket}")]))?;
    }
    Ok(bucket)
}

/// Uploads the code that the template names, and writes the template that names it there.
pub(crate) fn package(aws: &Aws<'_>, bucket: &str, template: &Path, packaged: &Path) -> Result<()> {
    let mut command = aws.command(["cloudformation", "package", "--use-json", "--s3-bucket", bucket]);
    command.arg("--template-file").arg(template).arg("--output-template-file").arg(packaged);
    capture(&mut command).map(drop)
}

fn create_or_update(aws: &Aws<'_>, bucket: &str, packaged: &Path, exchanges: Option<&VenueSim>) -> Result<()> {
    let mut parameters = parameters(aws.endpoint.is_local());
    parameters.extend(exchanges.map(VenueSim::parameter));
    capture(&mut change(aws, DEPLOYMENT, bucket, packaged, &parameters, &[])).map(drop).map_err(|failure| {
        Failure::new(format!("{failure}\n{}", why_it_failed(aws, DEPLOYMENT)))
            .next("mend infra/sam/template.yaml, or start from nothing with `cargo xtask reset`")
    })
}

/// The command that makes a change set and carries it out, unless `more` says otherwise. A parameter may be a secret.
pub(crate) fn change(
    aws: &Aws<'_>,
    deployment: &str,
    bucket: &str,
    packaged: &Path,
    parameters: &[String],
    more: &[&str],
) -> Command {
    let packaged = packaged.to_string_lossy();
    let mut words = vec!["cloudformation", "deploy", "--stack-name", deployment, "--s3-bucket", bucket];
    words.extend(["--no-fail-on-empty-changeset", "--capabilities", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]);
    words.extend(["--template-file", &packaged, "--parameter-overrides"]);
    words.extend(parameters.iter().map(String::as_str).chain(more.iter().copied()));
    aws.unseen(&words)
}

/// Elsewhere than here, what is not named keeps the value that it has there.
fn parameters(is_local: bool) -> Vec<String> {
    let architecture = if std::env::consts::ARCH == "aarch64" { "arm64" } else { "x86_64" };
    let mut parameters = vec![
        format!("Deployment={DEPLOYMENT}"),
        format!("Architecture={architecture}"),
        format!("IamConditions={}", !is_local),
    ];
    if is_local {
        // All who try something here come from one address.
        parameters.push("AuthPerMinute=60000".to_owned());
        // Nothing leaves the emulator: `cargo xtask mails` shows what would have.
        parameters.push(format!("MailSender={SENDER}"));
        // What is soon played is spread here as well: tests do not wait for a hundred million bars.
        parameters.push("BacktestAloneBars=20000".to_owned());
        // Of all who try something here none waits for the others.
        parameters.push("BacktestsAtOnce=1000".to_owned());
        parameters.push(format!("CorsOrigins={LOCAL_PAGES}"));
        // Who kills an executor here waits less for the next one: still longer than one waits for room (30 s) and works (20 s).
        parameters.push("OrdersHiddenSeconds=60".to_owned());
    }
    parameters
}

/// The reasons that CloudFormation keeps beside the resources.
pub(crate) fn why_it_failed(aws: &Aws<'_>, deployment: &str) -> String {
    let words = ["cloudformation", "describe-stack-events", "--stack-name", deployment, "--query"];
    let failed = "StackEvents[?contains(ResourceStatus,`FAILED`)].[LogicalResourceId,ResourceStatusReason]";
    let reasons = aws.ask(words.into_iter().chain([failed])).unwrap_or_default();
    let line = |event: &Value| {
        let word = |n: usize| event.get(n).and_then(Value::as_str).unwrap_or("?").to_owned();
        format!("  {}: {}", word(0), word(1))
    };
    reasons.as_array().map(|events| events.iter().map(line).collect::<Vec<_>>().join("\n")).unwrap_or_default()
}

/// Of a stack that waits for its first change set.
pub(crate) const NO_OUTPUTS: &str = "the deployed stack has no outputs";

pub(crate) fn outputs(aws: &Aws<'_>, deployment: &str) -> Result<Outputs> {
    let words = ["cloudformation", "describe-stacks", "--stack-name", deployment, "--query", "Stacks[0].Outputs"];
    let listed = aws.ask(words)?;
    let pair = |output: &Value| {
        let word = |name| output.get(name).and_then(Value::as_str).map(str::to_owned);
        Some((word("OutputKey")?, word("OutputValue")?))
    };
    let outputs: Outputs = listed.as_array().into_iter().flatten().filter_map(pair).collect();
    if outputs.is_empty() { Err(Failure::new(NO_OUTPUTS)) } else { Ok(outputs) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_owner_has_chosen_elsewhere_stays() {
        let told = |is_local| parameters(is_local).join(" ");
        for chosen in [
            "AuthPerMinute=",
            "MailSender=",
            "BacktestAloneBars=",
            "BacktestsAtOnce=",
            "CorsOrigins=",
            "OrdersHiddenSeconds=",
        ] {
            assert!(told(true).contains(chosen) && !told(false).contains(chosen), "{chosen}");
        }
        assert!(told(false).contains("IamConditions=true") && told(true).contains("IamConditions=false"));
    }
}
