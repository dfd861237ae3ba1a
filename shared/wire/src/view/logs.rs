//! The system log, what people have changed, and whether that is whole.

use super::time;
use super::words::{ActorKind, AuditFault, AuditTable, LogCategory, LogFormat, LogKind, LogLevel, Time};
use crate::member::ShortText;
use crate::text::Text;
use domain::audit::{Chain, DayFlaw, Flaw, Link, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::logs::Note;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemLog {
    /// The id of the entry, `log_…`.
    pub id: String,
    /// When it happened.
    pub timestamp: Time,
    /// How much it matters.
    pub level: LogLevel,
    /// What it is about.
    pub category: LogCategory,
    /// The user whom it concerns, `usr_…`; null if it concerns none.
    pub user_id: Option<String>,
    /// What happened, in plain words.
    pub message: String,
    /// More about the event, as text by name.
    pub details: BTreeMap<String, String>,
    /// IP address from which the request came; null if not known, or if there was no request.
    pub ip_address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditLog {
    /// The audit row, `aud_…`.
    pub id: String,
    /// When the change was made.
    pub timestamp: Time,
    /// The user who made the change, or for whom it was made, `usr_…`.
    pub user_id: String,
    /// What has acted for the user; null in rows of releases that did not note it.
    #[serde(default)]
    pub actor: Option<AuditActor>,
    /// What was done, such as `create api key`.
    pub action: String,
    /// What kind of thing was changed.
    pub resource: String,
    /// Id or name of what was changed; null if its kind says it all, as with `system`.
    pub resource_id: Option<String>,
    /// Why the change was made, with the values before and after.
    pub details: AuditDetails,
    /// Null where it was not known, or was erased.
    pub ip_address: Option<String>,
    /// The table that holds the row.
    pub table: AuditTable,
    /// Its place in the chain of its user, day and table.
    pub number: u64,
    /// SHA-256 of this row and of the row before it in its chain, in hexadecimal.
    pub hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditActor {
    /// What kind of actor it was.
    pub kind: ActorKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditDetails {
    /// Why the change was made.
    pub reason: String,
    /// The value before the change; null if no single value was changed.
    pub before: Option<String>,
    /// The value after the change; null if no single value was changed.
    pub after: Option<String>,
}

/// What a walk through the chains has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditCheck {
    /// Whether nothing was changed, added or removed.
    pub whole: bool,
    /// Number of chains checked; a chain holds the changes of one user, day and table.
    pub chains: u64,
    /// Number of audit rows checked.
    pub rows: u64,
    /// What is wrong with the checked chains and signatures; empty if nothing is.
    pub problems: Vec<AuditProblem>,
    /// Days of tables whose chains are those that were signed when they were closed.
    pub signed_days: u64,
    /// From this day on every closed day has to be signed; null where none was yet.
    #[schema(format = Date)]
    pub signed_since: Option<String>,
    /// Where to go on: it was too much for one request.
    #[schema(format = Date)]
    pub next_date: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditProblem {
    /// In UTC.
    #[schema(format = Date)]
    pub date: String,
    /// The user concerned, `usr_…`; null if the problem concerns a whole day of all users.
    pub user_id: Option<String>,
    /// The table whose chain or signature is wrong.
    pub table: AuditTable,
    /// What is wrong.
    pub problem: AuditFault,
    /// Number of the first row concerned; null if it is the head of the chain.
    pub number: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogsDeleted {
    /// Number of system log entries that this request deleted.
    pub deleted: u32,
    /// Send the same again for the rest.
    pub more: bool,
    /// From this day on (`YYYY-MM-DD`) nothing was deleted although it is old enough: it is not copied yet.
    #[schema(format = Date)]
    pub kept_from: Option<String>,
}

/// Body of `POST /api/logs/export`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogsExport {
    /// Which log.
    pub logs: LogKind,
    /// How the file is written.
    pub format: LogFormat,
    /// Only system log entries of this level; missing means all.
    #[schema(value_type = Option<LogLevel>)]
    pub level: Option<ShortText>,
    /// Only system log entries of this category; missing means all.
    #[schema(value_type = Option<LogCategory>)]
    pub category: Option<ShortText>,
    /// Only audit rows of this user, `usr_…`; missing means all users', or yours without `logs:read`.
    #[schema(value_type = Option<String>)]
    pub user_id: Option<ShortText>,
    /// Only audit rows of this action; missing means all.
    #[schema(value_type = Option<String>)]
    pub action: Option<ShortText>,
    /// Rows from this RFC 3339 time or UTC day on; missing means from the oldest row stored.
    #[serde(alias = "start_date")]
    #[schema(value_type = Option<String>)]
    pub since: Option<ShortText>,
    /// Rows before this RFC 3339 time, or up to the end of this UTC day; missing means up to now.
    #[serde(alias = "end_date")]
    #[schema(value_type = Option<String>)]
    pub until: Option<ShortText>,
}

/// A file that was too large for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogsLink {
    /// Link to this file alone; anyone who has the link can open it.
    pub url: String,
    /// When the link expires.
    pub expires_at: Time,
    /// Number of rows in the file.
    pub rows: u64,
    /// `gzip`.
    pub packed: String,
}

impl From<&Note> for SystemLog {
    fn from(note: &Note) -> Self {
        Self {
            id: note.id.to_string(),
            timestamp: time(note.at),
            level: Text(note.level),
            category: Text(note.category),
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
            actor: audit.actor.map(|kind| AuditActor { kind: Text(kind) }),
            action: audit.action.clone(),
            resource: audit.kind().to_owned(),
            resource_id: (audit.kind() != audit.resource).then(|| audit.resource.clone()),
            details: AuditDetails { reason, before, after },
            ip_address: audit.address.clone(),
            table: Text(shelf),
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
            table: Text(chain.shelf),
            problem: AuditFault::from(flaw),
            number: flaw.number(),
        }
    }

    pub fn of_day(shelf: Shelf, day: i64, flaw: DayFlaw) -> Self {
        Self { date: date(day), user_id: None, table: Text(shelf), problem: AuditFault::from(flaw), number: None }
    }
}

impl From<Flaw> for AuditFault {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Changed(_) => Self::Changed,
            Flaw::Missing(_) => Self::Missing,
            Flaw::Added(_) => Self::Added,
            Flaw::Head => Self::Head,
            Flaw::TooLong(_) => Self::TooLong,
        }
    }
}

impl From<DayFlaw> for AuditFault {
    fn from(flaw: DayFlaw) -> Self {
        match flaw {
            DayFlaw::Unsigned => Self::Unsigned,
            DayFlaw::Forged => Self::Forged,
            DayFlaw::Heads => Self::Heads,
        }
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
