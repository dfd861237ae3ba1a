//! Where each exchange is asked.

use crate::breadth;
use crate::native::Site;
use domain::market::Exchange;
use domain::vault::Mode;
use std::collections::BTreeMap;

/// Exchange, its own servers, and those it keeps for tests, where they fill orders as its own do.
#[rustfmt::skip]
const SERVERS: [(&str, &str, Option<&str>); 4] = [
    ("BINANCE",     "https://api.binance.com",  Some("https://testnet.binance.vision")),
    ("BINANCEUSDM", "https://fapi.binance.com", Some("https://demo-fapi.binance.com")),
    ("COINBASE",    "https://api.coinbase.com", None),
    ("KRAKEN",      "https://api.kraken.com",   None),
];

/// Where exchanges are asked by this deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sites {
    /// On a local stack: whatever the mode, an exchange is what stands in for it on this machine, or cannot be asked.
    stands_in: Option<BTreeMap<String, String>>,
}

impl Sites {
    /// The exchanges' own servers, unless this deployment stands on one machine: then what is named here.
    pub fn of_deployment(is_local: bool, named: Option<String>) -> Self {
        if is_local { Self::standing_in(&named.unwrap_or_default()) } else { Self::default() }
    }

    /// What stands in for them on this machine, as `BINANCE=http://127.0.0.1:9001,BINANCE/testnet=http://127.0.0.1:9002`: on
    /// either side where none is named. No other server is ever asked.
    fn standing_in(named: &str) -> Self {
        let pairs = named.split(',').filter_map(|pair| pair.split_once('='));
        let trimmed = pairs.map(|(exchange, url)| (exchange.trim().to_owned(), plain(url)));
        Self { stands_in: Some(trimmed.collect()) }
    }

    pub(super) fn are_local(&self) -> bool {
        self.stands_in.is_some()
    }

    /// None where the exchange is unknown, or has no such side.
    pub fn of(&self, exchange: &Exchange, mode: Mode) -> Option<Site> {
        let name = exchange.as_str();
        let own = SERVERS.into_iter().find(|(own, ..)| *own == name);
        let librarys = breadth::site(exchange);
        let url = match (&self.stands_in, mode) {
            (_, Mode::Paper) => return None,
            (Some(here), _) if own.is_some() || librarys.is_some() => {
                here.get(&format!("{name}/{mode}")).or_else(|| here.get(name)).cloned()?
            }
            (Some(_), _) => return None,
            (None, mode) => match (own, mode) {
                (Some((_, live, _)), Mode::Live) => live.to_owned(),
                (Some((_, _, testnet)), _) => testnet?.to_owned(),
                (None, _) => librarys?,
            },
        };
        Some(Site { mode, url })
    }
}

fn plain(url: &str) -> String {
    url.trim().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sites: &Sites, exchange: &str, mode: Mode, url: Option<&str>) {
        let site = sites.of(&exchange.parse().unwrap(), mode);
        assert_eq!(site.as_ref().map(|site| site.url.as_str()), url, "{exchange} {mode}");
        assert!(site.is_none_or(|site| site.mode == mode));
    }

    #[test]
    fn an_exchange_is_asked_on_the_side_that_the_account_trades_on() {
        let sites = Sites::of_deployment(false, Some("BINANCE=http://127.0.0.1:9001".to_owned()));
        check(&sites, "BINANCE", Mode::Live, Some("https://api.binance.com"));
        check(&sites, "BINANCE", Mode::Testnet, Some("https://testnet.binance.vision"));
        check(&sites, "BINANCE", Mode::Paper, None);
        check(&sites, "BINANCEUSDM", Mode::Live, Some("https://fapi.binance.com"));
        check(&sites, "BINANCEUSDM", Mode::Testnet, Some("https://demo-fapi.binance.com"));
        check(&sites, "COINBASE", Mode::Testnet, None);
        check(&sites, "KRAKEN", Mode::Live, Some("https://api.kraken.com"));
        check(&sites, "BYBIT", Mode::Live, Some("ccxt:bybit"));
        check(&sites, "BYBIT", Mode::Testnet, Some("ccxt:bybit"));
        check(&sites, "NOBODY", Mode::Live, None);
    }

    /// The modes that the API lists are those that can be used.
    #[test]
    fn an_exchange_of_our_own_wire_has_the_sides_that_it_is_said_to_have() {
        for (name, ..) in SERVERS {
            let exchange: Exchange = name.parse().unwrap();
            let asked =
                [Mode::Testnet, Mode::Live].into_iter().filter(|mode| Sites::default().of(&exchange, *mode).is_some());
            assert_eq!(asked.collect::<Vec<_>>(), exchange.modes(), "{name}");
        }
    }

    #[test]
    fn a_local_stack_asks_what_stands_in_and_never_an_exchange() {
        let here =
            "BINANCE=http://127.0.0.1:9001/,BINANCE/testnet=http://127.0.0.1:9002, KRAKEN = http://127.0.0.1:9003";
        let sites = Sites::of_deployment(true, Some(here.to_owned()));
        check(&sites, "BINANCE", Mode::Live, Some("http://127.0.0.1:9001"));
        check(&sites, "BINANCE", Mode::Testnet, Some("http://127.0.0.1:9002"));
        check(&sites, "KRAKEN", Mode::Testnet, Some("http://127.0.0.1:9003"));
        check(&sites, "COINBASE", Mode::Live, None);
        check(&sites, "BYBIT", Mode::Live, None);
        check(&Sites::of_deployment(true, None), "BINANCE", Mode::Live, None);
    }
}
