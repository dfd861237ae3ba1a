//! Presets: the newest version of each, and every one that it had.

use super::Schema;
use crate::text::Text;
use domain::ids::UserId;
use domain::preset::{self, PresetName};
use serde::{Deserialize, Serialize};

/// One version of a preset. What it says is kept as it was said: its reader knows more members than a row of old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub name: Text<PresetName>,
    pub version: u64,
    pub document: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: Text<UserId>,
    /// Its user has taken it away. The row stays, so that its name goes on counting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Which preset a group began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresetRef {
    pub name: Text<PresetName>,
    pub version: u64,
}

impl From<&preset::PresetRef> for PresetRef {
    fn from(at: &preset::PresetRef) -> Self {
        Self { name: Text(at.name.clone()), version: at.version }
    }
}

impl From<PresetRef> for preset::PresetRef {
    fn from(stored: PresetRef) -> Self {
        Self { name: stored.name.0, version: stored.version }
    }
}
