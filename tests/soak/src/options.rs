//! The command line.

use clap::Parser;
use soak::Plan;

/// Sends orders through the adapters of Binance (coins and contracts), Coinbase, Kraken and, by the library, Bybit to simulated
/// exchanges that fail, and compares the books at the end: nothing twice, nothing lost.
///
/// Everything is on this machine: the simulator runs in this process, on free ports of loopback. The run ends by itself,
/// with exit code 0 where the books are equal, else with a table of the differences and 1.
#[derive(Debug, Parser)]
#[command(name = "soak", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Orders in all
    #[arg(long, default_value_t = 10_000)]
    orders: usize,
    /// How many of them meet a fault, in per cent
    #[arg(long, default_value_t = 5.0, value_parser = percent)]
    faults: f64,
    /// What chance begins with: orders, faults and prices
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Orders that are pursued side by side
    #[arg(long, default_value_t = 250, value_parser = at_once)]
    at_once: usize,
}

const EXAMPLES: &str = "Examples:
  cargo run --release -p soak -- --orders 10000 --faults 5 --seed 7    what bench/README.md tells of
  cargo run --release -p soak -- --orders 300 --faults 10              what the tests do
  cargo run --release -p soak -- --orders 2000 --faults 50             when everything fails

Faults: time-outs, resets and 503 before and after the order is taken, torn, slow and late answers, refusals for the
clock, for a duplicate and for the rate, partial fills, and orders that cannot be found at first.

An order that nobody knows is asked about for 18 to 30 seconds before it counts as absent: a run takes at least that.
In a pipe the progress is a line every ten seconds.";

impl Options {
    pub(crate) fn plan(&self) -> Plan {
        Plan { orders: self.orders, faults_percent: self.faults, seed: self.seed, at_once: self.at_once }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let percent: f64 = text.parse().map_err(|_| "must be a number".to_owned())?;
    if (0.0..=100.0).contains(&percent) { Ok(percent) } else { Err("must be from 0 to 100".to_owned()) }
}

fn at_once(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|orders| (1..=5_000).contains(orders)).ok_or_else(|| "must be from 1 to 5000".to_owned())
}
