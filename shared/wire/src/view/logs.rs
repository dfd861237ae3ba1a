//! The system log, what people have changed, and whether that is whole.

use super::time;
use domain::audit::{Chain, DayFlaw, Flaw, Link, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::logs::Note;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemLog {
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: jiff::Timestamp,
    /// `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`.
    pub level: String,
    /// `SECURITY`, `TRADING`, `SYSTEM`, `RISK` or `API`.
    pub category: String,
    pub user_id: Option<String>,
    pub message: String,
    pub details: BTreeMap<String, String>,
    pub ip_address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditLog {
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: jiff::Timestamp,
    pub user_id: String,
    pub action: String,
    /// What kind of thing was changed.
    pub resource: String,
    pub resource_id: Option<String>,
    pub details: AuditDetails,
    /// Null where it was not known, or was erased.
    pub ip_address: Option<String>,
    /// The table that holds the row.
    pub table: String,
    /// Its place in the chain of its user, day and table.
    pub number: u64,
    pub hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditDetails {
    pub reason: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What a walk through the chains has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditCheck {
    /// Nothing was changed, added or taken away.
    pub whole: bool,
    pub chains: u64,
    pub rows: u64,
    pub problems: Vec<AuditProblem>,
    /// Days of tables whose chains are those that were signed when they were closed.
    pub signed_days: u64,
    /// From this day on every closed day has to be signed; null where none was yet.
    pub signed_since: Option<String>,
    /// Where to go on: it was too much for one request.
    pub next_date: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditProblem {
    /// In UTC.
    pub date: String,
    /// Null where a whole day of everybody is meant.
    pub user_id: Option<String>,
    pub table: String,
    /// `changed`, `missing`, `added`, `head` or `too_long` of one chain; `unsigned`, `forged` or `heads` of a day's signature.
    pub problem: String,
    /// Of the first row that is meant; null where it is the head.
    pub number: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogsDeleted {
    pub deleted: u32,
    /// Send the same again for the rest.
    pub more: bool,
    /// From this day on (`YYYY-MM-DD`) nothing was deleted although it is old enough: it is not copied yet.
    pub kept_from: Option<String>,
}

/// Body of `POST /api/logs/export`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogsExport {
    /// `system` or `audit`.
    pub logs: String,
    /// `csv` or `json`.
    pub format: String,
    pub level: Option<String>,
    pub category: Option<String>,
    pub user_id: Option<String>,
    pub action: Option<String>,
    pub start_date: Option<String>,
    pub end_date: Option<String>,
}

/// A file that was too large for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogsLink {
    /// Leads to this file alone, for whoever has it.
    pub url: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: jiff::Timestamp,
    pub rows: u64,
    /// `gzip`.
    pub packed: String,
}

impl From<&Note> for SystemLog {
    fn from(note: &Note) -> Self {
        Self {
            id: note.id.to_string(),
            timestamp: time(note.at),
            level: note.level.to_string(),
            category: note.category.to_string(),
            user_id: note.user.as_ref().map(ToString::to_string),
            message: note.message.clone(),
            details: note.details.clone(),
            ip_address: note.address.clone(),
        }
    }
}

impl AuditLog {
    pub fn of(shelf: Shelf, link: &Link) -> Self {
        let audit = &link.audit;
        let (reason, before, after) = (audit.reason.clone(), audit.before.clone(), audit.after.clone());
        Self {
            id: audit.id(),
            timestamp: time(audit.at),
            user_id: audit.user.to_string(),
            action: audit.action.clone(),
            resource: audit.kind().to_owned(),
            resource_id: (audit.kind() != audit.resource).then(|| audit.resource.clone()),
            details: AuditDetails { reason, before, after },
            ip_address: audit.address.clone(),
            table: shelf.to_string(),
            number: link.number,
            hash: link.hash.as_str().to_owned(),
        }
    }
}

impl AuditProblem {
    pub fn of(chain: &Chain, flaw: Flaw) -> Self {
        Self {
            date: date(chain.day),
            user_id: Some(chain.user.to_string()),
            table: chain.shelf.to_string(),
            problem: flaw.to_string(),
            number: flaw.number(),
        }
    }

    pub fn of_day(shelf: Shelf, day: i64, flaw: DayFlaw) -> Self {
        Self { date: date(day), user_id: None, table: shelf.to_string(), problem: flaw.to_string(), number: None }
    }
}

/// A day, as it is written.
pub fn date(day: i64) -> String {
    let midnight = Timestamp::from_millis(day.saturating_mul(Millis::DAY.get()));
    time(midnight).to_string().chars().take(10).collect()
}

/// A time or a day as somebody writes it: RFC 3339, or `2026-01-31` for the day's beginning and, where it ends a span, its
/// end.
pub fn bound(text: &str, is_end: bool) -> Option<Timestamp> {
    if let Ok(day) = text.parse::<jiff::civil::Date>()
        && text.len() == 10
    {
        let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
        let midnight = Timestamp::from_millis(midnight);
        return Some(if is_end { midnight.plus(Millis::DAY) } else { midnight });
    }
    let at = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    (0..=253_402_300_799_999).contains(&at).then(|| Timestamp::from_millis(at))
}
