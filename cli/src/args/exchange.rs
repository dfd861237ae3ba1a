//! Exchanges and chains.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Exchanges {
    /// List exchanges and chains that accounts can be created at
    #[command(after_help = "Examples:\n  moniqo exchanges list\n  moniqo exchanges list --inactive")]
    List {
        /// Inactive ones too
        #[arg(long)]
        inactive: bool,
    },
    /// Show an exchange as JSON
    #[command(after_help = "Example:\n  moniqo exchanges show wlt_…")]
    Show {
        /// `wlt_…`, see `exchanges list`
        id: String,
    },
    /// Create an exchange (admins)
    #[command(
        alias = "add",
        after_help = "Example:\n  moniqo exchanges create gate.json\n\nThe file: {\"name\": \"Gate\", \"type\": \"CEX\", \"provider\": \"gate\"}, and the members that `exchanges show` prints."
    )]
    Create {
        /// A JSON file, or `-` for standard input
        file: PathBuf,
    },
    /// Replace the definition of an exchange (admins); its provider stays
    #[command(alias = "set", after_help = "Example:\n  moniqo exchanges edit wlt_… gate.json")]
    Edit {
        /// `wlt_…`, see `exchanges list`
        id: String,
        /// A JSON file as for `exchanges create`, or `-` for standard input
        file: PathBuf,
    },
    /// Delete an exchange (admins); its accounts stay
    #[command(alias = "remove", after_help = "Example:\n  moniqo exchanges delete wlt_…")]
    Delete {
        /// `wlt_…`, see `exchanges list`
        id: String,
    },
}
