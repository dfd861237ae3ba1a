//! Entries stopped and allowed again, by hand or after a restore.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Stop {
    /// The reason, for the audit log
    #[arg(long)]
    pub(crate) reason: String,
    /// Id or label of one account; all of your accounts if left out
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Entries of all users of the deployment; needs the scope `system`
    #[arg(long, conflicts_with = "account")]
    pub(crate) system: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Halt {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Only let no entry start: those that rest at the exchange stay
    #[arg(long, conflicts_with = "system")]
    pub(crate) reducing: bool,
    /// Sell every position at the market as well; asks for a code first
    #[arg(long, conflicts_with = "reducing")]
    pub(crate) flatten: bool,
    /// Another user, of --flatten: for an admin who logged in with a second factor less than 15 minutes ago, as --system is
    #[arg(long, value_name = "ID", requires = "flatten", conflicts_with = "system")]
    pub(crate) user: Option<String>,
    /// The code that --flatten has shown, to sell all of it
    #[arg(long, value_name = "CODE", requires = "flatten")]
    pub(crate) code: Option<String>,
    /// Until when, of --reducing: a time such as 2030-01-01T00:00:00Z; until you resume if left out
    #[arg(long, value_name = "TIME", requires = "reducing")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Confirm that trading may resume
    #[arg(long, requires = "reason")]
    pub(crate) confirm: bool,
    /// The reason, for the audit log
    #[arg(long, requires = "confirm")]
    pub(crate) reason: Option<String>,
    /// Id or label of an account that stays halted because its exchange cannot be queried; may be repeated
    #[arg(long, value_name = "ACCOUNT", requires = "confirm")]
    pub(crate) leave_out: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Only show the entries that would start
    #[arg(long, conflicts_with = "system")]
    pub(crate) dry_run: bool,
}
