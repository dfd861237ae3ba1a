//! Rows of a log as a file, CSV or JSON.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe: what strangers have sent stands in logs.

use crate::Api;
use app::logs::LogsError;
use app::logs::{self, AuditWanted, Exported, SystemWanted};
use app::ports::{Page, PageRequest};
use domain::audit::{Link, Shelf};
use domain::clock::Timestamp;
use domain::logs::Note;
use serde::Serialize;
use std::io::{self, Write};
use wire::view::{AuditLog, SystemLog};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
}

/// What a log's rows are.
pub(super) trait Row: Serialize + Send + Sync {
    const NAME: &'static str;
    const COLUMNS: &'static [&'static str];
    /// What it is shown of.
    type Of: Send + Sync;
    type Wanted: Send + Sync;

    fn of(row: &Self::Of) -> Self;

    /// As many as fit into an answer.
    fn few(
        api: &Api,
        wanted: &Self::Wanted,
        now: Timestamp,
    ) -> impl Future<Output = Result<Exported<Self::Of>, LogsError>> + Send;

    fn page(
        api: &Api,
        wanted: &Self::Wanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<Page<Self::Of>, LogsError>> + Send;

    fn cells(&self) -> Vec<String>;
}

/// A file that grows row by row.
#[derive(Debug)]
pub(super) struct Sheet<W> {
    to: W,
    format: Format,
    rows: usize,
}

impl Format {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl<W: Write> Sheet<W> {
    pub(super) fn begin<R: Row>(mut to: W, format: Format) -> io::Result<Self> {
        match format {
            Format::Csv => to.write_all(line(R::COLUMNS.iter().map(|column| (*column).to_owned())).as_bytes())?,
            Format::Json => to.write_all(b"[")?,
        }
        Ok(Self { to, format, rows: 0 })
    }

    pub(super) fn row<R: Row>(&mut self, row: &R) -> io::Result<()> {
        match self.format {
            Format::Csv => self.to.write_all(line(row.cells().into_iter()).as_bytes())?,
            Format::Json => {
                if self.rows > 0 {
                    self.to.write_all(b",")?;
                }
                serde_json::to_writer(&mut self.to, row)?;
            }
        }
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// What it is written to, so far.
    pub(super) fn written(&self) -> &W {
        &self.to
    }

    pub(super) fn end(mut self) -> io::Result<W> {
        if self.format == Format::Json {
            self.to.write_all(b"]")?;
        }
        Ok(self.to)
    }
}

impl Row for SystemLog {
    type Of = Note;
    type Wanted = SystemWanted;

    const NAME: &'static str = "system";
    const COLUMNS: &'static [&'static str] =
        &["id", "timestamp", "level", "category", "user_id", "message", "details", "ip_address"];

    fn of(row: &Note) -> Self {
        Self::from(row)
    }

    async fn few(api: &Api, wanted: &SystemWanted, now: Timestamp) -> Result<Exported<Note>, LogsError> {
        logs::export_system(&api.store, *wanted, now).await
    }

    async fn page(
        api: &Api,
        wanted: &SystemWanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<Note>, LogsError> {
        logs::system(&api.store, *wanted, page, now).await
    }

    fn cells(&self) -> Vec<String> {
        let details: Vec<_> = self.details.iter().map(|(name, text)| format!("{name}: {text}")).collect();
        vec![
            self.id.clone(),
            self.timestamp.to_string(),
            self.level.to_string(),
            self.category.to_string(),
            self.user_id.clone().unwrap_or_default(),
            self.message.clone(),
            details.join("; "),
            self.ip_address.clone().unwrap_or_default(),
        ]
    }
}

impl Row for AuditLog {
    type Of = (Shelf, Link);
    type Wanted = AuditWanted;

    const NAME: &'static str = "audit";
    const COLUMNS: &'static [&'static str] = &[
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
        "actor",
    ];

    fn of((shelf, link): &(Shelf, Link)) -> Self {
        Self::of(*shelf, link)
    }

    async fn few(api: &Api, wanted: &AuditWanted, now: Timestamp) -> Result<Exported<(Shelf, Link)>, LogsError> {
        logs::export_audit(&api.store, wanted, now).await
    }

    async fn page(
        api: &Api,
        wanted: &AuditWanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<(Shelf, Link)>, LogsError> {
        logs::audit(&api.store, wanted, page, now).await
    }

    fn cells(&self) -> Vec<String> {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            self.id.clone(),
            self.timestamp.to_string(),
            self.user_id.clone(),
            self.action.clone(),
            self.resource.clone(),
            said(&self.resource_id),
            self.details.reason.clone(),
            said(&self.details.before),
            said(&self.details.after),
            said(&self.ip_address),
            self.table.to_string(),
            self.number.to_string(),
            self.hash.clone(),
            self.actor.as_ref().map(|actor| actor.kind.to_string()).unwrap_or_default(),
        ]
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| quoted(&cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::logs::{Category, Level};
    use wire::text::Text;

    #[test]
    fn no_cell_is_a_formula_and_none_ends_early() {
        let cells = ["=cmd()", "+1", "-1", "@x", "\tx", "a\"b,c\r\nd", "2025"].map(str::to_owned);
        let expected = "\"'=cmd()\",\"'+1\",\"'-1\",\"'@x\",\"'\tx\",\"a\"\"b,c\r\nd\",\"2025\"\r\n";
        assert_eq!(line(cells.into_iter()), expected);
    }

    #[test]
    fn rows_of_json_stand_in_one_list() {
        let row = SystemLog {
            id: "log_1".to_owned(),
            timestamp: wire::view::time(Timestamp::default()),
            level: Text(Level::Info),
            category: Text(Category::Api),
            user_id: None,
            message: String::new(),
            details: std::collections::BTreeMap::new(),
            ip_address: None,
        };
        for rows in 0..3 {
            let mut sheet = Sheet::begin::<SystemLog>(Vec::new(), Format::Json).unwrap();
            (0..rows).for_each(|_| sheet.row(&row).unwrap());
            let read: Vec<serde_json::Value> = serde_json::from_slice(&sheet.end().unwrap()).unwrap();
            assert_eq!(read.len(), rows);
        }
    }
}
