//! `moniqo accounts key-uses`: who has opened a secret, as the vault's own rows say it and as CloudTrail proves it. Both are asked
//! with the owner's own rights in AWS, by the command `aws`: no function may read the trail.

use crate::args::{Output, Uses};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::table::{plain, table};
use anstream::{eprintln, println};
use comfy_table::Cell;
use serde_json::{Value, json};
use std::process::Command;

const HEADER: [&str; 5] = ["at (UTC)", "source", "function", "what", "why"];
const NONE: &str = "Neither has a use on record.";
const NEXT: &str =
    "it needs the command aws, and rights to dynamodb:Query on the vault table and cloudtrail:LookupEvents";

/// Where an event says which secret's data key was meant.
const CREDENTIALS: [&str; 2] =
    ["/requestParameters/encryptionContext/credential", "/requestParameters/sourceEncryptionContext/credential"];

/// One use, as one of both tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    at: String,
    by: &'static str,
    function: String,
    what: String,
    why: String,
}

pub(super) fn run(wanted: &Uses, output: Output) -> Result<(), Failure> {
    let since = since(wanted, jiff::Timestamp::now())?;
    let mut uses = leases(&ask(&query(wanted)?)?)?;
    eprintln!("Reading CloudTrail since {since}: a second for every hundred times that any key was used …");
    uses.extend(trail(&ask(&lookup(&since))?, &wanted.key)?);
    uses.sort_by(|one, other| other.at.cmp(&one.at));
    let items = || uses.iter().map(as_value).collect::<Vec<_>>();
    match output {
        Output::Csv => return rows(&uses).print_csv(),
        Output::Json => println!("{}", json!({"trail_since": since, "items": items()})),
        Output::Table => {
            println!("{}\nCloudTrail was read since {since}; the vault stores its rows for 90 days.", rows(&uses));
        }
    }
    Ok(())
}

fn query(wanted: &Uses) -> Result<Vec<String>, Failure> {
    let values = json!({":pk": {"S": format!("CRD#{}", wanted.key)}, ":prefix": {"S": "L#"}});
    let table = format!("{}-vault", wanted.deployment);
    let words = ["dynamodb", "query", "--table-name", &table, "--consistent-read"];
    let words = words.into_iter().map(str::to_owned);
    let condition = ["--key-condition-expression", "pk = :pk AND begins_with(sk, :prefix)"].map(str::to_owned);
    let values = ["--expression-attribute-values".to_owned(), values.to_string()];
    Ok(words.chain(condition).chain(values).collect())
}

fn since(wanted: &Uses, now: jiff::Timestamp) -> Result<String, Failure> {
    let hours = i64::from(wanted.days).saturating_mul(24);
    let since = now.checked_sub(jiff::SignedDuration::from_hours(hours));
    let since = since.map_err(|error| Failure::refused(format!("--days: {error}")))?;
    Ok(since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// To the end, since what is not read cannot be said to be absent. It is asked for what KMS was told, and names no secret.
fn lookup(since: &str) -> Vec<String> {
    let by = "AttributeKey=EventSource,AttributeValue=kms.amazonaws.com";
    let words = ["cloudtrail", "lookup-events", "--lookup-attributes", by, "--start-time", since];
    words.map(str::to_owned).to_vec()
}

fn ask(words: &[String]) -> Result<Value, Failure> {
    let called = Command::new("aws").args(words).args(["--output", "json"]).env("AWS_PAGER", "").output();
    let answer = called.map_err(|error| Failure::refused(format!("aws cannot be run: {error}")).next(NEXT))?;
    if !answer.status.success() {
        let said = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
        return Err(Failure::refused(format!("aws {}: {said}", words.first().map_or("", String::as_str))).next(NEXT));
    }
    let unreadable = |error: serde_json::Error| Failure::refused(format!("what aws answers cannot be read: {error}"));
    serde_json::from_slice(&answer.stdout).map_err(unreadable)
}

/// The vault's own rows.
fn leases(answer: &Value) -> Result<Vec<Use>, Failure> {
    let lease = |row: &Value| {
        let at = said(row, "/at/N").and_then(|at| at.parse().ok());
        let at = at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
        let at = at.ok_or_else(|| Failure::refused("a lease has no time"))?;
        let (function, why) = (text(row, "/function/S"), text(row, "/why/S"));
        Ok(Use { at: at.to_string(), by: "vault", function, what: "lease".to_owned(), why })
    };
    rows_of(answer, "/Items").map(lease).collect()
}

/// What KMS did with this secret's data key. An event is a text of its own in the answer.
fn trail(answer: &Value, key: &str) -> Result<Vec<Use>, Failure> {
    let mut uses = Vec::new();
    for event in rows_of(answer, "/Events") {
        let text = said(event, "/CloudTrailEvent").unwrap_or("{}");
        let event: Value = serde_json::from_str(text)
            .map_err(|error| Failure::refused(format!("an event of CloudTrail cannot be read: {error}")))?;
        if CREDENTIALS.iter().any(|place| said(&event, place) == Some(key)) {
            uses.push(of_event(&event));
        }
    }
    Ok(uses)
}

fn of_event(event: &Value) -> Use {
    let arn = text(event, "/userIdentity/arn");
    // `…:assumed-role/moniqo-key-check/moniqo-key-check`: the role is the function's.
    let function = arn.split('/').nth(1).unwrap_or(&arn).to_owned();
    let denied = said(event, "/errorCode").map_or_else(String::new, |error| format!("refused: {error}"));
    let why = if denied.is_empty() { "-".to_owned() } else { denied };
    Use { at: text(event, "/eventTime"), by: "CloudTrail", function, what: text(event, "/eventName"), why }
}

fn said<'v>(value: &'v Value, place: &str) -> Option<&'v str> {
    value.pointer(place).and_then(Value::as_str)
}

