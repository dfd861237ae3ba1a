//! Dead letters: messages that could not be processed.

use super::id::parked;
use super::{List, Whose};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum DeadLetters {
    /// List open and ended dead letters, newest first
    #[command(
        after_help = "Examples:\n  moniqo dead-letters list\n  moniqo dead-letters list --deployment -o json | jq '.items[].why'\n\nRows are deleted after 90 days. The alarm `parked` stays on while a dead letter is open."
    )]
    List(DeadLetterList),
    /// Show a dead letter with its message and the effect of a retry
    #[command(after_help = "Example:\n  moniqo dead-letters show prk_…")]
    Show {
        /// A dead letter, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Process the message again; a second retry has no effect
    #[command(
        after_help = "Example:\n  moniqo dead-letters retry prk_…\n\nA wake-up message is sent to its position again. An alert is decided again: an old entry is `stale`.\nAn unreadable message is sent again as it came. Discard scheduler ticks: they have no effect."
    )]
    Retry {
        /// A dead letter, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
    },
    /// Discard the message without processing it
    #[command(
        alias = "drop",
        after_help = "Example:\n  moniqo dead-letters discard prk_… --reason \"sent by a broken script\""
    )]
    Discard {
        /// A dead letter, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
        /// The reason, for the audit log
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DeadLetterList {
    /// Dead letters of the deployment rather than of a user; needs the scope `system`
    #[arg(long, conflicts_with = "user")]
    pub(crate) deployment: bool,
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) list: List,
}
