//! The exchanges that one process plays, and the keys each of them knows.

use crate::engine::{Exchange, Millis};
use crate::http::{Call, Purpose, Reply};
use crate::limits::Limits;
use crate::{binance, bybit, coinbase, kraken};
use domain::money::Fraction;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteName {
    Binance,
    BinanceTestnet,
    BinanceFutures,
    Coinbase,
    Kraken,
    Bybit,
}

impl SiteName {
    pub const ALL: [Self; 6] =
        [Self::Binance, Self::BinanceTestnet, Self::BinanceFutures, Self::Coinbase, Self::Kraken, Self::Bybit];

    /// Whose path this is: the wires share an address, for no two of them share a path.
    pub(crate) fn of(door: crate::http::Door, path: &str) -> Option<Self> {
        let begins = |with: &[&str]| with.iter().any(|start| path.starts_with(start));
        match door {
            crate::http::Door::Testnet => begins(&["/api/"]).then_some(Self::BinanceTestnet),
            crate::http::Door::Live if begins(&["/api/v3/brokerage/", "/v2/"]) => Some(Self::Coinbase),
            crate::http::Door::Live if begins(&["/fapi/"]) => Some(Self::BinanceFutures),
            crate::http::Door::Live if begins(&["/api/v3/", "/sapi/"]) => Some(Self::Binance),
            crate::http::Door::Live if begins(&["/v5/"]) => Some(Self::Bybit),
            crate::http::Door::Live => begins(&["/0/"]).then_some(Self::Kraken),
        }
    }

    pub(crate) fn purpose(self, method: &str, path: &str) -> Purpose {
        match self {
            Self::Binance | Self::BinanceTestnet | Self::BinanceFutures => binance::purpose(method, path),
            Self::Coinbase => coinbase::purpose(method, path),
            Self::Kraken => kraken::purpose(path),
            Self::Bybit => bybit::purpose(method, path),
        }
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Binance => "binance",
            Self::BinanceTestnet => "binance-testnet",
            Self::BinanceFutures => "binance-futures",
            Self::Coinbase => "coinbase",
            Self::Kraken => "kraken",
            Self::Bybit => "bybit",
        })
    }
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    Read,
    Trade,
    Withdraw,
}

#[derive(Clone, Serialize)]
pub struct Key {
    pub site: SiteName,
    pub name: String,
    pub account: String,
    pub id: String,
    pub secret: String,
    pub rights: Vec<Right>,
    pub ips: Vec<IpAddr>,
    /// How far behind the greatest number a number may be that is taken; of Kraken's keys alone.
    pub nonce_window: u64,
    pub created_at: Millis,
}

impl Key {
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    pub fn may_come_from(&self, ip: IpAddr) -> bool {
        self.ips.is_empty() || self.ips.contains(&ip)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("site", &self.site).field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub struct Site {
    pub name: SiteName,
    pub exchange: Exchange,
    pub keys: Vec<Key>,
    pub limits: Limits,
    /// The greatest nonce of each key.
    pub nonces: HashMap<String, u64>,
    /// The most of the next order that the market gives at first.
    pub cap: Option<Fraction>,
}

impl Site {
    pub fn key(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    pub fn answer(&mut self, call: &Call, now: Millis) -> Reply {
        self.exchange.advance(now);
        match self.name {
            SiteName::Binance | SiteName::BinanceTestnet | SiteName::BinanceFutures => binance::answer(self, call, now),
            SiteName::Coinbase => coinbase::answer(self, call, now),
            SiteName::Kraken => kraken::answer(self, call, now),
            SiteName::Bybit => bybit::answer(self, call, now),
        }
    }

    /// What this exchange says where a fault puts words into its mouth.
    pub fn fault(&self, kind: crate::faults::Kind, ms: u64) -> Reply {
        match self.name {
            SiteName::Binance | SiteName::BinanceTestnet | SiteName::BinanceFutures => binance::fault(self, kind, ms),
            SiteName::Coinbase => coinbase::fault(kind),
            SiteName::Kraken => kraken::fault(kind),
            SiteName::Bybit => bybit::fault(kind),
        }
    }
}
