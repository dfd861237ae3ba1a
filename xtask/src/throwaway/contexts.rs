//! Whether each role may use the vault's key for its own kinds of secrets and for no other, asked of IAM itself
//! (`SimulatePrincipalPolicy`): emulators do not evaluate conditions on encryption contexts.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::aws_cli::Aws;
use crate::deploy::outputs;
use crate::failure::{Failure, Result, While};
use crate::functions::NAMES;
use crate::interrupt;
use crate::progress::step;

const ACTIONS: [&str; 5] =
    ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"];

/// All kinds of secrets, those that nobody opens yet among them.
const KINDS: [&str; 6] = ["exchange", "ai", "channel", "source", "totp", "audit"];

/// Whoever has no row may nothing.
#[rustfmt::skip]
const MAY: [(&str, &str, &[&str]); 7] = [
    ("order-executor", "exchange", &["kms:Decrypt"]),
    ("account-watch",  "exchange", &["kms:Decrypt"]),
    ("key-check",      "exchange", &["kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"]),
    ("api-accounts",   "exchange", &["kms:GenerateDataKey"]),
    ("api-identity",   "totp",     &["kms:Decrypt", "kms:Encrypt"]),
    ("api-identity",   "audit",    &["kms:Decrypt"]),
    ("housekeeping",   "audit",    &["kms:Encrypt"]),
];

/// What a caller would tell KMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Context<'a> {
    deployment: &'a str,
    kind: &'a str,
}

/// One evaluation, as the AWS command line prints it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Evaluated {
    eval_action_name: String,
    eval_decision: String,
}

/// # Errors
/// Where a role may more or less than it should, or IAM cannot be asked.
pub(super) fn prove(aws: &Aws<'_>, deployment: &str) -> Result<()> {
    let proving = step("Conditions on encryption contexts");
    let outputs = outputs(aws, deployment)?;
    let key = outputs.get("KmsKeyArn").ok_or_else(|| Failure::new("the stack has no output KmsKeyArn"))?;
    let mut wrong = Vec::new();
    for function in NAMES {
        proving.now(function);
        let role =
            aws.ask(["iam", "get-role", "--role-name", &format!("{deployment}-{function}-{}", aws.endpoint.region)])?;
        let role = role.pointer("/Role/Arn").and_then(Value::as_str).unwrap_or_default();
        for context in contexts(deployment, &format!("{deployment}x")) {
            interrupt::pause(std::time::Duration::ZERO)?;
            let words = question(role, key, context);
            let allowed = allowed(&aws.ask(words.iter().map(String::as_str))?)?;
            wrong.extend(differs(function, deployment, context, &allowed));
        }
    }
    if wrong.is_empty() {
        proving.done("each role uses the key for its own kinds alone");
        return Ok(());
    }
    Err(Failure::new(format!("roles may more or less with the vault's key than they should:\n{}", wrong.join("\n"))))
}

/// Each kind in the role's own deployment and in another one, and nothing at all.
fn contexts<'a>(own: &'a str, other: &'a str) -> Vec<Option<Context<'a>>> {
    let all = [own, other].into_iter().flat_map(|deployment| KINDS.map(|kind| Some(Context { deployment, kind })));
    all.chain([None]).collect()
}

fn question(role: &str, key: &str, context: Option<Context<'_>>) -> Vec<String> {
    let words = ["iam", "simulate-principal-policy", "--policy-source-arn", role, "--resource-arns", key];
    let mut words: Vec<String> =
        words.iter().chain(&["--action-names"]).chain(&ACTIONS).map(|&word| word.into()).collect();
    if let Some(Context { deployment, kind }) = context {
        words.push("--context-entries".to_owned());
        words.extend([("deployment", deployment), ("kind", kind)].map(|(name, value)| {
            format!("ContextKeyName=kms:EncryptionContext:{name},ContextKeyValues={value},ContextKeyType=string")
        }));
    }
    words
}

/// # Errors
/// Where the answer does not say of each action whether it is allowed: what is not said proves nothing.
fn allowed(answer: &Value) -> Result<BTreeSet<String>> {
    let results = answer.get("EvaluationResults").cloned().unwrap_or_default();
    let results: Vec<Evaluated> = serde_json::from_value(results).while_doing("reading what IAM has evaluated")?;
    let told: BTreeSet<&str> = results.iter().map(|result| &*result.eval_action_name).collect();
    if told != BTreeSet::from(ACTIONS) {
        return Err(Failure::new(format!("IAM was asked about {ACTIONS:?} and told of {told:?}")));
    }
    let allowed = results.into_iter().filter(|result| result.eval_decision == "allowed");
    Ok(allowed.map(|result| result.eval_action_name).collect())
}

