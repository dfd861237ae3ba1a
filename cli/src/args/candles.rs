//! Candles that the deployment keeps.

use super::id::word;
use super::list::List;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Candles {
    /// List the series that you subscribe to
    #[command(after_help = "Example:\n  moniqo candles list")]
    List,
    /// Subscribe to a series: its candles are stored as they close
    #[command(
        alias = "follow",
        after_help = "Example:\n  moniqo candles subscribe BTC/USDT --exchange KRAKEN --timeframe 15m\n\nThe subscription ends 90 days after you last read the series. Series of bots need none."
    )]
    Subscribe(Series),
    /// Unsubscribe from a series; stored candles stay
    #[command(
        alias = "leave",
        after_help = "Example:\n  moniqo candles unsubscribe BTC/USDT --exchange KRAKEN --timeframe 15m"
    )]
    Unsubscribe(Series),
    /// Show the newest stored candle with its indicators
    #[command(after_help = "Example:\n  moniqo candles latest BTC/USDT --exchange PAPER --timeframe 1m --watch")]
    Latest {
        #[command(flatten)]
        series: Series,
        /// Refresh it until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// Print candles with indicators as CSV, which `moniqo backtest` reads
    #[command(
        alias = "save",
        after_help = "Example:\n  moniqo candles export BTC/USDT --timeframe 1h --since 2026-01-01T00:00:00Z > btc_1h.csv"
    )]
    Export {
        #[command(flatten)]
        series: Series,
        /// Open time of the first candle, such as 2026-01-31T12:00:00Z; the last hundred candles if left out
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Close time of the last candle
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// Show missing and late candles of a series
    #[command(after_help = "Example:\n  moniqo candles stats BTC/USDT --timeframe 1m --last 1000")]
    Stats {
        #[command(flatten)]
        series: Series,
        /// Number of candles; max. 1000
        #[arg(long, value_name = "N", default_value = "100")]
        last: u32,
    },
    /// Start a backfill of older candles
    #[command(
        alias = "fetch",
        after_help = "Example:\n  moniqo candles backfill BTC/USDT --timeframe 1h --since 2025-01-01T00:00:00Z\n\nIt runs in the background: `moniqo candles backfills` shows its progress."
    )]
    Backfill {
        #[command(flatten)]
        series: Series,
        /// Open time of the first candle
        #[arg(long, value_name = "TIME")]
        since: String,
        /// Close time of the last candle; now if left out
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// List your backfills and their progress
    #[command(alias = "fetches", after_help = "Example:\n  moniqo candles backfills --watch")]
    Backfills(List),
    /// Cancel a backfill; candles stored so far stay
    #[command(alias = "stop", after_help = "Example:\n  moniqo candles cancel-backfill bfl_…")]
    CancelBackfill {
        /// A backfill, `bfl_…`
        #[arg(value_parser = word)]
        id: String,
    },
}

/// The candles of one length of one market.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Series {
    /// The market, such as BTC/USDT
    pub(crate) symbol: String,
    /// The exchange
    #[arg(long, default_value = "BINANCE")]
    pub(crate) exchange: String,
    /// The length of a candle: 1m to 1d
    #[arg(long, default_value = "1h")]
    pub(crate) timeframe: String,
}
