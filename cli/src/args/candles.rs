//! Candles that the deployment keeps.

use super::id::word;
use super::list::List;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Candles {
    /// List the series that are fetched for you
    #[command(after_help = "Example:\n  moniqo candles list")]
    List,
    /// Have a series fetched as its candles close
    #[command(
        after_help = "Example:\n  moniqo candles follow BTC/USDT --exchange KRAKEN --timeframe 15m\n\nFor 90 days after you last looked at it. What bots hear is fetched by itself."
    )]
    Follow(Series),
    /// Take a series off your list; what is kept of it stays
    #[command(after_help = "Example:\n  moniqo candles leave BTC/USDT --exchange KRAKEN --timeframe 15m")]
    Leave(Series),
    /// The newest candle that is kept, with its indicators
    #[command(after_help = "Example:\n  moniqo candles latest BTC/USDT --exchange PAPER --timeframe 1m --watch")]
    Latest {
        #[command(flatten)]
        series: Series,
        /// Show it again and again, until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// Print candles with indicators as CSV, which `moniqo backtest` reads
    #[command(
        after_help = "Example:\n  moniqo candles save BTC/USDT --timeframe 1h --since 2026-01-01T00:00:00Z > btc_1h.csv"
    )]
    Save {
        #[command(flatten)]
        series: Series,
        /// From the first one that opens then or later, such as 2026-01-31T12:00:00Z; the last hundred where nothing is said
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Up to the last one that closes then or earlier
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// How whole the last candles are, and how late they came
    #[command(after_help = "Example:\n  moniqo candles stats BTC/USDT --timeframe 1m --last 1000")]
    Stats {
        #[command(flatten)]
        series: Series,
        /// So many of them; at most 1000
        #[arg(long, value_name = "N", default_value = "100")]
        last: u32,
    },
    /// Have older candles fetched
    #[command(
        after_help = "Example:\n  moniqo candles fetch BTC/USDT --timeframe 1h --since 2025-01-01T00:00:00Z\n\nIt goes on by itself: `moniqo candles fetches` says how far it is."
    )]
    Fetch {
        #[command(flatten)]
        series: Series,
        /// From the first one that opens then or later
        #[arg(long, value_name = "TIME")]
        since: String,
        /// Up to the last one that closes then or earlier; until now where nothing is said
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// List what you have had fetched, and how far it is
    #[command(after_help = "Example:\n  moniqo candles fetches --watch")]
    Fetches(List),
    /// Call a fetch off; what is kept by then stays
    #[command(after_help = "Example:\n  moniqo candles stop bfl_…")]
    Stop {
        /// A fetch, `bfl_…`
        #[arg(value_parser = word)]
        id: String,
    },
}

/// The candles of one length of one market.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Series {
    /// Such as BTC/USDT
    pub(crate) symbol: String,
    /// Where it is traded
    #[arg(long, default_value = "BINANCE")]
    pub(crate) exchange: String,
    /// How long each candle is: 1m to 1d
    #[arg(long, default_value = "1h")]
    pub(crate) timeframe: String,
}
