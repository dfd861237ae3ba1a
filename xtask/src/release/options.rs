//! What can be typed after `cargo xtask deploy`.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::aws_cli::DEPLOY_REGION;
use crate::deploy::DEPLOYMENT;
use crate::failure::{Result, While};
use crate::place::{Place, StackFolder};
use crate::throwaway;
use domain::market::{BadSymbol, Exchange};

pub(crate) const EXAMPLES: &str = "\
Examples:
  cargo xtask deploy --dry-run                         everything that needs no account
  cargo xtask deploy --profile trading --seed          the first time: with a user and a paper account
  cargo xtask deploy --profile trading                 a release
  cargo xtask deploy --profile trading --dashboard on  the dashboard too, at an address of CloudFront
  cargo xtask deploy --profile trading --back          every function to the version before
  cargo xtask deploy --egress nat-instance             a fixed address for the keys' address lists";

#[derive(Debug, Clone, Args)]
pub(crate) struct DeployOptions {
    /// Where; venues such as Binance refuse addresses in the United States
    #[arg(long, default_value = DEPLOY_REGION)]
    pub(crate) region: String,
    /// Name of the stack and prefix of every name in it; several can live in one account
    #[arg(long, default_value = DEPLOYMENT, value_parser = deployment)]
    pub(crate) deployment: String,
    /// What the functions are built for
    #[arg(long, value_enum, default_value_t = Arch::X86_64)]
    pub(crate) arch: Arch,
    /// By which door functions leave that talk to venues; a door that was chosen stays
    #[arg(long, value_enum)]
    pub(crate) egress: Option<Egress>,
    /// Profile of the AWS command line whose credentials are used
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// ARN of the SNS topic that alarms notify; one that was named stays
    #[arg(long, value_name = "ARN")]
    pub(crate) alarm_topic: Option<String>,
    /// As whom e-mail is sent, an address that SES has verified; one that was named stays
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mail_sender: Option<String>,
    /// Whose pages may ask the API from a browser, such as https://desk.example.com (can be repeated), or `none`; those
    /// that were named stay
    #[arg(long = "cors-origin", value_name = "ORIGIN")]
    pub(crate) cors_origins: Vec<String>,
    /// Exchange whose markets are listed, and whose candles can be asked for, though nobody has an account there (can be
    /// repeated), or `none`; those that were named stay, at first BINANCE
    #[arg(long = "markets-of", value_name = "EXCHANGE", value_parser = exchange)]
    pub(crate) markets_of: Vec<String>,
    /// Whether people may register by themselves, as viewers; what was chosen stays
    #[arg(long, value_enum)]
    pub(crate) registration: Option<Registration>,
    /// How often one address may ask in a minute for what needs no token; what was chosen stays
    #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) auth_per_minute: Option<u32>,
    /// Whether the dashboard is served, with the API under one address of CloudFront; what was chosen stays
    #[arg(long, value_enum)]
    pub(crate) dashboard: Option<Switch>,
    /// Draw a new secret by which CloudFront proves itself to the API; the one before is believed until the next is drawn
    #[arg(long, conflicts_with_all = ["back", "dry_run"])]
    pub(crate) renew_dashboard_secret: bool,
    /// Whether alarms watch how long answers and first orders take; what was chosen stays
    #[arg(long, value_enum)]
    pub(crate) latency_alarm: Option<Switch>,
    /// Whether the planner of candles waits inside its minute until they may be asked for; what was chosen stays
    #[arg(long, value_enum)]
    pub(crate) planner_waits: Option<Switch>,
    /// How many parts of one sweep are played at once; what was chosen stays
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) backtest_workers: Option<u32>,
    /// How many backtests go on at once, everybody's together; what was chosen stays
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) backtests_at_once: Option<u32>,
    /// ARN of a key of KMS that the vault uses (can be repeated, the newest first), or `none` for the stack's own: the
    /// first seals, all open; those that were named stay
    #[arg(long = "vault-key", value_name = "ARN", value_parser = key)]
    pub(crate) vault_keys: Vec<String>,
    /// ARN of a key that opens signatures of closed days and nothing else (can be repeated), or `none`; those that were
    /// named stay
    #[arg(long = "former-vault-key", value_name = "ARN", value_parser = key)]
    pub(crate) former_vault_keys: Vec<String>,
    /// Also make what `up` makes: a user with tokens, a paper account and recorded prices
    #[arg(long)]
    pub(crate) seed: bool,
    /// Ask nothing; what would replace or delete data is refused
    #[arg(long)]
    pub(crate) yes: bool,
    /// Do all that needs no account: check the template, build, package, say what would be done
    #[arg(long, conflicts_with = "back")]
    pub(crate) dry_run: bool,
    /// Switch every function to the version before; build and change nothing
    #[arg(long)]
    pub(crate) back: bool,
    /// An emulator instead of AWS
    #[arg(long, hide = true, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// What the tests run, built with them
    #[arg(long, hide = true)]
    pub(crate) dev_build: bool,
    /// What lies there of it; nothing is built
    #[arg(long, hide = true, requires = "dev_build")]
    pub(crate) staged: bool,
    /// Files of a dashboard that are there; none is built
    #[arg(long, hide = true, requires = "dev_build", value_name = "PATH")]
    pub(crate) dashboard_files: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arch {
    #[value(name = "x86_64")]
    X86_64,
    Arm64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Egress {
    /// No fixed address, free
    Shared,
    /// A fixed address through one small instance, about 7 USD a month
    NatInstance,
    /// A fixed address through AWS's gateway, about 37 USD a month
    NatGateway,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Registration {
    /// An admin makes people
    Closed,
    /// Whoever asks becomes a viewer
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl Arch {
    /// As Lambda calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// As Rust calls it.
    pub(crate) fn target(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-unknown-linux-gnu",
            Self::Arm64 => "aarch64-unknown-linux-gnu",
        }
    }
}

impl Egress {
    fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::NatInstance => "nat-instance",
            Self::NatGateway => "nat-gateway",
        }
    }
}

