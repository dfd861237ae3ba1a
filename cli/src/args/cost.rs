//! Numbers of a month to be priced.

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;

pub(super) const HELP: &str = "\
Examples:
  moniqo cost                                     an idle month, and what is promised
  moniqo cost --alerts-per-day 200 --duplicates-per-alert 0.1 --orders-per-alert 0.5
  moniqo cost --alerts-per-day 48 --orders-per-alert 1 --exits-per-alert 0.5
  moniqo cost --live-accounts 3 --hours-live 24 --region eu-central-1 --arch arm64
  moniqo cost -o json | jq '.total_usd_after_free'

How alerts are told apart, of 48 a day:
  --orders-per-alert 1      every second alert opens a group, which has two orders: its entry and its exit
  --exits-per-alert 0.5     every other alert closes one at the market; without it each group takes its profit
  all others                are decided and open nothing
  --live-accounts           what is open is watched every ten seconds: that is counted by the hour, not by the alert

Work is counted in calls and units by a test; how long functions wait for AWS is assumed (docs/cost.md says how long).
USD, without taxes.";

#[derive(Debug, Args)]
pub(crate) struct Cost {
    /// Alerts that arrive for the first time, on an average day
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) alerts_per_day: Decimal,
    /// How often each of them comes again; may be a fraction
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) duplicates_per_alert: Decimal,
    /// Orders that an alert leads to: 2 where each opens a group that is closed again; may be a fraction
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) orders_per_alert: Decimal,
    /// Alerts that close the group of an earlier one, which takes its profit otherwise; may be a fraction, and no more
    /// than there are groups and other alerts
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) exits_per_alert: Decimal,
    /// Accounts with a position group that is not closed
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) live_accounts: Decimal,
    /// How long they have one, of each day
    #[arg(long, default_value = "24", value_parser = hours)]
    pub(crate) hours_live: Decimal,
    /// Series of candles of a minute that are fetched
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) series: Decimal,
    /// Whose prices; without it, those of the default region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The processor that functions are deployed on
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