/// In words, where a role may something else than it should.
fn differs(function: &str, own: &str, context: Option<Context<'_>>, allowed: &BTreeSet<String>) -> Option<String> {
    let is_row = |row: &&(&str, &str, &[&str])| {
        context.is_some_and(|context| context.deployment == own && (row.0, row.1) == (function, context.kind))
    };
    let should: BTreeSet<String> =
        MAY.iter().filter(is_row).flat_map(|row| row.2).map(|&action| action.into()).collect();
    (should != *allowed).then(|| format!("  {function}, told {context:?}: may {allowed:?}, and should {should:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// As the documentation of `simulate-principal-policy` has it, for these actions.
    fn recorded(decisions: [&str; 5]) -> Value {
        let result = |(action, decision): (&str, &str)| {
            let matched = json!([{
                "SourcePolicyId": "role_it-abc-key-check_rights", "SourcePolicyType": "IAM Policy",
                "StartPosition": {"Line": 1, "Column": 9}, "EndPosition": {"Line": 1, "Column": 99},
            }]);
            json!({
                "EvalActionName": action, "EvalDecision": decision,
                "EvalResourceName": "arn:aws:kms:eu-west-1:123456789012:key/1",
                "MatchedStatements": if decision == "allowed" { matched } else { json!([]) },
                "MissingContextValues": [],
            })
        };
        json!({"EvaluationResults": ACTIONS.into_iter().zip(decisions).map(result).collect::<Vec<_>>()})
    }

    fn of(deployment: &'static str, kind: &'static str) -> Option<Context<'static>> {
        Some(Context { deployment, kind })
    }

    const KEY_CHECKS: [&str; 5] = ["allowed", "implicitDeny", "implicitDeny", "allowed", "allowed"];
    const NOTHING: [&str; 5] = ["implicitDeny", "implicitDeny", "explicitDeny", "implicitDeny", "implicitDeny"];

    #[test]
    fn a_question_names_the_role_the_key_every_action_and_the_context() {
        let words = question("arn:role", "arn:key", of("it-abc", "totp")).join(" ");
        assert_eq!(
            words,
            "iam simulate-principal-policy --policy-source-arn arn:role --resource-arns arn:key --action-names kms:Decrypt \
             kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo --context-entries \
             ContextKeyName=kms:EncryptionContext:deployment,ContextKeyValues=it-abc,ContextKeyType=string \
             ContextKeyName=kms:EncryptionContext:kind,ContextKeyValues=totp,ContextKeyType=string"
        );
        assert!(!question("arn:role", "arn:key", None).iter().any(|word| word.starts_with("--context")));
    }

    #[test]
    fn every_kind_is_asked_about_here_and_elsewhere_and_none_at_all() {
        let asked = contexts("it-abc", "it-abcx");
        assert_eq!(
            (asked.len(), asked.iter().flatten().filter(|context| context.deployment == "it-abc").count()),
            (13, 6)
        );
    }

    #[test]
    fn a_role_that_may_more_or_less_is_told() {
        for (function, context, decisions, is_told) in [
            ("key-check", of("it-abc", "exchange"), KEY_CHECKS, false),
            ("key-check", of("it-abc", "exchange"), NOTHING, true),
            ("key-check", of("it-abc", "totp"), NOTHING, false),
            ("key-check", of("it-abc", "totp"), KEY_CHECKS, true),
            ("key-check", of("it-abcx", "exchange"), NOTHING, false),
            ("key-check", of("it-abcx", "exchange"), KEY_CHECKS, true),
            ("key-check", None, KEY_CHECKS, true),
            ("webhook", of("it-abc", "exchange"), NOTHING, false),
            ("webhook", of("it-abc", "exchange"), KEY_CHECKS, true),
        ] {
            let allowed = allowed(&recorded(decisions)).unwrap_or_default();
            let told = differs(function, "it-abc", context, &allowed);
            assert_eq!(told.is_some(), is_told, "{function} {context:?} {decisions:?}: {told:?}");
        }
    }

    #[test]
    fn what_iam_does_not_say_proves_nothing() {
        let mut short = recorded(NOTHING);
        short["EvaluationResults"].as_array_mut().map(Vec::pop);
        for answer in [short, json!({}), json!({"EvaluationResults": []}), Value::Null] {
            assert!(allowed(&answer).is_err());
        }
    }

    #[test]
    fn whoever_may_anything_is_a_function_and_every_kind_is_asked_about() {
        for (function, kind, actions) in MAY {
            assert!(NAMES.contains(&function) && KINDS.contains(&kind), "{function} {kind}");
            assert!(actions.iter().all(|action| ACTIONS.contains(action)), "{actions:?}");
        }
    }
}
