//! Entries stopped and allowed again, by hand or after a restore.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Stop {
    /// Why, for the audit
    #[arg(long)]
    pub(crate) reason: String,
    /// Id or label of one account; all of yours where it is left out
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Everybody's entries, of the whole deployment; your token's scopes must include `system`
    #[arg(long, conflicts_with = "account")]
    pub(crate) system: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Say that the table is to be acted upon from now on
    #[arg(long, requires = "reason")]
    pub(crate) confirm: bool,
    /// Why, for the audit
    #[arg(long, requires = "confirm")]
    pub(crate) reason: Option<String>,
    /// Id or label of an account that waits on, since its venue cannot be asked; may be given again
    #[arg(long, value_name = "ACCOUNT", requires = "confirm")]
    pub(crate) leave_out: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Only show what would start
    #[arg(long, conflicts_with = "system")]
    pub(crate) dry_run: bool,
}
