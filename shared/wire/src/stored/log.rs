//! The system log.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{LogId, UserId};
use domain::logs::{self, Category, Level};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub v: Schema<1>,
    pub id: Text<LogId>,
    pub at: i64,
    pub level: Text<Level>,
    pub category: Text<Category>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Text<UserId>>,
    pub message: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl From<&logs::Note> for Note {
    fn from(note: &logs::Note) -> Self {
        Self {
            v: Schema,
            id: Text(note.id.clone()),
            at: note.at.millis(),
            level: Text(note.level),
            category: Text(note.category),
            user: note.user.clone().map(Text),
            message: note.message.clone(),
            details: note.details.clone(),
            address: note.address.clone(),
        }
    }
}

impl From<Note> for logs::Note {
    fn from(row: Note) -> Self {
        Self {
            id: row.id.0,
            at: Timestamp::from_millis(row.at),
            level: row.level.0,
            category: row.category.0,
            user: row.user.map(|user| user.0),
            message: row.message,
            details: row.details,
            address: row.address,
        }
    }
}