impl Registration {
    fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
        }
    }
}

impl Switch {
    fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

/// Takes away what was named before.
const NONE: &str = "none";
/// Answers with the address that it is asked from; kept by AWS.
const ECHO: &str = "https://checkip.amazonaws.com";

#[derive(Debug, Parser)]
struct Typed {
    #[command(flatten)]
    options: DeployOptions,
}

impl DeployOptions {
    /// What somebody would have typed behind `deploy`, for commands that work on a deployment too. With AWS_ENDPOINT_URL
    /// set, an emulator stands for the account.
    pub(crate) fn of(words: &[&str]) -> Result<Self> {
        let emulator = std::env::var("AWS_ENDPOINT_URL").ok().filter(|url| !url.is_empty());
        let there = emulator.iter().flat_map(|url| ["--dev-build", "--endpoint", url]);
        let words = std::iter::once("deploy").chain(words.iter().copied()).chain(there);
        Typed::try_parse_from(words).map(|typed| typed.options).while_doing("naming the deployment")
    }

    /// What this machine keeps of the deployment.
    pub(crate) fn folder(&self, place: &Place) -> Result<StackFolder> {
        place.stack(&format!("{}-{}", self.deployment, self.region))
    }

    /// What is not named here keeps the value that it has in the account.
    pub(crate) fn parameters(&self) -> Vec<String> {
        let emulated = self.endpoint.is_some();
        let mut parameters = vec![
            format!("Deployment={}", self.deployment),
            format!("Architecture={}", self.arch.name()),
            format!("IamConditions={}", !emulated),
            format!("AddressEcho={}", if emulated { "" } else { ECHO }),
        ];
        parameters.extend(self.egress.map(|door| format!("Egress={}", door.name())));
        parameters.extend(self.alarm_topic.as_ref().map(|topic| format!("AlarmTopicArn={topic}")));
        parameters.extend(self.mail_sender.as_ref().map(|sender| format!("MailSender={sender}")));
        parameters.extend(self.registration.map(|who| format!("Registration={}", who.name())));
        parameters.extend(self.auth_per_minute.map(|times| format!("AuthPerMinute={times}")));
        parameters.extend(self.dashboard.map(|switch| format!("Dashboard={}", switch.name())));
        parameters.extend(self.latency_alarm.map(|switch| format!("LatencyAlarm={}", switch.name())));
        parameters.extend(self.backtest_workers.map(|workers| format!("BacktestWorkers={workers}")));
        parameters.extend(self.backtests_at_once.map(|count| format!("BacktestsAtOnce={count}")));
        parameters.extend(self.planner_waits.map(|switch| format!("PlannerWaits={}", switch.name())));
        for (parameter, values) in [
            ("CorsOrigins", &self.cors_origins),
            ("MarketsOf", &self.markets_of),
            ("VaultKeyArns", &self.vault_keys),
            ("FormerVaultKeyArns", &self.former_vault_keys),
        ] {
            if !values.is_empty() {
                parameters.push(format!("{parameter}={}", listed(values)));
            }
        }
        parameters
    }

