//! Taking a throw-away deployment away: the stack, and what outlives a stack on purpose.
//!
//! Each step is tried, whatever became of the others; what is not there any more is no failure.

use serde_json::{Value, json};

use crate::aws_cli::Aws;
use crate::failure::{Failure, Result};
use crate::process::capture;
use crate::progress::step;

/// The shortest that KMS allows.
const KEY_WINDOW_DAYS: &str = "7";

type Step = fn(&Aws<'_>, &str) -> Result<()>;

/// The keys first: their aliases go with the stack, and a key without one could not be found again.
const STEPS: [(&str, Step); 7] = [
    ("keys", keys),
    ("stack", stack),
    ("secret", secret),
    ("tables", tables),
    ("queues", queues),
    ("logs", logs),
    ("buckets", buckets),
];

pub(super) fn take_away(aws: &Aws<'_>, name: &str) -> Result<()> {
    let taking = step(format!("Taking {name} away"));
    let mut left = Vec::new();
    for (what, take) in STEPS {
        taking.now(what);
        if let Err(failure) = take(aws, name) {
            left.push(format!("  {what}: {failure}"));
        }
    }
    if left.is_empty() {
        taking.done("nothing is left but keys that AWS deletes in seven days");
        return Ok(());
    }
    drop(taking);
    Err(Failure::new(format!("not all of {name} could be taken away:\n{}", left.join("\n")))
        .next(format!("cargo xtask test --aws --clean-up {name}")))
}

fn keys(aws: &Aws<'_>, name: &str) -> Result<()> {
    let query = format!("Aliases[?starts_with(AliasName,`alias/{name}-`)].TargetKeyId");
    for key in listed(aws, &["kms", "list-aliases", "--query", &query])? {
        let state = aws.ask(["kms", "describe-key", "--key-id", &key, "--query", "KeyMetadata.KeyState"])?;
        if state != "PendingDeletion" {
            let window = ["--pending-window-in-days", KEY_WINDOW_DAYS];
            aws.ask(["kms", "schedule-key-deletion", "--key-id", &key].into_iter().chain(window))?;
        }
    }
    Ok(())
}

fn stack(aws: &Aws<'_>, name: &str) -> Result<()> {
    capture(&mut aws.command(["cloudformation", "delete-stack", "--stack-name", name]))?;
    capture(&mut aws.command(["cloudformation", "wait", "stack-delete-complete", "--stack-name", name])).map(drop)
}

/// The stack leaves it to its time of grace, in which its name is taken.
fn secret(aws: &Aws<'_>, name: &str) -> Result<()> {
    let query = format!("SecretList[?starts_with(Name,`{name}/`)].ARN");
    let words = ["secretsmanager", "list-secrets", "--include-planned-deletion", "--query", &query];
    each(aws, &words, &["secretsmanager", "delete-secret", "--force-delete-without-recovery", "--secret-id"])
}

/// Those of the template, which are kept when a stack goes, and those that tests have made.
fn tables(aws: &Aws<'_>, name: &str) -> Result<()> {
    let query = format!("TableNames[?starts_with(@,`{name}-`)]");
    for table in listed(aws, &["dynamodb", "list-tables", "--query", &query])? {
        let protection = ["--query", "Table.DeletionProtectionEnabled"];
        let words = ["dynamodb", "describe-table", "--table-name", &table];
        if aws.ask(words.into_iter().chain(protection))? == true {
            // Emulators read the parameter's text "false" as true.
            aws.ask(["dynamodb", "update-table", "--no-deletion-protection-enabled", "--table-name", &table])?;
            capture(&mut aws.command(["dynamodb", "wait", "table-exists", "--table-name", &table]))?;
        }
        aws.ask(["dynamodb", "delete-table", "--table-name", &table])?;
    }
    Ok(())
}

/// Those that tests have made. One that has just gone with the stack is still listed for a minute.
fn queues(aws: &Aws<'_>, name: &str) -> Result<()> {
    let prefix = format!("{name}-");
    for queue in listed(aws, &["sqs", "list-queues", "--queue-name-prefix", &prefix, "--query", "QueueUrls"])? {
        aws.ask(["sqs", "delete-queue", "--queue-url", &queue]).map(drop).or_else(unless_gone)?;
    }
    Ok(())
}

/// As the JSON protocol calls it, and the one before that.
fn unless_gone(failure: Failure) -> Result<()> {
    let said = failure.to_string();
    if ["QueueDoesNotExist", "NonExistentQueue"].iter().any(|gone| said.contains(gone)) { Ok(()) } else { Err(failure) }
}

/// A function that ends last may write its log anew.
fn logs(aws: &Aws<'_>, name: &str) -> Result<()> {
    for prefix in [format!("/aws/lambda/{name}-"), format!("/aws/vendedlogs/{name}/")] {
        let words = ["logs", "describe-log-groups", "--log-group-name-prefix", &prefix];
        let list: Vec<&str> = words.into_iter().chain(["--query", "logGroups[].logGroupName"]).collect();
        each(aws, &list, &["logs", "delete-log-group", "--log-group-name"])?;
    }
    Ok(())
}

fn buckets(aws: &Aws<'_>, name: &str) -> Result<()> {
    let query = format!("Buckets[?starts_with(Name,`{name}-artifacts-`)].Name");
    for bucket in listed(aws, &["s3api", "list-buckets", "--query", &query])? {
        capture(&mut aws.command(["s3", "rb", "--force", &format!("s3://{bucket}")]))?;
    }
    let query = format!("Buckets[?starts_with(Name,`{name}-records-`)].Name");
    for bucket in listed(aws, &["s3api", "list-buckets", "--query", &query])? {
        empty(aws, &bucket)?;
        aws.ask(["s3api", "delete-bucket", "--bucket", &bucket])?;
    }
    Ok(())
}

/// Of all versions of all objects: it keeps each.
fn empty(aws: &Aws<'_>, bucket: &str) -> Result<()> {
    const VERSIONS: &str = "[Versions||`[]`,DeleteMarkers||`[]`][].{Key:Key,VersionId:VersionId}";
    loop {
        let words = ["s3api", "list-object-versions", "--bucket", bucket, "--max-items", "500"];
        let found = aws.ask(words.into_iter().chain(["--query", VERSIONS]))?;
        if found.as_array().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        let gone = json!({"Objects": found, "Quiet": true}).to_string();
        aws.ask(["s3api", "delete-objects", "--bucket", bucket, "--delete", &gone])?;
    }
}

/// Does the same to each that is listed, by its name as the last word.
fn each(aws: &Aws<'_>, list: &[&str], act: &[&str]) -> Result<()> {
    for one in listed(aws, list)? {
        aws.ask(act.iter().copied().chain([one.as_str()]))?;
    }
    Ok(())
}

fn listed(aws: &Aws<'_>, words: &[&str]) -> Result<Vec<String>> {
    let answer = aws.ask(words.iter().copied())?;
    Ok(answer.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}
