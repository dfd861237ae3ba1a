//! What is said of webhook tokens.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookTokens {
    /// List those that let alerts in, with what they permit and when they were used last
    #[command(after_help = "Example:\n  moniqo webhook-tokens list")]
    List,
    /// Make one, narrowed to what it is for, and print the webhook's URL, this once
    #[command(
        after_help = "Examples:\n  moniqo webhook-tokens create \"my chart\" --from tradingview\n  moniqo webhook-tokens create exits --only exit --account default\n  moniqo webhook-tokens create small --market BTC/USDT --market ETH/USDT --order-quote-max 250"
    )]
    Create {
        /// What you call it
        label: String,
        #[command(flatten)]
        permits: Permits,
    },
    /// Make another secret for one, and print the URL; the one before lets in for a while
    #[command(
        after_help = "Examples:\n  moniqo webhook-tokens rotate tok_…\n  moniqo webhook-tokens rotate tok_… --overlap-seconds 0"
    )]
    Rotate {
        /// `tok_…`
        id: String,
        /// For how long both secrets let in: a day where it is left out, a week at most
        #[arg(long)]
        overlap_seconds: Option<u32>,
    },
    /// Revoke one: from then on it lets nothing in, after at most half a minute
    #[command(after_help = "Example:\n  moniqo webhook-tokens revoke tok_…")]
    Revoke {
        /// `tok_…`
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Permits {
    /// Label of the one account that it trades on
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The one exchange that it trades at, which its alerts need not name
    #[arg(long)]
    pub(crate) exchange: Option<String>,
    /// A market that it may trade; all where none is named
    #[arg(long = "market", value_name = "MARKET")]
    pub(crate) markets: Vec<String>,
    /// A preset that it may trade by, and no plan of an alert's own; all where none is named
    #[arg(long = "preset", value_name = "PRESET")]
    pub(crate) presets: Vec<String>,
    /// The most that one entry may plan to spend
    #[arg(long)]
    pub(crate) order_quote_max: Option<String>,
    /// entry or exit; both where it is left out
    #[arg(long)]
    pub(crate) only: Option<String>,
    /// tradingview, to take alerts from its addresses alone; from anywhere where it is left out
    #[arg(long)]
    pub(crate) from: Option<String>,
    /// When it ends, as 2030-01-01T00:00:00Z
    #[arg(long)]
    pub(crate) expires_at: Option<String>,
}