    /// The options that name the same deployment again.
    pub(crate) fn repeated(&self) -> String {
        let mut words = String::new();
        let mut add = |option: &str, value: &str| words.push_str(&format!(" --{option} {value}"));
        if self.region != DEPLOY_REGION {
            add("region", &self.region);
        }
        if self.deployment != DEPLOYMENT {
            add("deployment", &self.deployment);
        }
        if let Some(profile) = &self.profile {
            add("profile", profile);
        }
        words
    }
}

/// With commas between.
fn listed(values: &[String]) -> String {
    values.iter().filter(|value| *value != NONE).map(String::as_str).collect::<Vec<_>>().join(",")
}

fn exchange(text: &str) -> std::result::Result<String, String> {
    if text == NONE {
        return Ok(text.to_owned());
    }
    let exchange: Exchange = text.parse().map_err(|error: BadSymbol| format!("{error}, or none"))?;
    Ok(exchange.to_string())
}

/// A role is given rights to a key by its ARN: an alias is none.
fn key(text: &str) -> std::result::Result<String, String> {
    let is_key = text.starts_with("arn:") && text.contains(":kms:") && text.contains(":key/") && !text.contains(',');
    let fits = is_key || text == NONE;
    if fits { Ok(text.to_owned()) } else { Err("must be the ARN of a key, arn:…:key/…, or none".to_owned()) }
}

/// As the template's pattern says; a throw-away name would be taken away with whatever begins like it.
fn deployment(text: &str) -> std::result::Result<String, String> {
    let fits = (2..=24).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !fits {
        return Err("must be 2 to 24 lower-case letters, digits and hyphens, a letter first".to_owned());
    }
    let prefix = throwaway::PREFIX;
    if text.starts_with(prefix) {
        return Err(format!(
            "must not begin with {prefix}: `cargo xtask test --aws` makes what is called so, and deletes it"
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 2] = ["arn:aws:kms:eu-west-1:123456789012:key/a", "arn:aws:kms:eu-west-1:123456789012:key/b"];

    fn named(words: &[&str]) -> Option<Vec<String>> {
        let typed = Typed::try_parse_from(std::iter::once(&"deploy").chain(words)).ok()?;
        let parameters = typed.options.parameters().into_iter();
        Some(parameters.filter(|parameter| parameter.contains("VaultKeyArns")).collect())
    }

    #[test]
    fn keys_of_the_vault_are_named_in_their_order_and_those_that_were_named_stay() {
        let [a, b] = KEYS;
        let both = vec![format!("VaultKeyArns={a},{b}")];
        assert_eq!(named(&["--vault-key", a, "--vault-key", b]), Some(both));
        let taken_away = vec![format!("VaultKeyArns={a}"), "FormerVaultKeyArns=".to_owned()];
        assert_eq!(named(&["--vault-key", a, "--former-vault-key", "none"]), Some(taken_away));
        assert_eq!(named(&[]), Some(Vec::new()));
        for wrong in ["alias/moniqo-vault", "a", "arn:aws:kms:eu-west-1:123456789012:alias/moniqo-vault", ""] {
            assert_eq!(named(&["--vault-key", wrong]), None, "{wrong}");
        }
    }
}
