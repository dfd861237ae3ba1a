//! Which sides an exchange has: its own, one for tests, or paper.

use super::{Exchange, VenueClass};
use crate::vault::Mode;

/// Houses that are spoken to on their own side alone: they have no servers for tests, or none that fill orders (docs/venues.md).
const LIVE_ALONE: [&str; 5] = ["BITGET", "COINBASE", "KRAKEN", "KUCOIN", "OKX"];

impl Exchange {
    /// What an account there may trade with, the safest first. Of an exchange that is known to a library alone, `testnet` is
    /// there where the exchange has servers for it, which its key's first check shows.
    pub fn modes(&self) -> &'static [Mode] {
        match self.class() {
            VenueClass::Paper => &[Mode::Paper],
            _ if LIVE_ALONE.contains(&self.house()) => &[Mode::Live],
            _ => &[Mode::Testnet, Mode::Live],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_has_the_sides_of_its_house() {
        for (exchange, modes) in [
            ("PAPER", &[Mode::Paper][..]),
            ("PAPERUSDM", &[Mode::Paper]),
            ("BINANCE", &[Mode::Testnet, Mode::Live]),
            ("BYBITUSDM", &[Mode::Testnet, Mode::Live]),
            ("COINBASE", &[Mode::Live]),
            ("OKXUSDM", &[Mode::Live]),
        ] {
            assert_eq!(exchange.parse::<Exchange>().unwrap().modes(), modes, "{exchange}");
        }
    }
}
