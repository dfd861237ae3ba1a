//! What a release changes in the account: shown, agreed to, carried out.

use std::path::Path;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use serde::Deserialize;

use super::DeployOptions;
use super::answers::types;
use crate::aws_cli::Aws;
use crate::deploy::{change, why_it_failed};
use crate::failure::{Failure, Result, While};
use crate::process::capture;

/// What these hold is lost or out of reach when they go.
const HOLDS_DATA: [&str; 3] = ["AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret"];

/// A change set that CloudFormation has made and nobody has carried out.
#[derive(Debug)]
pub(crate) struct ChangeSet {
    arn: String,
    /// The stack is not there yet.
    is_first: bool,
    pub(crate) changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    #[serde(rename = "ResourceChange")]
    change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Change {
    pub(crate) action: String,
    #[serde(rename = "LogicalResourceId")]
    pub(crate) resource: String,
    #[serde(rename = "ResourceType")]
    pub(crate) kind: String,
    /// `True`, `False`, or `Conditional`: decided while it is carried out.
    #[serde(default)]
    pub(crate) replacement: Option<String>,
}

impl Change {
    /// What is there now will not be there afterwards, or may not.
    fn takes_away(&self) -> bool {
        let replaces = self.replacement.as_deref().is_some_and(|replacement| replacement != "False");
        self.action == "Remove" || replaces
    }

    pub(crate) fn threatens_data(&self) -> bool {
        self.takes_away() && HOLDS_DATA.contains(&self.kind.as_str())
    }
}

/// Has CloudFormation compare the template with the account; none where nothing differs. `more` are parameters that no option
/// names.
pub(crate) fn make(
    aws: &Aws<'_>,
    options: &DeployOptions,
    bucket: &str,
    packaged: &Path,
    more: &[String],
) -> Result<Option<ChangeSet>> {
    let parameters = [&options.parameters(), more].concat();
    let mut command = change(aws, &options.deployment, bucket, packaged, &parameters, &["--no-execute-changeset"]);
    let said = capture(&mut command).map_err(|failure| {
        failure.next(format!(
            "where a first deployment failed before: aws cloudformation delete-stack --stack-name {}; tables of it stay",
            options.deployment
        ))
    })?;
    let Some(arn) = said.split_whitespace().find(|word| word.starts_with("arn:")).map(str::to_owned) else {
        return Ok(None);
    };
    let answer = aws.ask(["cloudformation", "describe-change-set", "--change-set-name", &arn])?;
    let listed = answer.get("Changes").cloned().unwrap_or_default();
    let listed: Vec<Listed> = serde_json::from_value(listed).while_doing("reading the change set")?;
    let changes: Vec<Change> = listed.into_iter().map(|listed| listed.change).collect();
    let is_first = !changes.is_empty() && !stack_is_there(aws, options);
    Ok(Some(ChangeSet { arn, is_first, changes }))
}

/// A stack that only waits for its first change set has nothing in it.
fn stack_is_there(aws: &Aws<'_>, options: &DeployOptions) -> bool {
    let words = ["cloudformation", "describe-stacks", "--stack-name", &options.deployment];
    let status = aws.ask(words.into_iter().chain(["--query", "Stacks[0].StackStatus"]));
    status.is_ok_and(|status| status.as_str().is_some_and(|status| status != "REVIEW_IN_PROGRESS"))
}

/// One line for each change; in red what takes away something that is there.
pub(crate) fn show(set: &ChangeSet) {
    let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    if set.is_first {
        eprintln!("The first deployment here: {} resources are made.", set.changes.len());
        return;
    }
    for change in &set.changes {
        let Change { action, resource, kind, replacement } = change;
        let replaces = match replacement.as_deref() {
            Some("True") => "replaces it",
            Some("Conditional") => "may replace it",
            _ => "",
        };
        let line = format!("  {action:<7} {resource:<28} {kind:<34} {replaces}");
        if change.takes_away() {
            eprintln!("{red}{}{red:#}", line.trim_end());
        } else {
            eprintln!("{}", line.trim_end());
        }
    }
}

/// # Errors
/// Where data would be lost and a person has not typed the deployment's name: `--yes` is no answer to that.
pub(crate) fn guard_data(set: &ChangeSet, options: &DeployOptions) -> Result<()> {
    let threatened: Vec<&str> =
        set.changes.iter().filter(|change| change.threatens_data()).map(|change| change.resource.as_str()).collect();
    if threatened.is_empty() {
        return Ok(());
    }
    let question = format!("This would replace or delete what holds data: {}.", threatened.join(", "));
    types(&question, &options.deployment)
}

pub(crate) fn forget(aws: &Aws<'_>, set: &ChangeSet) {
    let _lies_there_unused = aws.ask(["cloudformation", "delete-change-set", "--change-set-name", &set.arn]);
}

/// # Errors
/// With CloudFormation's own reasons; it has put back what it had changed.
pub(crate) fn carry_out(aws: &Aws<'_>, options: &DeployOptions, set: &ChangeSet) -> Result<()> {
    aws.ask(["cloudformation", "execute-change-set", "--change-set-name", &set.arn])?;
    let until = if set.is_first { "stack-create-complete" } else { "stack-update-complete" };
    aws.ask(["cloudformation", "wait", until, "--stack-name", &options.deployment]).map(drop).map_err(|failure| {
        Failure::new(format!("{failure}\n{}", why_it_failed(aws, &options.deployment)))
            .next("CloudFormation has put back what it had changed, and what runs was not switched")
    })
}
