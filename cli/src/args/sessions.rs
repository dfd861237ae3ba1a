//! Sessions of `moniqo login`.

use super::id::word;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  moniqo sessions list\n  moniqo sessions delete ses_…")]
pub(crate) struct Sessions {
    #[command(subcommand)]
    pub(crate) act: Option<SessionAct>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SessionAct {
    /// List your sessions; so does `moniqo sessions`
    #[command(after_help = "Example:\n  moniqo sessions list")]
    List,
    /// End a session: its token is no longer valid
    #[command(after_help = "Example:\n  moniqo sessions delete ses_…")]
    Delete {
        /// `ses_…`
        #[arg(value_parser = word)]
        id: String,
    },
}
