//! Where transactions of a blockchain are read.

use super::Blockchain;
use crate::chain::EndpointUrl;
use crate::words::words;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How its endpoints are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// Nodes of Ethereum's kind.
    JsonRpc,
    /// Of Bitcoin.
    Esplora,
    /// Whale Alert's second interface.
    WhaleAlert,
    /// Its first one, a list without blocks.
    WhaleAlertList,
}

words! {
    SourceKind { JsonRpc = "json_rpc", Esplora = "esplora", WhaleAlert = "whale_alert", WhaleAlertList = "whale_alert_list" }
}

/// What a source may not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSource {
    #[error("must be a blockchain that {} reads: {}", .0.as_str(), names(.0.chains()))]
    Chain(SourceKind),
    #[error("must be {}", count(.0))]
    Count(RangeInclusive<usize>),
    /// Who hosts both could make both wrong.
    #[error("must be of different hosts: what one says is compared with the others")]
    OneHost,
    #[error("must be public https:// addresses")]
    Loopback,
    #[error("is required: {} asks for one", .0.as_str())]
    KeyMissing(SourceKind),
    #[error("must be left out: a key of {} is a part of its address", .0.as_str())]
    KeyNotTaken(SourceKind),
}

impl BadSource {
    /// Which member of a source is wrong.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Chain(_) => "blockchain",
            Self::Count(_) | Self::OneHost | Self::Loopback => "endpoints",
            Self::KeyMissing(_) | Self::KeyNotTaken(_) => "api_key",
        }
    }
}

impl SourceKind {
    pub fn chains(self) -> &'static [Blockchain] {
        match self {
            Self::JsonRpc => &[Blockchain::Ethereum, Blockchain::BinanceSmartChain],
            Self::Esplora => &[Blockchain::Bitcoin],
            // It has no BNB Smart Chain: docs.whale-alert.io, read 2026-11-30.
            Self::WhaleAlert | Self::WhaleAlertList => &[Blockchain::Ethereum, Blockchain::Bitcoin],
        }
    }

    /// What several endpoints say of a block is compared. Whale Alert is one.
    fn endpoints(self) -> RangeInclusive<usize> {
        match self {
            Self::JsonRpc | Self::Esplora => 2..=3,
            Self::WhaleAlert | Self::WhaleAlertList => 1..=1,
        }
    }

    pub fn takes_key(self) -> bool {
        matches!(self, Self::WhaleAlert | Self::WhaleAlertList)
    }

    /// # Errors
    /// If it does not read this chain.
    pub fn reading(self, chain: Blockchain) -> Result<(), BadSource> {
        if self.chains().contains(&chain) { Ok(()) } else { Err(BadSource::Chain(self)) }
    }

    /// Whether it can be asked there. `is_local` where the deployment stands on this machine.
    ///
    /// # Errors
    /// What is wrong with the endpoints or with the key.
    pub fn asked_at(self, endpoints: &[EndpointUrl], has_key: bool, is_local: bool) -> Result<(), BadSource> {
        // On this machine every one is of one host.
        let without_port = |url: &EndpointUrl| {
            url.host().rsplit_once(':').filter(|_| !url.is_loopback()).map(|(host, _)| host.to_owned())
        };
        let host = |url: &EndpointUrl| without_port(url).unwrap_or_else(|| url.host().to_owned()).to_lowercase();
        let hosts: BTreeSet<_> = endpoints.iter().map(host).collect();
        match () {
            () if !self.endpoints().contains(&endpoints.len()) => Err(BadSource::Count(self.endpoints())),
            () if hosts.len() < endpoints.len() => Err(BadSource::OneHost),
            () if !is_local && endpoints.iter().any(EndpointUrl::is_loopback) => Err(BadSource::Loopback),
            () if self.takes_key() && !has_key => Err(BadSource::KeyMissing(self)),
            () if !self.takes_key() && has_key => Err(BadSource::KeyNotTaken(self)),
            () => Ok(()),
        }
    }
}

fn names(chains: &[Blockchain]) -> String {
    chains.iter().map(|chain| chain.as_str()).collect::<Vec<_>>().join(", ")
}

fn count(of: &RangeInclusive<usize>) -> String {
    if of.start() == of.end() {
        return "one address".to_owned();
    }
    format!("{} to {} addresses", of.start(), of.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: SourceKind, endpoints: &[&str], has_key: bool) -> Result<(), String> {
        let endpoints: Vec<_> = endpoints.iter().map(|url| url.parse().unwrap()).collect();
        kind.asked_at(&endpoints, has_key, false).map_err(|wrong| format!("{} {wrong}", wrong.field()))
    }

    #[test]
    fn source_is_asked_at_endpoints_that_can_be_compared() {
        let (a, b) = ("https://a.example.org/v3/k", "https://b.example.org");
        assert_eq!(asked(SourceKind::JsonRpc, &[a, b], false), Ok(()));
        assert_eq!(asked(SourceKind::WhaleAlert, &[a], true), Ok(()));
        let refused = |kind, endpoints: &[&str], has_key, told: &str| {
            let said = asked(kind, endpoints, has_key).unwrap_err();
            assert!(said.starts_with(told), "{said}");
        };
        refused(SourceKind::JsonRpc, &[a], false, "endpoints must be 2 to 3 addresses");
        refused(
            SourceKind::Esplora,
            &[a, "https://a.example.org/other"],
            false,
            "endpoints must be of different hosts",
        );
        for same in ["https://A.example.org", "https://a.example.org:8443"] {
            refused(SourceKind::Esplora, &[a, same], false, "endpoints must be of different hosts");
        }
        refused(SourceKind::Esplora, &[a, "http://127.0.0.1:80"], false, "endpoints must be public https://");
        refused(SourceKind::Esplora, &[a, b], true, "api_key must be left out");
        refused(SourceKind::WhaleAlert, &[a, b], true, "endpoints must be one address");
        refused(SourceKind::WhaleAlert, &[a], false, "api_key is required");
    }

    #[test]
    fn chain_is_one_that_the_kind_reads() {
        assert_eq!(SourceKind::WhaleAlert.reading(Blockchain::Bitcoin), Ok(()));
        assert!(SourceKind::WhaleAlert.reading(Blockchain::BinanceSmartChain).is_err());
        let refused = SourceKind::JsonRpc.reading(Blockchain::Bitcoin).unwrap_err();
        assert_eq!(refused.to_string(), "must be a blockchain that json_rpc reads: ethereum, binance_smart_chain");
    }
}
