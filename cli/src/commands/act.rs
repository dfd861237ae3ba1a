//! `moniqo halt`, `resume`, `close` and `cancel`

use super::Api;
use super::account_status::accounts;
use super::orders::orders;
use crate::args::{Halt, Resume, Stop};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::screen;
use crate::table::{plain, table};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wire::view::{FlattenAnswer, HaltAnswer, Order, PositionGroup, ResumeAnswer, SystemAnswer};

const POSITIONS: [&str; 5] = ["position", "symbol", "side", "status", "planned"];

/// What stands in the place of an answer that has no body.
#[derive(Debug, Serialize)]
struct Deleted<'a> {
    deleted: &'a str,
}

/// A preset or a route, as far as its version.
#[derive(Debug, Deserialize)]
struct Present {
    version: u64,
}

pub(super) fn halt(api: &Api, wanted: &Halt) -> Result<(), Failure> {
    let Halt { stop, reducing, flatten: sells, user, code, until } = wanted;
    if *sells {
        return flatten(api, stop, user.as_deref(), code.as_deref());
    }
    if stop.system {
        return system(api, "system/halt", &stop.reason);
    }
    let entries = if *reducing { "reducing" } else { "halted" };
    let request = json!({"reason": stop.reason, "account": stop.account, "entries": entries, "until": until});
    api.act("halt", Some(request.to_string()), |answer: &HaltAnswer| {
        let cancelling = orders(&answer.cancelling, "No resting entries.");
        let in_flight = orders(&answer.in_flight, "No entries in flight.");
        format!("{}\n\nbeing cancelled\n{cancelling}\n\nin flight\n{in_flight}", accounts(&answer.accounts))
    })
}

/// First what would be sold, with a code; by the code all of it.
fn flatten(api: &Api, stop: &Stop, user: Option<&str>, code: Option<&str>) -> Result<(), Failure> {
    let Stop { reason, account, system } = stop;
    let request = json!({"reason": reason, "account": account, "user_id": user, "deployment": system, "code": code});
    if code.is_some() {
        // As often as a request has no time for all.
        while sent(api, &request)?.left > 0 {}
    }
    api.act("flatten", Some(request.to_string()), |answer: &FlattenAnswer| {
        let positions = positions(&answer.positions);
        let accounts = accounts(&answer.accounts);
        let Some(code) = &answer.code else {
            let cancelling = orders(&answer.cancelling, "No resting entries.");
            return format!("{accounts}\n\nclosing\n{positions}\n\nbeing cancelled\n{cancelling}");
        };
        let named = [("--account", account.as_deref()), ("--user", user), ("--system", system.then_some(""))];
        let named = named.iter().filter_map(|(flag, value)| value.map(|value| format!(" {flag} {value}")));
        let named: String = named.map(|part| part.trim_end().to_owned()).collect();
        format!(
            "{accounts}\n\nwould be sold at the market\n{positions}\n\nNothing is done yet. Within a minute this halts entries and sells all of it:\n  \
             moniqo halt --flatten{named} --reason \"…\" --code {code}"
        )
    })
}

fn sent(api: &Api, request: &Value) -> Result<FlattenAnswer, Failure> {
    let (url, token) = api.target.api()?;
    api.client.post(&format!("{url}/api/v1/flatten"), token, Some(request.to_string()))?.read()
}

fn positions(positions: &[PositionGroup]) -> Listing {
    let row = |group: &PositionGroup| {
        vec![
            plain(&*group.id),
            plain(&*group.symbol),
            plain(group.side.as_str()),
            plain(group.status.as_str()),
            plain(&*group.exposure),
        ]
    };
    table(&POSITIONS, positions.iter().map(row).collect(), "Nothing is open.")
}

pub(super) fn resume(api: &Api, resume: &Resume) -> Result<(), Failure> {
    let Stop { reason, account, system: of_all } = &resume.stop;
    if *of_all {
        return system(api, "system/resume", reason);
    }
    let request = json!({"reason": reason, "account": account, "dry_run": resume.dry_run});
    api.act("resume", Some(request.to_string()), |answer: &ResumeAnswer| {
        let starts = if answer.dry_run { "would start" } else { "starts now" };
        let entries = orders(&answer.would_start, "no entries were waiting");
        format!("{}\n\n{starts}\n{entries}", accounts(&answer.accounts))
    })
}

fn system(api: &Api, path: &str, reason: &str) -> Result<(), Failure> {
    api.act(path, Some(json!({"reason": reason}).to_string()), |answer: &SystemAnswer| {
        let entries = if answer.system_halted {
            "no entry starts; closing and cancelling still work"
        } else {
            "entries may start"
        };
        format!("The whole deployment: {entries}.")
    })
}

pub(super) fn close(api: &Api, id: &str) -> Result<(), Failure> {
    api.act(&format!("position-groups/{id}/close"), None, |group: &PositionGroup| {
        format!("{id} is {}. Watch it: moniqo positions show {id} --watch", group.status)
    })
}

pub(super) fn cancel(api: &Api, id: &str) -> Result<(), Failure> {
    if id.starts_with("grp_") {
        return api.act(&format!("position-groups/{id}/cancel-pending"), None, |_: &PositionGroup| {
            format!("The pending entries of {id} are being cancelled. Watch it: moniqo positions show {id} --watch")
        });
    }
    api.act(&format!("orders/{id}/cancel"), None, |order: &Order| orders([order], ""))
}

/// The version to replace: the one that was named, else the present one, so that a wrong name creates nothing.
pub(super) fn version(api: &Api, kind: &str, name: &str, named: Option<u64>) -> Result<u64, Failure> {
    if let Some(version) = named {
        return Ok(version);
    }
    match api.get(&format!("{kind}s/{name}")) {
        Err(failure) if failure.is("not_found") => {
            Err(Failure::refused(format!("there is no {kind} {name}"))
                .next(format!("moniqo {kind}s create {name} --help")))
        }
        answer => Ok(answer?.read::<Present>()?.version),
    }
}

/// Takes away what is named so, and says it.
pub(super) fn delete(api: &Api, path: &str, seen: Option<u64>, name: &str) -> Result<(), Failure> {
    api.delete(path, seen)?;
    screen::show(false, || {
        if api.is_json() { json(&Deleted { deleted: name }) } else { Ok(format!("{name} is removed.")) }
    })
}

pub(super) fn json(request: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(request).map_err(|error| Failure::input(format!("the request cannot be written: {error}")))
}
