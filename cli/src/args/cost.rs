//! Numbers of a month to be priced.

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;

pub(super) const HELP: &str = "\
Examples:
  moniqo cost                                     an idle month, and the targets
  moniqo cost --alerts-per-day 200 --duplicates-per-alert 0.1 --orders-per-alert 0.5
  moniqo cost --alerts-per-day 48 --orders-per-alert 1 --exits-per-alert 0.5
  moniqo cost --live-accounts 3 --hours-live 24 --region eu-central-1 --arch arm64
  moniqo cost -o json | jq '.total_usd_after_free'

Kinds of alerts, of 48 a day:
  --orders-per-alert 1      every second alert opens a position with two orders: entry and exit
  --exits-per-alert 0.5     every other alert closes a position at the market; otherwise positions take their profit
  all others                are ignored or refused
  --live-accounts           open positions are checked every ten seconds: counted by the hour, not by the alert

Calls and units are counted by a test; the time that functions wait for AWS is assumed (see docs/cost.md).
USD, without taxes.";

#[derive(Debug, Args)]
pub(crate) struct Cost {
    /// Alerts on an average day, without duplicates
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) alerts_per_day: Decimal,
    /// Duplicates of each alert; may be a fraction
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) duplicates_per_alert: Decimal,
    /// Orders per alert: 2 if each alert opens a position that is closed later; may be a fraction
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) orders_per_alert: Decimal,
    /// Share of alerts that close a position; other positions take their profit. At most the number of positions and other alerts
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) exits_per_alert: Decimal,
    /// Accounts with an open position
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) live_accounts: Decimal,
    /// Hours a day with an open position
    #[arg(long, default_value = "24", value_parser = hours)]
    pub(crate) hours_live: Decimal,
    /// Subscribed series of one-minute candles
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) series: Decimal,
    /// Enabled sources of whale alerts
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) whale_sources: Decimal,
    /// Whale alerts per day
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) whale_alerts: Decimal,
    /// The AWS region; the default region if left out
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The processor of the functions
    #[arg(long, value_enum, default_value_t = Arch::X86_64)]
    pub(crate) arch: Arch,
}

/// As AWS and the template name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arch {
    #[value(name = "x86_64")]
    X86_64,
    Arm64,
}

/// What an amount of a model may be: more than any account will see.
const AMOUNT_MAX: Decimal = Decimal::from_parts(100_000_000, 0, 0, false, 0);

fn amount(text: &str) -> Result<Decimal, &'static str> {
    let amount = text.parse().map_err(|_| "must be a number, such as 20 or 0.5")?;
    let fits = (Decimal::ZERO..=AMOUNT_MAX).contains(&amount);
    if fits { Ok(amount) } else { Err("must be from 0 to 100000000") }
}

fn hours(text: &str) -> Result<Decimal, &'static str> {
    let hours = amount(text)?;
    if hours <= Decimal::from(24) { Ok(hours) } else { Err("must be from 0 to 24: a day has no more") }
}
