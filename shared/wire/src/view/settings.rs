//! Settings of a user as they apply, each with the layer that it comes from.

use super::time;
use super::words::{RiskProfile, SettingLayer, Theme, Time};
use crate::member::{Written, said};
use crate::text::Text;
use domain::identity::{self, Merged, Proposed, QuietHours, TimeZone};
use domain::market::Asset;
use domain::preset::PresetName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserSettings {
    /// An IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// For sums over accounts. Kept for programs and pages: sums of the API are by currency.
    pub quote_currency: String,
    /// The colours of pages.
    pub theme: Theme,
    /// How much risk the user wants. It proposes limits and enforces none.
    pub risk_profile: RiskProfile,
    /// The preset of a bot that names none when it starts. An alert that names none means `default`.
    pub entry_preset: String,
    /// `off`, or two times of a day in `time_zone` that differ, such as `22:00-07:00`. Kept for programs and pages: no notification waits for
    /// its end.
    pub quiet_hours: String,
    /// Where the value of each setting comes from.
    pub from: SettingsFrom,
    /// Account limits that `risk_profile` proposes; none is enforced.
    pub proposed_limits: ProposedLimits,
    /// 0 until something is set.
    pub version: u64,
    /// When the user last changed a setting; null if never.
    pub updated_at: Option<Time>,
}

/// Of each setting `built_in`, `plan`, `user` or `bot`; `run` of a preset that a running bot has started with and does not name itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingsFrom {
    /// Where the value of `time_zone` comes from.
    pub time_zone: SettingLayer,
    /// Where the value of `quote_currency` comes from.
    pub quote_currency: SettingLayer,
    /// Where the value of `theme` comes from.
    pub theme: SettingLayer,
    /// Where the value of `risk_profile` comes from.
    pub risk_profile: SettingLayer,
    /// Where the value of `entry_preset` comes from.
    pub entry_preset: SettingLayer,
    /// Where the value of `quiet_hours` comes from.
    pub quiet_hours: SettingLayer,
}

/// Limits of an account that the risk profile proposes. None is enforced before it is set for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedLimits {
    /// How many positions may be open at once.
    pub open_groups_max: u32,
    /// Of the account's balance, as the other percentages.
    pub exposure_percent: u32,
    /// One entry.
    pub order_percent: u32,
    /// Realised loss of one UTC day after which no entry starts, in percent of the account's balance.
    pub day_loss_percent: u32,
    /// How many times its margin a position of contracts may be worth.
    pub leverage_max: u32,
}

/// Body of `PUT` and `PATCH /api/v1/user-settings`. A setting that is null, or is left out of a `PUT`, is as the plan or the product
/// has it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUserSettings {
    /// An IANA time zone name, such as `Europe/Berlin`; null resets the setting.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub time_zone: Option<Option<Written<TimeZone>>>,
    /// Currency in which programs and pages show sums over accounts; null resets the setting.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 16, pattern = "^[A-Za-z0-9]+$")]
    pub quote_currency: Option<Option<Written<Asset>>>,
    /// The colours of pages; null resets the setting.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Theme>)]
    pub theme: Option<Option<Written<identity::Theme>>>,
    /// Which account limits are proposed to the user; null resets the setting.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<RiskProfile>)]
    pub risk_profile: Option<Option<Written<identity::RiskProfile>>>,
    /// The preset of a bot that names none when it starts; null resets the setting.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[a-z0-9_-]+$")]
    pub entry_preset: Option<Option<Written<PresetName>>>,
    /// `off`, or two different times of day in `time_zone`, such as `22:00-07:00`; null resets the setting.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, pattern = "^(off|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$")]
    pub quiet_hours: Option<Option<Written<QuietHours>>>,
}

impl UserSettings {
    pub fn of(merged: &Merged, kept: &identity::UserSettings) -> Self {
        let Merged { time_zone, quote_currency, theme, risk_profile, entry_preset, quiet_hours } = merged;
        Self {
            time_zone: time_zone.value.to_string(),
            quote_currency: quote_currency.value.to_string(),
            theme: Text(theme.value),
            risk_profile: Text(risk_profile.value),
            entry_preset: entry_preset.value.to_string(),
            quiet_hours: quiet_hours.value.to_string(),
            from: SettingsFrom {
                time_zone: Text(time_zone.from),
                quote_currency: Text(quote_currency.from),
                theme: Text(theme.from),
                risk_profile: Text(risk_profile.from),
                entry_preset: Text(entry_preset.from),
                quiet_hours: Text(quiet_hours.from),
            },
            proposed_limits: risk_profile.value.proposes().into(),
            version: kept.version,
            updated_at: kept.updated_at.map(time),
        }
    }
}

impl From<Proposed> for ProposedLimits {
    fn from(of: Proposed) -> Self {
        let Proposed { open_groups_max, exposure_percent, order_percent, day_loss_percent, leverage_max } = of;
        Self { open_groups_max, exposure_percent, order_percent, day_loss_percent, leverage_max }
    }
}