fn text(value: &Value, place: &str) -> String {
    said(value, place).unwrap_or("-").to_owned()
}

fn rows_of<'v>(answer: &'v Value, place: &str) -> impl Iterator<Item = &'v Value> {
    answer.pointer(place).and_then(Value::as_array).into_iter().flatten()
}

fn rows(uses: &[Use]) -> Listing {
    let row = |used: &Use| -> Vec<Cell> {
        vec![plain(&used.at), plain(used.by), plain(&used.function), plain(&used.what), plain(&used.why)]
    };
    table(&HEADER, uses.iter().map(row).collect(), NONE)
}

fn as_value(used: &Use) -> Value {
    let Use { at, by, function, what, why } = used;
    json!({"at": at, "by": by, "function": function, "what": what, "why": why})
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "crd_4m3wq7x2c5n6b7v8k9j2h3g4f5";
    const TRAIL: &str = include_str!("../../tests/cloudtrail.json");

    #[test]
    fn of_a_trail_only_the_uses_of_this_key_are_told() {
        let uses = trail(&serde_json::from_str(TRAIL).unwrap(), KEY).unwrap();
        let told: Vec<_> = uses.iter().map(|used| (&*used.at, &*used.function, &*used.what, &*used.why)).collect();
        assert_eq!(
            told,
            [
                ("2026-11-21T01:05:00Z", "moniqo-key-check", "Decrypt", "-"),
                ("2026-11-21T01:04:00Z", "moniqo-webhook", "Decrypt", "refused: AccessDenied"),
                ("2026-11-20T09:00:00Z", "moniqo-key-check", "ReEncrypt", "-"),
            ]
        );
    }

    #[test]
    fn the_trail_is_read_to_its_end_from_a_time_that_is_told() {
        let wanted = Uses { key: KEY.to_owned(), deployment: "desk".to_owned(), days: 2 };
        let since = since(&wanted, "2026-11-21T01:05:00.5Z".parse().unwrap()).unwrap();
        assert_eq!(since, "2026-11-19T01:05:00Z");
        let words = lookup(&since);
        assert_eq!(words[words.len() - 2..], ["--start-time", "2026-11-19T01:05:00Z"]);
        assert!(!words.iter().any(|word| word.contains("max")), "{words:?}");
    }

    #[test]
    fn a_lease_says_which_function_and_why() {
        let answer =
            json!({"Items": [{"at": {"N": "1757689600100"}, "function": {"S": "key-check"}, "why": {"S": "check"}}]});
        let uses = leases(&answer).unwrap();
        assert_eq!((&*uses[0].at, &*uses[0].function, &*uses[0].why), ("2025-09-12T15:06:40.1Z", "key-check", "check"));
        assert!(leases(&json!({"Items": [{}]})).is_err());
        assert_eq!(rows(&[]).to_string(), NONE);
    }
}
