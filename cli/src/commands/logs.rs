//! `moniqo logs`

use super::act::json;
use super::{Api, filtered, paged};
use crate::args::{LogFormat, LogSpan, Logs, WhichLog};
use crate::failure::Failure;
use crate::screen;
use crate::table::{maybe, plain, table, time, word};
use comfy_table::Cell;
use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use std::io::{IsTerminal, Read, stdout};
use wire::view::{AuditCheck, AuditLog, List, LogsLink, SystemLog};

const SYSTEM: [&str; 6] = ["at (UTC)", "level", "category", "what happened", "user", "from"];
const AUDIT: [&str; 6] = ["at (UTC)", "user", "action", "what", "detail", "from"];

pub(super) fn run(api: &Api, wanted: &Logs) -> Result<(), Failure> {
    match wanted {
        Logs::System { level, category, span, list } => {
            let filters = [("level", level.as_ref()), ("category", category.as_ref())];
            let path = filtered(paged("logs/system", list), &[&filters[..], &dates(span)].concat());
            api.show(&path, list.watch, |page: &List<SystemLog>| {
                let rows = page.items.iter().map(system).collect();
                table(&SYSTEM, rows, "Nothing of that kind happened.").with_next(page.next_cursor.as_ref())
            })
        }
        Logs::Audit { user, action, span, list } => {
            let filters = [("user_id", user.as_ref()), ("action", action.as_ref())];
            let path = filtered(paged("logs/audit", list), &[&filters[..], &dates(span)].concat());
            api.show(&path, list.watch, |page: &List<AuditLog>| {
                let rows = page.items.iter().map(audit).collect();
                table(&AUDIT, rows, "There are no changes.").with_next(page.next_cursor.as_ref())
            })
        }
        Logs::Verify { user, span } => verify(api, user.as_ref(), span),
        Logs::Export { logs, format, span } => export(api, *logs, *format, span),
    }
}

fn verify(api: &Api, user: Option<&String>, span: &LogSpan) -> Result<(), Failure> {
    let filters = [&[("user_id", user)][..], &dates(span)].concat();
    let answer = api.get(&filtered("logs/audit/verify".to_owned(), &filters))?;
    let check: AuditCheck = answer.read()?;
    anstream::println!("{}", if api.is_json() { answer.text } else { told(&check) });
    if check.whole {
        return Ok(());
    }
    Err(Failure::refused("the audit log is not intact").next("docs/runbooks/audit-chain-broken.md says what to do"))
}

fn told(check: &AuditCheck) -> String {
    let problems = check.problems.iter().map(|problem| {
        let number = problem.number.map_or(String::new(), |number| format!(" from row {number}"));
        let of = problem.user_id.as_deref().unwrap_or("all users");
        format!("{}{number}: {}, {of}, table {}", problem.problem, problem.date, problem.table)
    });
    let signed = match &check.signed_since {
        Some(date) => {
            format!("{} days match their signatures; all since {date} must", check.signed_days)
        }
        None => "no day is signed yet: the first one follows in the night after the first full day".to_owned(),
    };
    let walked = format!("{} rows in {} chains were checked", check.rows, check.chains);
    let next = check.next_date.as_ref().map(|date| format!("more: --since {date}"));
    [walked, signed].into_iter().chain(problems).chain(next).collect::<Vec<_>>().join("\n")
}

fn export(api: &Api, logs: WhichLog, format: LogFormat, span: &LogSpan) -> Result<(), Failure> {
    let named = [
        ("logs", Some(if matches!(logs, WhichLog::System) { "system" } else { "audit" })),
        ("format", Some(if matches!(format, LogFormat::Csv) { "csv" } else { "json" })),
        ("since", span.since.as_deref()),
        ("until", span.until.as_deref()),
    ];
    let body: Map<String, Value> =
        named.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))).collect();
    let (url, token) = api.target.api()?;
    let file = api.client.post_without_key(&format!("{url}/api/v1/logs/export"), token, Some(json(&body)?))?;
    match serde_json::from_str::<LogsLink>(&file.text) {
        // Too large for an answer.
        Ok(link) => unpacked(&api.client.download(&link.url)?),
        Err(_) => {
            screen::file(&file.text);
            Ok(())
        }
    }
}

fn unpacked(packed: &[u8]) -> Result<(), Failure> {
    let mut file = GzDecoder::new(packed);
    let printed = if stdout().is_terminal() {
        let mut text = String::new();
        file.read_to_string(&mut text).map(|_| screen::file(&text))
    } else {
        std::io::copy(&mut file, &mut stdout()).map(drop)
    };
    printed.map_err(|error| Failure::refused(format!("the file cannot be unpacked: {error}")))
}

fn dates(span: &LogSpan) -> [(&'static str, Option<&String>); 2] {
    [("since", span.since.as_ref()), ("until", span.until.as_ref())]
}

fn system(row: &SystemLog) -> Vec<Cell> {
    let start =
        [plain(time(row.timestamp)), word(row.level.as_str()), plain(row.category.as_str()), plain(&*row.message)];
    start.into_iter().chain([maybe(row.user_id.as_ref()), maybe(row.ip_address.as_ref())]).collect()
}

fn audit(row: &AuditLog) -> Vec<Cell> {
    let what = row.resource_id.as_ref().unwrap_or(&row.resource);
    let became = row.details.after.as_ref().map(|after| match &row.details.before {
        Some(before) => format!("{before} → {after}"),
        None => after.clone(),
    });
    let detail = [Some(row.details.reason.clone()), became].into_iter().flatten().collect::<Vec<_>>().join(": ");
    let start = [plain(time(row.timestamp)), plain(&*row.user_id), plain(&*row.action), plain(what), plain(detail)];
    start.into_iter().chain([maybe(row.ip_address.as_ref())]).collect()
}
