//! What is said of exchanges and chains.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Wallets {
    /// List those where accounts may be connected
    #[command(after_help = "Examples:\n  moniqo wallets list\n  moniqo wallets list --inactive")]
    List {
        /// Those as well that are not active
        #[arg(long)]
        inactive: bool,
    },
    /// Show one as it is kept, as JSON
    #[command(after_help = "Example:\n  moniqo wallets show wlt_…")]
    Show {
        /// `wlt_…`, as `wallets list` shows it
        id: String,
    },
    /// Define one (admins)
    #[command(
        after_help = "Example:\n  moniqo wallets add gate.json\n\nThe file: {\"name\": \"Gate\", \"type\": \"CEX\", \"provider\": \"gate\"}, and what else `wallets show` shows of another."
    )]
    Add {
        /// A JSON file, or `-` for standard input
        file: PathBuf,
    },
    /// Say anew what one is (admins); its provider stays
    #[command(after_help = "Example:\n  moniqo wallets set wlt_… gate.json")]
    Set {
        /// `wlt_…`, as `wallets list` shows it
        id: String,
        /// A JSON file as for `wallets add`, or `-` for standard input
        file: PathBuf,
    },
    /// Take one away (admins); accounts that are there stay
    #[command(after_help = "Example:\n  moniqo wallets remove wlt_…")]
    Remove {
        /// `wlt_…`, as `wallets list` shows it
        id: String,
    },
}
