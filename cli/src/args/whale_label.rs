//! Labels of addresses.

use super::id::label;
use super::list::words;
use clap::{Args, Subcommand};
use domain::whale::{Blockchain, LabelCategory, LabelRole};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Labels {
    /// List labels of addresses, by blockchain and address
    #[command(after_help = LIST)]
    List(LabelList),
    /// Show the label of an address
    #[command(after_help = "Example:\n  moniqo whales labels show ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    Show {
        /// Its blockchain and the address
        #[arg(value_name = "BLOCKCHAIN:ADDRESS", value_parser = label)]
        id: String,
    },
    /// Set the label of an address; one that it has is replaced
    #[command(alias = "add", after_help = SET)]
    Set(SetLabel),
    /// Set labels from a CSV file; those of other addresses stay
    #[command(after_help = IMPORT)]
    Import {
        /// The file, or `-` for standard input
        #[arg(required_unless_present = "shipped")]
        file: Option<PathBuf>,
        /// The labels that are shipped, each with its source: addresses that Binance has published
        #[arg(long, conflicts_with = "file")]
        shipped: bool,
    },
    /// Delete the label of an address
    #[command(
        alias = "delete",
        after_help = "Example:\n  moniqo whales labels remove ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
    )]
    Remove {
        /// Its blockchain and the address
        #[arg(value_name = "BLOCKCHAIN:ADDRESS", value_parser = label)]
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct LabelList {
    /// Only on this blockchain
    #[arg(long, value_parser = words::<Blockchain>())]
    pub(crate) blockchain: Option<String>,
    /// Only of this owner, such as binance
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// Only of owners of this category
    #[arg(long, value_parser = words::<LabelCategory>())]
    pub(crate) category: Option<String>,
    /// Only in this role
    #[arg(long, value_parser = words::<LabelRole>())]
    pub(crate) role: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SetLabel {
    /// Its blockchain and the address
    #[arg(value_name = "BLOCKCHAIN:ADDRESS", value_parser = label)]
    pub(crate) id: String,
    /// The owner; one owner has one name on all blockchains
    #[arg(long)]
    pub(crate) owner: String,
    /// What the owner is
    #[arg(long, value_parser = words::<LabelCategory>())]
    pub(crate) category: String,
    /// What the owner uses the address for
    #[arg(long, value_parser = words::<LabelRole>())]
    pub(crate) role: Option<String>,
    /// Where it was published, or why it is believed
    #[arg(long)]
    pub(crate) source: String,
    /// The day on which that was so; today if not given
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<String>,
    /// From 0 to 100; 100 if the owner has published it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) confidence: u8,
}

const LIST: &str = "\
Examples:
  moniqo whales labels list --owner binance
  moniqo whales labels list --blockchain ethereum --category exchange
  moniqo whales labels list -o csv > labels.csv

What is written as CSV can be imported again.";

const SET: &str = "\
Example:
  moniqo whales labels set ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed --owner binance --category exchange --source reserves --confidence 100

A transfer to or from an exchange is an inflow or an outflow, one between addresses of one owner is internal, and one to or from
a dex or a defi protocol is no alert. It counts from the next minute on; alerts that were created before stay as they are.";

const IMPORT: &str = "\
Examples:
  moniqo whales labels import labels.csv
  … | moniqo whales labels import -
  moniqo whales labels import --shipped

The first line names the columns, in any order:
  blockchain,address,owner,category,role,source,as_of,confidence
  ethereum,0x…,binance,exchange,hot,https://exchange.example.com/reserves,2026-01-31,100

role and as_of may be empty. The file is checked before anything is sent; import it again if the import was interrupted.";
