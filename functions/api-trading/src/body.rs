//! The bodies of `halt`, `resume`, `drop` and `confirm`. A word that is not known is refused: a misspelt `account` must not mean all.

use crate::problem::invalid;
use app::recover::Word;
use domain::ids::{AccountId, ProposalId, UserId};
pub(crate) use lambda::body::{fields, flag, text};
use lambda::edge::Problem;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use wire::view::{DropRequest, HaltRequest, ReasonRequest, ResumeRequest, SwitchRequest};

pub(crate) fn halt(body: &[u8]) -> Result<HaltRequest, Problem> {
    let fields = fields(body, &["reason", "account"])?;
    Ok(HaltRequest { reason: reason(&fields)?, account: text(&fields, "account")? })
}

pub(crate) fn resume(body: &[u8]) -> Result<ResumeRequest, Problem> {
    let fields = fields(body, &["reason", "account", "dry_run"])?;
    let dry_run = flag(&fields, "dry_run")?.unwrap_or(false);
    Ok(ResumeRequest { reason: reason(&fields)?, account: text(&fields, "account")?, dry_run })
}

pub(crate) fn drop_parked(body: &[u8]) -> Result<DropRequest, Problem> {
    let fields = fields(body, &["reason"])?;
    Ok(DropRequest { reason: reason(&fields)? })
}

pub(crate) fn close_kept_out(body: &[u8]) -> Result<(UserId, String), Problem> {
    let fields = fields(body, &["user", "reason"])?;
    let user = text(&fields, "user")?.and_then(|text| UserId::parse(&text).ok());
    let user = user.ok_or_else(|| invalid("user", "user must be the id of somebody"))?;
    Ok((user, reason(&fields)?))
}

pub(crate) fn accept(body: &[u8]) -> Result<(ProposalId, String), Problem> {
    let fields = fields(body, &["proposal", "reason"])?;
    let proposal = text(&fields, "proposal")?.and_then(|text| ProposalId::parse(&text).ok());
    let proposal = proposal.ok_or_else(|| invalid("proposal", "proposal must be the id of one, prp_…"))?;
    Ok((proposal, reason(&fields)?))
}

pub(crate) fn reason_alone(body: &[u8]) -> Result<ReasonRequest, Problem> {
    Ok(ReasonRequest { reason: reason(&fields(body, &["reason"])?)? })
}

pub(crate) fn switch(body: &[u8]) -> Result<SwitchRequest, Problem> {
    let fields = fields(body, &["enabled", "reason"])?;
    let Some(Value::Bool(enabled)) = fields.get("enabled") else {
        return Err(invalid("enabled", "enabled is required: true or false"));
    };
    Ok(SwitchRequest { enabled: *enabled, reason: reason(&fields)? })
}

pub(crate) fn confirm(body: &[u8]) -> Result<Word, Problem> {
    let fields = fields(body, &["reason", "leave_out"])?;
    let leave_out = match fields.get("leave_out") {
        None | Some(Value::Null) => BTreeSet::new(),
        Some(Value::Array(accounts)) => accounts.iter().map(account).collect::<Result<_, _>>()?,
        Some(_) => return Err(no_account()),
    };
    Ok(Word { reason: reason(&fields)?, leave_out })
}

fn account(value: &Value) -> Result<AccountId, Problem> {
    value.as_str().and_then(|text| AccountId::parse(text).ok()).ok_or_else(no_account)
}

fn no_account() -> Problem {
    invalid("leave_out", "leave_out must be a list of accounts' ids")
}

pub(crate) fn reason(fields: &Map<String, Value>) -> Result<String, Problem> {
    text(fields, "reason")?.ok_or_else(|| invalid("reason", "reason is required: why, in a few words"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_why_and_may_name_an_account() {
        let request = halt(br#"{"reason": " news ", "account": null}"#).unwrap();
        assert_eq!(request, HaltRequest { reason: "news".to_owned(), account: None });
        let request = resume(br#"{"reason": "over", "account": "default", "dry_run": true}"#).unwrap();
        assert_eq!((request.account.as_deref(), request.dry_run), (Some("default"), true));
    }

    #[test]
    fn a_confirmation_may_leave_accounts_out() {
        let (account, reason) = (AccountId::of(&["a"]), "gone".to_owned());
        let word = confirm(format!(r#"{{"reason": "gone", "leave_out": ["{account}"]}}"#).as_bytes()).unwrap();
        assert_eq!(word, Word { reason: reason.clone(), leave_out: BTreeSet::from([account]) });
        assert_eq!(confirm(br#"{"reason": "gone"}"#).unwrap(), Word { reason, leave_out: BTreeSet::new() });
        for body in [r#"{"reason": "x", "leave_out": ["default"]}"#, r#"{"reason": "x", "leave_out": "acc_x"}"#] {
            let problem = confirm(body.as_bytes()).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.code()), (422, "invalid_field"), "{body}");
        }
        assert!(confirm(br#"{"leave_out": []}"#).is_err(), "a reason is required");
    }

    #[test]
    fn whose_positions_are_closed_is_said_with_why() {
        let ann = UserId::of(&["ann"]);
        let read = close_kept_out(format!(r#"{{"user": "{ann}", "reason": "left"}}"#).as_bytes());
        assert_eq!(read.unwrap(), (ann.clone(), "left".to_owned()));
        for body in [
            r#"{"reason": "x"}"#.to_owned(),
            r#"{"user": "ann", "reason": "x"}"#.to_owned(),
            format!(r#"{{"user": "{ann}"}}"#),
        ] {
            assert_eq!(close_kept_out(body.as_bytes()).unwrap_err().code(), "invalid_field", "{body}");
        }
    }

    #[test]
    fn what_is_accepted_is_named_with_why() {
        let proposal = ProposalId::of(&["a"]);
        let read = accept(format!(r#"{{"proposal": "{proposal}", "reason": "sold"}}"#).as_bytes());
        assert_eq!(read.unwrap(), (proposal.clone(), "sold".to_owned()));
        for body in [r#"{"reason": "x"}"#.to_owned(), format!(r#"{{"proposal": "{proposal}"}}"#)] {
            assert_eq!(accept(body.as_bytes()).unwrap_err().code(), "invalid_field", "{body}");
        }
    }

    #[test]
    fn a_wrong_body_is_told_apart_from_a_wrong_field() {
        let check = |body: &str, status: u16, code: &str| {
            let problem = resume(body.as_bytes()).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.code()), (status, code), "{body}");
        };
        for body in ["", "{", "[]", "\"x\"", "null"] {
            check(body, 400, "invalid_json");
        }
        let long = format!(r#"{{"reason": "{}"}}"#, "x".repeat(201));
        for body in ["{}", r#"{"reason": " "}"#, r#"{"reason": 1}"#, &long, r#"{"reason": "x", "acount": "a"}"#] {
            check(body, 422, "invalid_field");
        }
        check(r#"{"reason": "x", "dry_run": "yes"}"#, 422, "invalid_field");
    }
}
