//! Presets, and what an import made of one.

use super::preset_members::PresetMembers;
use super::time;
use super::words::{ImportOutcome, Time};
use crate::preset::threecommas;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::preset::{PresetName, PresetRef as At};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// One version of a preset.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Preset {
    /// Name of the preset.
    pub name: String,
    /// From 1; 0 for the one that is built in.
    pub version: u64,
    /// Whether it is the built-in `default`, which applies until you store one of that name.
    pub built_in: bool,
    /// Its user has taken it away with this version.
    pub deleted: bool,
    /// Its members, numbers as they were written.
    #[schema(value_type = PresetMembers)]
    pub preset: Box<RawValue>,
    /// When the preset was made; null for the built-in one.
    pub created_at: Option<Time>,
    /// When this version of the preset was made; null for the built-in one.
    pub updated_at: Option<Time>,
    /// The user who made this version, `usr_…`; null for the built-in one.
    pub updated_by: Option<String>,
}

/// When a preset was made and changed, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct PresetDates<'a> {
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: &'a str,
}

/// Which preset a position group began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PresetRef {
    /// Name of the preset.
    pub name: String,
    /// Version of the preset that applied.
    pub version: u64,
}

/// What became of a bot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PresetImport {
    /// Of the bot's own; null where that can be none here.
    pub name: Option<String>,
    /// The preset that the bot was converted into. It is not stored.
    #[schema(value_type = PresetMembers)]
    pub preset: Box<RawValue>,
    /// What became of each member of the 3Commas bot.
    pub members: Vec<ImportedMember>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedMember {
    /// Name of the member in the imported 3Commas bot.
    pub member: String,
    /// The member's value in the imported bot, shortened if long.
    pub value: String,
    /// How it was carried over.
    pub outcome: ImportOutcome,
    /// Why the member was carried over, changed or left out.
    pub detail: String,
}

impl Preset {
    /// # Errors
    /// Where what is kept is no JSON.
    pub fn of(at: &At, document: &str, deleted: bool, dates: Option<PresetDates<'_>>) -> Result<Self, String> {
        Ok(Self {
            name: at.name.to_string(),
            version: at.version,
            built_in: dates.is_none(),
            deleted,
            preset: raw(document)?,
            created_at: dates.map(|dates| time(dates.created_at)),
            updated_at: dates.map(|dates| time(dates.updated_at)),
            updated_by: dates.map(|dates| dates.updated_by.to_owned()),
        })
    }
}

impl From<&At> for PresetRef {
    fn from(at: &At) -> Self {
        Self { name: at.name.to_string(), version: at.version }
    }
}

impl PresetImport {
    /// # Errors
    /// Never in practice: a document is JSON.
    pub fn of(imported: &threecommas::Imported) -> Result<Self, String> {
        let member = |told: &threecommas::Member| ImportedMember {
            member: told.member.clone(),
            value: told.value.clone(),
            outcome: Text(told.outcome),
            detail: told.detail.clone(),
        };
        Ok(Self {
            name: imported.name.as_ref().map(PresetName::to_string),
            preset: raw(&imported.document.text())?,
            members: imported.members.iter().map(member).collect(),
        })
    }
}

fn raw(document: &str) -> Result<Box<RawValue>, String> {
    RawValue::from_string(document.to_owned()).map_err(|error| error.to_string())
}
