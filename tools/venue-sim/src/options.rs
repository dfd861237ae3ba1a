//! The command line.

use clap::Parser;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use venue_sim::{Settings, Start};

/// Plays Binance Spot (live and testnet), Binance USDⓈ-M futures, Coinbase Advanced Trade, Kraken spot and Bybit spot over HTTP, with exact books,
/// real errors and faults on demand.
///
/// One address serves all of them, since no two of them share a path; Binance's testnet has an address of its own. Any client
/// trades there that lets its base URL be set, with the keys printed at the start; they open nothing else.
#[derive(Debug, Parser)]
#[command(name = "venue-sim", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port of the exchanges and of the control calls; 0 takes a free one
    #[arg(long, default_value_t = 4580)]
    port: u16,
    /// The port of Binance's testnet; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    testnet_port: u16,
    /// A file of markets, accounts and keys instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Prints the built-in settings, as a beginning for a file of your own
    #[arg(long)]
    pub(crate) print_settings: bool,
}

const EXAMPLES: &str = r#"Examples:
  venue-sim                                      at 127.0.0.1:4580, with the built-in accounts
  venue-sim --port 0                             at a free port; in a pipe it says which in key=value lines
  curl localhost:4580/api/v3/ticker/price        a price of Binance
  curl localhost:4580/sim                        every control call with what it takes
  curl localhost:4580/sim/books?venue=kraken     its markets, balances, orders and trades
  curl localhost:4580/sim/price -d '{"venue":"binance","market":"BTC/USDT","price":"63000"}'
  curl localhost:4580/sim/faults -d '{"kind":"timeout_after","venue":"binance","count":1}'
                                                 the next order is taken and never answered

Faults: timeout_before, timeout_after, reset_before, reset_after, unavailable_before, unavailable_after, truncated,
sparse, jumbled, slow, late, clock, duplicate, partial, read_lag, too_many, banned, killed, says_before, says_after.

It ends on Ctrl-C and SIGTERM, and keeps nothing."#;

impl Options {
    pub(crate) fn start(&self) -> Start {
        Start { host: self.host, port: self.port, testnet_port: self.testnet_port }
    }
}

pub(crate) fn read(file: &Path) -> Result<Settings, String> {
    let named = |error: String| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
    Settings::parse(&text).map_err(named)
}
