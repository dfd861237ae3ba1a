//! Settings of a user.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::identity::{self, QuietHours, RiskProfile, Theme, TimeZone};
use domain::ids::UserId;
use domain::market::Asset;
use domain::preset::PresetName;
use serde::{Deserialize, Serialize};

/// What is left out is as a layer below has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSettings {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Text<TimeZone>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote_currency: Option<Text<Asset>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Text<Theme>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_profile: Option<Text<RiskProfile>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_preset: Option<Text<PresetName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Text<QuietHours>>,
    pub version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
}

impl From<&identity::UserSettings> for UserSettings {
    fn from(of: &identity::UserSettings) -> Self {
        let identity::UserSettings { user, settings, version, updated_at } = of.clone();
        Self {
            v: Schema,
            user: Text(user),
            time_zone: settings.time_zone.map(Text),
            quote_currency: settings.quote_currency.map(Text),
            theme: settings.theme.map(Text),
            risk_profile: settings.risk_profile.map(Text),
            entry_preset: settings.entry_preset.map(Text),
            quiet_hours: settings.quiet_hours.map(Text),
            version,
            updated_at: updated_at.map(Timestamp::millis),
        }
    }
}

impl From<UserSettings> for identity::UserSettings {
    fn from(row: UserSettings) -> Self {
        let settings = identity::Settings {
            time_zone: row.time_zone.map(|of| of.0),
            quote_currency: row.quote_currency.map(|of| of.0),
            theme: row.theme.map(|of| of.0),
            risk_profile: row.risk_profile.map(|of| of.0),
            entry_preset: row.entry_preset.map(|of| of.0),
            quiet_hours: row.quiet_hours.map(|of| of.0),
        };
        let updated_at = row.updated_at.map(Timestamp::from_millis);
        Self { user: row.user.0, settings, version: row.version, updated_at }
    }
}
