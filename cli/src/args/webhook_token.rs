//! Webhook tokens.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookTokens {
    /// List webhook tokens with their permissions and last use
    #[command(after_help = "Example:\n  moniqo webhook-tokens list")]
    List,
    /// Show a webhook token
    #[command(after_help = "Example:\n  moniqo webhook-tokens show tok_…")]
    Show {
        /// `tok_…`
        id: String,
    },
    /// Create a webhook token and print its URL, only once
    #[command(
        after_help = "Examples:\n  moniqo webhook-tokens create \"my chart\" --from tradingview\n  moniqo webhook-tokens create exits --only exit --account default\n  moniqo webhook-tokens create small --market BTC/USDT --market ETH/USDT --order-quote-max 250"
    )]
    Create {
        /// Your name for the token
        label: String,
        #[command(flatten)]
        permits: Permits,
    },
    /// Change a webhook token; what you leave out stays, its URL as well
    #[command(
        after_help = "Examples:\n  moniqo webhook-tokens edit tok_… --label \"my chart\"\n  moniqo webhook-tokens edit tok_… --market BTC/USDT --order-quote-max 250\n\nName all markets or presets: those that you leave out beside another one are removed."
    )]
    Edit {
        /// `tok_…`
        id: String,
        /// Your name for the token
        #[arg(long)]
        label: Option<String>,
        #[command(flatten)]
        permits: Permits,
    },
    /// Create a new secret and print its URL; the previous one stays valid for a while
    #[command(
        after_help = "Examples:\n  moniqo webhook-tokens rotate tok_…\n  moniqo webhook-tokens rotate tok_… --overlap-seconds 0"
    )]
    Rotate {
        /// `tok_…`
        id: String,
        /// How long the previous secret stays valid; default a day, max. a week
        #[arg(long)]
        overlap_seconds: Option<u32>,
    },
    /// Revoke a webhook token; takes effect within half a minute
    #[command(after_help = "Example:\n  moniqo webhook-tokens revoke tok_…")]
    Revoke {
        /// `tok_…`
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Permits {
    /// Label of the only account that it trades on
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The only exchange that it trades at; its alerts need not name it
    #[arg(long)]
    pub(crate) exchange: Option<String>,
    /// A market that it may trade; all if none is named
    #[arg(long = "market", value_name = "MARKET")]
    pub(crate) markets: Vec<String>,
    /// A preset that it may use, with no plan of the alert's own; all if none is named
    #[arg(long = "preset", value_name = "PRESET")]
    pub(crate) presets: Vec<String>,
    /// Max. planned quote of one entry
    #[arg(long)]
    pub(crate) order_quote_max: Option<String>,
    /// entry or exit; both if left out
    #[arg(long)]
    pub(crate) only: Option<String>,
    /// tradingview: accept alerts from its addresses only; from anywhere if left out
    #[arg(long)]
    pub(crate) from: Option<String>,
    /// End of validity, such as 2030-01-01T00:00:00Z
    #[arg(long)]
    pub(crate) expires_at: Option<String>,
}
