//! Large transfers on blockchains.

use super::id::whale;
use super::list::{List, words};
use super::logs::Span;
use super::whale_label::Labels;
use super::whale_source::Sources;
use clap::{Args, Subcommand};
use domain::whale::{Blockchain, TransactionType, WhaleStatus};

#[derive(Debug, Subcommand)]
pub(crate) enum Whales {
    /// List whale alerts, newest first
    #[command(after_help = LIST)]
    List(Box<WhaleList>),
    /// Show a whale alert
    #[command(after_help = "Example:\n  moniqo whales show wha_…")]
    Show {
        /// Its id, wha_…
        #[arg(value_parser = whale)]
        id: String,
    },
    /// Show how many whale alerts there were, and of what
    #[command(after_help = "Examples:\n  moniqo whales stats\n  moniqo whales stats --currency BTC --days 30")]
    Stats {
        /// Only of this asset, such as BTC
        #[arg(long)]
        currency: Option<String>,
        /// UTC days, today included; max. 90
        #[arg(long, default_value = "7", value_name = "N")]
        days: u32,
    },
    /// Show what whale alerts and prices say of each market, hour by hour
    #[command(after_help = SENTIMENT)]
    Sentiment(Sentiment),
    /// Set where large transfers are read: nodes, explorers, Whale Alert (admins)
    #[command(subcommand)]
    Sources(Sources),
    /// Set who owns addresses, which tells inflows from outflows (admins)
    #[command(subcommand)]
    Labels(Labels),
}

const LIST: &str = "Examples:\n  moniqo whales list\n  moniqo whales list --currency BTC --min-usd 10000000\n  \
    moniqo whales list --type exchange_inflow --watch\n\n\
    Of the last seven days, if --since is not given. What is created, destroyed or moved within an owner is listed only with --type, and what was orphaned \
    with --status orphaned.";

const SENTIMENT: &str = "Examples:\n  moniqo whales sentiment\n  moniqo whales sentiment --symbol BTC --hours 24\n\n\
    From -1 to 1: positive above 0.2, negative below -0.2. It is stored hourly while a source of whale alerts is enabled, for markets by which \
    alerts are priced. It is no forecast: moniqo whales stats shows what prices did after alerts.";

#[derive(Debug, Clone, Args)]
pub(crate) struct Sentiment {
    /// Only of this market, such as BTC/USDT, or of this asset
    #[arg(long)]
    pub(crate) symbol: Option<String>,
    /// Of so many hours, and not of the newest alone; max. 168
    #[arg(long, value_name = "N")]
    pub(crate) hours: Option<u32>,
    #[command(flatten)]
    pub(crate) list: List,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct WhaleList {
    /// Only of this asset, such as BTC
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// Only on this blockchain
    #[arg(long, value_parser = words::<Blockchain>())]
    pub(crate) blockchain: Option<String>,
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = words::<TransactionType>())]
    pub(crate) kind: Option<String>,
    /// Only in this status
    #[arg(long, value_parser = words::<WhaleStatus>())]
    pub(crate) status: Option<String>,
    /// Worth at least, in USD
    #[arg(long, value_name = "USD")]
    pub(crate) min_usd: Option<String>,
    /// Scored at least, from 1 to 10
    #[arg(long, value_name = "N")]
    pub(crate) min_score: Option<String>,
    #[command(flatten)]
    pub(crate) span: Span,
    #[command(flatten)]
    pub(crate) list: List,
}
