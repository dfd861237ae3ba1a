//! Either log as a file.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe: what strangers have sent stands in logs.

use super::logs::{Filters, problem};
use crate::LogsDesk;
use app::logs::{Exported, ROWS_EXPORTED_MAX};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::identity::Permission;
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::{Oneself, permitted};
use serde::Serialize;
use std::collections::BTreeMap;
use wire::view::{AuditLog, SystemLog};

const KNOWN: [&str; 8] = ["logs", "format", "level", "category", "user_id", "action", "start_date", "end_date"];
const SYSTEM: [&str; 8] = ["id", "timestamp", "level", "category", "user_id", "message", "details", "ip_address"];
const AUDIT: [&str; 13] = [
    "id",
    "timestamp",
    "user_id",
    "action",
    "resource",
    "resource_id",
    "reason",
    "before",
    "after",
    "ip_address",
    "table",
    "number",
    "hash",
];

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Json,
}

pub(super) async fn export<D: LogsDesk>(
    State(desk): State<D>,
    Oneself(caller): Oneself,
    body: Bytes,
) -> Result<Response, Problem> {
    permitted(&caller.session, Permission::LOGS_EXPORT)?;
    let fields = body::fields(&body, &KNOWN)?;
    let mut given = BTreeMap::new();
    for name in KNOWN {
        given.extend(body::text(&fields, name)?.map(|text| (name.to_owned(), text)));
    }
    let (filters, now) = (Filters(given), caller.invocation.now());
    let format = match filters.0.get("format").map(String::as_str) {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        _ => return Err(Problem::field("format", "format must be csv or json")),
    };
    let file = match filters.0.get("logs").map(String::as_str) {
        Some("system") => {
            let found = desk.export_system(filters.system(now)?, now).await.map_err(problem)?;
            let rows: Vec<_> = whole(&found)?.iter().map(SystemLog::from).collect();
            written("system", format, &SYSTEM, &rows, of_system)
        }
        Some("audit") => {
            let found = desk.export_audit(&filters.audit(&caller.session, now)?, now).await.map_err(problem)?;
            let rows: Vec<_> = whole(&found)?.iter().map(|(shelf, link)| AuditLog::of(*shelf, link)).collect();
            written("audit", format, &AUDIT, &rows, of_audit)
        }
        _ => return Err(Problem::field("logs", "logs must be system or audit")),
    };
    caller.invocation.outcome("logs exported");
    Ok(file)
}

/// A file that silently lacks rows would be worse than none.
fn whole<T>(found: &Exported<T>) -> Result<&[T], Problem> {
    if found.more {
        let told = format!("more than {ROWS_EXPORTED_MAX} rows: give a later start_date or an earlier end_date");
        return Err(Problem::invalid("too_many_rows", ["start_date".to_owned(), "end_date".to_owned()], told));
    }
    Ok(&found.items)
}

fn written<T: Serialize, const N: usize>(
    name: &str,
    format: Format,
    columns: &[&str; N],
    rows: &[T],
    cells: impl Fn(&T) -> [String; N],
) -> Response {
    let (kind, end, text) = match format {
        // Texts and numbers only, which always can be written.
        Format::Json => ("application/json", "json", serde_json::to_string(rows).unwrap_or_default()),
        Format::Csv => {
            let head = line(columns.map(str::to_owned));
            let lines = rows.iter().map(|row| line(cells(row)));
            ("text/csv; charset=utf-8", "csv", std::iter::once(head).chain(lines).collect())
        }
    };
    let named = format!("attachment; filename=\"moniqo-{name}-log.{end}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, named)], text).into_response()
}

fn of_system(row: &SystemLog) -> [String; 8] {
    let details: Vec<_> = row.details.iter().map(|(name, text)| format!("{name}: {text}")).collect();
    [
        row.id.clone(),
        row.timestamp.to_string(),
        row.level.clone(),
        row.category.clone(),
        row.user_id.clone().unwrap_or_default(),
        row.message.clone(),
        details.join("; "),
        row.ip_address.clone().unwrap_or_default(),
    ]
}

fn of_audit(row: &AuditLog) -> [String; 13] {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        row.id.clone(),
        row.timestamp.to_string(),
        row.user_id.clone(),
        row.action.clone(),
        row.resource.clone(),
        said(&row.resource_id),
        row.details.reason.clone(),
        said(&row.details.before),
        said(&row.details.after),
        said(&row.ip_address),
        row.table.clone(),
        row.number.to_string(),
        row.hash.clone(),
    ]
}

fn line<const N: usize>(cells: [String; N]) -> String {
    cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
}

fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_ends_early() {
        let cells = ["=cmd()", "+1", "-1", "@x", "\tx", "a\"b,c\r\nd", "2025"].map(str::to_owned);
        let expected = "\"'=cmd()\",\"'+1\",\"'-1\",\"'@x\",\"'\tx\",\"a\"\"b,c\r\nd\",\"2025\"\r\n";
        assert_eq!(line(cells), expected);
    }
}
