//! Sources of whale alerts.

use super::id::source;
use super::list::words;
use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use domain::whale::{Blockchain, SourceKind};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Sources {
    /// List the sources with their state and health
    #[command(after_help = "Examples:\n  moniqo whales sources list\n  moniqo whales sources list -o csv")]
    List,
    /// Show a source: how far it was read, and why it cannot be read
    #[command(after_help = SHOW)]
    Show {
        /// Its id, src_…
        #[arg(value_parser = source)]
        id: String,
        /// Refresh it until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// Add a source; it is read from the next minute on if you enable it. Logged-in users only
    #[command(alias = "create", after_help = ADD)]
    Add(NewSource),
    /// Read a source each minute; logged-in users only
    #[command(after_help = "Example:\n  moniqo whales sources enable src_…")]
    Enable {
        /// Its id, src_…
        #[arg(value_parser = source)]
        id: String,
    },
    /// Stop reading a source; enabled again, it continues where it stopped. Logged-in users only
    #[command(after_help = "Example:\n  moniqo whales sources disable src_…")]
    Disable {
        /// Its id, src_…
        #[arg(value_parser = source)]
        id: String,
    },
    /// Replace all endpoints of a source and its API key; logged-in users only
    #[command(after_help = ENDPOINTS)]
    Endpoints {
        /// Its id, src_…
        #[arg(value_parser = source)]
        id: String,
        #[command(flatten)]
        access: SourceAccess,
    },
    /// Delete a source; its alerts stay as they are. Logged-in users only
    #[command(alias = "delete", after_help = REMOVE)]
    Remove {
        /// Its id, src_…
        #[arg(value_parser = source)]
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NewSource {
    /// Your name for the source, 1 to 40 characters; alerts name it
    #[arg(long)]
    pub(crate) name: String,
    /// How its endpoints are queried
    #[arg(long, value_parser = words::<SourceKind>().try_map(|word| word.parse::<SourceKind>()))]
    pub(crate) kind: SourceKind,
    /// json_rpc reads ethereum and binance_smart_chain, esplora reads bitcoin, whale_alert and whale_alert_list read bitcoin and ethereum
    #[arg(long, value_parser = words::<Blockchain>().try_map(|word| word.parse::<Blockchain>()))]
    pub(crate) blockchain: Blockchain,
    /// With json_rpc: read only transfers of tokens, not of the chain's own coin; takes much less data
    #[arg(long)]
    pub(crate) tokens_only: bool,
    /// Read it from the next minute on
    #[arg(long)]
    pub(crate) enabled: bool,
    #[command(flatten)]
    pub(crate) access: SourceAccess,
}

/// Endpoints and keys are no arguments: a shell's history would store them.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct SourceAccess {
    /// A JSON file with the endpoints, or `-` for standard input
    #[arg(long)]
    pub(crate) from_file: Option<PathBuf>,
}

const SHOW: &str = "\
Examples:
  moniqo whales sources show src_…
  moniqo whales sources show src_… --watch

`fault` is why the last run could not read it. It is read again at `again at`, after 1 hour at the latest.";

const ADD: &str = "\
Examples:
  moniqo whales sources add --name nodes --kind json_rpc --blockchain ethereum
  moniqo whales sources add --name explorers --kind esplora --blockchain bitcoin --enabled --from-file explorers.json
  … | moniqo whales sources add --name whale-alert --kind whale_alert --blockchain bitcoin

You type the endpoints, hidden, or they are read from a file or a pipe: {\"endpoints\": [\"https://…\", \"https://…\"]}, with
\"api_key\" for whale_alert. json_rpc and esplora need two or three endpoints of different hosts, which have to agree; the key
of a provider is a part of its address. whale_alert needs one endpoint and an API key.

All of it is encrypted. Only the hosts are shown again.

Then:
  moniqo whales sources enable src_…
  moniqo whales sources show src_…";

const ENDPOINTS: &str = "\
Examples:
  moniqo whales sources endpoints src_…
  moniqo whales sources endpoints src_… --from-file nodes.json
  … | moniqo whales sources endpoints src_…

You type them, hidden, or they are read from a file or a pipe, as for `add`. Reading continues at the same block.";

const REMOVE: &str = "\
Examples:
  moniqo whales sources remove src_…
  moniqo whales sources remove src_… --yes

It asks for confirmation at a terminal. Provisional alerts of the source stay provisional.";
