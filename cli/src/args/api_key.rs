//! What is said of keys of programs.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum ApiKeys {
    /// List your API keys with their scopes and last use
    #[command(after_help = "Example:\n  moniqo api-keys list")]
    List,
    /// Show an API key
    #[command(after_help = "Example:\n  moniqo api-keys show key_…")]
    Show {
        /// `key_…`
        id: String,
    },
    /// Create an API key for a program; its secret is printed only once
    #[command(
        after_help = "Examples:\n  moniqo api-keys create \"night bot\" --scope trading:read\n  moniqo api-keys create trader --scope trading:read --scope trading:write --from 203.0.113.0/24 --expires-at 2030-01-01T00:00:00Z\n  moniqo api-keys create desk --scope trading:read --scope orders:write --order-account acc_… --order-market BTC/USDT --order-quote-max 50 --day-quote-max 200\n\nA key never has more permissions than you. No operation needs `orders:write` yet: orders by hand are not built."
    )]
    Create {
        /// Your name for the API key
        name: String,
        /// A permission of the key, `resource:action`; `moniqo users me` lists yours
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<String>,
        #[command(flatten)]
        bounds: KeyBounds,
    },
    /// Change the name, scopes, networks or expiry of an API key
    #[command(
        alias = "set",
        after_help = "Examples:\n  moniqo api-keys edit key_… --name \"day bot\"\n  moniqo api-keys edit key_… --scope trading:read --from 203.0.113.7"
    )]
    Edit {
        /// `key_…`
        id: String,
        /// Your name for the API key
        #[arg(long)]
        name: Option<String>,
        /// A permission of the key; the key loses those that you do not name
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        #[command(flatten)]
        bounds: KeyBounds,
    },
    /// Create a new secret for an API key; the previous one stays valid for a while
    #[command(
        after_help = "Examples:\n  moniqo api-keys rotate key_…\n  moniqo api-keys rotate key_… --overlap-seconds 0"
    )]
    Rotate {
        /// `key_…`
        id: String,
        /// How long the previous secret stays valid; default a day, max. a week
        #[arg(long)]
        overlap_seconds: Option<u32>,
    },
    /// Revoke an API key; its next request is refused
    #[command(after_help = "Example:\n  moniqo api-keys revoke key_…")]
    Revoke {
        /// `key_…`
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct KeyBounds {
    /// An address or network that the key works from; anywhere if none is named
    #[arg(long = "from", value_name = "NETWORK")]
    pub(crate) networks: Vec<String>,
    /// An account, `acc_…`, that the key may place orders at; needs `--scope orders:write`
    #[arg(long = "order-account", value_name = "ACCOUNT", requires_all = ["order_markets", "order_quote_max", "day_quote_max"])]
    pub(crate) order_accounts: Vec<String>,
    /// A market that the key may place orders in, such as BTC/USDT
    #[arg(long = "order-market", value_name = "MARKET", requires = "order_accounts")]
    pub(crate) order_markets: Vec<String>,
    /// Max. quote of one order
    #[arg(long, value_name = "AMOUNT", requires = "order_accounts")]
    pub(crate) order_quote_max: Option<String>,
    /// Max. quote of all orders of a day at one account
    #[arg(long, value_name = "AMOUNT", requires = "order_accounts")]
    pub(crate) day_quote_max: Option<String>,
    /// End of validity, within a year, such as 2030-01-01T00:00:00Z; 90 days for a new key if left out
    #[arg(long)]
    pub(crate) expires_at: Option<String>,
}
