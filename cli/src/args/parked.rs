//! What nobody could carry out.

use super::id::parked;
use super::{List, Whose};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Parked {
    /// List what waits for you and what has ended, newest first
    #[command(
        after_help = "Examples:\n  moniqo parked list\n  moniqo parked list --deployment -o json | jq '.items[].why'\n\nRows go after 90 days. The alarm `parked` lasts as long as any of them waits."
    )]
    List(ParkedList),
    /// Show one, with its message and what a retry would do
    #[command(after_help = "Example:\n  moniqo parked show prk_…")]
    Show {
        /// A parked message, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Carry it out again; the same again sends nothing
    #[command(
        after_help = "Example:\n  moniqo parked retry prk_…\n\nA bell rings its position group again. An alert is decided anew: an entry that has grown old is `stale`.\nA message that was not understood is sent again as it came. Ticks are worth nothing: drop them."
    )]
    Retry {
        /// A parked message, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
    },
    /// End it without carrying it out
    #[command(after_help = "Example:\n  moniqo parked drop prk_… --reason \"sent by a broken script\"")]
    Drop {
        /// A parked message, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
        /// Why, for the audit
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ParkedList {
    /// What is nobody's own; your token's scopes must include `system`
    #[arg(long, conflicts_with = "user")]
    pub(crate) deployment: bool,
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) list: List,
}
