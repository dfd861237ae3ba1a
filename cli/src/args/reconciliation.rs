//! Differences between accounts and their exchanges.

use super::Whose;
use super::id::{account, word};
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Reconcile {
    #[command(subcommand)]
    pub(crate) act: Option<ReconcileAct>,
    #[command(flatten)]
    pub(crate) list: Differences,
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Differences {
    /// Only this account, by its id or label
    #[arg(long)]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReconcileAct {
    /// Show the differences; so does `moniqo reconciliation`
    #[command(after_help = "Example:\n  moniqo reconciliation list --account default")]
    List(Differences),
    /// Check an account now
    #[command(after_help = "Example:\n  moniqo reconciliation run acc_…")]
    Run(Run),
    /// Carry out a proposed repair
    #[command(after_help = "Example:\n  moniqo reconciliation accept acc_… prp_… --reason \"sold there by hand\"\n
Only `close_over_missing` can be carried out; other proposals describe what to do. See docs/runbooks/drift.md.")]
    Accept(Accept),
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// An account, `acc_…`
    #[arg(value_parser = account)]
    pub(crate) account: String,
}

#[derive(Debug, Args)]
pub(crate) struct Accept {
    /// An account, `acc_…`
    #[arg(value_parser = account)]
    pub(crate) account: String,
    /// A proposal, `prp_…`
    #[arg(value_parser = word)]
    pub(crate) proposal: String,
    /// The reason, for the audit log
    #[arg(long)]
    pub(crate) reason: String,
}
