//! Settings of a user.

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  moniqo settings\n  moniqo settings --time-zone Europe/Berlin --quiet-hours 22:00-07:00\n  moniqo settings --reset theme --reset quiet_hours\n  moniqo settings --bot bot_… -o json"
)]
pub(crate) struct Settings {
    /// An IANA time zone, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// For sums over accounts, such as EUR
    #[arg(long, value_name = "CURRENCY")]
    pub(crate) quote_currency: Option<String>,
    /// system, light or dark
    #[arg(long)]
    pub(crate) theme: Option<String>,
    /// conservative, balanced or aggressive: proposes limits for accounts, enforces none
    #[arg(long, value_name = "PROFILE")]
    pub(crate) risk_profile: Option<String>,
    /// The preset of bots that name none when they start; an alert that names none means `default`
    #[arg(long, value_name = "PRESET")]
    pub(crate) entry_preset: Option<String>,
    /// off, or two times of a day in your time zone, such as 22:00-07:00
    #[arg(long, value_name = "HOURS")]
    pub(crate) quiet_hours: Option<String>,
    /// Show the settings as they apply to this bot, `bot_…`
    #[arg(long, value_name = "BOT", conflicts_with_all = ["time_zone", "quote_currency", "theme", "risk_profile", "entry_preset", "quiet_hours", "reset"])]
    pub(crate) bot: Option<String>,
    /// Reset a setting to its default; may be repeated
    #[arg(long, value_name = "SETTING")]
    pub(crate) reset: Vec<String>,
}
